"""Who is spoken of: us, or a competitor, in its own sources or by its name in ours."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.brand_settings import CompetitorSettings
from monitor.digest.counts import ShareCount
from monitor.digest.period_data import PeriodData
from monitor.domain.period import Period
from monitor.domain.theme import ThemeText

_WISH = "feature_request"
#: Texts of each side that are compared.
_MOST_TEXTS = 2_000


@dataclass(frozen=True, slots=True)
class RivalTexts:
    """What is said of us and of competitors in a period, and what our customers wish for."""

    ours: list[ThemeText]
    theirs: list[ThemeText]
    wishes: list[ThemeText]


def count_voices(data: PeriodData, period: Period) -> ShareCount:
    """Return how much of what speaks of us or of a competitor speaks of us."""
    ours = data.count_received(period).total
    theirs = sum(count_mentions(data, rival, period) for rival in data.settings.brand.competitors)
    return ShareCount(ours, ours + theirs)


def count_mentions(data: PeriodData, rival: CompetitorSettings, period: Period) -> int:
    """Return how much feedback is in a competitor's sources, or names it in ours."""
    in_its_own = 0
    if rival.sources:
        cells = data.tx.rollups.count_cells(period.since, period.until, rival.sources)
        in_its_own = sum(cell.count for cell in cells)
    return in_its_own + len(_find_mentions(data, rival, period))


def load_rival_texts(data: PeriodData) -> RivalTexts:
    """Return the texts of the period that praise and blame are compared in."""
    span = (data.period.since, data.period.until)
    sample = data.tx.period_feedback.sample_texts
    rivals = data.settings.brand.competitors
    own_sources = [name for rival in rivals for name in rival.sources]
    wished = {each.feedback_id for each in data.load_readings(data.period) if _WISH in each.signals}
    ours = list(sample(*span, _MOST_TEXTS, data.source_ids).texts)
    about_them = set().union(*(_find_mentions(data, rival, data.period) for rival in rivals))
    theirs = list(sample(*span, _MOST_TEXTS, own_sources).texts) if own_sources else []
    return RivalTexts(
        ours=[text for text in ours if text.feedback_id not in about_them],
        theirs=[*theirs, *(text for text in ours if text.feedback_id in about_them)],
        wishes=[text for text in ours if text.feedback_id in wished],
    )


def _find_mentions(data: PeriodData, rival: CompetitorSettings, period: Period) -> set[int]:
    """Return the ids of our sources' feedback that names a competitor."""
    query = rival.competitor.query
    return data.find_matching(query, period.since, period.until) if query else set()
