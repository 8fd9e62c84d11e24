"""Compare what a test of rules expects with what came, and say why a rule stayed quiet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.domain.alert import Alert, MatchOutcome, StoredDecision
from monitor.domain.event import EventKind
from monitor.domain.rule_test import (
    Expectation,
    ExpectedAlert,
    RuleTestFailure,
    SeenAlert,
)
from monitor.domain.workspace import Workspace
from monitor.health.source_alerts import HEALTH_RULE_ID
from monitor.notifiers.plain_text import one_line
from monitor.store import Transaction
from monitor.tuning.explain import FeedbackExplanation, explain_feedback
from monitor.tuning.posted_messages import PostedMessages
from rules.engine import Engine

_MOST_ALERTS = 10_000
#: Feedback of which a failure says why a rule stayed quiet.
_MOST_EXPLAINED = 5
_EXCERPT = 60


def list_decisions(tx: Transaction) -> list[StoredDecision]:
    """Return every stored decision, by feedback in the order in which it was stored."""
    stored = sorted(feedback.id for feedback, _ in tx.feedback.iterate_stored())
    return [one for which in stored for one in tx.alerts.list_decisions(which)]


def check_expectation(
    tx: Transaction,
    expected: Expectation,
    posted: PostedMessages,
    engine: Engine,
    workspace: Workspace,
) -> list[RuleTestFailure]:
    """Return what of an expectation is not met at its moment, with what came and why."""
    checker = _Checker(tx, expected, posted, engine, workspace)
    return [
        *checker.check_alerts(),
        *checker.check_quiet(),
        *checker.check_silent(),
        *checker.check_counts(),
    ]


class _Checker:
    """What one expectation is compared with."""

    def __init__(
        self,
        tx: Transaction,
        expected: Expectation,
        posted: PostedMessages,
        engine: Engine,
        workspace: Workspace,
    ) -> None:
        self._tx, self._expected, self._posted = tx, expected, posted
        self._engine, self._workspace = engine, workspace

    def check_alerts(self) -> Iterator[RuleTestFailure]:
        """Yield a failure unless exactly the expected alerts are there."""
        wanted = self._expected.alerts
        if wanted is None:
            return
        seen = self._list_seen(wanted)
        pairs = match_alerts(wanted, seen)
        missing = [one for at, one in enumerate(wanted) if at not in pairs]
        extra = [alert for at, alert in enumerate(seen) if at not in pairs.values()]
        if not (missing or extra):
            return
        said = [f"expected: {alert}" for alert in missing]
        said += [f"not expected: {describe_alert(alert)}" for alert in extra]
        came = [describe_alert(alert) for alert in seen]
        came += [f"{one.rule_id}: {text}" for one, text in self._list_cards(missing, extra)]
        why = [line for one in missing for line in self._explain_quiet(one.rule_id)]
        why += [f"{alert.rule_id} held: {alert.reason}" for alert in extra if not missing]
        yield RuleTestFailure(
            self._expected.at, "; ".join(said), tuple(came), tuple(dict.fromkeys(why))
        )

    def check_quiet(self) -> Iterator[RuleTestFailure]:
        """Yield a failure for each rule that was to stay quiet and called somebody."""
        for rule_id in self._expected.quiet:
            fired = [
                one
                for one in list_decisions(self._tx)
                if one.rule_id == rule_id
                and one.live
                and one.outcome is not MatchOutcome.SUPPRESSED
            ]
            if fired:
                came = tuple(f"{_clock(one.at)} {one.outcome}: {one.reason}" for one in fired)
                yield RuleTestFailure(
                    self._expected.at, f"{rule_id} was to stay quiet, and fired", came
                )

    def check_silent(self) -> Iterator[RuleTestFailure]:
        """Yield a failure for each reason that kept another number of matches quiet."""
        reasons = [
            one.reason for one in list_decisions(self._tx) if one.outcome is MatchOutcome.SUPPRESSED
        ]
        for part, count in self._expected.silent.items():
            found = sum(part.casefold() in reason.casefold() for reason in reasons)
            if found != count:
                came = [f"{number} x {said}" for said, number in Counter(reasons).most_common()]
                yield RuleTestFailure(
                    self._expected.at,
                    f'{count} matches were to stay silent because of "{part}", and {found} did',
                    tuple(came),
                )

    def check_counts(self) -> Iterator[RuleTestFailure]:
        """Yield a failure where another number of messages was posted."""
        posted = {"cards": self._posted.cards, "summaries": len(self._posted.summaries)}
        wanted = {"cards": self._expected.cards, "summaries": self._expected.summaries}
        for name, count in wanted.items():
            if count is not None and posted[name] != count:
                message = f"{count} {name} were to be posted by then, and {posted[name]} were"
                yield RuleTestFailure(self._expected.at, message)

    def _list_seen(self, wanted: Sequence[ExpectedAlert]) -> list[SeenAlert]:
        """Return the alerts that are not closed, and closed ones where one such is expected.

        What is about a source and not about feedback counts only where it is expected.
        """
        wants_closed = {one.rule_id for one in wanted if one.status and one.status.is_closed}
        wants_health = any(one.rule_id == HEALTH_RULE_ID for one in wanted)
        found = sorted(self._tx.alerts.find(limit=_MOST_ALERTS), key=lambda alert: alert.id)
        return [
            self._see(alert)
            for alert in found
            if (not alert.status.is_closed or alert.rule_id in wants_closed)
            and (alert.rule_id != HEALTH_RULE_ID or wants_health)
        ]

    def _see(self, alert: Alert) -> SeenAlert:
        kinds = {event.kind for event in self._tx.alerts.events(alert.id)}
        card = self._tx.alerts.card(alert.id)
        return SeenAlert(
            id=alert.id,
            rule_id=alert.rule_id,
            severity=alert.severity,
            status=alert.status,
            feedback=alert.members,
            channel=alert.channel,
            also=tuple(rule.id for rule in card.also) if card else (),
            late=EventKind.LATE in kinds,
            escalated=EventKind.ESCALATED in kinds,
            opened_at=alert.opened_at,
            reason=alert.reason,
            text=self._posted.texts.get(alert.id, ""),
        )

    @staticmethod
    def _list_cards(
        missing: Sequence[ExpectedAlert], extra: Sequence[SeenAlert]
    ) -> Iterator[tuple[SeenAlert, str]]:
        """Yield the text of each card that was expected to say something else."""
        wordless = [replace(one, contains=(), lacks=()) for one in missing]
        for alert in extra:
            if any(is_as_expected(one, alert) for one in wordless):
                yield alert, f"its card says: {one_line(alert.text)}"

    def _explain_quiet(self, rule_id: str) -> Iterator[str]:
        """Yield what a rule says of each feedback, those first that came closest."""
        stored = sorted(feedback.id for feedback, _ in self._tx.feedback.iterate_stored())
        explained = [
            explain_feedback(self._tx, self._engine, which, self._workspace) for which in stored
        ]
        lines = [
            (rule.fired, rule.steps_away, f"{rule_id}, {_name_feedback(one)}: {rule.fate}")
            for one in explained
            for rule in one.rules
            if rule.rule_id == rule_id
        ]
        lines.sort(key=lambda line: (not line[0], line[1]))
        yield from (said for *_, said in lines[:_MOST_EXPLAINED])
        if len(lines) > _MOST_EXPLAINED:
            yield f"{rule_id}: {len(lines) - _MOST_EXPLAINED} more feedback were no closer"


def match_alerts(wanted: Sequence[ExpectedAlert], seen: Sequence[SeenAlert]) -> dict[int, int]:
    """Return which expected alert is which seen one, as many as can be, by their places."""
    holder: dict[int, int] = {}  # by the place of what is seen, that of what is expected

    def place(at: int, tried: set[int]) -> bool:
        for other, alert in enumerate(seen):
            if other in tried or not is_as_expected(wanted[at], alert):
                continue
            tried.add(other)
            if other not in holder or place(holder[other], tried):
                holder[other] = at
                return True
        return False

    for at in range(len(wanted)):
        place(at, set())
    return {at: other for other, at in holder.items()}


def is_as_expected(wanted: ExpectedAlert, alert: SeenAlert) -> bool:
    """Return whether an alert is all that is said of an expected one."""
    text = _fold(alert.text)
    facts = (
        (wanted.severity, alert.severity),
        (wanted.feedback, alert.feedback),
        (wanted.channel, alert.channel),
        (wanted.late, alert.late),
        (wanted.escalated, alert.escalated),
        (wanted.status, alert.status),
    )
    return (
        wanted.rule_id == alert.rule_id
        and (wanted.status is not None or not alert.status.is_closed)
        and all(value is None or value == came for value, came in facts)
        and set(wanted.also) <= set(alert.also)
        and all(_fold(part) in text for part in wanted.contains)
        and not any(_fold(part) in text for part in wanted.lacks)
    )


def describe_alert(alert: SeenAlert) -> str:
    """Return an alert in one line for people, with the time at which it was opened."""
    parts = [f"{_clock(alert.opened_at)} {alert.rule_id}", alert.severity, alert.status]
    parts += [alert.channel, f"{alert.feedback} feedback"]
    parts += [f"also {', '.join(alert.also)}"] if alert.also else []
    parts += ["late"] if alert.late else []
    parts += ["escalated"] if alert.escalated else []
    return ", ".join(parts)


def _name_feedback(explained: FeedbackExplanation) -> str:
    text = one_line(explained.analysis.text)
    shown = text if len(text) <= _EXCERPT else f"{text[: _EXCERPT - 1]}…"
    return f'feedback {explained.feedback.id} "{shown}"'


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def _clock(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
