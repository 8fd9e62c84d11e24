"""Word of mouth: who recommends the brand, and who warns of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.digest.counts import Series, ShareCount
from monitor.digest.measures import measure_share
from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.wording import Wording, bullets, strong, text_line
from monitor.domain.digest import NamedMeasure
from monitor.domain.document import DocumentBlock, QuoteList
from monitor.domain.item_query import ItemQuery
from monitor.domain.reading import FeedbackReading

#: The signals of who recommends, and of who warns others.
_ADVOCACY, _WARNING = "advocacy", "warning"
_QUOTE_LENGTHS = (30, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordOfMouth:
    """Advocates against warnings, by people and by how many they reach."""

    share: NamedMeasure  #: of advocates among both, in percent
    advocates: int
    warnings: int
    reach_advocates: int  #: followers of those who recommend, each person once
    reach_warnings: int
    quotes: tuple[int, ...]
    items: ItemQuery  #: the warnings


class WordOfMouthPart(DigestPart[WordOfMouth]):
    """How many recommend and how many warn, with their reach beside the plain counts."""

    key = "word_of_mouth"
    title = "Word of mouth"
    value_type = WordOfMouth

    def load(self, data: PeriodData) -> WordOfMouth | None:
        history = [
            _voices(data.load_with_signals(each, _ADVOCACY, _WARNING))
            for each in (data.period, data.earlier[0])
        ]
        now, before = history
        if not any(now):
            return None
        counts = [ShareCount(len(each[0]), len(each[0]) + len(each[1])) for each in (now, before)]
        share = NamedMeasure(
            key="advocates",
            title="Advocates among those who recommend or warn",
            measure=measure_share(Series(now=counts[0], before=(counts[1],))),
            noun="people",
            is_more_better=True,
        )
        ids = ([reading.feedback_id for reading in each.values()] for each in now)
        quotes = (data.find_quotable(found, *_QUOTE_LENGTHS) for found in ids)
        return WordOfMouth(
            share=share,
            advocates=len(now[0]),
            warnings=len(now[1]),
            reach_advocates=sum(reading.reach for reading in now[0].values()),
            reach_warnings=sum(reading.reach for reading in now[1].values()),
            quotes=tuple(quote for quote in quotes if quote),
            items=ItemQuery(
                signal=_WARNING,
                sources=data.searched_sources,
                since=data.period.since,
                until=data.period.until,
            ),
        )

    def list_quoted(self, value: WordOfMouth) -> tuple[int, ...]:
        return value.quotes

    def describe(self, value: WordOfMouth, wording: Wording) -> tuple[DocumentBlock, ...]:
        numbers = wording.numbers
        fact = wording.fact(value.share.title, value.share.measure, value.share.noun)
        reach = (
            f"They reach {numbers.write_count(value.reach_advocates)} and "
            f"{numbers.write_count(value.reach_warnings)} followers, as far as that is known."
        )
        line = text_line(
            strong(f"{wording.count(value.advocates, 'people')} recommend, {value.warnings} warn"),
            f": {fact.value} advocates ({fact.detail}); {fact.change}.",
        )
        lines = [line]
        if value.reach_advocates or value.reach_warnings:
            lines.append(text_line(reach))
        if value.warnings:
            lines.append(wording.items_line(value.items))
        quotes = wording.find_quotes(value.quotes)
        blocks: tuple[DocumentBlock, ...] = (bullets(*lines),)
        return (*blocks, QuoteList(quotes)) if quotes else blocks


def _voices(
    readings: Sequence[FeedbackReading],
) -> tuple[dict[str, FeedbackReading], dict[str, FeedbackReading]]:
    """Return the last reading of each person who recommends, and of each who warns."""
    found: tuple[dict[str, FeedbackReading], dict[str, FeedbackReading]] = ({}, {})
    for reading in readings:
        for voices, signal in zip(found, (_ADVOCACY, _WARNING), strict=True):
            if signal in reading.signals:
                voices[reading.author or f"#{reading.feedback_id}"] = reading
    return found
