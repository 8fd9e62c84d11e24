"""A digest on a bad line: made and sent by the real desk, sender and Slack notifier, with faults by
chance on every request and every step of a file, processes that are killed at any commit and
between any two steps, a person who deletes its message, and a channel that is archived for a while.

Each time that a digest is made it has other numbers; a reader of what is shown finds them in every
message, picture and file.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

from pydantic import SecretStr

from monitor.domain.delivery import Delivery, DeliveryState
from monitor.domain.digest_post import DigestFile, DigestPost, DigestSnapshot, MadeDigest
from monitor.domain.digest_schedule import DigestOrder, DigestSchedule, DigestTarget
from monitor.notifiers.base import PostedMessage
from monitor.pipeline.digest_desk import DigestDesk
from monitor.pipeline.sender import LEASE_SECONDS
from monitor.settings import SlackSettings
from monitor.slack.digest_notifier import SlackDigestNotifier
from monitor.slack.notifier import SlackNotifier
from monitor.store.digest_orders import MAKING_TAKES
from monitor.testing import NOON
from tests.world.digest_outcome import DigestOutcome, see_outcome
from tests.world.faults import (
    Fault,
    Request,
    answers,
    answers_after_commit,
    late,
    lost_after_commit,
    lost_before_commit,
)
from tests.world.mortal import MortalStore
from tests.world.senders import Killed, Senders
from tests.world.slack import (
    BOT_TOKEN,
    CHANNEL,
    Slack,
    failed_after_commit,
    ratelimited,
    refused,
)
from tests.world.slack_files import PREFIX
from tests.world.waiting import LAST_RESORT

LAG = 10.0  #: seconds after which the history knows of a message
FILE_LAG = 3.0  #: seconds that Slack works on a file
SLOW_FILE_LAG = 60.0  #: the same, on a day on which Slack is slow
TIMEOUT = 3  #: real seconds that the client waits where some answers are slower

#: What happens to a request, in a hundred; the rest is answered as it should be.
CHANGING: Mapping[str, float] = {
    "lost before commit": 5,
    "lost after commit": 8,
    "500 after commit": 4,
    "503 before commit": 2,
    "fatal_error after commit": 3,
    "429 with Retry-After": 5,
    "429 without": 2,
    "unknown error": 2,
}
READING: Mapping[str, float] = {
    "429 with Retry-After": 5,
    "lost before commit": 4,
    "500 before commit": 3,
    "unknown error": 2,
}
#: The server that takes the bytes of files knows no errors of the API.
UPLOADING: Mapping[str, float] = {
    "lost before commit": 5,
    "lost after commit": 8,
    "500 after commit": 4,
    "503 before commit": 2,
    "429 with Retry-After": 2,
}
#: What happens to the process, in a hundred: before and after each step, and at each commit.
DYING = 4.0
HANGING = 2.0
DYING_AT_COMMIT = 1.0
#: How often making a digest takes so long that another process makes it too, in a hundred.
SLOW_MAKING = 20.0
MOST_INTERRUPTIONS = 2  #: of making it; after three it is given up
_LATE = "slower than the timeout"
_FAULTS: Mapping[str, Fault] = {
    "lost before commit": lost_before_commit,
    "lost after commit": lost_after_commit,
    "500 before commit": answers(500),
    "500 after commit": answers_after_commit(500),
    "503 before commit": answers(503),
    "fatal_error after commit": failed_after_commit(),
    "429 with Retry-After": ratelimited(20),
    "429 without": ratelimited(None),
    "unknown error": refused("odd_reason_of_the_day"),
    _LATE: late(TIMEOUT + 0.5),
}
_SCHEDULE = DigestSchedule(
    target=DigestTarget(channel=CHANNEL), day=NOON.weekday(), at=(NOON - timedelta(hours=1)).time()
)


class Mishap(StrEnum):
    """What goes on in the workspace beside the faults on the line."""

    NONE = "none"
    DELETED = "message deleted"
    ARCHIVED = "channel archived"
    SLOW_FILES = "slow files"


@dataclass
class DigestStorm:
    """One digest, some senders, and a line on which much goes wrong, all decided by `seed`."""

    store: MortalStore
    seed: int
    post: DigestPost
    senders: int = 2
    mishap: Mishap = Mishap.NONE
    timeouts: float = 0.0  #: answers slower than the client waits, in a hundred
    changing: Mapping[str, float] = field(default_factory=lambda: CHANGING)
    reading: Mapping[str, float] = field(default_factory=lambda: READING)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._met: Counter[str] = Counter()
        self._made = 1000 * (self.seed + 1)
        self.root_id = ""  #: of the delivery that is the message
        self._steps_to_mishap = self._chance.randrange(1, 12)
        self._archived_until = NOON
        self._interruptions = 0  # of making it
        self._processes = Senders(self.store, NOON, self.senders)
        self._desk = DigestDesk(self.store, (_SCHEDULE,))
        self._slack = Slack(history_lag=LAG, clock=self._processes.monotonic)
        slow = self.mishap is Mishap.SLOW_FILES
        self._slack.files.lag = SLOW_FILE_LAG if slow else FILE_LAG
        self._slack.weather = self._weather

    def rage(self) -> DigestOutcome:
        """Make the digest that is due, and send until nothing waits any more."""
        with self.store.write() as tx:
            tx.digest_orders.note_schedules((_SCHEDULE,), NOON - timedelta(days=2))
        self.store.at_commit = self._stumble_at_commit
        self._make()
        self.store.at_commit = self._stumble_at_commit
        with self._slack as slack:
            settings = SlackSettings(default_channel=CHANNEL, api_url=slack.api_url)
            inner = SlackNotifier(
                SecretStr(BOT_TOKEN),
                settings,
                timeout=TIMEOUT if self.timeouts else LAST_RESORT,
                monotonic=self._processes.monotonic,
            )
            self._processes.digests = _MortalDigests(inner.digests, self)
            self._processes.live(inner, self._order)
            self.store.at_commit = None
            return see_outcome(self.store, slack, self.root_id, self._processes.now, self._met)

    def _make(self) -> None:
        """What `run` does each minute, by every process, until the digest is made and once more."""
        end = self._processes.now + timedelta(days=1)
        while self._processes.now < end:
            for _ in range(self.senders):
                self._carry_out()
            with self.store.read() as tx:
                counts = tx.deliveries.count_by_state()
            if sum(counts.values()):
                return
            self._processes.now += timedelta(minutes=1)
        raise AssertionError("no digest was made")

    def _carry_out(self) -> None:
        """Do what is due in one process; whoever dies with it too often is given up, rightly."""
        if self._interruptions >= MOST_INTERRUPTIONS:
            self.store.at_commit = None
        try:
            self._desk.queue_due_slots(self._processes.now)
            self._desk.carry_out_due(self._make_digest, self._processes.now)
        except Killed:
            self._interruptions += 1

    def _make_digest(self, order: DigestOrder, now: object) -> MadeDigest:
        """Make it with the next numbers; perhaps so slowly that another process makes it too."""
        self._made += 1
        number = self._made
        if self._interruptions < MOST_INTERRUPTIONS:
            self.stumble(may_hang=False)
            if self._chance.uniform(0, 100) < SLOW_MAKING:
                self._met["made slowly"] += 1
                self._interruptions += 1
                self._processes.now += MAKING_TAKES + timedelta(minutes=1)
                self._carry_out()
        snapshot = DigestSnapshot(
            period=order.period.name,
            scope="",
            slot=order.id,
            made_at=self._processes.now,
            body=f'{{"numbers": "n={number}"}}',
        )
        return MadeDigest(number_post(self.post, number), snapshot)

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

    def _stumble_at_commit(self) -> None:
        if self._chance.uniform(0, 100) < DYING_AT_COMMIT:
            self._met["killed at a commit"] += 1
            raise Killed

    def _order(self) -> list[int]:
        self._let_mishap_happen()
        numbers = list(range(self.senders))
        self._chance.shuffle(numbers)
        return numbers

    def _let_mishap_happen(self) -> None:
        channel = self._slack.channels[CHANNEL]
        with self._slack.holding:
            channel.archived = self._processes.now < self._archived_until
        self._steps_to_mishap -= 1
        if self._steps_to_mishap > 0:
            return
        if self.mishap is Mishap.ARCHIVED and self._steps_to_mishap == 0:
            minutes = self._chance.uniform(1, 25)
            self._archived_until = self._processes.now + timedelta(minutes=minutes)
            self._met[self.mishap] += 1
        elif self.mishap is Mishap.DELETED and self._is_shown():
            shown = [one for one in self._slack.visible(CHANNEL) if one.thread_ts is None]
            if shown and not self._met[self.mishap]:
                self._met[self.mishap] += 1
                with self._slack.holding:
                    self._slack.channels.change(shown[0], replace(shown[0], deleted=True))

    def _is_shown(self) -> bool:
        """Whether it is known that the message is shown: what is deleted before comes again."""
        with self.store.read() as tx:
            root = tx.deliveries.get(self.root_id)
        return root is not None and root.state is DeliveryState.SENT

    def _weather(self, request: Request) -> Fault | None:
        method = request.path.rpartition("/")[2]
        is_reading = method in ("conversations.history", "conversations.replies", "files.info")
        shares = self.reading if is_reading else self.changing
        if request.path.startswith(PREFIX):
            shares, method = UPLOADING, "upload"
        wanted = self._chance.uniform(0, 100)
        for name, share in {**shares, _LATE: self.timeouts}.items():
            wanted -= share
            if wanted < 0:
                self._met[f"{name}: {method}"] += 1
                return _FAULTS[name]
        return None


def number_post(post: DigestPost, number: int) -> DigestPost:
    """Return a digest with a number wherever a reader can look."""
    mark = f"n={number}"
    document = replace(
        post.document,
        title=f"{post.document.title} {mark}",
        sections=tuple(
            replace(section, title=f"{section.title} {mark}") for section in post.document.sections
        ),
    )
    return replace(
        post,
        document=document,
        text=f"{post.text}\n{mark}",
        pictures=tuple(replace(one, content=one.content + mark.encode()) for one in post.pictures),
        attachments=tuple(
            replace(one, content=one.content + mark.encode()) for one in post.attachments
        ),
    )


class _MortalDigests:
    """A notifier of digests whose process may end or hang before and after every step."""

    def __init__(self, inner: SlackDigestNotifier, storm: DigestStorm) -> None:
        self._inner = inner
        self._storm = storm

    def post_digest(
        self, post: DigestPost, pictures: Mapping[int, str], delivery: Delivery
    ) -> PostedMessage:
        self._storm.root_id = delivery.id
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
