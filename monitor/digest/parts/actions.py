"""The action register: who promised what, until when, and whether it changed the number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from monitor.digest.counts import Series, ToneCounts
from monitor.digest.measures import measure_tone
from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.tally_counts import count_tones
from monitor.digest.wording import Wording, bullets, muted, paragraph, strong, text_line
from monitor.domain.document import DocumentBlock, TextLine
from monitor.domain.feedback import Label
from monitor.domain.improvement import (
    Improvement,
    ImprovementState,
    PainPoint,
    TimeWindow,
    find_effect_windows,
    find_stale_reason,
)
from monitor.domain.measure import Measure

#: What was done so long before the end of a period is still told, with what it changed.
_TOLD_PERIODS = 9
_MOST_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredAction:
    """One improvement as it stands."""

    id: int
    title: str
    about: str
    state: ImprovementState
    owner: str = ""
    next_action: str = ""
    due: date | None = None
    stale: str = ""  #: why it is, one sentence; empty where it is not
    #: sentiment balance of what it is about, four weeks after against four before; None: not known
    effect: Measure | None = None
    missing: str = ""  #: what of the effect is not known yet

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state.is_open


@dataclass(frozen=True, slots=True)
class ActionReport:
    """The open improvements, the first due first, then what was done of late."""

    actions: tuple[RegisteredAction, ...]


class ActionsPart(DigestPart[ActionReport]):
    """What somebody has promised, what is stale, and what it has changed."""

    key = "actions"
    title = "What we do about it"
    value_type = ActionReport

    def load(self, data: PeriodData) -> ActionReport | None:
        since = data.period.earlier(_TOLD_PERIODS).since
        found = [
            each
            for each in data.tx.improvements.list_all()
            if each.state.is_open or (each.done_at is not None and each.done_at >= since)
        ]
        if not found:
            return None
        actions = [_register(data, improvement) for improvement in found]
        actions.sort(key=lambda each: (not each.is_open, each.due or date.max, each.id))
        return ActionReport(tuple(actions))

    def describe(self, value: ActionReport, wording: Wording) -> tuple[DocumentBlock, ...]:
        lines = [_describe_action(action, wording) for action in value.actions[:_MOST_SHOWN]]
        blocks: tuple[DocumentBlock, ...] = (bullets(*lines),)
        left = len(value.actions) - _MOST_SHOWN
        if left > 0:
            more = f"{wording.count(left, 'actions')} more: repwatch improvements list"
            blocks += (paragraph(muted(more)),)
        return blocks


def _register(data: PeriodData, improvement: Improvement) -> RegisteredAction:
    today = data.now.astimezone(ZoneInfo(data.period.zone)).date()
    windows = find_effect_windows(improvement, data.now)
    effect = None
    if windows.before and windows.after and improvement.about.is_named:
        effect = _compare_windows(data, improvement, windows.before, windows.after)
    return RegisteredAction(
        id=improvement.id,
        title=improvement.title,
        about=str(improvement.about),
        state=improvement.state,
        owner=str(improvement.owner or ""),
        next_action=improvement.next_action,
        due=improvement.due,
        stale=find_stale_reason(improvement, data.now, today),
        effect=effect,
        missing=windows.missing if improvement.done_at else "",
    )


def _compare_windows(
    data: PeriodData, improvement: Improvement, before: TimeWindow, after: TimeWindow
) -> Measure:
    """Return the sentiment balance of what an improvement is about, after against before."""
    now, then = (_count_about(data, improvement.about, window) for window in (after, before))
    return measure_tone(Series(now=now, before=(then,)))


def _count_about(data: PeriodData, about: PainPoint, window: TimeWindow) -> ToneCounts:
    """Return the tones of the feedback that is about a pain point in a time."""
    if not about.query:
        return count_tones(
            data.count_span(window.since, window.until).where(
                lambda key: (
                    about.stage in (None, key.stage) and about.touchpoint in (None, key.touchpoint)
                )
            )
        )
    readings = [
        reading
        for reading in data.load_readings_between(window.since, window.until)
        if about.stage in (None, reading.stage) and about.touchpoint in (None, reading.touchpoint)
    ]
    matching = data.find_matching(about.query, window.since, window.until)
    labels = [reading.label for reading in readings if reading.feedback_id in matching]
    return ToneCounts(
        positive=labels.count(Label.POSITIVE),
        neutral=labels.count(Label.NEUTRAL),
        negative=labels.count(Label.NEGATIVE),
        mixed=labels.count(Label.MIXED),
        unread=labels.count(""),
    )


def _describe_action(action: RegisteredAction, wording: Wording) -> TextLine:
    parts = [f"{action.state}"]
    if action.about:
        parts.append(f"about {action.about}")
    parts.append(f"owner: {action.owner or 'nobody yet'}")
    if action.is_open and action.next_action:
        parts.append(action.next_action)
    if action.is_open and action.due:
        parts.append(f"due {wording.numbers.write_date(action.due)}")
    if action.stale:
        parts.append(f"stale: {action.stale}")
    line = text_line(strong(f"{action.id} {action.title}"), f" · {' · '.join(parts)}")
    if action.effect:
        before = wording.numbers.write_value(action.effect.unit, action.effect.previous)
        after = wording.describe_estimate(action.effect.estimate, action.effect.unit)
        change = wording.describe_change(action.effect)
        line += text_line(f" · balance before {before}, after {after}: {change}")
    if action.missing:
        line += text_line(muted(f" ({action.missing})"))
    return line
