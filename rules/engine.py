"""Which rules hold for a feedback, and why: pure, and fast where nothing holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.domain.alert import Clause, Match
from monitor.domain.feedback import Evidence
from rules.base import Condition
from rules.query import Query
from rules.rule import Mode, Rule
from rules.terms import Terms


@dataclass(frozen=True, slots=True)
class Finding:
    """What one condition of a rule said about the evidence."""

    part: str  #: all, any or none: the list in which the condition stands
    condition: str  #: its kind
    asked: str  #: what it asks for, for people
    clause: Clause | None  #: why it held; None where it did not

    @property
    def held(self) -> bool:
        """Whether the condition held; in `none` that speaks against the rule."""
        return self.clause is not None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a rule fires for a feedback, and what every condition of it said."""

    rule: Rule
    held: bool
    findings: tuple[Finding, ...] = ()

    @property
    def reason(self) -> str:
        """Why it fires or stays silent, in one line for people."""
        if self.rule.mode is Mode.OFF:
            return "the rule is off"
        if self.held:
            return " and ".join(
                item.clause.said for item in self.findings if item.clause and item.part != "none"
            )
        missing = [item.asked for item in self.findings if self._fails(item)]
        excluding = [
            item.clause.said for item in self.findings if item.clause and item.part == "none"
        ]
        parts = (("not met: ", missing), ("ruled out: ", excluding))
        return "; ".join(label + ", ".join(said) for label, said in parts if said)

    def _fails(self, item: Finding) -> bool:
        if item.part == "any":
            return not any(other.held for other in self.findings if other.part == "any")
        return item.part == "all" and not item.held


class Engine:
    """Some rules, compiled once; threads may share it."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        active = [rule for rule in self._rules if rule.mode is not Mode.OFF]
        self._active = tuple(sorted(active, key=lambda rule: rule.severity.rank))
        self._orders = tuple(_order(rule) for rule in self._active)
        queries = dict.fromkeys(query for rule in self._active for query in _gate(rule))
        positions = {query: at for at, query in enumerate(queries)}
        self._terms = Terms(queries)
        self._always = tuple(at for at, rule in enumerate(self._active) if not _gate(rule))
        self._gated: dict[int, list[int]] = {}
        for at, rule in enumerate(self._active):
            for query in _gate(rule):
                self._gated.setdefault(positions[query], []).append(at)

    def evaluate(self, evidence: Evidence) -> tuple[Match, ...]:
        """The rules that hold, the most severe first, then in the order of the rules."""
        seen = self._terms.matching(evidence.analysis.words)
        candidates: Iterable[int] = self._always
        if seen:
            candidates = sorted(
                {*self._always, *(rule for query in seen for rule in self._gated[query])}
            )
        found: list[Match] = []
        for at in candidates:
            clauses = _clauses(self._active[at], self._orders[at], evidence)
            if clauses is not None:
                found.append(_match(self._active[at], clauses, evidence))
        return tuple(found)

    def explain(self, evidence: Evidence) -> tuple[Verdict, ...]:
        """What each rule says about the evidence, in the order of the rules; those that are off
        too.
        """
        return tuple(_verdict(rule, evidence) for rule in self._rules)


def _gate(rule: Rule) -> tuple[Query, ...]:
    """Queries of which at least one holds wherever the rule does; empty where there are no such
    queries.
    """
    for condition in rule.all:
        if condition.needs is not None:
            return (condition.needs,)
    needs = [condition.needs for condition in rule.any]
    known = tuple(query for query in needs if query is not None)
    return known if len(known) == len(needs) else ()


def _order(rule: Rule) -> tuple[int, ...]:
    """In which order `all` is asked: texts last, because quoting a customer's words takes longer
    than all else.
    """
    return tuple(sorted(range(len(rule.all)), key=lambda at: rule.all[at].needs is not None))


def _match(rule: Rule, clauses: tuple[Clause, ...], evidence: Evidence) -> Match:
    feedback, analysis = evidence.feedback, evidence.analysis
    return Match(
        rule_id=rule.id,
        rule_name=rule.name,
        rule_version=rule.version,
        severity=rule.severity,
        live=rule.mode is Mode.LIVE,
        feedback=feedback,
        analysis=analysis,
        clauses=clauses,
        group=rule.group(feedback, analysis),
        cooldown=rule.cooldown.total_seconds(),
        channel=rule.channel,
        mention=rule.mention,
        limits=rule.limits,
        reopen_within=None if rule.reopen_within is None else rule.reopen_within.total_seconds(),
    )


def _clauses(rule: Rule, order: tuple[int, ...], evidence: Evidence) -> tuple[Clause, ...] | None:
    """What held, in the order of the rule, or None where the rule does not hold."""
    held: dict[int, Clause] = {}
    for at in order:
        clause = rule.all[at].check(evidence)
        if clause is None:
            return None
        held[at] = clause
    if rule.none and _held(rule.none, evidence):
        return None
    alternatives = _held(rule.any, evidence) if rule.any else ()
    if rule.any and not alternatives:
        return None
    return (*(held[at] for at in range(len(rule.all))), *alternatives)


def _held(conditions: Sequence[Condition], evidence: Evidence) -> tuple[Clause, ...]:
    clauses = (condition.check(evidence) for condition in conditions)
    return tuple(clause for clause in clauses if clause)


def _verdict(rule: Rule, evidence: Evidence) -> Verdict:
    if rule.mode is Mode.OFF:
        return Verdict(rule, held=False)
    lists = (("all", rule.all), ("any", rule.any), ("none", rule.none))
    findings = tuple(
        Finding(part, condition.kind(), condition.describe(), condition.check(evidence))
        for part, conditions in lists
        for condition in conditions
    )
    return Verdict(rule, _clauses(rule, _order(rule), evidence) is not None, findings)
