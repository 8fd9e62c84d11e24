"""People and a real Bolt app meet in the Slack workspace, over Socket Mode and over signed HTTP
alike.
"""

from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebhookClient

from tests.world.clients import slack_client
from tests.world.clock import Clock
from tests.world.slack import CHANNEL, Slack
from tests.world.slack_apps import bolt_app, over_http, over_socket
from tests.world.slack_messages import Message
from tests.world.slack_people import Person
from tests.world.waiting import LAST_RESORT

Json = dict[str, Any]
Listener = Callable[..., None]

WORD: Json = {"type": "plain_text", "text": "Reply"}
TAKE: Json = {"type": "button", "action_id": "take", "value": "41:7", "text": WORD}
MENU: Json = {
    "type": "overflow",
    "action_id": "more",
    "options": [
        {"text": {"type": "plain_text", "text": word}, "value": word.lower()}
        for word in ("Snooze", "Why")
    ],
}
FIELD: Json = {
    "type": "plain_text_input",
    "action_id": "words",
    "multiline": True,
    "max_length": 20,
}
WHOM: Json = {"type": "users_select", "action_id": "whom", "initial_user": "U0ANN"}
MODAL: Json = {
    "type": "modal",
    "callback_id": "reply",
    "private_metadata": "41",
    "title": WORD,
    "submit": WORD,
    "notify_on_close": True,
    "blocks": [
        {"type": "input", "block_id": "answer", "label": WORD, "element": FIELD},
        {"type": "input", "block_id": "agent", "label": WORD, "element": WHOM, "optional": True},
    ],
}
HOME: Json = {"type": "home", "blocks": [{"type": "actions", "elements": [TAKE]}]}
MANIFEST: Json = {
    "features": {
        "slash_commands": [{"command": "/repwatch"}],
        "shortcuts": [{"callback_id": "to_feedback", "type": "message"}],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "reactions:read"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["reaction_added", "message.channels"]},
        "interactivity": {"is_enabled": True},
    },
}


@pytest.fixture
def app(slack: Slack) -> App:
    """A Bolt app without listeners."""
    return bolt_app(slack)


@pytest.fixture(params=["socket", "http"])
def connected(request: pytest.FixtureRequest, slack: Slack, app: App) -> Iterator[App]:
    """The app, reached by one way and by the other."""
    with over_socket(slack, app) if request.param == "socket" else over_http(slack, app):
        yield app


@pytest.fixture
def ann(slack: Slack) -> Person:
    """A person in the workspace."""
    return Person(slack, "U0ANN", "ann")


class Heard:
    """What a listener was called with."""

    def __init__(self) -> None:
        self.body: Json = {}
        self.arrived = Event()

    def __call__(self, ack: Any, body: Json) -> None:
        """Remember and acknowledge."""
        self.body = body
        ack()
        self.arrived.set()

    def wait(self) -> Json:
        """What arrived, once it did."""
        assert self.arrived.wait(LAST_RESORT)
        return self.body


def card(slack: Slack, *elements: Json) -> Message:
    """Let the app post a card with these elements."""
    blocks: list[Json] = [{"type": "actions", "block_id": "acts", "elements": list(elements)}]
    ts = slack_client(slack).chat_postMessage(channel=CHANNEL, text="Alert", blocks=blocks)["ts"]
    return next(message for message in slack.visible() if message.ts == ts)


# Messages


def test_a_click_reaches_its_listener(slack: Slack, connected: App, ann: Person) -> None:
    """A click brings who, where, what and the message itself, and counts as acknowledged."""
    heard = Heard()
    connected.action("take")(heard)
    message = card(slack, TAKE)
    delivery = ann.click(message, "take")
    body = heard.wait()
    assert (delivery.acked, delivery.attempts, delivery.trouble) == (True, 1, "")
    assert (body["user"]["id"], body["team"]["id"], body["channel"]["id"]) == (
        "U0ANN",
        "T0WORLD",
        CHANNEL,
    )
    assert body["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": CHANNEL,
        "is_ephemeral": False,
    }
    (action,) = body["actions"]
    assert (action["action_id"], action["block_id"], action["value"], action["type"]) == (
        "take",
        "acts",
        "41:7",
        "button",
    )
    assert body["message"]["blocks"][0]["elements"] == [TAKE]


def test_a_choice_names_its_option(slack: Slack, connected: App, ann: Person) -> None:
    """An option of the overflow menu can be meant by its words, and arrives whole."""
    heard = Heard()
    connected.action("more")(heard)
    assert ann.choose(card(slack, TAKE, MENU), "more", "Snooze").acked
    assert heard.wait()["actions"][0]["selected_option"] == MENU["options"][0]


def test_only_what_is_on_the_message_can_be_clicked(slack: Slack, app: App, ann: Person) -> None:
    """A button that an edit took away is refused, unless the click was made on the old message."""
    heard = Heard()
    app.action("take")(heard)
    with over_http(slack, app):
        before = card(slack, TAKE)
        slack_client(slack).chat_update(channel=CHANNEL, ts=before.ts, text="Taken", blocks=[])
        with pytest.raises(AssertionError, match="no take to use here"):
            ann.click(before, "take")
        assert ann.click(before, "take", stale=True).acked
        slack_client(slack).chat_delete(channel=CHANNEL, ts=before.ts)
        with pytest.raises(AssertionError, match="any more"):
            ann.click(before, "take")


def test_an_app_answers_one_person_or_changes_the_card(slack: Slack, app: App, ann: Person) -> None:
    """Through the response URL the clicker alone gets a note, and the card is replaced."""
    ben = Person(slack, "U0BEN", "ben")
    addresses: list[str] = []

    @app.action("take")
    def take(ack: Any, body: Json) -> None:
        addresses.append(body["response_url"])
        ack()

    with over_http(slack, app):
        ann.click(card(slack, TAKE), "take")
    answer = WebhookClient(addresses[0], retry_handlers=[])
    assert answer.send(text="already taken", response_type="ephemeral").body == "ok"
    assert answer.send(text="Taken by ann", replace_original=True).status_code == 200
    assert [note.text for note in ann.notes] == ["already taken"]
    assert ben.notes == ()
    assert [message.text for message in slack.visible()] == ["Taken by ann"]


def test_a_response_url_wears_out() -> None:
    """It takes five answers, and none after half an hour."""
    clock = Clock()
    with Slack(clock=clock) as slack:
        Person(slack, "U0ANN")
        used, old = (
            WebhookClient(slack.response_url(CHANNEL, "U0ANN"), retry_handlers=[]) for _ in range(2)
        )
        assert [used.send(text="x").status_code for _ in range(6)] == [200] * 5 + [404]
        clock.forward(1_801)
        assert (old.send(text="x").status_code, "expired_url" in old.send(text="x").body) == (
            404,
            True,
        )


def test_reactions_and_words_are_events(slack: Slack, connected: App, ann: Person) -> None:
    """A reaction and a reply in the thread reach the app, which does not hear of its own message as
    someone's.
    """
    events: list[Json] = []
    for kind in ("reaction_added", "reaction_removed", "message"):
        connected.event(kind)(lambda event: events.append(event))
    message = card(slack, TAKE)
    assert ann.react(message, "eyes").acked
    reply = ann.says(message, "on it")
    assert ann.unreact(message, "eyes").acked
    _until(lambda: len(events) >= 3)
    assert sorted(event["type"] for event in events) == [
        "message",
        "reaction_added",
        "reaction_removed",
    ]
    (added,) = (event for event in events if event["type"] == "reaction_added")
    (said,) = (event for event in events if event["type"] == "message")
    assert (added["reaction"], added["item"]["ts"], added["item_user"]) == (
        "eyes",
        message.ts,
        "U0BOT",
    )
    assert slack.thread(message) == (ann.sees(reply),)
    assert (said["thread_ts"], said["ts"], said["channel_type"]) == (
        message.ts,
        reply.ts,
        "channel",
    )


# Modals and home


def opening(app: App) -> None:
    """Let a click open the modal."""

    @app.action("take")
    def take(ack: Any, body: Json, client: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        ack()


def test_a_modal_is_filled_refused_and_taken(slack: Slack, connected: App, ann: Person) -> None:
    """Errors stay on the modal until the app takes what was filled in, and then it is closed."""
    opening(connected)
    bodies: list[Json] = []

    @connected.view("reply")
    def reply(ack: Any, body: Json) -> None:
        bodies.append(body)
        ack(response_action="errors", errors={"answer": "say more"}) if len(bodies) == 1 else ack()

    ann.click(card(slack, TAKE), "take")
    first = ann.submit(ann.modal, {"answer": "no"})
    assert (first.errors, ann.modal is not None) == ({"answer": "say more"}, True)
    second = ann.submit(ann.modal, {"words": "We are sorry", "whom": "U0BEN"})
    assert (second.errors, second.trouble, ann.modal) == ({}, "", None)
    assert bodies[1]["view"]["state"]["values"] == {
        "answer": {"words": {"type": "plain_text_input", "value": "We are sorry"}},
        "agent": {"whom": {"type": "users_select", "selected_user": "U0BEN"}},
    }
    assert (bodies[1]["view"]["private_metadata"], bodies[0]["view"]["id"]) == (
        "41",
        bodies[1]["view"]["id"],
    )


def test_slack_itself_checks_what_is_filled_in(slack: Slack, ann: Person) -> None:
    """An empty field, a text over its limit and an unknown field never reach the app."""
    slack_client(slack).views_open(trigger_id=slack.views.issue_trigger("U0ANN"), view=MODAL)
    for values, problem in (
        ({}, "must be filled in"),
        ({"answer": "x" * 21}, "takes 20 characters"),
        ({"subject": "x"}, "no field"),
    ):
        with pytest.raises(AssertionError, match=problem):
            ann.submit(ann.modal, values)
    assert slack.deliveries == ()


@pytest.mark.parametrize(
    ("response", "open_modals", "trouble"),
    [
        ({"response_action": "push", "view": MODAL}, 2, ""),
        ({"response_action": "update", "view": MODAL | {"callback_id": "new"}}, 1, ""),
        ({"response_action": "clear"}, 0, ""),
        (
            {"response_action": "errors", "errors": {"nothing": "x"}},
            1,
            "errors for what is no input block: nothing",
        ),
    ],
    ids=["push", "update", "clear", "errors"],
)
def test_the_answer_to_a_submission_moves_the_modals(
    slack: Slack, app: App, ann: Person, response: Json, open_modals: int, trouble: str
) -> None:
    """push, update, clear and errors do what Slack does with them, and a wrong answer is
    trouble.
    """
    app.view("reply")(lambda ack: ack(**response))
    slack_client(slack).views_open(trigger_id=slack.views.issue_trigger("U0ANN"), view=MODAL)
    with over_http(slack, app):
        assert ann.submit(ann.modal, {"answer": "x"}).trouble == trouble
    assert len(slack.views.stack("U0ANN")) == open_modals


def test_a_closed_modal_is_told(slack: Slack, app: App, ann: Person) -> None:
    """view_closed comes for a modal that asks for it."""
    heard = Heard()
    app.view_closed("reply")(heard)
    slack_client(slack).views_open(trigger_id=slack.views.issue_trigger("U0ANN"), view=MODAL)
    with over_http(slack, app):
        assert ann.close(ann.modal).acked
    assert (heard.body["is_cleared"], ann.modal) == (False, None)


def test_the_home_tab_is_opened_published_and_used(slack: Slack, app: App, ann: Person) -> None:
    """Opening the tab tells the app, which publishes it, and its buttons work."""
    app.event("app_home_opened")(
        lambda event, client: client.views_publish(user_id=event["user"], view=HOME)
    )
    heard = Heard()
    app.action("take")(heard)
    with over_http(slack, app):
        assert ann.open_home().acked
        _until(lambda: ann.home is not None)
        assert ann.click(ann.home, "take").acked
    assert heard.body["container"] == {"type": "view", "view_id": heard.body["view"]["id"]}


# Words of the app


def test_a_command_is_answered_to_its_typist(slack: Slack, connected: App, ann: Person) -> None:
    """What comes with the acknowledgement of a command is shown to whoever typed it."""
    connected.command("/repwatch")(
        lambda ack, command: ack(f"{command['user_id']} asked for {command['text']}")
    )
    assert ann.command("/repwatch", "mine").acked
    assert [note.text for note in ann.notes] == ["U0ANN asked for mine"]
    assert slack.visible() == ()


def test_a_shortcut_carries_the_message(slack: Slack, connected: App, ann: Person) -> None:
    """A shortcut from a message's menu brings the message, and a trigger that opens a modal."""
    bodies: list[Json] = []

    @connected.shortcut("to_feedback")
    def take_in(ack: Any, body: Json, client: Any) -> None:
        bodies.append(body)
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        ack()

    slack.say(CHANNEL, "U0ANN", "a customer rang: it is broken")
    assert ann.shortcut(slack.visible()[0], "to_feedback").acked
    assert (bodies[0]["type"], bodies[0]["message"]["text"]) == (
        "message_action",
        "a customer rang: it is broken",
    )
    assert ann.modal is not None


# The app's settings


def test_an_app_hears_what_its_manifest_asks_for(slack: Slack, app: App, ann: Person) -> None:
    """Events without subscription or scope are not brought, and unknown words cannot be used."""
    slack.install(MANIFEST)
    with over_http(slack, app):
        message = card(slack, TAKE)
        ann.says(message, "hello")
        assert ann.react(message, "eyes").wait().attempts == 4
        assert [delivery.payload["event"]["type"] for delivery in slack.deliveries] == [
            "reaction_added"
        ]
        assert ann.open_home().trouble == "not_subscribed"
        with pytest.raises(AssertionError, match="do not name /other"):
            ann.command("/other")
        with pytest.raises(AssertionError, match="do not name other"):
            ann.shortcut(message, "other")


def _until(reached: Callable[[], bool]) -> None:
    """Wait for what the app does after it has acknowledged."""
    waiting = Event()
    for _ in range(1_000):
        if reached():
            return
        waiting.wait(0.01)
    raise AssertionError("it never came")
