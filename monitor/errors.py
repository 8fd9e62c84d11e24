"""Every error that repwatch raises on purpose.

    RepwatchError
    ├── ConfigError            the configuration or a rules file is wrong: all problems at once
    ├── QueryError             a text query cannot be read; says where
    ├── SourceError            a source could not be read; the other sources go on
    │   ├── SourceUnavailable      passing: network, 5xx, rate limit; may say when to come back
    │   ├── SourceRefused          lasting: bad credentials, private or missing place
    │   ├── SourceGone             the place is gone for good; polling stops
    │   └── SourceUncertain        it may have done what it was asked: look before asking again
    ├── StoreError             the database cannot be used
    │   ├── StoreUnavailable       locked, unreachable, read-only, full: nothing was half-written
    │   └── StoreTooNew            the database was written by a newer version
    ├── DeliveryError          a message was not shown; its class says what happens to the delivery
    │   ├── DeliveryDelayed        certainly not shown; may be sent again, perhaps not before a time
    │   ├── DeliveryUncertain      may have been shown: look before sending again
    │   ├── DeliveryUnreachable    the destination does not exist or is closed
    │   ├── DeliveryRefused        nobody knows why: this message alone is tried again, ever later
    │   ├── DeliveryRejected       the message itself is refused, sending it again is of no use
    │   │   ├── CardDeleted            the card that it is about was deleted: posted anew, once
    │   │   └── NothingToShow          what it was to show is gone: nobody is told
    │   └── DeliveryForbidden      the credentials are refused: the sender stops, the queue is kept
    ├── LearningError          a team's model cannot be trained or read
    ├── AlertError             the wish does not fit the alert's state
    ├── CustomerError          there is no such customer, or the wish does not fit what is linked
    ├── RegisterError          the wish does not fit what is written down, or nobody wrote it
    └── RuleError              the wish does not fit the rule, or it changed meanwhile

Messages are one line for people: what is wrong, where, what to do. They never hold a secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches


class RepwatchError(Exception):
    """Something a person can understand and mend; shown as one line without a traceback."""


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """One mistake in something that a person wrote."""

    where: str  #: file and key path, "config.toml: sources[1].every"
    message: str  #: what is wrong and what is allowed

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


class ConfigError(RepwatchError):
    """The configuration or a rules file is wrong; `problems` holds every mistake that was found."""

    def __init__(self, problems: Sequence[ConfigProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class QueryError(RepwatchError):
    """A text query cannot be read; `column` counts characters from 1."""

    def __init__(self, message: str, column: int = 1) -> None:
        self.column = column
        super().__init__(f"{message} (at character {column})")


class SourceError(RepwatchError):
    """A source could not be read; what it gave before the error is kept."""

    status: int = 0  #: the HTTP status that said so, where one did


class SourceUnavailable(SourceError):
    """A passing failure; `retry_after` is the number of seconds that the service asked for, if it
    did.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class SourceRefused(SourceError):
    """A lasting failure that a person must mend: credentials, permission, a wrong name."""


class SourceGone(SourceError):
    """The service says that the place is gone for good; the source is not asked again."""


class SourceUncertain(SourceError):
    """The service may have done what it was asked to do although no answer came."""


class StoreError(RepwatchError):
    """The database cannot be used."""


class StoreUnavailable(StoreError):
    """The database cannot be read or written right now; the transaction was undone as a whole."""


class StoreTooNew(StoreError):
    """The database was written by a newer version of repwatch."""


class DeliveryError(RepwatchError):
    """A message was not, or perhaps not, shown."""


class DeliveryDelayed(DeliveryError):
    """Certainly not shown; `retry_after` is the wait in seconds that the service asked for, if it
    did.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class DeliveryUncertain(DeliveryError):
    """The service may have shown the message although no answer came."""


class DeliveryUnreachable(DeliveryError):
    """The destination does not exist, is closed, or the bot is not in it."""


class DeliveryRejected(DeliveryError):
    """The message is refused as it is."""


class CardDeleted(DeliveryRejected):
    """The card that the message changes or stands below was deleted."""


class NothingToShow(DeliveryRejected):
    """What the message was to show is gone, as it should be."""


class DeliveryRefused(DeliveryError):
    """This one message is refused, nobody knows why: others may pass, and it may pass later."""


class DeliveryForbidden(DeliveryError):
    """The credentials are refused; nothing can be sent until a person mends them."""


class LearningError(RepwatchError):
    """A team's model cannot be trained or read."""


class CustomerError(RepwatchError):
    """There is no such customer, or the wish does not fit what is linked."""


class AlertError(RepwatchError):
    """The wish does not fit the alert: it does not exist or is in another state."""


class RegisterError(RepwatchError):
    """The wish does not fit the improvement or the event: there is none, or it says otherwise."""


class RuleError(RepwatchError):
    """The wish does not fit the rule: nobody has it, a file holds it, or it changed meanwhile."""


def suggest_nearest(name: str, allowed: Sequence[str]) -> str:
    """A hint that names the allowed word nearest to `name`, or lists what is allowed when none is
    near.
    """
    close = get_close_matches(name.lower(), [word.lower() for word in allowed], n=1, cutoff=0.6)
    if close:
        return f"did you mean {next(word for word in allowed if word.lower() == close[0])!r}?"
    return f"allowed: {', '.join(allowed)}" if allowed else "nothing is allowed here"
