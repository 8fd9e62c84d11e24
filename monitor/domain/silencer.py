"""Silencers: rules whose open alerts keep another rule quiet, where both are about the same."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.domain.feedback import Feedback

#: What every feedback may have in common with another, besides its attributes.
COMMON_LABELS = ("source", "author", "thread", "version", "language")


@dataclass(frozen=True, slots=True)
class Silencer:
    """A rule whose open alerts keep another rule quiet."""

    rule: str  #: its id
    #: what both feedback must have in common: of `COMMON_LABELS`, or names of attributes; nothing
    #: where any alert of the rule is enough
    equal: tuple[str, ...] = ()

    def covers(self, quiet: Feedback, telling: Feedback) -> bool:
        """Return whether two feedback have all labels in common; one that is missing is not."""
        return all(
            (label := read_label(quiet, name)) is not None and label == read_label(telling, name)
            for name in self.equal
        )


def read_label(feedback: Feedback, name: str) -> Hashable:
    """Return what a feedback has under a label; None where it has nothing."""
    source, author = feedback.source_id, feedback.author
    match name:
        case "source":
            return source
        case "author":
            return (source, author.key) if author.key else None
        case "thread":
            return (source, feedback.thread_id) if feedback.thread_id else None
        case "version":
            return feedback.app_version or None
        case "language":
            return feedback.language or None
        case _:
            value = feedback.attributes.get(name, "")
            return value.strip().casefold() or None
