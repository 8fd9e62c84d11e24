"""What a customer said at the counter becomes feedback like any other."""

from __future__ import annotations

import json
from datetime import timedelta

from monitor.domain.action import Action, ActionKind
from monitor.domain.alert import AlertStatus
from monitor.followup.act import apply_action
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.slack_app.interactions import Interaction, InteractionKind
from monitor.slack_app.message_to_feedback import FeedbackCapture
from monitor.testing import NOON, memory_store
from rules.engine import Engine
from rules.load import parse_rules
from tests.world.answering import ANALYZER, BEN

ENGINE = Engine(
    parse_rules(
        {"rules": [{"id": "broken", "group_by": ["source"], "all": [{"text": "broken"}]}]},
        "rules.toml",
    )
)


def said(message: str) -> Interaction:
    """The dialog for a chosen message, sent off as it was proposed."""
    view = {"callback_id": "capture", "private_metadata": f"C0SUPPORT/{message}"}
    filled = {"kind": "submit", "key": message, "app": "A1", "person": "U0ANN111", "view": view}
    return Interaction.from_json(
        json.dumps({**filled, "values": {"text": "it is broken"}}).encode()
    )


def test_what_was_resolved_comes_back() -> None:
    """The alert is open again as with any source, and whoever added the feedback is told so."""
    store = memory_store()
    policy = AlertPolicy(reopen_within=timedelta(days=7))
    feedback_capture = FeedbackCapture(
        Ingest(store, ANALYZER, ENGINE, "#support"), lambda *_: "", policy
    )
    first = f"{NOON.timestamp():.0f}.000100"
    assert (
        feedback_capture.capture(said(first), NOON, lambda tx, done: None)
        == "Added as feedback. It opened alert 1."
    )
    with store.write() as tx:
        apply_action(tx, 1, Action(kind=ActionKind.RESOLVE, actor=BEN), NOON)
    later = NOON + timedelta(hours=1)
    again = feedback_capture.capture(
        said(f"{later.timestamp():.0f}.000100"), later, lambda tx, done: None
    )
    assert again == "Added as feedback. It opened an alert again that was resolved."
    with store.read() as tx:
        alert = tx.alerts.get(1)
    store.close()
    assert alert
    assert (alert.status, said(first).kind) == (AlertStatus.OPEN, InteractionKind.SUBMIT)
