"""What was not seen: sources that could not be read, words that could not, and what came late."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.wording import Wording, bullets, paragraph, strong, text_line
from monitor.domain.document import DocumentBlock, TextLine
from monitor.domain.period_facts import SourceCoverage

_MOST_LANGUAGES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSource:
    """How much of a period one source was seen."""

    source_id: str
    items: int
    blind_hours: float  #: for which it could not be read
    was_asked: bool = True  #: False where nobody asked it: repwatch did not run, or it is new
    reason: str = ""  #: of its last gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a period's figures rest on."""

    sources: tuple[SeenSource, ...]  #: the blindest first
    hours: float  #: of the period, as far as it is over
    unread: int  #: feedback in languages that are not scored, or without words
    total: int
    languages: tuple[tuple[str, int], ...]  #: why it was not read, the most frequent first
    late: int  #: feedback of the period that came after it had ended
    clock_shift: int = 0  #: minutes by which the clocks changed in it


class CoveragePart(DigestPart[Coverage]):
    """How sure the figures are: hours that nobody saw, words that nobody read."""

    key = "coverage"
    title = "What was not seen"
    value_type = Coverage

    def load(self, data: PeriodData) -> Coverage:
        counted = data.count_received(data.period)
        span = (data.period.since, data.period.until)
        late = (
            data.tx.period_feedback.count_late(*span, data.period.until, data.source_ids)
            if data.scope.is_everything
            else []
        )
        return Coverage(
            sources=tuple(_see_sources(data)),
            hours=(data.end - data.period.since) / timedelta(hours=1),
            unread=counted.total - counted.scored,
            total=counted.total,
            languages=tuple(_count_reasons(data)),
            late=sum(cell.count for cell in late),
            clock_shift=int(data.period.clock_shift / timedelta(minutes=1)),
        )

    def describe(self, value: Coverage, wording: Wording) -> tuple[DocumentBlock, ...]:
        blind = [one for one in value.sources if one.blind_hours >= 1]
        lines = [_describe_blindness(one, value.hours, wording) for one in blind]
        lines += _describe_unread(value, wording)
        if value.late:
            count = wording.count(value.late, "items")
            lines.append(text_line(f"{count} of the period came only after it had ended."))
        if value.clock_shift:
            lines.append(text_line(_describe_clock(value)))
        unasked = [one.source_id for one in value.sources if not one.was_asked]
        if unasked:
            lines.append(text_line(f"Not asked in this period: {', '.join(unasked)}."))
        if not blind and not unasked:
            seen = wording.count(len(value.sources), "sources")
            lines.insert(0, text_line(f"All {seen} were read throughout."))
        return (bullets(*lines),) if value.sources else (paragraph("No source is configured."),)


def _see_sources(data: PeriodData) -> list[SeenSource]:
    known = {one.source_id: one for one in data.load_coverage()}
    received = data.count_received(data.period)
    seen = [
        SeenSource(
            source_id=source_id,
            items=received.of_sources([source_id]).total,
            blind_hours=known[source_id].blind_hours if source_id in known else 0.0,
            was_asked=source_id in known,
            reason=_name_reason(known.get(source_id)),
        )
        for source_id in data.source_ids
    ]
    return sorted(seen, key=lambda one: (-one.blind_hours, one.source_id))


def _name_reason(covered: SourceCoverage | None) -> str:
    return covered.gaps[-1].reason if covered and covered.gaps else ""


def _count_reasons(data: PeriodData) -> list[tuple[str, int]]:
    """Return why feedback was not read, the most frequent reasons first."""
    if not data.scope.is_everything:
        return []
    span = (data.period.since, data.period.until)
    counts: Counter[str] = Counter()
    for unread in data.tx.period_feedback.count_unread(*span, data.source_ids):
        counts[unread.reason] += unread.count
    return [(reason, count) for reason, count in counts.most_common(_MOST_LANGUAGES) if reason]


def _describe_blindness(one: SeenSource, hours: float, wording: Wording) -> TextLine:
    blind = wording.numbers.write_duration(3600 * one.blind_hours)
    share = wording.numbers.write_percent(100 * one.blind_hours / hours if hours else 0)
    reason = f": {one.reason}" if one.reason else ""
    return text_line(strong(one.source_id), f" could not be read for {blind} ({share}){reason}")


def _describe_unread(value: Coverage, wording: Wording) -> list[TextLine]:
    if not value.unread:
        return []
    share = wording.numbers.write_percent(100 * value.unread / value.total)
    reasons = ", ".join(f"{reason} {count}" for reason, count in value.languages)
    inside = f" ({reasons})" if reasons else ""
    count = wording.count(value.unread, "items")
    return [text_line(f"{count} ({share}) could not be scored and count in no tone{inside}.")]


def _describe_clock(value: Coverage) -> str:
    way = "forward" if value.clock_shift > 0 else "back"
    minutes = abs(value.clock_shift)
    return f"The clocks were set {way} by {minutes} minutes: volumes are counted per 24 hours."
