"""Themes: what more or fewer people talk about than in the weeks before.

docs/reference/themes.md tells how a theme is found, what that promises, and what it cannot see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from monitor.digest.change_start import find_change_start
from monitor.digest.counts import BalanceCount
from monitor.digest.intervals import bound_balance
from monitor.digest.phrase_changes import (
    adjust_joint_p_values,
    adjust_p_values,
    compare_counts,
    measure_change,
)
from monitor.digest.phrases import (
    Floats,
    PhraseCounts,
    count_phrases,
    format_phrase,
    read_texts,
)
from monitor.digest.quotes import choose_quotes
from monitor.digest.theme_joining import ChangedPhrase, PhraseGroup, join_phrases
from monitor.domain.feedback import Label, Stage
from monitor.domain.measure import Estimate
from monitor.domain.period import Period
from monitor.domain.theme import (
    ChangeStart,
    EventMark,
    Theme,
    ThemeKind,
    ThemeReport,
    ThemeText,
)

#: Share of the phrases that are told which may be false.
LEVEL: Final = 0.05
WEEKS_BEFORE: Final = 8
#: Authors, each once a period, below which nothing is tested.
FEWEST_NOW: Final = 20
FEWEST_BEFORE: Final = 50

_WRITINGS: Final = 3
_WEEK: Final = timedelta(weeks=1)
#: A phrase names its theme when so many of the theme's texts hold it.
_NAMING: Final = 0.5


def find_themes(
    texts: Sequence[ThemeText],
    period: Period,
    *,
    events: Sequence[EventMark] = (),
    totals: tuple[int, int] | None = None,
    weeks_before: int = WEEKS_BEFORE,
) -> ThemeReport:
    """Return what is new, growing and fading in a period, the largest change first.

    `texts` are those of the period and of the `weeks_before` before it, in any order; `totals` says
    of how many of each they were chosen, where they are a sample already.
    """
    since = period.since - weeks_before * _WEEK
    read = read_texts(
        [text for text in texts if text.at >= since], period.since, period.until, totals
    )
    silent = _explain_silence(read.now.authors, read.before.authors)
    finder = None if silent else _ThemeFinder(count_phrases(read), period, events, weeks_before)
    return ThemeReport(
        themes=finder.find() if finder else (),
        now=read.now,
        before=read.before,
        weeks_before=weeks_before,
        tested=len(finder.p) if finder else 0,
        silent_because=silent,
    )


def _explain_silence(now: int, before: int) -> str:
    if now < FEWEST_NOW:
        return f"{now} people wrote in the period: fewer than {FEWEST_NOW} show no theme"
    if before < FEWEST_BEFORE:
        return f"{before} people wrote in the weeks before: {FEWEST_BEFORE} are needed to compare"
    return ""


class _ThemeFinder:
    """The phrases of one report, and what is asked of them."""

    def __init__(
        self,
        counts: PhraseCounts,
        period: Period,
        events: Sequence[EventMark],
        weeks_before: int,
    ) -> None:
        self._counts = counts
        self._read = counts.read
        self._period = period
        self._events = events
        self._weeks_before = weeks_before
        self.p: Floats = compare_counts(counts.now, counts.before, counts.chance)
        self._adjusted = adjust_p_values(self.p)
        told = self._adjusted <= LEVEL
        self._threshold = float(self.p[told].max(initial=0.0))
        self._grows = counts.now > counts.expected
        zone = ZoneInfo(period.zone)
        self._days = [text.at.astimezone(zone).date() for text in self._read.texts]

    def find(self) -> tuple[Theme, ...]:
        """Return the themes, the largest change times its authors first."""
        groups = [(group, grows) for grows in (True, False) for group in self._join(grows)]
        levels = adjust_joint_p_values([self.p[group.phrases] for group, _ in groups], len(self.p))
        themes = [
            self._describe(group, grows, p)
            for (group, grows), p in zip(groups, levels, strict=True)
            if p <= LEVEL
        ]
        return tuple(sorted(themes, key=_rank))

    def _join(self, grows: bool) -> list[PhraseGroup]:
        told = np.flatnonzero((self._adjusted <= LEVEL) & (self._grows == grows))
        is_asked = self._read.is_now == grows
        changed = []
        for phrase in told.tolist():
            texts = self._counts.texts_of(phrase)
            now, before = int(self._counts.now[phrase]), int(self._counts.before[phrase])
            change = measure_change(
                now, before, float(self._counts.chance[phrase]), self._read.now.authors
            )
            score = abs(change.value) * max(now, float(self._counts.expected[phrase]))
            changed.append(ChangedPhrase(phrase, frozenset(texts[is_asked[texts]].tolist()), score))
        return join_phrases(changed, int(is_asked.sum()), self._stands_alone)

    def _stands_alone(self, phrase: int, texts: set[int]) -> bool:
        """Return whether a phrase has changed in what is left without the units of these texts."""
        taken = np.unique(self._read.unit[sorted(texts)])
        left = np.setdiff1d(self._counts.units[phrase], taken)
        now = int(self._read.unit_is_now[left].sum())
        chance = self._read.unit_chance[left].mean() if len(left) else 0.5
        p = compare_counts(np.array([now]), np.array([len(left) - now]), np.array([chance]))[0]
        return bool(p <= self._threshold)

    def _describe(self, group: PhraseGroup, grows: bool, p: float) -> Theme:
        read = self._read
        places = np.unique(
            np.concatenate([self._counts.texts_of(phrase) for phrase in group.phrases])
        )
        units = np.unique(read.unit[places])
        now = int(read.unit_is_now[units].sum())
        before = len(units) - now
        chance = float(read.unit_chance[units].mean())
        size = measure_change(now, before, chance, read.now.authors)
        late = [read.texts[place] for place in places[read.is_now[places]].tolist()]
        early = [read.texts[place] for place in places[~read.is_now[places]].tolist()]
        told = late if grows else early
        phrases = self._name_phrases(group)
        stage, stage_items = _find_stage(told)
        unit_of = {read.texts[place].feedback_id: int(read.unit[place]) for place in places}
        return Theme(
            name=format_phrase(phrases[0]),
            phrases=phrases,
            kind=_classify_change(grows, before),
            items=len(late),
            authors=now,
            authors_before=before,
            per_week_before=self._scale_before(before),
            expected=float(read.unit_expects[units].sum()),
            log_odds=size.value,
            log_odds_low=size.low,
            log_odds_high=size.high,
            p=p,
            balance=estimate_tone(told),
            stage=stage,
            stage_items=stage_items,
            quotes=tuple(choose_quotes(told, unit_of.__getitem__)),
            feedback_ids=tuple(text.feedback_id for text in late),
            earlier_ids=tuple(text.feedback_id for text in early),
            start=self._find_start(places.tolist(), grows),
        )

    def _name_phrases(self, group: PhraseGroup) -> tuple[str, ...]:
        """Return the phrases of a group as they are written, the one that names it first.

        That is the longest of those that half of its texts hold, else the best.
        """
        counts = self._counts
        telling = [
            phrase
            for phrase in group.phrases
            if len(group.texts.intersection(counts.texts_of(phrase).tolist()))
            >= _NAMING * len(group.texts)
        ]
        name = max(telling, key=lambda phrase: counts.lengths[phrase], default=group.phrases[0])
        ordered = [name, *(phrase for phrase in group.phrases if phrase != name)]
        return tuple(
            dict.fromkeys(
                writing for phrase in ordered for writing in counts.writings_of(phrase)[:_WRITINGS]
            )
        )

    def _scale_before(self, authors: int) -> float:
        """Return authors a week before, of as large a part of all texts as was read now."""
        now, before = self._read.now, self._read.before
        part = (now.read / max(now.total, 1)) / (before.read / max(before.total, 1))
        return authors / self._weeks_before * part

    def _find_start(self, places: Sequence[int], grows: bool) -> ChangeStart | None:
        counts = self._count_by_day(places)
        exposures = self._count_by_day(range(len(self._days)))
        start = find_change_start(self._days[0], counts, exposures, self._events, self._period.zone)
        if start is None or (start.per_day_after > start.per_day_before) != grows:
            return None
        return start

    def _count_by_day(self, places: Iterable[int]) -> list[int]:
        """Return how many authors wrote these texts on each day of all that is read."""
        first, last = self._days[0], self._days[-1]
        counts = [0] * ((last - first).days + 1)
        for day, _ in {(self._days[place], int(self._read.unit[place])) for place in places}:
            counts[(day - first).days] += 1
        return counts


def estimate_tone(texts: Sequence[ThemeText]) -> Estimate:
    """Return the sentiment balance of texts: 100 x (positive - negative) / scored, in points.

    Unread texts are left out.
    """
    labels = Counter(text.label for text in texts if text.label is not None)
    count = BalanceCount(labels[Label.POSITIVE], labels[Label.NEGATIVE], labels.total())
    limits = bound_balance(count)
    return Estimate(value=count.value, n=count.n, low=limits.low, high=limits.high)


def _classify_change(grows: bool, before: int) -> ThemeKind:
    if not grows:
        return ThemeKind.FADING
    return ThemeKind.NEW if before <= 1 else ThemeKind.GROWING


def _find_stage(texts: Sequence[ThemeText]) -> tuple[str | None, int]:
    stages = Counter(text.stage for text in texts if text.stage not in (None, Stage.UNSURE))
    if not stages:
        return None, 0
    stage, count = min(stages.items(), key=lambda item: (-item[1], str(item[0])))
    return stage, count


def _rank(theme: Theme) -> tuple[float, str]:
    return -abs(theme.log_odds) * max(theme.authors, theme.expected), theme.name
