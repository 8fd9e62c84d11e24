"""What a card, a log line and an explanation hide of a customer."""

from __future__ import annotations

from monitor.analysis.privacy import mask_personal_data
from monitor.domain.actor import Actor
from monitor.domain.alert import Alert, AlertStatus, Clause, MatchOutcome, Severity, StoredDecision
from monitor.domain.delivery import Card
from monitor.domain.event import AlertEvent, EventKind
from monitor.domain.feedback import Analysis, Signal
from monitor.masking import mask_alert_card, mask_event, mask_explained
from monitor.testing import NOON, make_feedback

ADDRESS = "ann.smith@example.com"
SAID = f"answer me at {ADDRESS}"


def test_no_text_of_a_card_shows_an_address() -> None:
    """Title, body, reason, matched words, signals and the reasons of the analysis are all
    masked.
    """
    alert = Alert(
        id=1,
        rule_id="r",
        rule_name="R",
        rule_version="1",
        severity=Severity.HIGH,
        status=AlertStatus.OPEN,
        group="g",
        channel="#c",
        mention="",
        reason=f"says “{SAID}”",
        words=(SAID,),
        opened_at=NOON,
        updated_at=NOON,
        version=1,
    )
    analysis = Analysis(
        text=SAID, words="answer me", signals=(Signal("no_response", (SAID,)),), why=(SAID,)
    )
    card = Card(alert=alert, feedback=make_feedback(SAID, title=SAID), analysis=analysis)
    assert ADDRESS in repr(card)
    assert ADDRESS not in repr(mask_alert_card(card, mask_personal_data))


def test_what_people_wrote_about_an_alert_is_masked_and_names_stay() -> None:
    """An answer repeats the address that it answers; who did it, and whom it concerns, stays
    readable.
    """
    event = AlertEvent(
        alert_id=1,
        at=NOON,
        kind=EventKind.RESOLVED,
        actor=Actor.slack("U0123456789"),
        note=SAID,
        details={
            "text": SAID,
            "root_cause": SAID,
            "action_taken": SAID,
            "assignee": "user:U0123456789",
        },
    )
    shown = mask_event(event, mask_personal_data)
    assert ADDRESS not in repr(shown)
    assert (shown.actor, shown.details["assignee"]) == (
        Actor.slack("U0123456789"),
        "user:U0123456789",
    )


def test_an_explanation_quotes_no_address() -> None:
    """What each rule decided is told without the customer's address."""
    explained = StoredDecision(
        rule_id="r",
        rule_version="1",
        severity=Severity.HIGH,
        live=True,
        outcome=MatchOutcome.OPENED,
        reason=SAID,
        clauses=(Clause("text", SAID, (SAID,)),),
        alert_id=1,
        at=NOON,
    )
    assert ADDRESS not in repr(mask_explained(explained, mask_personal_data))
