"""The time at Slack, from the `Date` of its answers: this machine's clock may be wrong by hours."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from monitor.http.response_headers import parse_http_date


class SlackTime:
    """Knows what time it is at Slack since its last answer; safe to use from several threads.

    What has passed since then is counted by a clock that nobody can set.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._last_answer: tuple[datetime, float] | None = None

    def note_answer(self, headers: Mapping[str, str]) -> None:
        """Learn the time from an answer that just came; its names of headers are in lower case."""
        sent_at = parse_http_date(headers.get("date", ""))
        if sent_at:
            with self._lock:
                self._last_answer = (sent_at, self._monotonic())

    def now(self) -> datetime | None:
        """Return the time, late by what an answer takes and up to a second; None before the first
        one.
        """
        with self._lock:
            if self._last_answer is None:
                return None
            sent_at, received = self._last_answer
            return sent_at + timedelta(seconds=self._monotonic() - received)
