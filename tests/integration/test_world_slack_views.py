"""Modals and home tabs behave as Slack's do, seen through the real slack_sdk."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.world.clients import slack_client
from tests.world.clock import Clock
from tests.world.slack import Slack
from tests.world.slack_elements import elements
from tests.world.slack_people import Person

LABEL = {"type": "plain_text", "text": "Reply"}
INPUT = {
    "type": "input",
    "label": LABEL,
    "element": {"type": "plain_text_input", "multiline": True},
}
HOME = {"type": "home", "blocks": [{"type": "divider"}]}


def modal(**fields: Any) -> dict[str, Any]:
    """Return a modal that Slack takes, with these fields changed."""
    return {"type": "modal", "title": LABEL, "submit": LABEL, "blocks": [INPUT], **fields}


def error_of(call: Callable[[], Any]) -> str:
    """Return the error code that a call to Slack is refused with."""
    with pytest.raises(SlackApiError) as caught:
        call()
    return str(caught.value.response["error"])


@pytest.fixture
def client(slack: Slack) -> WebClient:
    """A client with the bot's token and no retries."""
    return slack_client(slack)


def test_a_click_opens_one_modal(slack: Slack, client: WebClient) -> None:
    """A trigger_id opens a modal once; it cannot be invented."""
    trigger = slack.views.issue_trigger()
    view = client.views_open(trigger_id=trigger, view=modal())["view"]
    assert slack.views.open[view["id"]].content == modal()
    assert (
        error_of(lambda: client.views_open(trigger_id=trigger, view=modal()))
        == "exchanged_trigger_id"
    )
    assert (
        error_of(lambda: client.views_open(trigger_id="made up", view=modal()))
        == "invalid_trigger_id"
    )


@pytest.mark.parametrize(("waited", "opens"), [(3.0, True), (3.1, False)])
def test_a_click_is_stale_after_three_seconds(waited: float, opens: bool) -> None:
    """A trigger_id older than three seconds is refused."""
    clock = Clock()
    with Slack(clock=clock) as slack:
        client, trigger = slack_client(slack), slack.views.issue_trigger()
        clock.forward(waited)
        if opens:
            assert client.views_open(trigger_id=trigger, view=modal())["ok"]
        else:
            assert (
                error_of(lambda: client.views_open(trigger_id=trigger, view=modal()))
                == "expired_trigger_id"
            )


def test_three_modals_lie_on_each_other(slack: Slack, client: WebClient) -> None:
    """Two modals can be pushed onto the first, and no third."""
    client.views_open(trigger_id=slack.views.issue_trigger(), view=modal())
    for _ in range(2):
        client.views_push(trigger_id=slack.views.issue_trigger(), view=modal())
    push = slack.views.issue_trigger()
    assert (
        error_of(lambda: client.views_push(trigger_id=push, view=modal())) == "push_limit_reached"
    )


def test_an_update_against_an_old_state_is_refused(slack: Slack, client: WebClient) -> None:
    """views.update takes the current hash and refuses the one before it."""
    first = client.views_open(trigger_id=slack.views.issue_trigger(), view=modal())["view"]
    client.views_update(view_id=first["id"], hash=first["hash"], view=modal(callback_id="new"))
    stale = {"view_id": first["id"], "hash": first["hash"], "view": modal(callback_id="stale")}
    assert error_of(lambda: client.views_update(**stale)) == "hash_conflict"
    assert slack.views.open[first["id"]].content["callback_id"] == "new"


def test_everyone_has_one_home(slack: Slack, client: WebClient) -> None:
    """Publishing again replaces a person's home tab and leaves the others' alone."""
    first = client.views_publish(user_id="U0ANN", view=HOME)["view"]
    client.views_publish(user_id="U0BEN", view=HOME)
    client.views_publish(user_id="U0ANN", view=HOME | {"callback_id": "mine"}, hash=first["hash"])
    homes = [slack.views.home(user) for user in ("U0ANN", "U0BEN")]
    assert [home.content.get("callback_id") for home in homes if home] == ["mine", None]
    assert (
        error_of(lambda: client.views_publish(user_id="U0ANN", view=HOME, hash=first["hash"]))
        == "hash_conflict"
    )


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (
            {"title": {"type": "plain_text", "text": "x" * 25}},
            "must be less than 25 characters [json-pointer:/view/title/text]",
        ),
        (
            {"blocks": [{"type": "divider"}] * 101},
            "no more than 100 items allowed [json-pointer:/view/blocks]",
        ),
        (
            {"private_metadata": "x" * 3_001},
            "must be less than 3001 characters [json-pointer:/view/private_metadata]",
        ),
        ({"type": "home"}, "unsupported type: home [json-pointer:/view/type]"),
    ],
    ids=["title", "blocks", "private_metadata", "type"],
)
def test_a_modal_over_its_limits_is_refused(
    slack: Slack, client: WebClient, fields: dict[str, Any], problem: str
) -> None:
    """Slack says where in the view the fault is, and the trigger can still be used."""
    trigger = slack.views.issue_trigger()
    with pytest.raises(SlackApiError) as caught:
        client.api_call("views.open", json={"trigger_id": trigger, "view": modal(**fields)})
    assert caught.value.response["error"] == "invalid_arguments"
    assert caught.value.response["response_metadata"]["messages"] == [f"[ERROR] {problem}"]
    assert client.views_open(trigger_id=trigger, view=modal())["ok"]


def test_an_input_needs_a_submit_button(slack: Slack, client: WebClient) -> None:
    """A modal with an input block and no submit is refused."""
    view = {key: value for key, value in modal().items() if key != "submit"}
    with pytest.raises(SlackApiError) as caught:
        client.views_open(trigger_id=slack.views.issue_trigger(), view=view)
    (message,) = caught.value.response["response_metadata"]["messages"]
    assert message.startswith("[ERROR] `submit` is required")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("3", ""),
        ("5", "number takes 1 to 4"),
        ("2.5", "number takes a whole number"),
        ("two", "number takes a number"),
    ],
)
def test_a_number_is_asked_within_its_range(slack: Slack, given: str, problem: str) -> None:
    """A modal with anything else is not sent off."""
    number = {
        "type": "number_input",
        "action_id": "number",
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": "4",
    }
    ann = Person(slack, "U0ANN", "ann")
    view = modal(blocks=[{**INPUT, "block_id": "number", "element": number}])
    slack.views.calls["views.open"]({"trigger_id": slack.views.issue_trigger(ann.id), "view": view})
    ann.fill(ann.modal, {"number": given})
    assert ann.modal
    [element] = elements(ann.modal.blocks)

    said = element.problem(slack.views.filled(ann.modal))
    assert f"number {said}".strip() == (problem or "number")
