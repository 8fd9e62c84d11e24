"""A back-test in sentences: what was there to be seen, what would have come, what is different."""

from __future__ import annotations

from monitor.domain.backtest import Backtest, RuleDifference, SourceView
from monitor.domain.missed import CaughtCount
from monitor.notifiers.wording import format_plural

#: Verdicts below which a share says nothing.
_FEWEST_JUDGED = 5


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


def _blind(found: Backtest) -> list[SourceView]:
    return [one for one in found.sources if one.blind_hours >= 1]


def _count_heard(found: Backtest) -> int:
    return sum(one.items > 0 for one in found.sources)
