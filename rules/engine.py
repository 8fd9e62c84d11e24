"""Which rules hold for a feedback, and why: pure, and fast where nothing holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from monitor.domain.advice import fill_advice
from monitor.domain.alert import Clause, Match
from monitor.domain.facts import NO_NEEDED_FACTS, NeededFacts
from monitor.domain.feedback import Evidence, Glance
from rules.base import Condition
from rules.query import Query
from rules.rule import Rule, RuleMode
from rules.terms import QueryIndex
from rules.window_condition import WindowCondition


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """What one condition of a rule said about the evidence."""

    part: str  #: all, any or none: the list in which the condition stands
    condition: str  #: its kind
    asked: str  #: what it asks for, for people
    clause: Clause | None  #: why it held; None where it did not
    measured: str = ""  #: the figures that it looked at, where the clause does not say all

    @property
    def is_met(self) -> bool:
        """Whether the condition held; in `none` that speaks against the rule."""
        return self.clause is not None


@dataclass(frozen=True, slots=True)
class RuleExplanation:
    """Whether a rule fires for a feedback, and what every condition of it said."""

    rule: Rule
    held: bool
    findings: tuple[ConditionResult, ...] = ()
    silenced_by: str = ""  #: the name of the rule because of which a net does not count

    @property
    def reason(self) -> str:
        """Why it fires or stays silent, in one line for people."""
        if self.rule.mode is RuleMode.OFF:
            return "the rule is off"
        if self.silenced_by:
            return f"counts only where no other rule holds, and {self.silenced_by!r} does"
        if self.held:
            return " and ".join(
                item.clause.description
                for item in self.findings
                if item.clause and item.part != "none"
            )
        missing = [
            f"{item.asked} ({item.measured})" if item.measured else item.asked
            for item in self.findings
            if self._is_unmet(item)
        ]
        excluding = [
            item.clause.description for item in self.findings if item.clause and item.part == "none"
        ]
        parts = (("not met: ", missing), ("ruled out: ", excluding))
        return "; ".join(label + ", ".join(said) for label, said in parts if said)

    def _is_unmet(self, item: ConditionResult) -> bool:
        if item.part == "any":
            return not any(other.is_met for other in self.findings if other.part == "any")
        return item.part == "all" and not item.is_met


class Engine:
    """Some rules, compiled once; threads may share it."""

    def __init__(self, rules: Iterable[Rule], emergency_line: str = "") -> None:
        """Compile the rules; `emergency_line` is whom people in danger can call."""
        self._rules = tuple(rules)
        self._emergency_line = emergency_line
        active = [rule for rule in self._rules if rule.mode is not RuleMode.OFF]
        self._active = tuple(sorted(active, key=lambda rule: rule.severity.rank))
        needs = (condition.facts for rule in active for condition in rule.conditions)
        self._facts = reduce(or_, needs, NO_NEEDED_FACTS)
        self._orders = tuple(_EvaluationOrder.of(rule) for rule in self._active)
        self._windows = _collect_windows(self._active)
        queries = dict.fromkeys(
            query for rule in self._active for query in _prefilter_queries(rule)
        )
        positions = {query: at for at, query in enumerate(queries)}
        self._terms = QueryIndex(queries)
        self._unfiltered = tuple(
            at for at, rule in enumerate(self._active) if not _prefilter_queries(rule)
        )
        self._rules_by_query: dict[int, list[int]] = {}
        for at, rule in enumerate(self._active):
            for query in _prefilter_queries(rule):
                self._rules_by_query.setdefault(positions[query], []).append(at)

    @property
    def facts(self) -> NeededFacts:
        """The facts beyond the feedback itself that the rules ask for, those that are off aside."""
        return self._facts

    @property
    def windows(self) -> Mapping[str, tuple[WindowCondition, ...]]:
        """The conditions over windows, by the key of what they count, those that are off aside."""
        return self._windows

    def find_window_keys(self, evidence: Evidence) -> tuple[str, ...]:
        """Return the keys of the windows that count a feedback: all other conditions hold for it.

        Windows themselves are not asked.
        """
        if not self._windows:
            return ()
        held = (
            self._active[at].window_key
            for at in self._find_candidates(evidence.analysis.words)
            if self._active[at].window_key
            and _evaluate_rule(self._active[at], self._orders[at].plain, evidence) is not None
        )
        return tuple(dict.fromkeys(held))

    def may_hold(self, glance: Glance) -> bool:
        """Return whether any rule may hold for a feedback, windows aside, by a glance at it."""
        return any(
            not any(condition.rules_out(glance) for condition in self._active[at].all)
            for at in self._find_candidates(glance.words)
        )

    def evaluate(self, evidence: Evidence) -> tuple[Match, ...]:
        """Return the rules that hold, the most severe first, then in the order of the rules."""
        held: list[tuple[Rule, tuple[Clause, ...]]] = []
        for at in self._find_candidates(evidence.analysis.words):
            clauses = _evaluate_rule(self._active[at], self._orders[at].whole, evidence)
            if clauses is not None:
                held.append((self._active[at], clauses))
        rules = [rule for rule, _ in held]
        return tuple(
            self._build_match(rule, clauses, evidence)
            for rule, clauses in held
            if _find_silencing_rule(rule, rules) is None
        )

    def evaluate_hour(self, evidence: Evidence) -> tuple[Match, ...]:
        """Return the rules that hold an hour later, of those that are asked each hour.

        The feedback in hand is the latest that their windows count: the other conditions hold.
        """
        found = []
        for rule in self._active:
            asked = _in_window_of(rule, evidence)
            if asked.window is None or not any(one.is_asked_hourly for one in rule.windows):
                continue
            clauses = tuple(_clauses_that_hold(rule.windows, asked))
            if len(clauses) == len(rule.windows):
                found.append(self._build_match(rule, clauses, evidence))
        return tuple(found)

    def _find_candidates(self, words: str) -> Iterable[int]:
        """Return the places of the rules that may hold for such words, in order."""
        if not self._rules_by_query:
            return self._unfiltered
        satisfied = self._terms.match_queries(words)
        if not satisfied:
            return self._unfiltered
        filtered = (rule for query in satisfied for rule in self._rules_by_query[query])
        return sorted({*self._unfiltered, *filtered})

    def _build_match(self, rule: Rule, clauses: tuple[Clause, ...], evidence: Evidence) -> Match:
        feedback, analysis, reopen_within = evidence.feedback, evidence.analysis, rule.reopen_within
        return Match(
            rule_id=rule.id,
            rule_name=rule.name,
            rule_version=rule.version,
            rule_number=rule.number,
            severity=rule.severity,
            live=rule.mode is RuleMode.LIVE,
            feedback=feedback,
            analysis=analysis,
            clauses=clauses,
            group=rule.group_key(feedback, analysis),
            cooldown=rule.cooldown.total_seconds(),
            channel=rule.channel,
            mention=rule.mention,
            limits=rule.limits,
            reopen_within=None if reopen_within is None else reopen_within.total_seconds(),
            advice=fill_advice(rule.advice, self._emergency_line),
            fallback=rule.fallback,
            hold_for=rule.hold_for.total_seconds(),
            keep_for=None if rule.keep_firing_for is None else rule.keep_firing_for.total_seconds(),
            card_after=rule.group_wait.total_seconds(),
            silenced_by=rule.silenced_by,
        )

    def explain(self, evidence: Evidence) -> tuple[RuleExplanation, ...]:
        """Return what each rule says about the evidence, in the order of the rules.

        Those that are off are among them.
        """
        explained = [_explain_rule(rule, evidence) for rule in self._rules]
        held = [explanation.rule for explanation in explained if explanation.held]
        held.sort(key=lambda rule: rule.severity.rank)
        return tuple(_explain_silence(explanation, held) for explanation in explained)


def _explain_silence(explanation: RuleExplanation, held: Sequence[Rule]) -> RuleExplanation:
    """Return the explanation, with what silences it where it is of a net that does not count."""
    if not explanation.held:
        return explanation
    silencing = _find_silencing_rule(explanation.rule, held)
    if silencing is None:
        return explanation
    return replace(explanation, held=False, silenced_by=silencing.name)


def _find_silencing_rule(rule: Rule, held: Sequence[Rule]) -> Rule | None:
    """Return the rule because of which a net does not count; None where it counts.

    `held` are the rules that hold, most severe first. Of several nets the first counts.
    """
    if not rule.unless_other:
        return None
    # A candidate is tried as if the version in force were not there.
    rivals = (other for other in held if other is rule or other.base_id != rule.base_id)
    silencing = [other for other in rivals if other.silences_nets]
    others = (other for other in silencing if not other.unless_other)
    first = next(others, None) or next(iter(silencing), None)
    return None if first is rule else first


def _prefilter_queries(rule: Rule) -> tuple[Query, ...]:
    """Return queries of which at least one holds wherever the rule does.

    Empty where there are no such queries: the rule is then tried on every text.
    """
    for condition in rule.all:
        if condition.needs is not None:
            return (condition.needs,)
    needs = [condition.needs for condition in rule.any]
    known = tuple(query for query in needs if query is not None)
    return known if len(known) == len(needs) else ()


@dataclass(frozen=True, slots=True)
class _EvaluationOrder:
    """In which order the conditions of `all` are asked, by their places."""

    plain: tuple[int, ...]  #: without windows
    whole: tuple[int, ...]

    @classmethod
    def of(cls, rule: Rule) -> _EvaluationOrder:
        """Return the order for a rule.

        Texts come late, because quoting a customer's words takes longer than all else, and windows
        last: they count what all others hold for.
        """
        windows = tuple(at for at, one in enumerate(rule.all) if isinstance(one, WindowCondition))
        others = [at for at in range(len(rule.all)) if at not in windows]
        plain = tuple(sorted(others, key=lambda at: rule.all[at].needs is not None))
        return cls(plain, plain + windows)


def _collect_windows(rules: Iterable[Rule]) -> Mapping[str, tuple[WindowCondition, ...]]:
    windows: dict[str, tuple[WindowCondition, ...]] = {}
    for rule in rules:
        if rule.window_key:
            windows[rule.window_key] = windows.get(rule.window_key, ()) + rule.windows
    return windows


def _in_window_of(rule: Rule, evidence: Evidence) -> Evidence:
    """Return the evidence with what the windows of a rule see."""
    if not rule.window_key:
        return evidence
    return replace(evidence, window=evidence.windows.get(rule.window_key))


def _evaluate_rule(
    rule: Rule, order: tuple[int, ...], evidence: Evidence
) -> tuple[Clause, ...] | None:
    """Return what held, in the order of the rule, or None where the rule does not hold."""
    evidence = _in_window_of(rule, evidence)
    held: dict[int, Clause] = {}
    for at in order:
        clause = rule.all[at].check(evidence)
        if clause is None:
            return None
        held[at] = clause
    if rule.none and _clauses_that_hold(rule.none, evidence):
        return None
    alternatives = _clauses_that_hold(rule.any, evidence) if rule.any else ()
    if rule.any and not alternatives:
        return None
    return (*(held[at] for at in sorted(held)), *alternatives)


def _clauses_that_hold(conditions: Sequence[Condition], evidence: Evidence) -> tuple[Clause, ...]:
    clauses = (condition.check(evidence) for condition in conditions)
    return tuple(clause for clause in clauses if clause)


def _explain_rule(rule: Rule, evidence: Evidence) -> RuleExplanation:
    if rule.mode is RuleMode.OFF:
        return RuleExplanation(rule, held=False)
    lists = (("all", rule.all), ("any", rule.any), ("none", rule.none))
    asked = _in_window_of(rule, evidence)
    findings = tuple(
        ConditionResult(
            part,
            condition.kind(),
            condition.describe(),
            condition.check(asked),
            condition.measure(asked),
        )
        for part, conditions in lists
        for condition in conditions
    )
    clauses = _evaluate_rule(rule, _EvaluationOrder.of(rule).whole, evidence)
    return RuleExplanation(rule, clauses is not None, findings)
