"""The team: thanks from customers, and what there is to learn from; never a ranking of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.quotations import names_anybody
from monitor.digest.wording import Wording, bullets, paragraph, strong, text_line
from monitor.domain.document import DocumentBlock, QuoteList, TextLine
from monitor.domain.feedback import Driver, Label, Touchpoint
from monitor.domain.reading import FeedbackReading

_MOST_THANKS = 3
_MOST_CASES = 3
_PRAISE = "praise"
_QUOTE_LENGTHS = (20, 300)
_MOST_LOOKED_AT = 60
_GOOD_DRIVERS = frozenset({Driver.EMPATHY, Driver.COMMUNICATION, Driver.SPEED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachingCase:
    """An alert from which there is something to learn."""

    alert_id: int
    rule: str
    reason: str  #: what came of it, one sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamReport:
    """Thanks, and cases for coaching."""

    thanks: tuple[int, ...]  #: ids of feedback that thanks people
    thanks_count: int
    well_done: tuple[CoachingCase, ...]  #: closed, and the customer came back glad
    reopened: tuple[CoachingCase, ...]
    slow_themes: tuple[str, ...]  #: rules whose alerts take longest to answer, or are escalated


class TeamPart(DigestPart[TeamReport]):
    """Customers' thanks with quotes, cases that went well, cases that came back."""

    key = "team"
    title = "The team"
    value_type = TeamReport

    def load(self, data: PeriodData) -> TeamReport | None:
        thankful = [
            each for each in data.load_with_signals(data.period, _PRAISE) if _thanks_people(each)
        ]
        thankful.sort(key=lambda each: (each.problem, each.feedback_id))
        won_back, reopened = _find_won_back(data), _find_reopened(data)
        if not thankful and not won_back and not reopened:
            return None
        return TeamReport(
            thanks=_choose_thanks(data, thankful),
            thanks_count=len(thankful),
            well_done=won_back[:_MOST_CASES],
            reopened=reopened[:_MOST_CASES],
            slow_themes=_find_slow_rules(data)[:_MOST_CASES],
        )

    def list_quoted(self, value: TeamReport) -> tuple[int, ...]:
        return value.thanks

    def describe(self, value: TeamReport, wording: Wording) -> tuple[DocumentBlock, ...]:
        blocks: list[DocumentBlock] = []
        if value.thanks_count:
            count = wording.count(value.thanks_count, "items")
            blocks.append(paragraph(strong("Thank you: "), f"{count} praised our help."))
            quotes = wording.find_quotes(value.thanks)
            if quotes:
                blocks.append(QuoteList(quotes))
        for title, cases in (
            ("Worth reading: the customer came back glad", value.well_done),
            ("Came back: what was missing?", value.reopened),
        ):
            if cases:
                blocks.append(paragraph(strong(title)))
                blocks.append(bullets(*(_describe_case(case) for case in cases)))
        if value.slow_themes:
            blocks.append(
                paragraph(
                    "Others had to be called most often about: ",
                    ", ".join(value.slow_themes),
                    ". An entry in the library or an hour of training may help.",
                )
            )
        return tuple(blocks)


def _thanks_people(reading: FeedbackReading) -> bool:
    """Return whether a feedback praises how people have helped."""
    is_about_people = reading.touchpoint == Touchpoint.SERVICE or bool(
        _GOOD_DRIVERS.intersection(reading.drivers)
    )
    return reading.label == Label.POSITIVE and _PRAISE in reading.signals and is_about_people


def _choose_thanks(data: PeriodData, thankful: Sequence[FeedbackReading]) -> tuple[int, ...]:
    """Return the ids of a few that can be quoted; who has opted out is named in none of them."""
    texts = data.load_texts_of([reading.feedback_id for reading in thankful[:_MOST_LOOKED_AT]])
    shortest, longest = _QUOTE_LENGTHS
    unwanted = data.settings.brand.thanks_opt_out
    quotable = [
        feedback_id
        for feedback_id, text in texts.items()
        if shortest <= len(text) <= longest and not names_anybody(text, unwanted)
    ]
    return tuple(quotable[:_MOST_THANKS])


def _find_won_back(data: PeriodData) -> tuple[CoachingCase, ...]:
    """Return the alerts answered in the period whose customer raised the rating since."""
    return tuple(
        CoachingCase(
            alert_id=each.alert.id,
            rule=each.alert.rule_name,
            reason="the customer raised the rating after our answer",
        )
        for each in data.load_replied_alerts(data.period)
        if any(event.details.get("outcome") == "rating_raised" for event in each.outcomes)
    )


def _find_reopened(data: PeriodData) -> tuple[CoachingCase, ...]:
    return tuple(
        CoachingCase(
            alert_id=each.alert.id,
            rule=each.alert.rule_name,
            reason=f"reopened {each.reopenings} times" if each.reopenings > 1 else "reopened once",
        )
        for each in data.load_alerts(data.period)
        if each.reopenings
    )


def _find_slow_rules(data: PeriodData) -> tuple[str, ...]:
    """Return the rules whose alerts people called others about, the most frequent first."""
    counts = Counter(
        each.alert.rule_name for each in data.load_alerts(data.period) if each.escalations
    )
    return tuple(name for name, _count in counts.most_common())


def _describe_case(case: CoachingCase) -> TextLine:
    return text_line(strong(f"Alert {case.alert_id}"), f" · {case.rule} · {case.reason}")
