"""Which stored feedback a number counts."""

import shlex
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.item_query import ItemQuery

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)


def test_its_command_names_each_filter_and_days_as_days() -> None:
    """Its command names each filter, a moment at midnight as a day."""
    wanted = ItemQuery(
        query='"log in"',
        sources=("reddit", "forum"),
        since=MONDAY,
        until=datetime(2026, 11, 22, 23, tzinfo=UTC),
        stage="support",
        tone="negative",
    )
    assert wanted.command == (
        "repwatch search '\"log in\"' --source reddit --source forum --stage support "
        "--tone negative --since 2026-11-16 --until 2026-11-22T23:00Z --limit 1000"
    )


@given(query=st.text(min_size=1), ids=st.lists(st.integers(1, 10**9)).map(tuple))
def test_a_shell_hands_every_word_of_it_over_as_it_was(query: str, ids: tuple[int, ...]) -> None:
    """Whatever its query holds, a shell hands it over as one argument."""
    words = shlex.split(ItemQuery(query=query, ids=ids).command)
    assert words[2] == query
    assert (",".join(map(str, ids)) in words) or not ids
