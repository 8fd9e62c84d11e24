"""The first screen of a digest: judged by a stated rule, in at most 90 words; pure.

The rule: **risk** where two figures have surely become worse, or one has and something bad is new
or growing; **watch** where only one of both holds, or an urgent or high alert is still open at the
end; **good** where some figure has surely become better and none worse; **steady** otherwise.
Surely: by Holm's correction for all figures looked at (S. Holm, Scandinavian Journal of Statistics
6, 1979), so that of unchanged weeks about one in fifteen gets a judgement. Figures that tell the
same story, such as stars and low stars of one shop, are one. Under ten feedback, without a period
before, and without the numbers nothing is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import NormalDist
from typing import Any

from monitor.digest.measures import FEWEST
from monitor.digest.number_format import cut_text
from monitor.digest.parts.actions import ActionReport, RegisteredAction
from monitor.digest.parts.coverage import Coverage
from monitor.digest.parts.journey import JourneyMap, name_pain
from monitor.digest.parts.numbers import Numbers
from monitor.digest.parts.response import ResponseReport
from monitor.digest.wording import Wording, paragraph, strong, text_line
from monitor.domain.digest import Digest, DigestLead, NamedMeasure, Outlook, PartFailure
from monitor.domain.document import Caution, DocumentBlock, FactList
from monitor.domain.measure import Trend
from monitor.domain.theme import Theme, ThemeKind, ThemeReport

_MOST_MOVERS = 3
#: The share of a period from which on a blind source is told at once.
_BLIND_FROM = 0.25
_ACTION_WIDTH = 100
#: How often an unchanged period may be judged, and the limit of a single interval.
_ALPHA, _Z = 0.05, 1.959964
#: Parts without which nothing good can be said.
_JUDGED_PARTS = frozenset({"numbers", "response", "themes"})
_OUTLOOK_WORDS = {
    Outlook.RISK: "Risk",
    Outlook.WATCH: "Watch",
    Outlook.STEADY: "Steady",
    Outlook.GOOD: "Good",
    Outlook.UNKNOWN: "Too little to judge",
}


def decide_lead(parts: Mapping[str, Any], failures: Sequence[PartFailure] = ()) -> DigestLead:
    """Return the judgement, what moved most, why, what to watch, and what follows."""
    measures = _list_measures(parts)
    report: ThemeReport | None = parts.get("themes")
    themes = _list_bad_themes(report)
    outlook, reason = _judge(measures, themes, _count_pressing(parts))
    missing = [failure.title for failure in failures if failure.key in _JUDGED_PARTS]
    if missing and outlook in (Outlook.STEADY, Outlook.GOOD):
        outlook, reason = Outlook.UNKNOWN, f"Missing: {', '.join(missing)}."
    action = _choose_action(parts)
    return DigestLead(
        outlook=outlook,
        reason=reason,
        movers=tuple(named.key for named in _choose_movers(measures)),
        driver=_name_driver(themes, report),
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
    blocks += _warn_of_blindness(digest, wording)
    if lead.action:
        owner = f"{lead.owner}: " if lead.owner else ""
        blocks.append(paragraph(strong("Next: "), f"{owner}{lead.action}"))
    return tuple(blocks)


def _warn_of_blindness(digest: Digest, wording: Wording) -> Iterator[Caution]:
    """Yield what was hardly seen: figures of a blind week say little."""
    coverage: Coverage | None = digest.parts.get("coverage")
    for source in coverage.sources if coverage else ():
        if coverage and coverage.hours and source.blind_hours > _BLIND_FROM * coverage.hours:
            blind = wording.numbers.write_duration(3600 * source.blind_hours)
            yield Caution(text_line(f"{source.source_id} was not seen for {blind}."))


def _list_measures(parts: Mapping[str, Any]) -> tuple[NamedMeasure, ...]:
    numbers: Numbers | None = parts.get("numbers")
    response: ResponseReport | None = parts.get("response")
    return (*(numbers.measures if numbers else ()), *(response.measures if response else ()))


def _list_bad_themes(report: ThemeReport | None) -> list[Theme]:
    """Return the new and growing themes whose tone is negative, the largest change first."""
    return [
        theme
        for theme in (report.themes if report else ())
        if theme.kind is not ThemeKind.FADING
        and theme.balance.high is not None
        and theme.balance.high < 0
    ]


def _judge(
    measures: Sequence[NamedMeasure], themes: Sequence[Theme], pressing: int
) -> tuple[Outlook, str]:
    volume = next((one.measure.n for one in measures if one.key == "volume"), None)
    if volume is None:
        return Outlook.UNKNOWN, "The numbers could not be made."
    if volume < FEWEST:
        return Outlook.UNKNOWN, f"{volume} items came in; {FEWEST} are needed."
    sure = find_sure_changes(measures)
    worse = [one for one in sure if _direction(one) < 0]
    better = [one for one in sure if _direction(one) > 0]
    bad_theme = f"“{themes[0].name}” is {themes[0].kind}" if themes else ""
    if worse and (len(worse) > 1 or bad_theme):
        return Outlook.RISK, _join_reasons([*map(_say_change, worse[:2]), bad_theme])
    if worse or bad_theme:
        return Outlook.WATCH, _join_reasons([*map(_say_change, worse), bad_theme])
    if pressing:
        alerts = "alert is" if pressing == 1 else "alerts are"
        return Outlook.WATCH, f"{pressing} urgent or high {alerts} still open."
    if better:
        return Outlook.GOOD, _join_reasons(list(map(_say_change, better[:2])))
    if all(one.measure.verdict is Trend.TOO_FEW for one in measures if one.key != "volume"):
        return Outlook.UNKNOWN, "There is nothing before to compare with."
    return Outlook.STEADY, "No figure has surely changed."


def find_sure_changes(measures: Sequence[NamedMeasure]) -> list[NamedMeasure]:
    """Return the measures that have surely changed, one of each story, the surest first."""
    stories: dict[str, NamedMeasure] = {}
    for named in sorted(measures, key=lambda one: (-_measure_surprise(one), one.key)):
        if named.is_more_better is not None:
            stories.setdefault(_name_story(named), named)
    sure = []
    for left, named in zip(range(len(stories), 0, -1), stories.values(), strict=True):
        surprise = _measure_surprise(named)
        if surprise * _Z < NormalDist().inv_cdf(1 - _ALPHA / (2 * left)) or not _direction(named):
            break
        sure.append(named)
    return sure


def _say_change(named: NamedMeasure) -> str:
    """Return "Sentiment balance fell"."""
    kind = named.key.partition(":")[0]
    subject = _SUBJECTS.get(kind, named.title)
    return f"{subject} {_OPPOSITES[named.measure.verdict]}"


def _name_story(named: NamedMeasure) -> str:
    """Return what a measure tells of: of stars and low stars of one shop the same."""
    kind, _, rest = named.key.partition(":")
    story = _STORIES.get(kind, kind)
    return story if story in ("times", "tone") else f"{story}:{rest}"


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
    """Return the measures that moved most in units of their uncertainty, one of each story."""
    ranked = sorted(measures, key=lambda one: (-_measure_surprise(one), one.key))
    chosen: dict[str, NamedMeasure] = {}
    for named in ranked:
        chosen.setdefault(_name_story(named), named)
    return [one for one in chosen.values() if one.measure.value is not None][:_MOST_MOVERS]


#: Measures of which one speaks for the others.
_STORIES = {
    "stars": "stars",
    "low_stars": "stars",
    "easy": "ces",
    "easy5": "ces5",
    "balance": "tone",
    "problems": "tone",
    "time_to_acknowledge": "times",
    "time_to_reply": "times",
    "time_to_resolve": "times",
}
#: What a sentence calls a measure whose title is no subject.
_SUBJECTS = {
    "time_to_acknowledge": "the time until somebody has an alert",
    "time_to_reply": "the time until an answer",
    "time_to_resolve": "the time until an alert is closed",
    "close_rate": "the share of closed alerts",
    "limits_kept": "the share of limits kept",
    "response_rate": "the share of answered negative feedback",
    "recovery": "the share of customers won back",
}


def _measure_surprise(named: NamedMeasure) -> float:
    """Return the size of a change in half-widths of its interval: above 1 it is no chance."""
    measure = named.measure
    if measure.verdict is Trend.TOO_FEW:
        return 0.0
    low, high = measure.change_low, measure.change_high
    if measure.change is None or low is None or high is None or high <= low:
        return 1.0 if measure.verdict in _OPPOSITES else 0.0
    return abs(measure.change) / ((high - low) / 2)


def _name_driver(themes: Sequence[Theme], report: ThemeReport | None) -> str:
    if not themes or report is None:
        return ""
    theme = themes[0]
    since = f", since {theme.start.event}" if theme.start and theme.start.event else ""
    among = f" of the {report.now.authors} read" if report.now.is_sample else ""
    return (
        f"“{theme.name}”: {theme.authors} people{among}, {round(theme.expected)} expected{since}."
    )


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
    """Return what follows, and whose it is.

    The promise about the worst pain; else somebody to make one; else the next promise there is.
    """
    actions: ActionReport | None = parts.get("actions")
    journey: JourneyMap | None = parts.get("journey")
    promised = [one for one in (actions.actions if actions else ()) if one.is_open]
    worst = journey.pains[0] if journey and journey.pains else None
    about_worst = [one for one in promised if worst and one.id == worst.improvement_id]
    if about_worst:
        return _describe_promise(about_worst[0])
    if worst and not worst.improvement_id:
        return f"name somebody to mend “{name_pain(worst)}”.", ""
    return _describe_promise(promised[0]) if promised else ("", "")


def _describe_promise(action: RegisteredAction) -> tuple[str, str]:
    due = f", by {action.due.isoformat()}" if action.due else ""
    stale = " (stale)" if action.stale else ""
    words = cut_text(action.next_action or action.title, _ACTION_WIDTH)
    return f"{words}{due}{stale}", action.owner or "Nobody yet"
