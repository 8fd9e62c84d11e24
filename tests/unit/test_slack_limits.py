"""Our own look at Slack's limits: each is accepted to the last character, and refused one
beyond.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from monitor.slack import limits
from monitor.slack.limits import LimitViolation

Json = dict[str, Any]


def words(count: int, kind: str = "plain_text") -> Json:
    """A text object of so many characters."""
    return {"type": kind, "text": "x" * count}


def with_blocks(*blocks: Json) -> Json:
    """A message with these blocks."""
    return {"text": "t", "blocks": list(blocks)}


def button(**fields: Any) -> Json:
    """A button in a block of its own."""
    return {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "a", "text": words(1), **fields}],
    }


def select(**fields: Any) -> Json:
    """A select in a section."""
    return {
        "type": "section",
        "text": words(1),
        "accessory": {"type": "static_select", "action_id": "a", **fields},
    }


def option(number: int = 0, **fields: Any) -> Json:
    """One option."""
    return {"text": words(1), "value": str(number), **fields}


CASES: dict[str, tuple[Callable[[int], Json], int, str]] = {
    "text": (lambda n: {"text": "x" * n}, 4_000, "/text"),
    "section": (
        lambda n: with_blocks({"type": "section", "text": words(n, "mrkdwn")}),
        3_000,
        "/blocks/0/text/text",
    ),
    "field": (
        lambda n: with_blocks({"type": "section", "fields": [words(n)]}),
        2_000,
        "/blocks/0/fields/0",
    ),
    "fields": (
        lambda n: with_blocks({"type": "section", "fields": [words(1)] * n}),
        10,
        "/blocks/0/fields",
    ),
    "header": (lambda n: with_blocks({"type": "header", "text": words(n)}), 150, "/blocks/0/text"),
    "context": (
        lambda n: with_blocks({"type": "context", "elements": [words(1)] * n}),
        10,
        "/blocks/0/elements",
    ),
    "actions": (
        lambda n: with_blocks(
            {
                "type": "actions",
                "elements": [
                    {"type": "button", "text": words(1), "action_id": str(i)} for i in range(n)
                ],
            }
        ),
        25,
        "/blocks/0/elements",
    ),
    "button": (lambda n: with_blocks(button(text=words(n))), 75, "/blocks/0/elements/0/text"),
    "button value": (
        lambda n: with_blocks(button(value="x" * n)),
        2_000,
        "/blocks/0/elements/0/value",
    ),
    "button url": (lambda n: with_blocks(button(url="x" * n)), 3_000, "/blocks/0/elements/0/url"),
    "action_id": (
        lambda n: with_blocks(button(action_id="x" * n)),
        255,
        "/blocks/0/elements/0/action_id",
    ),
    "block_id": (
        lambda n: with_blocks({"type": "divider", "block_id": "x" * n}),
        255,
        "/blocks/0/block_id",
    ),
    "confirm": (
        lambda n: with_blocks(button(confirm={"title": words(1), "text": words(n)})),
        300,
        "/blocks/0/elements/0/confirm/text",
    ),
    "options": (
        lambda n: with_blocks(select(options=[option(i) for i in range(n)])),
        100,
        "/blocks/0/accessory/options",
    ),
    "option": (
        lambda n: with_blocks(select(options=[option(text=words(n))])),
        75,
        "/blocks/0/accessory/options/0/text",
    ),
    "group": (
        lambda n: with_blocks(select(option_groups=[{"label": words(n), "options": [option()]}])),
        75,
        "/blocks/0/accessory/option_groups/0/label",
    ),
    "image": (
        lambda n: with_blocks({"type": "image", "image_url": "u", "alt_text": "x" * n}),
        2_000,
        "/blocks/0/alt_text",
    ),
    "rows": (lambda n: with_blocks({"type": "table", "rows": [[]] * n}), 100, "/blocks/0/rows"),
    "columns": (
        lambda n: with_blocks({"type": "table", "rows": [[{}] * n]}),
        20,
        "/blocks/0/rows/0",
    ),
    "blocks": (lambda n: with_blocks(*[{"type": "divider"}] * n), 50, "/blocks"),
    "charts": (lambda n: with_blocks(*[{"type": "data_visualization"}] * n), 2, "/blocks"),
    "attachments": (lambda n: {"text": "t", "attachments": [{}] * n}, 100, "/attachments"),
    "emoji count double": (
        lambda n: with_blocks(
            button(text={"type": "plain_text", "text": "😀" * (n // 2) + "x" * (n % 2)})
        ),
        75,
        "/blocks/0/elements/0/text",
    ),
}

VIEWS: dict[str, tuple[Callable[[int], Json], int, str]] = {
    "title": (lambda n: {"type": "modal", "title": words(n)}, 24, "/title"),
    "submit": (lambda n: {"type": "modal", "title": words(1), "submit": words(n)}, 24, "/submit"),
    "private_metadata": (
        lambda n: {"type": "home", "private_metadata": "x" * n},
        3_000,
        "/private_metadata",
    ),
    "callback_id": (
        lambda n: {"type": "modal", "title": words(1), "callback_id": "x" * n},
        255,
        "/callback_id",
    ),
    "blocks": (lambda n: {"type": "home", "blocks": [{"type": "divider"}] * n}, 100, "/blocks"),
    "label": (
        lambda n: {"type": "home", "blocks": [{"type": "input", "label": words(n), "element": {}}]},
        2_000,
        "/blocks/0/label",
    ),
    "max_length": (
        lambda n: {
            "type": "modal",
            "title": words(1),
            "submit": words(1),
            "blocks": [
                {
                    "type": "input",
                    "label": words(1),
                    "element": {"type": "plain_text_input", "max_length": n},
                }
            ],
        },
        3_000,
        "/blocks/0/element/max_length",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_message_limit_is_exact(name: str) -> None:
    """What Slack takes passes; one more does not, and the violation names place and limit."""
    build, limit, path = CASES[name]

    assert limits.check_message(build(limit)) == []
    assert [(path, limit)] == [
        (found.path, found.limit) for found in limits.check_message(build(limit + 1))
    ]


@pytest.mark.parametrize("name", VIEWS)
def test_view_limit_is_exact(name: str) -> None:
    """The same for modals and home tabs."""
    build, limit, path = VIEWS[name]

    assert limits.check_view(build(limit)) == []
    assert [(path, limit)] == [
        (found.path, found.limit) for found in limits.check_view(build(limit + 1))
    ]


def test_all_text_together_has_a_limit() -> None:
    """Blocks that are fine one by one are too much together."""
    block = {"type": "section", "text": words(2_000, "mrkdwn")}

    assert limits.check_message(with_blocks(*[block] * 4)) == []
    assert [
        LimitViolation("/blocks", "8001 characters of text in all blocks", 8_000)
    ] == limits.check_message(with_blocks(*[block] * 4, {"type": "header", "text": words(1)}))


def test_bytes_are_counted_as_sent() -> None:
    """Characters that take many bytes on the wire are counted as such."""
    found = limits.check_message(
        with_blocks({"type": "section", "text": {"type": "mrkdwn", "text": "語" * 2_500}})
    )

    assert [(one.path, one.limit) for one in found] == [("", 12_000)]


def test_big_metadata_is_found() -> None:
    """Metadata is for ids only."""
    found = limits.check_message(
        {"text": "t", "metadata": {"event_type": "e", "event_payload": {"x": "y" * 1_000}}}
    )

    assert [(one.path, one.limit) for one in found] == [("/metadata", 1_000)]


def test_big_view_is_found() -> None:
    """A view has a size as a whole."""
    found = limits.check_view(
        {"type": "home", "blocks": [{"type": "section", "text": words(2_990)}] * 90}
    )

    assert [(one.path, one.limit) for one in found] == [("", 250_000)]


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        ({"blocks": []}, "/text"),
        (with_blocks({"type": "section", "text": words(0)}), "/blocks/0/text/text"),
        (with_blocks({"type": "context", "elements": []}), "/blocks/0/elements"),
        (
            with_blocks({"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}),
            "/blocks/1/block_id",
        ),
        (
            with_blocks({"type": "actions", "elements": [{"action_id": "a"}, {"action_id": "a"}]}),
            "/blocks/0/elements/1/action_id",
        ),
    ],
)
def test_mistakes_beside_lengths_are_found(payload: Json, path: str) -> None:
    """A message without text, empty parts and ids used twice are refused as well."""
    assert [path] == [found.path for found in limits.check_message(payload)]


def test_modal_with_inputs_needs_a_submit_button() -> None:
    """Slack refuses a modal that cannot be sent."""
    modal = {
        "type": "modal",
        "title": words(1),
        "blocks": [{"type": "input", "label": words(1), "element": {}}],
    }

    assert [found.path for found in limits.check_view(modal)] == ["/submit"]


def test_modal_needs_a_title() -> None:
    """Slack refuses a modal without a title; Home has none."""
    assert [found.path for found in limits.check_view({"type": "modal", "blocks": []})] == [
        "/title"
    ]
    assert limits.check_view({"type": "home", "blocks": []}) == []


def test_what_is_chosen_at_first_is_among_the_choices() -> None:
    """Slack refuses an option that is chosen and cannot be."""
    well, wrong = (select(options=[option(1)], initial_option=option(number)) for number in (1, 2))

    assert limits.check_message(with_blocks(well)) == []
    assert [found.path for found in limits.check_message(with_blocks(wrong))] == [
        "/blocks/0/accessory/initial_option"
    ]


def test_violation_reads_well() -> None:
    """A violation says where, how much, and what is allowed."""
    assert (
        str(limits.check_message({"text": "x" * 4_001})[0])
        == "/text: 4001 characters, allowed 4000"
    )
