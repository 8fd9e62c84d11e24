"""What the reference says of conditions comes from their code."""

from __future__ import annotations

from rules.conditions.age import AgeCondition
from rules.conditions.hours import HoursCondition
from rules.conditions.journey import JourneyCondition
from rules.conditions.similar_count import SimilarCountCondition
from rules.conditions.source import SourceCondition
from rules.reference import (
    OptionDescription,
    OptionValues,
    describe_condition,
    describe_options,
    update_reference,
)


def test_units_and_ranges_are_those_of_the_options() -> None:
    """Times as a rule has them, numbers with both ends, what is needed and what is assumed."""
    assert describe_options(SimilarCountCondition) == (
        OptionDescription(
            "min",
            "a whole number from 2 to 1000",
            "authors with such a text, this one counted",
            is_needed=True,
            values=OptionValues(is_number=True, is_whole=True, low=2, high=1000),
        ),
        OptionDescription(
            "within",
            'a time like `"24h"` from `"1m"` to `"7d"`',
            "how long ago the others may have arrived",
            default='"1d"',
        ),
    )
    newer, _ = describe_options(AgeCondition)
    assert newer.takes == 'a time like `"24h"`'


def test_keys_are_those_that_people_write() -> None:
    """By their alias, and choices by their values; a list is told from a single value."""
    options = {one.key: one for one in describe_options(HoursCondition)}
    assert list(options) == ["from", "to", "days", "zone", "working", "time"]
    assert options["from"].takes == 'a time of the day like `"22:00"`'
    assert options["days"].takes == "a text, or a list"
    assert options["working"].takes == "`true` or `false`"
    assert options["time"].takes == '`"written"`, `"arrived"`'
    assert options["time"].default == '"written"'
    assert describe_options(SourceCondition)[1].takes.endswith('`"ticket"`, or a list')
    assert describe_options(JourneyCondition)[0].takes.startswith('`"awareness"`, ')


def test_a_condition_is_described_by_its_docstring_and_a_table() -> None:
    """The short form is marked at its key."""
    assert describe_condition(AgeCondition) == (
        "Holds where the feedback's age is as asked; an unknown time never holds.\n\n"
        "Its age is how long ago it was written, by the source's own time.\n\n"
        "| key | takes | meaning |\n"
        "|---|---|---|\n"
        '| `newer_than` (short form) | a time like `"24h"` | written at most so long ago |\n'
        '| `older_than` | a time like `"24h"` | written longer ago than this |'
    )


def test_only_what_is_from_the_code_is_written_anew() -> None:
    """A section gets its block at its head, once; what people wrote, and other pages, stay."""
    page = "# Rules\n\n### `age`\n\nBy hand.\n\n## Queries\n\n### `nothing`\n"
    once = update_reference(page)
    assert once.startswith("# Rules\n\n### `age`\n\n<!-- from the code")
    assert once.endswith(
        "of what is from the code -->\n\nBy hand.\n\n## Queries\n\n### `nothing`\n"
    )
    assert update_reference(once) == once
    stale = once.replace("written longer ago", "written some time ago")
    assert update_reference(stale) == once
    assert update_reference("no section") == "no section"
