"""Acme's Slack and the places that its repwatch reads, as 0.1.0 left them, and what is seen there.

Only the tests' own world is used, so that the program of any version can be put into it.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from tests.world.faults import Reply, answers
from tests.world.reddit import Reddit
from tests.world.slack import Slack
from tests.world.slack_messages import Message
from tests.world.slack_people import Person
from tests.world.web import Web

#: Nine minutes after the program of 0.1.0 was killed.
NOW = "2026-11-20T09:40:20+00:00"
#: When it goes on; what was lost is looked for twice, with a pause.
LATER = ("2026-11-20T11:45:20+00:00", "2026-11-20T11:45:40+00:00", "2026-11-20T11:46:20+00:00")
#: A code, standard output and standard error.
Ended = tuple[int, str, str]

CHANNELS = {
    "C0SUPPORT": "support",
    "C0LEADS01": "support-leads",
    "C0LEGAL01": "legal",
    "C0PRAISE1": "praise",
}
PEOPLE = {"U0ANNA0001": "anna", "U0BERT0002": "bert", "U0CARLA003": "carla", "U0DORA0004": "dora"}
#: What people open from a card: the alert, and the button or the entry of the menu.
DIALOGS = (
    (2, "why"),
    (6, "reply"),
    (8, "resolve"),
    (25, "reply"),
    (25, "assign"),
    (25, "snooze"),
    (16, "correct"),
    (46, "escalate"),
    (46, "why"),
    (42, "why"),
    (37, "why"),
)
MENU = ("assign", "snooze", "dismiss", "correct", "escalate")
COMMANDS = ("mine", "stats", "help", "search refund*", "search (", "mute newsletter", "nonsense")

Json = dict[str, Any]


@dataclass
class Surroundings:
    """The servers around the program."""

    slack: Slack
    web: Web
    reddit: Reddit

    def configure(self, folder: Path, cards_per_hour: int = 6) -> None:
        """Let config.toml name these servers, and no pace that a test would have to wait for."""
        config = folder / "config.toml"
        text = config.read_text("utf-8")
        for port, server in ((47001, self.slack), (47002, self.web), (47004, self.reddit)):
            text = text.replace(f"http://127.0.0.1:{port}", server.url)
        for key, value in (
            ("listen", '"127.0.0.1:0"'),
            ("posts_per_second", "0"),
            ("cards_per_hour", f"{cards_per_hour}"),
        ):
            [line] = [one for one in text.split("\n") if one.startswith(f"{key} = ")]
            text = text.replace(line, f"{key} = {value}")
        config.write_text(text, "utf-8")

    def person(self, name: str) -> Person:
        """Somebody of Acme."""
        user = next(user for user, called in PEOPLE.items() if called == name)
        return Person(self.slack, user, name)

    def seen(self) -> list[Json]:
        """Every message in the channels, oldest first."""
        with self.slack.holding:
            found = [one for channel in CHANNELS for one in self.slack.visible(channel)]
        return [as_json(one) for one in sorted(found, key=lambda one: one.ts)]

    def plain(self, said: str) -> str:
        """A text in which the addresses are those of Acme's own configuration."""
        for port, server in ((47001, self.slack), (47002, self.web), (47004, self.reddit)):
            said = said.replace(server.url, f"http://127.0.0.1:{port}")
        return said


@contextmanager
def surroundings(manifest: Json, at: str, messages: Iterable[Json] = ()) -> Iterator[Surroundings]:
    """The places with the app as its manifest makes it; time stands still there.

    Reddit cannot be read, and does not know what it is to answer; the feeds say that nothing is
    new, and of the other sources none is asked before tomorrow.
    """
    clock = datetime.fromisoformat(at).timestamp
    with (
        Slack(posts_per_second=None, clock=clock) as slack,
        Web() as web,
        Reddit(recorded=False) as reddit,
    ):
        slack.install(manifest)
        for channel, name in CHANNELS.items():
            slack.add_channel(channel, name)
        for user, name in PEOPLE.items():
            slack.add_user(user, name)
        slack.add_group("S0SUPPORT1", "support", ["U0ANNA0001", "U0BERT0002"])
        for message in messages:
            keep(slack, message)
        for path in ("/forum.atom", "/shop.rss"):
            web.serve(path, lambda _: Reply(304, {}))
        web.refuse("/members.rss", 403)
        reddit.weather = lambda asked: answers(403) if asked.method == "GET" else None
        yield Surroundings(slack, web, reddit)


def keep(slack: Slack, message: Json) -> None:
    """Put a message there as it was."""
    held = {
        **message,
        "blocks": tuple(message["blocks"]),
        "reacted": tuple(map(tuple, message["reacted"])),
    }
    slack.channels[message["channel"]].messages[message["ts"]] = Message(**held)


def as_json(message: Message) -> Json:
    """A message with all that is to be the same."""
    kept = {
        name: getattr(message, name)
        for name in ("ts", "channel", "user", "text", "metadata", "thread_ts")
    }
    return kept | {"blocks": list(message.blocks), "reacted": list(message.reacted)}


def send_again(database: Path) -> None:
    """Let cards wait to be sent as if they never were, and a line below one of each kind.

    Those of alerts that were opened in a row for the same reason are left out.
    """
    with closing(sqlite3.connect(database)) as held, held:
        held.executescript("""
            DELETE FROM deliveries WHERE kind = 'update';
            DELETE FROM deliveries WHERE state != 'merged'
                AND (alert_id BETWEEN 25 AND 36 OR alert_id IN (9, 10, 11, 39, 51, 52));
            DELETE FROM deliveries WHERE kind = 'entry' AND event_id NOT IN (
                SELECT min(id) FROM alert_events WHERE alert_id NOT BETWEEN 25 AND 36
                GROUP BY kind, via);
            UPDATE deliveries SET state = 'pending', message_id = '', posted_to = '',
                sent_at = NULL, attempts = 0, attempted_at = NULL, probes = 0, repeat = 0,
                error = '' WHERE state != 'merged';
            UPDATE leases SET holder = '';
        """)


def shown_at(database: Path, alert: int) -> tuple[str, str]:
    """The channel and the ts of an alert's card, as the database knows them."""
    with closing(sqlite3.connect(database)) as held:
        found = held.execute(
            "SELECT posted_to, message_id FROM deliveries WHERE alert_id = ? AND kind = 'card'"
            " AND message_id != '' ORDER BY sent_at DESC",
            (alert,),
        ).fetchone()
    channel, ts = found
    return str(channel), str(ts)


def card(place: Surroundings, database: Path, alert: int) -> Message:
    """The card of an alert as people see it now."""
    channel, ts = shown_at(database, alert)
    with place.slack.holding:
        return place.slack.channels[channel].messages[ts]


def looked_at(place: Surroundings, database: Path) -> Iterator[tuple[str, object]]:
    """What people see who open dialogs, Home tabs and lists; each under a name."""
    anna = place.person("anna")
    for alert, name in DIALOGS:
        on = card(place, database, alert)
        if name in MENU:
            option = next(one for one in options(on) if one.startswith(f"{name}:"))
            anna.choose(on, "more", option)
        else:
            anna.click(on, name)
        until(lambda: anna.modal is not None)
        assert anna.modal
        yield f"{name} {alert}", anna.modal.content
        anna.close(anna.modal)
    for name in ("carla", "dora"):
        yield f"home {name}", home(place.person(name))
    for text in COMMANDS:
        yield f"/repwatch {text}", answer_to(anna, text)


def home(person: Person) -> Json:
    """The Home tab of somebody who opens it."""
    person.open_home()
    until(lambda: person.home is not None)
    assert person.home
    return person.home.content


def answer_to(person: Person, text: str) -> Json:
    """What somebody is told who types this."""
    before = len(person.notes)
    person.command("/repwatch", text, channel="C0SUPPORT")
    until(lambda: len(person.notes) > before)
    return {"text": person.notes[-1].text, "blocks": list(person.notes[-1].blocks)}


def options(message: Message) -> list[str]:
    """The values in the menu of a card."""
    menus = [
        element
        for block in message.blocks
        for element in (*block.get("elements", ()), block.get("accessory") or {})
        if element.get("type") == "overflow"
    ]
    return [option["value"] for menu in menus for option in menu["options"]]


def until(true: Callable[[], bool], seconds: float = 120) -> None:
    """Wait for what another process does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it does not come about"
        time.sleep(0.01)


def lines(found: Iterable[tuple[object, object]], known: frozenset[str]) -> str:
    """JSON with a line for each part, sorted, and no ids of messages but those `known` before."""
    parts = (json.dumps([name, _plain(part, known)], ensure_ascii=False) for name, part in found)
    return "".join(f"{part}\n" for part in sorted(parts))


def _plain(value: object, known: frozenset[str]) -> object:
    if isinstance(value, list | tuple):
        return [_plain(item, known) for item in value]
    if not isinstance(value, dict):
        return value
    new = {"delivery_id": "new"} if value.get("delivery_id", "") not in {"", *known} else {}
    return {name: _plain(item, known) for name, item in value.items()} | new


def delivery_ids(database: Path) -> frozenset[str]:
    """The ids of all messages."""
    return frozenset(name for (name,) in asked(database, "SELECT id FROM deliveries"))


def asked(database: Path, query: str) -> list[tuple[Any, ...]]:
    """What the database answers."""
    with closing(sqlite3.connect(database)) as held:
        return held.execute(query).fetchall()


# What is done


class Program(Protocol):
    """A version of the program."""

    def once(self, folder: Path, at: str) -> Ended:
        """Run `once --json` at a time that stands still."""

    def run(self, folder: Path, at: str) -> AbstractContextManager[None]:
        """Let `run` work at a time that stands still, in a `with` statement."""

    def manifest(self) -> Json:
        """What `slack manifest --json` prints."""


def cards_of(program: Program, folder: Path) -> dict[str, str]:
    """Every card and every kind of line below one, as shown now: golden files by their names."""
    database = folder / "repwatch.db"
    send_again(database)
    known = delivery_ids(database)
    with surroundings(program.manifest(), NOW) as place:
        place.configure(folder, cards_per_hour=0)
        said = program.once(folder, NOW)
        shown = lines(_changed([], place.seen()), known)
        return {"cards.jsonl": place.plain(shown), "cards.txt": ended(said, place)}


def gone_on_with(program: Program, folder: Path, messages: list[Json]) -> dict[str, str]:
    """What follows when the program goes on two hours later: golden files by their names."""
    database = folder / "repwatch.db"
    known = delivery_ids(database)
    with surroundings(program.manifest(), NOW, messages) as place:
        place.configure(folder)
        before = place.seen()
        files = {"once.txt": "".join(ended(program.once(folder, at), place) for at in LATER)}
        files["sent.jsonl"] = lines(_changed(before, place.seen()), known)
        before = place.seen()
        with program.run(folder, LATER[-1]):
            place.slack.socket.wait_for(1, 40)
            until(lambda: quiet(database))
            files["views.jsonl"] = lines(looked_at(place, database), known)
            act(place, database)
        files["acted.jsonl"] = lines(_changed(before, place.seen()), known)
        files["events.jsonl"] = lines(happened(database), known)
        return {name: place.plain(text) for name, text in files.items()}


def act(place: Surroundings, database: Path) -> None:
    """Use old cards as they were shown by 0.1.0: buttons, menus, dialogs and reactions."""
    anna, bert, carla = (place.person(name) for name in ("anna", "bert", "carla"))
    anna.click(card(place, database, 21), "take")
    until(lambda: quiet(database))
    anna.click(card(place, database, 8), "resolve")
    until(lambda: anna.modal is not None)
    anna.submit(anna.modal, {"action_taken": "Paid back", "note": "done"})
    until(lambda: quiet(database))
    on = card(place, database, 13)
    bert.choose(on, "more", next(one for one in options(on) if one.startswith("dismiss:")))
    bert.react(card(place, database, 24), "eyes")
    until(lambda: quiet(database))
    [line] = [
        one for one in place.slack.thread(card(place, database, 4)) if "approve" in str(one.blocks)
    ]
    carla.click(line, "approve")
    until(lambda: quiet(database))


def quiet(database: Path) -> bool:
    """Whether nothing waits; what belongs below the card that was refused does so for ever."""
    waiting = "SELECT count(*) FROM inbox WHERE source_id = 'slack:desk' AND due_at IS NOT NULL"
    pending = "SELECT count(*) FROM deliveries WHERE state IN ('pending', 'attempting')"
    return asked(database, f"{waiting} UNION ALL {pending} AND alert_id != 35") == [(0,), (0,)]


def happened(database: Path) -> Iterator[tuple[object, object]]:
    """What happened to alerts since 0.1.0 was killed."""
    columns = "id, alert_id, kind, actor, before, after, note, via, details"
    query = f"SELECT {columns} FROM alert_events WHERE at > '2026-11-20 09:32'"  # noqa: S608
    for row in asked(database, query):
        yield row[0], row[1:]


def ended(said: Ended, place: Surroundings) -> str:
    """How a command ended and what it said."""
    code, stdout, stderr = said
    return place.plain(f"{stdout}{stderr}= {code}\n")


def _changed(before: list[Json], after: list[Json]) -> list[tuple[object, object]]:
    """The messages that are new or not as they were.

    In what order messages of the same moment are sent is left to chance: where the ts of a new one
    stands, there is its text instead.
    """
    were = {one["ts"]: one for one in before}
    shown = json.dumps([one for one in after if one != were.get(one["ts"])])
    for one in after:
        if one["ts"] not in were:
            told = json.dumps(one["text"])[1:-1]
            shown = shown.replace(one["ts"], told).replace(one["ts"].replace(".", ""), told)
    return [(one.pop("ts"), one) for one in json.loads(shown)]
