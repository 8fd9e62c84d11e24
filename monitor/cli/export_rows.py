"""Stored feedback and alerts as rows, for exports and for search."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from monitor.domain.alert import Alert
from monitor.domain.feedback import Analysis, Feedback

FEEDBACK_COLUMNS = (
    "source",
    "id",
    "kind",
    "created_at",
    "first_seen_at",
    "author",
    "title",
    "text",
    "rating",
    "rating_scale",
    "stars",
    "sentiment",
    "score",
    "language",
    "unscored",
    "problem",
    "signals",
    "stage",
    "touchpoint",
    "drivers",
    "url",
    "question",
    "app_version",
    "attributes",
)
ALERT_COLUMNS = (
    "id",
    "rule",
    "name",
    "severity",
    "status",
    "opened_at",
    "updated_at",
    "members",
    "channel",
    "assignee",
    "reason",
    "words",
)


def feedback_to_row(
    feedback: Feedback, analysis: Analysis, hide: Callable[[str], str]
) -> dict[str, object]:
    """Return a feedback with its analysis as a row; `hide` masks personal data in its words."""
    tone, rating = analysis.sentiment, feedback.rating
    attributes = dict(feedback.attributes)
    return {
        "source": feedback.source_id,
        "id": feedback.external_id,
        "kind": feedback.kind,
        "created_at": _format_time(feedback.created_at),
        "first_seen_at": _format_time(feedback.first_seen_at),
        "author": feedback.author.name,
        "title": hide(feedback.title),
        "text": hide(analysis.text),
        "rating": rating.value if rating else None,
        "rating_scale": rating.scale if rating else None,
        "stars": round(rating.stars, 2) if rating else None,
        "sentiment": tone.label if tone else None,
        "score": tone.score if tone else None,
        "language": analysis.language,
        "unscored": analysis.unscored,
        "problem": analysis.problem,
        "signals": ", ".join(signal.name for signal in analysis.signals or ()),
        "stage": analysis.stage,
        "touchpoint": analysis.touchpoint,
        "drivers": ", ".join(analysis.drivers or ()),
        "url": feedback.url,
        "question": feedback.question,
        "app_version": feedback.app_version,
        "attributes": json.dumps(attributes, ensure_ascii=False) if attributes else "",
    }


def alert_to_row(alert: Alert) -> dict[str, object]:
    """Return an alert as a row."""
    return {
        "id": alert.id,
        "rule": alert.rule_id,
        "name": alert.rule_name,
        "severity": alert.severity,
        "status": alert.status,
        "opened_at": alert.opened_at.isoformat(),
        "updated_at": alert.updated_at.isoformat(),
        "members": alert.members,
        "channel": alert.channel,
        "assignee": str(alert.assignee or ""),
        "reason": alert.reason,
        "words": "; ".join(alert.words),
    }


def _format_time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
