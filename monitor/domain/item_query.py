"""Which stored feedback a number counts, so that whoever reads it can open exactly that."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemQuery:
    """A selection of stored feedback; what is empty selects nothing out."""

    query: str = ""  #: in the rules' query language
    sources: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None  #: not included
    stage: str = ""
    touchpoint: str = ""
    tone: str = ""  #: a label: positive, neutral, negative, mixed
    signal: str = ""
    ids: tuple[int, ...] = ()  #: exactly these

    @property
    def command(self) -> str:
        """Return the command that lists it."""
        parts = ["repwatch", "search", *([self.query] if self.query else [])]
        parts += [part for source in self.sources for part in ("--source", source)]
        for option, value in (
            ("--stage", self.stage),
            ("--touchpoint", self.touchpoint),
            ("--tone", self.tone),
            ("--signal", self.signal),
            ("--ids", ",".join(map(str, self.ids))),
            ("--since", _format_moment(self.since)),
            ("--until", _format_moment(self.until)),
        ):
            if value:
                parts += [option, value]
        return shlex.join([*parts, "--limit", "1000"])


def _format_moment(at: datetime | None) -> str:
    """Return a UTC day where it is one, else the moment."""
    if at is None:
        return ""
    if at.hour == at.minute == at.second == 0:
        return at.date().isoformat()
    return at.strftime("%Y-%m-%dT%H:%M:%SZ" if at.second else "%Y-%m-%dT%H:%MZ")
