"""A back-test for people and for machines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from monitor.cli.terminal import out, print_text
from monitor.domain.backtest import (
    Backtest,
    ReplayedAlert,
    ReplaySample,
)
from monitor.notifiers.wording import format_plural
from monitor.tuning.backtest_words import (
    describe_coverage,
    describe_difference,
    describe_marked,
    describe_outcome,
)

_LONGEST_SAMPLE = 160
_BARS = " ▁▂▃▄▅▆▇█"
_KINDS = {
    "gained": "It would alert of these, and did not before:",
    "lost": "It would no longer alert of these:",
    "caught": "The newest that it would have alerted of:",
}


def print_backtest(found: Backtest) -> None:
    """Print coverage, the sentence, the days, the difference, samples, caveats: in this order."""
    print_text(describe_coverage(found))
    out.print()
    print_text(describe_outcome(found))
    print_text(draw_days(found))
    if found.marked.marked:
        print_text(describe_marked(found.marked))
    if found.difference:
        print_text(describe_difference(found.difference))
    for kind, title in _KINDS.items():
        if samples := found.samples.get(kind):
            out.print()
            print_text("\n".join((title, *map(_describe_sample, samples))))
    if found.replay.silenced:
        out.print()
        print_text("\n".join(("Silent:", *_list_silences(found))))
    out.print()
    print_text("\n".join(f"Note: {caveat}." for caveat in found.caveats))


def draw_days(found: Backtest) -> str:
    """Return one bar a day, the first day first, with the most in a day beside it."""
    most = max(found.days, default=0)
    if not most:
        return ""
    bars = "".join(_BARS[-(-count * (len(_BARS) - 1) // most)] for count in found.days)
    first, last = found.since, found.until
    return f"{first:%d %b} |{bars}| {last:%d %b}, at most {most} a day ({found.zone})"


def _describe_sample(sample: ReplaySample) -> str:
    text = " ".join(sample.text.split())
    shown = text if len(text) <= _LONGEST_SAMPLE else f"{text[: _LONGEST_SAMPLE - 1]}…"
    why = f"\n      because it {sample.reason}" if sample.reason else ""
    return f"  {sample.at:%d %b %H:%M} {sample.source_id} #{sample.feedback_id}: {shown}{why}"


def _list_silences(found: Backtest) -> Iterator[str]:
    for reason, count in found.replay.silenced.items():
        yield f"  {format_plural(count, 'item')}: {reason}"


def to_backtest_json(found: Backtest) -> dict[str, Any]:
    """Return a back-test as it is printed with `--json`; times in ISO 8601, shares in percent."""
    replay, judged, other = found.replay, found.judged, found.difference
    return {
        "rule": {"id": found.rule_id, "name": found.rule_name, "version": found.version},
        "from": found.since.isoformat(),
        "to": found.until.isoformat(),
        "coverage": [
            {"source": one.source_id, "items": one.items, "blind_hours": one.blind_hours}
            for one in found.sources
        ],
        "fired": len(replay.alerts),
        "grouped": replay.grouped,
        "suppressed": replay.suppressed,
        "silenced": dict(replay.silenced),
        "per_day": list(found.days),
        "most_in_an_hour": found.most_in_an_hour,
        "outside_hours": found.at_night,
        "judged": {"value": judged.value, "n": judged.n, "low": judged.low, "high": judged.high},
        "marked": asdict(found.marked),
        "difference": asdict(other) if other else None,
        "alerts": [_to_alert_json(alert) for alert in replay.alerts],
        "samples": {
            kind: [_to_sample_json(one) for one in samples]
            for kind, samples in found.samples.items()
        },
        "caveats": list(found.caveats),
    }


def _to_alert_json(alert: ReplayedAlert) -> dict[str, Any]:
    return {
        "opened_at": alert.opened_at.isoformat(),
        "severity": alert.severity,
        "leads": alert.leads,
        "reason": alert.reason,
        "feedback": list(alert.feedback_ids),
    }


def _to_sample_json(sample: ReplaySample) -> dict[str, Any]:
    return {
        "feedback": sample.feedback_id,
        "at": sample.at.isoformat(),
        "source": sample.source_id,
        "text": sample.text,
        "reason": sample.reason,
    }
