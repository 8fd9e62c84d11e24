"""What a storm over one digest has left behind: in the workspace, in the outbox, in the store."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.domain.delivery import DeliveryState
from monitor.domain.digest_post import DigestPost
from monitor.notifiers import wording
from monitor.store import Store
from monitor.testing import NOON
from tests.world.slack import CHANNEL, Slack
from tests.world.slack_files import SharedFile
from tests.world.slack_messages import Message

_NUMBER = re.compile(r"n=(\d+)")


@dataclass(frozen=True, slots=True)
class DigestOutcome:
    """What is there when nothing waits any more; what says that it may be a repeat is left out and
    counted.
    """

    roots: int  #: how often the message was posted, whether somebody deleted it or not
    visible_roots: int  #: messages in the channel itself that people see
    sections: tuple[str, ...]  #: titles in its thread, in their order
    files: tuple[str, ...]  #: names of the files in its thread
    pictures: int  #: pictures that the message shows
    strays: int  #: what is anywhere else
    numbers: frozenset[str]  #: every number that a message, a file or a picture shows
    snapshots: frozenset[str]  #: the numbers in the store
    repeats: int
    unsettled: int
    dead: int
    seconds: float  #: of simulated time
    faults: Mapping[str, int] = field(default_factory=dict)

    def find_mistakes(
        self, post: DigestPost, *, is_deleted: bool = False, may_lack_pictures: bool = False
    ) -> list[str]:
        """Name what is not as it must be.

        Where somebody has deleted the message, nobody wants what comes below; where Slack works on
        pictures for long, text may stand in their place.
        """
        wanted = {
            "message": self.roots == 1,
            "strays": self.strays == 0,
            "unsettled": self.unsettled == 0,
            "snapshot": len(self.snapshots) == 1,
            "numbers": self.numbers <= self.snapshots,
            "sections twice": len(set(self.sections)) == len(self.sections),
            "files twice": len(set(self.files)) == len(self.files),
        }
        if not is_deleted:
            titles = tuple(section.title for section in post.document.sections)
            wanted |= {
                "no message": self.visible_roots == 1,
                "thread": self.sections == titles,
                "files": self.files == tuple(one.name for one in post.attachments),
                "pictures": may_lack_pictures or self.pictures == len(post.pictures),
                "dead": self.dead == 0,
            }
        return [name for name, holds in wanted.items() if not holds]


def see_outcome(
    store: Store, slack: Slack, root_id: str, now: datetime, faults: Mapping[str, int]
) -> DigestOutcome:
    """Look at what people see and at what is stored."""
    with store.read() as tx:
        states = tx.deliveries.count_by_state()
        snapshots = tx.digests.list_snapshots()
        root = tx.deliveries.get(root_id)
    assert root is not None, "nobody tried to post it"
    visible = slack.visible(CHANNEL)
    plain = [one for one in visible if not is_labelled(one)]
    files = {file.id: file for file in slack.files.completed}
    roots = [one for one in plain if delivery_id(one) == root.id]
    thread = [one for one in plain if one.thread_ts == root.message_id]
    shared = [files[name] for one in thread for name in one.files if not _is_repeat(files[name])]
    pictures = [files[name] for one in roots for name in _shown_files(one)]
    ours = [one for one in slack.postings if delivery_id(one) == root.id and not is_labelled(one)]
    settled = states[DeliveryState.SENT] + states[DeliveryState.DEAD]
    return DigestOutcome(
        roots=len(ours),
        visible_roots=len(roots),
        sections=tuple(_read_title(one) for one in thread if not one.files),
        files=tuple(file.name for file in shared),
        pictures=len(pictures),
        strays=len(plain) - len(roots) - len(thread),
        numbers=_read_numbers([*roots, *thread], [*shared, *pictures]),
        snapshots=frozenset(_NUMBER.findall(" ".join(one.body for one in snapshots))),
        repeats=len(visible) - len(plain) + sum(map(_is_repeat, files.values())),
        unsettled=sum(states.values()) - settled,
        dead=states[DeliveryState.DEAD],
        seconds=(now - NOON).total_seconds(),
        faults=dict(Counter(faults)),
    )


def delivery_id(message: Message) -> str:
    """The id of the delivery that a message shows; empty for none."""
    return str(((message.metadata or {}).get("event_payload") or {}).get("delivery_id", ""))


def is_labelled(message: Message) -> bool:
    """Whether a message says that it may be a repeat."""
    return wording.REPEAT_WARNING in f"{message.text}{message.blocks}"


def _is_repeat(file: SharedFile) -> bool:
    return wording.REPEAT_WARNING in file.title


def _shown_files(message: Message) -> list[str]:
    return [block["slack_file"]["id"] for block in message.blocks if block["type"] == "image"]


def _read_title(message: Message) -> str:
    """The first line of a section, whether it is shown in blocks or as simple text."""
    first = message.blocks[0] if message.blocks else {}
    text = first["text"]["text"] if first.get("type") == "header" else message.text
    return _NUMBER.sub("", text.splitlines()[0]).strip(" *")


def _read_numbers(messages: Iterable[Message], files: Iterable[SharedFile]) -> frozenset[str]:
    texts = [f"{message.text} {message.blocks}" for message in messages if not message.files]
    texts += [(file.content or b"").decode("utf-8", "replace") for file in files]
    found = [_NUMBER.findall(text) or ["none"] for text in texts]
    return frozenset(number for numbers in found for number in numbers)
