"""A source that hands over what a test of rules says, when it says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from monitor.domain.rule_test import ScriptedFeedback, ScriptedOutage
from monitor.errors import SourceUnavailable
from sources.base import Page, Source, SourceContext, SourceOptions


class ScriptedSource(Source):
    """Hands over feedback as it arrives; the cursor is how much it has handed over."""

    Options = SourceOptions

    def __init__(
        self,
        source_id: str,
        options: SourceOptions | None = None,
        context: SourceContext | None = None,
        *,
        feedback: Sequence[ScriptedFeedback] = (),
        outages: Sequence[ScriptedOutage] = (),
    ) -> None:
        """Keep what belongs to this source."""
        own = [item for item in feedback if item.feedback.source_id == source_id]
        self._feedback = sorted(own, key=lambda item: item.arrives)
        self._outages = [outage for outage in outages if outage.source_id == source_id]

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield one page with what has arrived; raises SourceUnavailable in an outage."""
        if any(outage.covers(now) for outage in self._outages):
            raise SourceUnavailable("an outage of the test")
        first = int(cursor or 0)
        arrived = [item for item in self._feedback if item.arrives <= now]
        items = tuple(item.feedback for item in arrived[first:])
        yield Page(items=items, cursor=str(len(arrived)))
