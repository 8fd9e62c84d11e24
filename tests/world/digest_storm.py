"""A digest on a bad line: the real Slack notifier, faults by chance on every request and every
step of a file, processes that are killed between any two steps.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr

from monitor.domain.delivery import Delivery, DeliveryState
from monitor.domain.digest_post import DigestFile, DigestPost
from monitor.notifiers import wording
from monitor.notifiers.base import PostedMessage
from monitor.pipeline.sender import LEASE_SECONDS
from monitor.settings import SlackSettings
from monitor.slack.digest_notifier import SlackDigestNotifier
from monitor.slack.notifier import SlackNotifier
from monitor.store import Store
from monitor.testing import NOON
from tests.world.faults import (
    Fault,
    Request,
    answers,
    answers_after_commit,
    lost_after_commit,
    lost_before_commit,
)
from tests.world.senders import Killed, Senders
from tests.world.slack import BOT_TOKEN, CHANNEL, Slack, failed_after_commit, ratelimited
from tests.world.slack_files import PREFIX, SharedFile
from tests.world.slack_messages import Message
from tests.world.waiting import LAST_RESORT

LAG = 10.0  #: seconds after which the history knows of a message
FILE_LAG = 3.0  #: seconds that Slack works on a file

#: What happens to a request, in a hundred; the rest is answered as it should be.
CHANGING: Mapping[str, float] = {
    "lost before commit": 5,
    "lost after commit": 8,
    "500 after commit": 4,
    "fatal_error after commit": 3,
    "429 with Retry-After": 5,
    "429 without": 2,
}
READING: Mapping[str, float] = {
    "429 with Retry-After": 5,
    "lost before commit": 4,
    "500 before commit": 3,
}
#: What happens to the process before and after each step, in a hundred.
DYING = 4.0
HANGING = 2.0
_FAULTS: Mapping[str, Fault] = {
    "lost before commit": lost_before_commit,
    "lost after commit": lost_after_commit,
    "500 before commit": answers(500),
    "500 after commit": answers_after_commit(500),
    "fatal_error after commit": failed_after_commit(),
    "429 with Retry-After": ratelimited(20),
    "429 without": ratelimited(None),
}


@dataclass(frozen=True, slots=True)
class DigestOutcome:
    """What a storm left behind in Slack and in the outbox."""

    roots: tuple[Message, ...]  #: first messages without a label
    parts: tuple[Message, ...]  #: sections in the thread without a label
    shared: tuple[tuple[Message, SharedFile], ...]  #: files in the thread
    shown_pictures: tuple[bytes, ...]  #: what the root's picture blocks show
    repeats: int  #: messages that say that they may be repeats
    unsettled: int
    dead: int
    seconds: float  #: of simulated time
    faults: Mapping[str, int] = field(default_factory=dict)


@dataclass
class DigestStorm:
    """One digest, some senders, and a line on which much goes wrong, all decided by `seed`."""

    store: Store
    seed: int
    post: DigestPost
    senders: int = 2
    changing: Mapping[str, float] = field(default_factory=lambda: CHANGING)
    reading: Mapping[str, float] = field(default_factory=lambda: READING)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._met: Counter[str] = Counter()
        self._processes = Senders(self.store, NOON, self.senders)
        self._slack = Slack(history_lag=LAG, clock=self._processes.monotonic)
        self._slack.files.lag = FILE_LAG
        self._slack.weather = self._weather

    def rage(self) -> DigestOutcome:
        """Queue the digest, twice over, and send until nothing waits any more."""
        for _ in range(2):
            with self.store.write() as tx:
                tx.digests.queue_messages(self.post, CHANNEL, NOON, "2026-11-23")
        with self._slack as slack:
            settings = SlackSettings(default_channel=CHANNEL, api_url=slack.api_url)
            inner = SlackNotifier(
                SecretStr(BOT_TOKEN),
                settings,
                timeout=LAST_RESORT,
                monotonic=self._processes.monotonic,
            )
            self._processes.digests = _MortalDigests(inner.digests, self)
            self._processes.live(inner, self._order)
            return self._outcome()

    def stumble(self, *, may_hang: bool) -> None:
        """Die here, hang here, or go on.

        Whoever hangs between asking whether it still may and the request itself cannot be told
        apart from a slow line, so that nobody hangs there.
        """
        fate = self._chance.uniform(0, 100)
        if fate < DYING:
            self._met["killed"] += 1
            raise Killed
        if may_hang and fate < DYING + HANGING:
            self._met["hung"] += 1
            self._processes.hang(LEASE_SECONDS + 1, self._chance.randrange(40))

    def _order(self) -> list[int]:
        numbers = list(range(self.senders))
        self._chance.shuffle(numbers)
        return numbers

    def _weather(self, request: Request) -> Fault | None:
        method = request.path.rpartition("/")[2]
        is_reading = method in ("conversations.history", "conversations.replies", "files.info")
        shares = self.reading if is_reading else self.changing
        if request.path.startswith(PREFIX):  # another server, which knows no errors of the API
            shares = {name: share for name, share in shares.items() if "commit" in name}
        wanted = self._chance.uniform(0, 100)
        for name, share in shares.items():
            wanted -= share
            if wanted < 0:
                self._met[f"{name}: {'upload' if PREFIX in request.path else method}"] += 1
                return _FAULTS[name]
        return None

    def _outcome(self) -> DigestOutcome:
        visible = self._slack.visible(CHANNEL)
        labelled = [one for one in visible if _is_labelled(one)]
        plain = [one for one in visible if not _is_labelled(one) and not one.files]
        roots = tuple(one for one in plain if one.thread_ts is None)
        files = {file.id: file for file in self._slack.files.completed}
        shared = tuple((one, files[name]) for one in visible for name in one.files)
        with self.store.read() as tx:
            states = tx.deliveries.count_by_state()
        settled = states[DeliveryState.SENT] + states[DeliveryState.DEAD]
        return DigestOutcome(
            roots=roots,
            parts=tuple(one for one in plain if one.thread_ts is not None),
            shared=shared,
            shown_pictures=tuple(
                files[block["slack_file"]["id"]].content or b""
                for root in roots[:1]
                for block in root.blocks
                if block["type"] == "image"
            ),
            repeats=len(labelled),
            unsettled=sum(states.values()) - settled,
            dead=states[DeliveryState.DEAD],
            seconds=(self._processes.now - NOON).total_seconds(),
            faults=dict(self._met),
        )


def _is_labelled(message: Message) -> bool:
    return wording.REPEAT_WARNING in f"{message.text}{message.blocks}"


class _MortalDigests:
    """A notifier of digests whose process may end or hang before and after every step."""

    def __init__(self, inner: SlackDigestNotifier, storm: DigestStorm) -> None:
        self._inner = inner
        self._storm = storm

    def post_digest(
        self, post: DigestPost, pictures: Mapping[int, str], delivery: Delivery
    ) -> PostedMessage:
        self._storm.stumble(may_hang=False)
        posted = self._inner.post_digest(post, pictures, delivery)
        self._storm.stumble(may_hang=True)
        return posted

    def post_digest_part(
        self,
        post: DigestPost,
        pictures: Mapping[int, str],
        root: PostedMessage,
        delivery: Delivery,
    ) -> PostedMessage:
        self._storm.stumble(may_hang=False)
        posted = self._inner.post_digest_part(post, pictures, root, delivery)
        self._storm.stumble(may_hang=True)
        return posted

    def upload_digest_file(
        self,
        file: DigestFile,
        root: PostedMessage | None,
        delivery: Delivery,
        remember: Callable[[str], None],
    ) -> PostedMessage:
        def stumble_and_remember(remote_id: str) -> None:
            self._storm.stumble(may_hang=True)
            remember(remote_id)
            self._storm.stumble(may_hang=False)

        self._storm.stumble(may_hang=False)
        posted = self._inner.upload_digest_file(file, root, delivery, stumble_and_remember)
        self._storm.stumble(may_hang=True)
        return posted

    def find_digest_file(
        self, file: DigestFile, root: PostedMessage | None
    ) -> PostedMessage | None:
        return self._inner.find_digest_file(file, root)
