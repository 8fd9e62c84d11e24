"""Improvements on the terminal and for machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from monitor.cli.output import print_json
from monitor.cli.terminal import print_text
from monitor.domain.improvement import (
    EffectWindows,
    Improvement,
    ImprovementEvent,
    TimeWindow,
    find_effect_windows,
    find_stale_reason,
)


def print_list(found: Sequence[Improvement], now: datetime, today: date, *, json: bool) -> None:
    """Print improvements, two lines each."""
    if json:
        print_json([to_dict(each, now, today) for each in found])
        return
    if not found:
        print_text('Nothing. `repwatch improvements add "TITLE"` writes the first one down.')
    for each in found:
        print_text(f"{each.id}  {each.title}")
        print_text(f"    {describe_standing(each, now, today)}")


def print_outcome(
    improvement: Improvement, done: str, now: datetime, today: date, *, json: bool
) -> None:
    """Print what a command has made of an improvement."""
    if json:
        print_json(to_dict(improvement, now, today))
        return
    print_text(f"{done}: improvement {improvement.id}, {improvement.title}")
    print_text(f"    {describe_standing(improvement, now, today)}")


def print_details(
    improvement: Improvement,
    events: Sequence[ImprovementEvent],
    now: datetime,
    today: date,
    *,
    json: bool,
) -> None:
    """Print all of an improvement: what it is, its effect's weeks, its history."""
    windows = find_effect_windows(improvement, now)
    if json:
        history = [_event_to_dict(event) for event in events]
        effect = _windows_to_dict(windows)
        print_json({**to_dict(improvement, now, today), "effect": effect, "events": history})
        return
    print_text(f"Improvement {improvement.id}: {improvement.title}")
    print_text(f"    {describe_standing(improvement, now, today)}")
    for line in (*_describe_windows(windows), *map(_describe_event, events)):
        print_text(f"    {line}")


def describe_standing(improvement: Improvement, now: datetime, today: date) -> str:
    """Return on one line how an improvement stands."""
    owner = improvement.owner.display_name if improvement.owner else "nobody has it"
    due = f"due {improvement.due.isoformat()}" if improvement.due else ""
    next_action = f"next: {improvement.next_action}" if improvement.next_action else ""
    stale = find_stale_reason(improvement, now, today)
    warning = f"! {stale}" if stale else ""
    about = f"about {improvement.about}" if improvement.about.is_named else ""
    parts = (str(improvement.state), owner, due, warning, about, next_action)
    return " · ".join(part for part in parts if part)


def to_dict(improvement: Improvement, now: datetime, today: date) -> dict[str, Any]:
    """Return an improvement for machines; what is not known is null."""
    about = improvement.about
    return {
        "id": improvement.id,
        "title": improvement.title,
        "state": improvement.state,
        "stage": about.stage,
        "touchpoint": about.touchpoint,
        "query": about.query or None,
        "owner": str(improvement.owner) if improvement.owner else None,
        "next_action": improvement.next_action or None,
        "due": improvement.due.isoformat() if improvement.due else None,
        "stale": find_stale_reason(improvement, now, today) or None,
        "created_by": str(improvement.created_by),
        "created_at": improvement.created_at.isoformat(),
        "changed_by": str(improvement.changed_by),
        "changed_at": improvement.changed_at.isoformat(),
        "started_at": _to_iso(improvement.started_at),
        "done_at": _to_iso(improvement.done_at),
    }


def _to_iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _windows_to_dict(windows: EffectWindows) -> dict[str, Any]:
    spans = {"before": windows.before, "after": windows.after}
    return {
        **{name: _window_to_list(window) for name, window in spans.items()},
        "missing": windows.missing or None,
    }


def _window_to_list(window: TimeWindow | None) -> list[str] | None:
    return [window.since.isoformat(), window.until.isoformat()] if window else None


def _describe_windows(windows: EffectWindows) -> Iterator[str]:
    if windows.before and windows.after:
        spans = (
            f"{each.since:%Y-%m-%d} to {each.until:%Y-%m-%d}"
            for each in (windows.before, windows.after)
        )
        yield f"effect: {' against '.join(spans)}"
    if windows.missing:
        yield f"effect: {windows.missing}"


def _describe_event(event: ImprovementEvent) -> str:
    changes = [
        f"{name.replace('_', ' ')} {before or 'none'} -> {after or 'none'}"
        for name, (before, after) in event.changes.items()
    ]
    said = "; ".join([*changes, *([event.note] if event.note else [])])
    told = f"{event.at:%Y-%m-%d %H:%M} UTC  {event.kind} by {event.actor.display_name}"
    return f"{told}: {said}" if said else told


def _event_to_dict(event: ImprovementEvent) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "at": event.at.isoformat(),
        "actor": str(event.actor),
        "via": event.via,
        "note": event.note or None,
        "changes": {name: list(pair) for name, pair in event.changes.items()},
    }
