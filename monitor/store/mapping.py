"""What only the store can say, and how the values of feedback become rows and come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from monitor.domain.actor import Actor
from monitor.domain.alert import (
    Alert,
    AlertStatus,
    Clause,
    EscalationStep,
    Severity,
    SlaLimits,
    Snooze,
)
from monitor.domain.event import AlertEvent, EventKind
from monitor.domain.feedback import (
    Analysis,
    Author,
    Feedback,
    Kind,
    Label,
    Markup,
    Rating,
    Scale,
    Sentiment,
    Signal,
    VaderScores,
)
from monitor.errors import StoreError
from monitor.store.column_types import from_json, to_json

_BIGGEST = 2**63 - 1
_NO_LIMITS = SlaLimits()


@dataclass(frozen=True, slots=True)
class KnownFeedback:
    """What is there of a feedback already."""

    id: int
    content_hash: str
    first_seen_at: datetime
    score: int | None = None
    replies: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """How much feedback of a source is there, and of when the newest is."""

    source_id: str
    count: int
    newest: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedAlertCount:
    """How many alerts of a rule and severity a summary accounts for."""

    rule_name: str
    severity: Severity
    count: int
    oldest: datetime  #: when the first of them was opened


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionResults:
    """What became of decisions; matches in shadow mode are stored but not counted."""

    opened: tuple[Alert, ...] = ()
    grouped: int = 0
    reopened: tuple[int, ...] = ()  #: ids of alerts that were resolved and are open again
    raised: tuple[int, ...] = ()  #: ids of alerts that a more severe rule leads from now on
    suppressed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVersion:
    """A rule as it was."""

    rule_id: str
    version: str
    definition: Mapping[str, Any]
    at: datetime


def to_utc(at: datetime | None) -> datetime | None:
    """The same moment in UTC; the first or last one there is where an offset leads out of the years
    1 to 9999.

    StoreError for a time without an offset.
    """
    if at is None:
        return None
    if at.utcoffset() is None:
        raise StoreError(f"the time {at} has no offset from UTC; nothing was stored")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return (
            datetime.min.replace(tzinfo=UTC) if at.year == 1 else datetime.max.replace(tzinfo=UTC)
        )


def feedback_row(feedback: Feedback) -> dict[str, Any]:
    """The columns of a feedback, without its id."""
    rating = feedback.rating
    created, first_seen = to_utc(feedback.created_at), to_utc(feedback.first_seen_at)
    return {
        "source_id": feedback.source_id,
        "external_id": feedback.external_id,
        "content_hash": feedback.content_hash,
        "at": created or first_seen,
        "first_seen_at": first_seen or created,
        "created_at": created,
        "edited_at": to_utc(feedback.edited_at),
        "kind": str(feedback.kind),
        "title": feedback.title,
        "body": feedback.body,
        "markup": str(feedback.markup),
        "author_name": feedback.author.name,
        "author_id": feedback.author.id,
        "author_reach": clamp_integer(feedback.author.reach),
        "url": feedback.url,
        "thread_id": feedback.thread_id,
        "parent_id": feedback.parent_id,
        "language": feedback.language,
        "rating": rating.value if rating else None,
        "rating_scale": str(rating.scale) if rating else None,
        "score": clamp_integer(feedback.score),
        "replies": clamp_integer(feedback.replies),
        "app_version": feedback.app_version,
        "question": feedback.question,
        "attributes": to_json(feedback.attributes) if feedback.attributes else "{}",
        "own": feedback.own,
    }


def analysis_row(feedback_id: int, analysis: Analysis) -> dict[str, Any]:
    """The columns of an analysis."""
    vader, sentiment, signals = analysis.vader, analysis.sentiment, analysis.signals
    return {
        "feedback_id": feedback_id,
        "text": analysis.text,
        "words": analysis.words,
        "language": analysis.language,
        "unscored": analysis.unscored,
        "vader_compound": vader.compound if vader else None,
        "vader_neg": vader.neg if vader else None,
        "vader_neu": vader.neu if vader else None,
        "vader_pos": vader.pos if vader else None,
        "label": str(sentiment.label) if sentiment else None,
        "score": sentiment.score if sentiment else None,
        "problem": analysis.problem,
        "signals": None
        if signals is None
        else to_json([[signal.name, signal.words] for signal in signals]),
        "stage": analysis.stage,
        "touchpoint": analysis.touchpoint,
        "drivers": None if analysis.drivers is None else to_json(analysis.drivers),
        "emotion": analysis.emotion,
        "why": to_json(analysis.why) if analysis.why else "[]",
    }


def to_feedback(row: Row[Any]) -> Feedback:
    """The feedback in a row of its columns."""
    return Feedback(
        id=row.id,
        source_id=row.source_id,
        external_id=row.external_id,
        kind=Kind(row.kind),
        title=row.title,
        body=row.body,
        markup=Markup(row.markup),
        author=Author(name=row.author_name, id=row.author_id, reach=row.author_reach),
        created_at=row.created_at,
        edited_at=row.edited_at,
        first_seen_at=row.first_seen_at,
        url=row.url,
        thread_id=row.thread_id,
        parent_id=row.parent_id,
        language=row.language,
        rating=None if row.rating is None else Rating(row.rating, Scale(row.rating_scale)),
        score=row.score,
        replies=row.replies,
        app_version=row.app_version,
        question=row.question,
        attributes=from_json(row.attributes),
        own=row.own,
    )


def to_analysis(row: Row[Any]) -> Analysis:
    """The analysis in a row whose columns carry the prefix `a_`."""
    signals, drivers = from_json(row.a_signals), from_json(row.a_drivers)
    return Analysis(
        text=row.a_text,
        words=row.a_words,
        language=row.a_language,
        unscored=row.a_unscored,
        vader=None
        if row.a_vader_compound is None
        else VaderScores(row.a_vader_compound, row.a_vader_neg, row.a_vader_neu, row.a_vader_pos),
        sentiment=None if row.a_label is None else Sentiment(Label(row.a_label), row.a_score),
        problem=row.a_problem,
        signals=None
        if signals is None
        else tuple(Signal(name, tuple(words)) for name, words in signals),
        stage=row.a_stage,
        touchpoint=row.a_touchpoint,
        drivers=None if drivers is None else tuple(drivers),
        emotion=row.a_emotion,
        why=tuple(from_json(row.a_why)),
    )


def purged_placeholder(feedback_id: int, source_id: str, at: datetime) -> tuple[Feedback, Analysis]:
    """What stands for a feedback that was removed."""
    gone = Feedback(
        id=feedback_id, source_id=source_id, external_id="", first_seen_at=at, deleted=True
    )
    return gone, Analysis(text="", words="")


def system_alert_placeholder(alert: Alert) -> tuple[Feedback, Analysis]:
    """What stands for the feedback of an alert about the program's own work: its group names the
    source.
    """
    return Feedback(source_id=alert.group, external_id="", first_seen_at=alert.opened_at), Analysis(
        text="", words=""
    )


def with_id(feedback: Feedback, feedback_id: int) -> Feedback:
    """The same feedback with the id that the store gave it."""
    return replace(feedback, id=feedback_id)


def clauses_to_json(clauses: tuple[Clause, ...]) -> str:
    """The clauses of a match as JSON."""
    return to_json([[clause.condition, clause.description, clause.words] for clause in clauses])


def clauses_from_json(text: str) -> tuple[Clause, ...]:
    """The clauses in their JSON."""
    return tuple(
        Clause(condition, said, tuple(words)) for condition, said, words in from_json(text)
    )


def to_alert(row: Row[Any]) -> Alert:
    """The alert in a row of its columns."""
    return Alert(
        id=row.id,
        rule_id=row.rule_id,
        rule_name=row.rule_name,
        rule_version=row.rule_version,
        rule_number=row.rule_number,
        severity=Severity(row.severity),
        status=AlertStatus(row.status),
        group=row.group_key,
        channel=row.channel,
        mention=row.mention,
        reason=row.reason,
        words=tuple(from_json(row.words)),
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        version=row.version,
        turn=row.turn,
        members=row.members,
        assignee=Actor.parse_optional(row.assignee),
        limits=_limits_from_json(row.limits),
        advice=row.advice,
        ticket=row.ticket,
        joined_into=row.joined_into,
        fallback=row.fallback,
        snooze=None if row.snooze is None else _snooze_from_json(row.snooze),
        next_at=row.next_at,
    )


def limits_to_json(limits: SlaLimits) -> str:
    """The limits as JSON, without those that are not set."""
    if limits == _NO_LIMITS:
        return "{}"
    return to_json(asdict(limits))


def snooze_to_json(snooze: Snooze) -> str:
    """The snooze as JSON."""
    return to_json(asdict(snooze))


def to_event(row: Row[Any]) -> AlertEvent:
    """The event in a row of its columns."""
    return AlertEvent(
        id=row.id,
        alert_id=row.alert_id,
        at=row.at,
        kind=EventKind(row.kind),
        actor=Actor.parse(row.actor),
        before=None if row.before is None else AlertStatus(row.before),
        after=None if row.after is None else AlertStatus(row.after),
        note=row.note,
        via=row.via,
        details=from_json(row.details),
    )


def _limits_from_json(text: str) -> SlaLimits:
    if text == "{}":
        return _NO_LIMITS
    values = from_json(text)
    return SlaLimits(
        **{**values, "escalate": tuple(EscalationStep(**call) for call in values["escalate"])}
    )


def _snooze_from_json(text: str) -> Snooze:
    values = from_json(text)
    until = values["until"]
    return Snooze(**{**values, "until": None if until is None else datetime.fromisoformat(until)})


def clamp_integer(number: int | None) -> int | None:
    """The number, or the nearest that a database can hold."""
    return None if number is None else max(-_BIGGEST, min(_BIGGEST, number))
