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
    RuleDifference,
    SourceView,
)
from monitor.domain.missed import CaughtCount
from monitor.notifiers.wording import format_plural

#: Verdicts below which a share says nothing.
_FEWEST_JUDGED = 5
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


def describe_coverage(found: Backtest) -> str:
    """Return what was there to be seen: "28 days, 1,204 items; app blind for 7 h"."""
    days = format_plural(len(found.days), "day")
    heard = format_plural(_count_heard(found), "source")
    parts = [f"{days}, {found.replay.read:,} items from {heard}"]
    parts += [f"{one.source_id} blind for {one.blind_hours:.0f} h" for one in _blind(found)]
    silent = [one.source_id for one in found.sources if not one.items]
    if silent:
        parts.append(f"nothing from {', '.join(silent)}")
    return "; ".join(parts)


def describe_outcome(found: Backtest) -> str:
    """Return the sentence that a manager reads first."""
    replay = found.replay
    cards = format_plural(len(replay.alerts), "alert")
    facts = [f"{found.rule_id}: {cards} in {format_plural(len(found.days), 'day')}"]
    if replay.alerts:
        facts.append(f"at most {found.most_in_an_hour} in an hour")
        facts.append(f"{found.at_night} outside of working hours")
        shared = sum(not alert.leads for alert in replay.alerts)
        if shared:
            facts.append(f"{shared} of them led by another rule")
        if replay.grouped:
            facts.append(f"{replay.grouped} more joined them")
    return f"{', '.join(facts)}; {_describe_judged(found)}"


def describe_marked(marked: CaughtCount) -> str:
    """Return how much it would have caught of what the team marked as urgent or missed."""
    return (
        f"Of what the team marked as urgent or missed, it would have caught {marked.caught} of "
        f"{marked.marked}"
    )


def _describe_judged(found: Backtest) -> str:
    judged = found.judged
    if not judged.n or judged.value is None:
        return "none of them was judged yet"
    useful = round(judged.value * judged.n / 100)
    said = f"{useful} of {judged.n} judged were useful"
    if judged.n < _FEWEST_JUDGED or judged.low is None or judged.high is None:
        return f"{said}: too few to call"
    return f"{said} ({judged.value:.0f} %, {judged.low:.0f}-{judged.high:.0f})"


def draw_days(found: Backtest) -> str:
    """Return one bar a day, the first day first, with the most in a day beside it."""
    most = max(found.days, default=0)
    if not most:
        return ""
    bars = "".join(_BARS[-(-count * (len(_BARS) - 1) // most)] for count in found.days)
    first, last = found.since, found.until
    return f"{first:%d %b} |{bars}| {last:%d %b}, at most {most} a day ({found.zone})"


def describe_difference(difference: RuleDifference) -> str:
    """Return "Beside version 1a2b3c4d: +3, -11; of those lost 2 were real, 8 were not"."""
    said = f"Beside version {difference.against}: +{difference.gained}, -{difference.lost} items"
    if not difference.lost:
        return said
    known = difference.lost_real + difference.lost_useless
    unknown = difference.lost - known
    return (
        f"{said}; of those lost the team treated {difference.lost_real} as real and "
        f"{difference.lost_useless} as not, and {unknown} were never judged"
    )


def _describe_sample(sample: ReplaySample) -> str:
    text = " ".join(sample.text.split())
    shown = text if len(text) <= _LONGEST_SAMPLE else f"{text[: _LONGEST_SAMPLE - 1]}…"
    why = f"\n      because it {sample.reason}" if sample.reason else ""
    return f"  {sample.at:%d %b %H:%M} {sample.source_id} #{sample.feedback_id}: {shown}{why}"


def _list_silences(found: Backtest) -> Iterator[str]:
    for reason, count in found.replay.silenced.items():
        yield f"  {format_plural(count, 'item')}: {reason}"


def _blind(found: Backtest) -> list[SourceView]:
    return [one for one in found.sources if one.blind_hours >= 1]


def _count_heard(found: Backtest) -> int:
    return sum(one.items > 0 for one in found.sources)


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
