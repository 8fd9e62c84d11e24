"""The first screen of a digest: judged by a stated rule, in at most 90 words; pure.

The rule: **risk** where two figures have surely become worse, or one has and something bad is new
or growing; **watch** where only one of both holds; **good** where some figure has surely become
better and none worse; **steady** otherwise. Surely: the interval of the change does not hold 0.
Urgent alerts that are still open at the end make it **watch** at least. Under ten feedback nothing
is judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from monitor.digest.measures import FEWEST
from monitor.digest.parts.actions import ActionReport, RegisteredAction
from monitor.digest.parts.journey import JourneyMap, name_pain
from monitor.digest.parts.numbers import Numbers
from monitor.digest.parts.response import ResponseReport
from monitor.digest.wording import Wording, paragraph, strong
from monitor.domain.digest import Digest, DigestLead, NamedMeasure, Outlook
from monitor.domain.document import DocumentBlock, FactList
from monitor.domain.measure import Trend
from monitor.domain.theme import Theme, ThemeKind, ThemeReport

_MOST_MOVERS = 3
_OUTLOOK_WORDS = {
    Outlook.RISK: "Risk",
    Outlook.WATCH: "Watch",
    Outlook.STEADY: "Steady",
    Outlook.GOOD: "Good",
    Outlook.UNKNOWN: "Too little to judge",
}


def decide_lead(parts: Mapping[str, Any]) -> DigestLead:
    """Return the judgement, what moved most, why, what to watch, and what follows."""
    measures = _list_measures(parts)
    themes = _list_bad_themes(parts.get("themes"))
    outlook, reason = _judge(measures, themes, _count_pressing(parts))
    action = _choose_action(parts)
    return DigestLead(
        outlook=outlook,
        reason=reason,
        movers=tuple(named.key for named in _choose_movers(measures)),
        driver=_name_driver(themes),
        watch=_choose_watch(parts, themes[1:]),
        action=action[0],
        owner=action[1],
    )


def describe_lead(digest: Digest, wording: Wording) -> tuple[DocumentBlock, ...]:
    """Return the first screen: judgement, three numbers, driver, watch item, next action."""
    lead = digest.lead
    blocks: list[DocumentBlock] = [
        paragraph(strong(f"{_OUTLOOK_WORDS[lead.outlook]}."), f" {lead.reason}")
    ]
    named = {one.key: one for one in _list_measures(digest.parts)}
    movers = [named[key] for key in lead.movers if key in named]
    if movers:
        facts = tuple(wording.fact(one.title, one.measure, one.noun) for one in movers)
        blocks.append(FactList(facts))
    for title, said in (("Driver", lead.driver), ("Keep an eye on", lead.watch)):
        if said:
            blocks.append(paragraph(strong(f"{title}: "), said))
    if lead.action:
        owner = f"{lead.owner}: " if lead.owner else ""
        blocks.append(paragraph(strong("Next: "), f"{owner}{lead.action}"))
    return tuple(blocks)


def _list_measures(parts: Mapping[str, Any]) -> tuple[NamedMeasure, ...]:
    numbers: Numbers | None = parts.get("numbers")
    response: ResponseReport | None = parts.get("response")
    return (*(numbers.measures if numbers else ()), *(response.measures if response else ()))


def _list_bad_themes(report: ThemeReport | None) -> list[Theme]:
    """Return the new and growing themes whose tone is negative, the largest change first."""
    return [
        theme
        for theme in (report.themes if report else ())
        if theme.kind is not ThemeKind.FADING and (theme.balance.value or 0) < 0
    ]


def _judge(
    measures: Sequence[NamedMeasure], themes: Sequence[Theme], pressing: int
) -> tuple[Outlook, str]:
    volume = next((one.measure.n for one in measures if one.key == "volume"), 0)
    if volume < FEWEST:
        return Outlook.UNKNOWN, f"{volume} items came in; {FEWEST} are needed."
    worse = [one for one in measures if _direction(one) < 0]
    better = [one for one in measures if _direction(one) > 0]
    bad_theme = f"“{themes[0].name}” is {themes[0].kind}" if themes else ""
    reasons = [f"{one.title} {_OPPOSITES[one.measure.verdict]}" for one in worse[:2]]
    if worse and (len(worse) > 1 or bad_theme):
        return Outlook.RISK, _join_reasons([*reasons, bad_theme])
    if worse or bad_theme:
        return Outlook.WATCH, _join_reasons([*reasons, bad_theme])
    if pressing:
        alerts = "alert is" if pressing == 1 else "alerts are"
        return (
            Outlook.WATCH,
            f"{pressing} urgent or high {alerts} still open; no figure has surely become worse.",
        )
    if better:
        said = [f"{one.title} {_OPPOSITES[one.measure.verdict]}" for one in better[:2]]
        return Outlook.GOOD, _join_reasons(said)
    return Outlook.STEADY, "No figure has surely changed."


def _count_pressing(parts: Mapping[str, Any]) -> int:
    response: ResponseReport | None = parts.get("response")
    return response.pressing if response else 0


_OPPOSITES = {Trend.UP: "rose", Trend.DOWN: "fell"}


def _join_reasons(reasons: Sequence[str]) -> str:
    return f"{'; '.join(reason for reason in reasons if reason)}."


def _direction(named: NamedMeasure) -> int:
    """Return 1 where a measure has surely become better, -1 for worse, 0 for neither."""
    if named.is_more_better is None or named.measure.verdict not in _OPPOSITES:
        return 0
    is_better = (named.measure.verdict is Trend.UP) == named.is_more_better
    return 1 if is_better else -1


def _choose_movers(measures: Sequence[NamedMeasure]) -> list[NamedMeasure]:
    """Return the measures that moved most in units of their uncertainty.

    The star average and the share of low stars tell one story: the surer of both is taken.
    """
    ranked = sorted(measures, key=lambda one: (-_measure_surprise(one), one.key))
    chosen: dict[str, NamedMeasure] = {}
    for named in ranked:
        chosen.setdefault(_STORIES.get(named.key.partition(":")[0], named.key), named)
    return [one for one in chosen.values() if one.measure.value is not None][:_MOST_MOVERS]


#: Measures of which one speaks for the others.
_STORIES = {
    "stars": "stars",
    "low_stars": "stars",
    "time_to_acknowledge": "times",
    "time_to_reply": "times",
    "time_to_resolve": "times",
}


def _measure_surprise(named: NamedMeasure) -> float:
    """Return the size of a change in half-widths of its interval: above 1 it is no chance."""
    measure = named.measure
    if measure.change is None or measure.verdict is Trend.TOO_FEW:
        return 0.0
    low, high = measure.change_low, measure.change_high
    if low is None or high is None or high <= low:
        return 0.0
    return abs(measure.change) / ((high - low) / 2)


def _name_driver(themes: Sequence[Theme]) -> str:
    if not themes:
        return ""
    theme = themes[0]
    since = f", since {theme.start.event}" if theme.start and theme.start.event else ""
    expected = round(theme.expected)
    return f"“{theme.name}”: {theme.authors} people, {expected} expected{since}."


def _choose_watch(parts: Mapping[str, Any], themes: Sequence[Theme]) -> str:
    """Return the next bad theme, else what has waited longest, else a stale promise."""
    if themes:
        return f"“{themes[0].name}” is {themes[0].kind}, {themes[0].authors} people."
    response: ResponseReport | None = parts.get("response")
    if response and response.waiting_count:
        first = response.waiting[0]
        return f"{response.waiting_count} open alerts, above all {first.alert_id} ({first.rule})."
    actions: ActionReport | None = parts.get("actions")
    stale = [one for one in actions.actions if one.stale] if actions else []
    return f"“{stale[0].title}” is stale." if stale else ""


def _choose_action(parts: Mapping[str, Any]) -> tuple[str, str]:
    """Return what follows, and whose it is: the next promise, else the worst pain without one."""
    actions: ActionReport | None = parts.get("actions")
    journey: JourneyMap | None = parts.get("journey")
    unowned = [pain for pain in (journey.pains if journey else ()) if not pain.improvement_id]
    promised = [one for one in (actions.actions if actions else ()) if one.is_open]
    if promised:
        return _describe_promise(promised[0])
    if unowned:
        return (
            f"name an owner for “{name_pain(unowned[0])}”, which nobody has promised to mend.",
            "",
        )
    return "", ""


def _describe_promise(action: RegisteredAction) -> tuple[str, str]:
    due = f", by {action.due.isoformat()}" if action.due else ""
    return f"{action.next_action or action.title}{due}", action.owner or "Nobody yet"
