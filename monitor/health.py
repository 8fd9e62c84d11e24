"""How a source fares: frozen values, no input or output."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is remembered of a source between two polls."""

    source_id: str
    cursor: str = ""  #: opaque; handed back to the source
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    due_at: datetime | None = None  #: not polled before; None for at once
    failures: int = 0  #: consecutive
    error: str = ""  #: of the last attempt, redacted
    stopped: bool = False  #: gone for good; a person starts it again
