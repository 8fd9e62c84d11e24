"""People at work in a Slack workspace: what they click, type and see, brought to the app as Slack
brings it.

    ann = Person(slack, "U0ANN", "ann")
    ann.click(card, "take")                     # waits until the app has acknowledged it
    ann.choose(card, "more", "snooze")
    ann.submit(ann.modal, {"reply": "Sorry!"})
    ann.says(card, "on it")

Only what a person sees can be used: a button that is no longer on the message is an AssertionError,
unless the click is `stale`, which is a click on the message as it was handed in.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tests.world.slack import CHANNEL, Slack
from tests.world.slack_delivery import Delivery, Kind
from tests.world.slack_elements import Element, elements, identified
from tests.world.slack_messages import Message
from tests.world.slack_payloads import (
    closing,
    global_shortcut,
    home_event,
    message_action,
    message_shortcut,
    slash_command,
    submission,
    view_action,
    who,
)
from tests.world.slack_views import View
from tests.world.slack_wire import Json, Refused

_NOT_TOLD = "not_subscribed"  #: the trouble of an act that the app has not asked to hear of


class Person:
    """One person; each act returns what is brought to the app, once the first attempt was
    acknowledged or not.

    With `waits=False` an act returns at once, and `Delivery.wait` waits for its fate.
    """

    def __init__(
        self, slack: Slack, user: str, name: str = "", *, waits: bool = True, **fields: Any
    ) -> None:
        self.id = user
        self.name = name or user.removeprefix("U0").lower()
        self._slack = slack
        self._waits = waits
        if user not in slack.directory.users:
            slack.add_user(user, self.name, **fields)

    # What the person sees

    @property
    def modal(self) -> View | None:
        """The modal on top."""
        with self._slack.holding:
            return next(reversed(self._slack.views.stack(self.id)), None)

    @property
    def home(self) -> View | None:
        """The app's home tab, if it was published."""
        with self._slack.holding:
            return self._slack.views.home(self.id)

    @property
    def notes(self) -> tuple[Message, ...]:
        """The messages that only this person sees, oldest first."""
        return tuple(message for message in self._slack.ephemerals if message.only_for == self.id)

    @property
    def direct(self) -> tuple[Message, ...]:
        """What was said between this person and the app alone, oldest first."""
        with self._slack.holding:
            return self._slack.visible(self._slack.channels.direct(self.id).id)

    def sees(self, message: Message) -> Message:
        """The message as this person sees it now; AssertionError if it is not for them, or gone."""
        if message.only_for:
            found = next((note for note in self.notes if note.ts == message.ts), None)
        else:
            found = self._slack.channels[message.channel].messages.get(message.ts)
        assert found is not None, f"{self.name} does not see this message"
        assert not found.deleted, f"{self.name} does not see this message any more"
        return found

    # What the person does to messages and views

    def click(
        self,
        on: Message | View | None,
        action_id: str,
        value: str | None = None,
        *,
        stale: bool = False,
    ) -> Delivery:
        """Click a button; `value` tells buttons with the same action_id apart."""
        return self._use(on, action_id, value, None, stale)

    def choose(
        self, on: Message | View | None, action_id: str, option: Any, *, stale: bool = False
    ) -> Delivery:
        """Choose from a menu: an option by its value or its words, else a user id, a date, a list
        of options, ...
        """
        return self._use(on, action_id, None, option, stale)

    def react(self, message: Message, name: str) -> Delivery:
        """React with an emoji, named without colons."""
        with self._slack.holding:
            told = self._slack.channels.react(self.sees(message), self.id, name)
        return self._after(told)

    def unreact(self, message: Message, name: str) -> Delivery:
        """Take a reaction back."""
        with self._slack.holding:
            told = self._slack.channels.unreact(self.sees(message), self.id, name)
        return self._after(told)

    def says(self, where: Message | str, text: str) -> Message:
        """Write in a channel, or in the thread of a message; the app has acknowledged the event, if
        it hears of it.
        """
        with self._slack.holding:
            channel, root = (
                (where, None)
                if isinstance(where, str)
                else (where.channel, where.thread_ts or where.ts)
            )
            stamp = self._slack.channels.next_ts()
            message, told = self._slack.channels.keep(
                Message(stamp, channel, self.id, text, thread_ts=root)
            )
        self._after(told)
        return message

    def shortcut(self, message: Message | None, callback_id: str) -> Delivery:
        """Use a shortcut from the menu of a message, or a global one."""
        self._check_interactive()
        self._check_known(callback_id, self._slack.app.shortcuts)
        stamps = {"trigger_id": self._trigger(), "action_ts": self._slack.channels.next_ts()}
        if message is None:
            return self._bring("interactive", global_shortcut(self._who, callback_id, **stamps))
        message, channel = self.sees(message), self._slack.channels[message.channel]
        stamps["response_url"] = self._slack.response_url(message.channel, self.id, message.ts)
        return self._bring(
            "interactive", message_shortcut(self._who, channel, message, callback_id, **stamps)
        )

    # What the person does elsewhere

    def command(self, command: str, text: str = "", channel: str = CHANNEL) -> Delivery:
        """Type a slash command; what the app answers with its acknowledgement is shown to this
        person alone.
        """
        self._check_known(command, self._slack.app.commands)
        stamps = {
            "trigger_id": self._trigger(),
            "response_url": self._slack.response_url(channel, self.id),
        }
        place = self._slack.channels[channel]

        def settle(delivery: Delivery) -> None:
            answer = (
                {"text": delivery.response}
                if isinstance(delivery.response, str)
                else delivery.response
            )
            try:
                if answer:
                    self._slack.answer_person(channel, self.id, answer)
            except Refused as refusal:
                delivery.trouble = refusal.error

        return self._bring(
            "slash_commands", slash_command(self._who, place, command, text, **stamps), settle
        )

    def open_home(self) -> Delivery:
        """Open the app's home tab."""
        with self._slack.holding:
            channel = self._slack.channels.direct(self.id)
            event = home_event(self.id, channel, self.home, self._slack.channels.next_ts())
            told = self._slack.tell("app_home_opened", event)
        return self._after(told)

    def fill(self, view: View | None, values: Mapping[str, Any]) -> None:
        """Fill in fields of a modal, by block_id or action_id, without telling the app."""
        view = self._current(view)
        found = {element.place: element for element in elements(view.blocks) if element.is_input}
        for name, value in values.items():
            places = [place for place in found if name in place]
            assert places, f"{name} is no field of this modal, only: {list(found)}"
            self._slack.views.fill(view, {place: found[place].value(value) for place in places})

    def submit(self, view: View | None, values: Mapping[str, Any] | None = None) -> Delivery:
        """Fill in fields and submit a modal; `errors` of the result says what the app did not
        take.
        """
        view = self._current(view)
        assert view.root, "a home tab cannot be submitted"
        assert "submit" in view.content, "the modal has no submit button"
        self.fill(view, values or {})
        filled = self._slack.views.filled(view)
        for element in elements(view.blocks):
            problem = element.problem(filled) if element.is_input else ""
            assert not problem, f"{element.place[0]} {problem}"

        def settle(delivery: Delivery) -> None:
            with self._slack.holding:
                delivery.trouble = self._slack.views.respond(view, delivery.response)

        return self._bring(
            "interactive", submission(self._who, view, filled, self._trigger()), settle
        )

    def close(self, view: View | None, *, cleared: bool = False) -> Delivery:
        """Close a modal, or with `cleared` the whole pile; the app hears of those that ask for
        it.
        """
        view = self._current(view)
        with self._slack.holding:
            closed = self._slack.views.stack(self.id) if cleared else [view]
            filled = {each.id: self._slack.views.filled(each) for each in closed}
            self._slack.views.close(closed)
        told = [each for each in reversed(closed) if each.content.get("notify_on_close")]
        brought = [
            self._bring("interactive", closing(self._who, each, filled[each.id], cleared))
            for each in told
        ]
        return brought[-1] if brought else self._after(None)

    # How it reaches the app

    @property
    def _who(self) -> Json:
        return who(self.id, self.name)

    def _use(
        self, on: Message | View | None, action_id: str, value: str | None, option: Any, stale: bool
    ) -> Delivery:
        self._check_interactive()
        with self._slack.holding:
            place = (
                self._current(on)
                if on is None or isinstance(on, View)
                else on
                if stale
                else self.sees(on)
            )
            element = _found(place, action_id, value, option)
            choice = element.value(option)
            stamps = {"trigger_id": self._trigger(), "action_ts": self._slack.channels.next_ts()}
            filled = {} if element.kind in {"button", "overflow"} else {element.place: choice}
            if isinstance(place, View):
                self._slack.views.fill(place, filled)
                all_filled = self._slack.views.filled(place)
                payload = view_action(self._who, place, element, choice, all_filled, **stamps)
            else:
                stamps["response_url"] = self._slack.response_url(place.channel, self.id, place.ts)
                channel = self._slack.channels[place.channel]
                payload = message_action(
                    self._who, channel, place, element, choice, filled, **stamps
                )
        return self._bring("interactive", payload)

    def _current(self, view: View | None) -> View:
        """The view as this person sees it now; the modal on top if none is given."""
        view = view or self.modal
        assert view is not None, f"{self.name} has no modal open"
        now = self._slack.views.open.get(view.id)
        assert now is not None, f"{self.name} has closed this view"
        assert now.user == self.id, f"{self.name} does not see this view"
        assert not now.root or now == self.modal, "another modal lies on this one"
        return now

    def _check_interactive(self) -> None:
        assert self._slack.app.interactive, "interactivity is switched off in the app's settings"

    def _check_known(self, word: str, words: frozenset[str] | None) -> None:
        assert "commands" in self._slack.scopes, (
            "the app lacks the scope of commands and shortcuts: commands"
        )
        assert words is None or word in words, f"the app's settings do not name {word}"

    def _trigger(self) -> str:
        with self._slack.holding:
            return self._slack.views.issue_trigger(self.id)

    def _bring(
        self, kind: Kind, payload: Json, settle: Callable[[Delivery], None] | None = None
    ) -> Delivery:
        return self._after(self._slack.transport.bring(Delivery(kind, payload, settle)))

    def _after(self, delivery: Delivery | None) -> Delivery:
        if delivery is None:
            delivery = Delivery("events_api", {}, trouble=_NOT_TOLD)
            delivery.finish()
        return delivery.wait_for_first() if self._waits else delivery


def _found(
    place: Message | View, action_id: str, value: str | None, option: object = None
) -> Element:
    """The element that somebody means; of several menus the one that offers an option."""
    blocks = place.blocks if isinstance(place, View) else identified(place.blocks)
    there = list(elements(blocks))
    named = [element for element in there if element.content["action_id"] == action_id]
    wanted = [
        element for element in named if value is None or element.content.get("value") == value
    ]
    if len(wanted) > 1 and isinstance(option, str):
        wanted = [each for each in wanted if option in [one["value"] for one in each.options]]
    assert wanted, (
        f"there is no {action_id} to use here, only: "
        f"{[element.content['action_id'] for element in there]}"
    )
    assert len(wanted) == 1, f"there are {len(wanted)} of {action_id} here: say which by its value"
    return wanted[0]
