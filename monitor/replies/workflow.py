"""Answering a customer: a draft to start from, a second pair of eyes, and what is to be published.

Nothing is published here: what may be is left to `publish`, so that a click costs one transaction
and no network.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.domain.action import Action, AlertChange, Refusal, decide_action
from monitor.domain.actor import Actor
from monitor.domain.alert import Alert, AlertStatus
from monitor.domain.delivery import Card
from monitor.domain.event import EventKind
from monitor.domain.reply import (
    MAX_REPLY_LENGTH,
    BrandVoice,
    OfficialAccounts,
    Prompt,
    Reply,
    ReplyDraft,
    ReplyState,
    ReplyTemplate,
    customer_language,
    fill_template,
    normalize_account_names,
    select_templates,
    template_values,
)
from monitor.followup.act import apply_action
from monitor.replies.templates import TimeLimitedDrafter, load_drafter, load_templates
from monitor.settings import Settings
from monitor.store import Transaction
from sources.base import ReplyingSource, Source

_ALERT_REMOVED = "There is no alert {}; it was removed with its feedback."


@dataclass(frozen=True, slots=True)
class ReplyWorkflow:
    """What people do to answer customers."""

    templates: tuple[ReplyTemplate, ...] = ()
    voice: BrandVoice = field(default_factory=BrandVoice)
    #: by source id, those that take answers
    places: Mapping[str, ReplyingSource] = field(default_factory=dict)
    approval: bool = False  #: a manager reads an answer before it is published
    mask: Callable[[str], str] = str
    drafter: TimeLimitedDrafter | None = None

    def draft(self, card: Card, person: str = "", template: str = "") -> ReplyDraft:
        """An answer to start from, made of the template of that name, or of the one that fits best.

        `person` is the name of who answers, as the customer may see it; an id is none. With a model
        it may take two seconds.
        """
        found = select_templates(self.templates, card)
        chosen = next((one for one in found if one.name == template), found[0] if found else None)
        place = self._reply_target(card)
        most = min(MAX_REPLY_LENGTH, place.max_reply_length) if place else MAX_REPLY_LENGTH
        return ReplyDraft(
            text=self._draft_text(card, chosen, person, most)[:most],
            options=tuple(one.name for one in found),
            chosen=chosen.name if chosen else "",
            can_publish=place is not None,
            needs_approval=self.approval and place is not None,
            url=card.feedback.url,
            most=most,
        )

    def submit(
        self,
        tx: Transaction,
        alert_id: int,
        text: str,
        publish: bool,
        action: Action,
        now: datetime,
    ) -> Alert | Refusal:
        """Publish an answer, or have it approved first, or (without `publish`) note that a person
        has posted it.
        """
        card = tx.alerts.card(alert_id)
        if card is None:
            return Refusal(_ALERT_REMOVED.format(alert_id))
        if not text.strip():
            return Refusal("The answer is empty.")
        change = decide_action(card.alert, action, now)
        if isinstance(change, Refusal):
            return change
        reply = _make_reply(card, text.strip(), action, now)
        if not publish:
            kept = tx.replies.add(replace(reply, state=ReplyState.COPIED))
            details = {**action.details, "reply": str(kept.id), "url": card.feedback.url}
            return apply_action(tx, alert_id, replace(action, details=details), now)
        if says := self._submit_obstacle(tx, card, reply):
            return Refusal(says)
        if self.approval:
            return self._propose_reply(tx, card.alert, reply, now)
        kept = tx.replies.add(replace(reply, state=ReplyState.APPROVED, not_before=now))
        return _record_pending_reply(tx, card.alert, EventKind.REPLY_QUEUED, kept, {}, now)

    def approve(
        self, tx: Transaction, reply_id: int, actor: Actor, now: datetime
    ) -> Alert | Refusal:
        """Let a proposed answer be published."""
        return self._decide_proposal(tx, reply_id, ReplyState.APPROVED, actor, now)

    def reject(
        self, tx: Transaction, reply_id: int, actor: Actor, now: datetime, note: str = ""
    ) -> Alert | Refusal:
        """Send a proposed answer back to who wrote it, with what is wrong with it."""
        return self._decide_proposal(tx, reply_id, ReplyState.REJECTED, actor, now, note)

    def find_reply(self, tx: Transaction, reply_id: int) -> Reply | None:
        """The answer of this id, or None."""
        return tx.replies.get(reply_id)

    def _draft_text(
        self, card: Card, template: ReplyTemplate | None, person: str, most: int
    ) -> str:
        own = {
            "author": card.feedback.author.name,
            "words": ", ".join(card.alert.words),
            "title": card.feedback.title,
        }
        masked = {name: self.mask(value) for name, value in own.items()}
        values = template_values(card, self.voice, "" if ":" in person else person, masked)
        text = fill_template(template.text, values).strip() if template else ""
        if self.drafter is None:
            return text
        prompt = Prompt(
            title=masked["title"],
            text=self.mask(card.feedback.body),
            author=masked["author"],
            language=customer_language(card),
            rating=values["rating"],
            template=text,
            voice=self.voice,
            most=most,
        )
        return self.drafter.draft(prompt)

    def _reply_target(self, card: Card) -> ReplyingSource | None:
        """Where an answer to an alert's first feedback can be published; None where nobody can."""
        feedback = card.feedback
        return None if feedback.deleted or not feedback.id else self.places.get(feedback.source_id)

    def _submit_obstacle(self, tx: Transaction, card: Card, reply: Reply) -> str:
        """Why an answer cannot be published; empty where it can."""
        place = self._reply_target(card)
        if place is None:
            return "repwatch cannot publish there: copy the answer and post it yourself."
        if len(reply.text) > place.max_reply_length:
            return f"The answer is too long: {len(reply.text):,} of {place.max_reply_length:,} characters."
        waiting = tx.replies.find_open(card.alert.id)
        if waiting is None:
            return ""
        how = "waits for approval" if waiting.state is ReplyState.PROPOSED else "is being published"
        return f"An answer by {waiting.actor} {how} already."

    def _propose_reply(self, tx: Transaction, alert: Alert, reply: Reply, now: datetime) -> Alert:
        kept = tx.replies.add(replace(reply, state=ReplyState.PROPOSED))
        return _record_pending_reply(
            tx, alert, EventKind.REPLY_PROPOSED, kept, {"text": kept.text}, now
        )

    def _decide_proposal(
        self,
        tx: Transaction,
        reply_id: int,
        state: ReplyState,
        actor: Actor,
        now: datetime,
        note: str = "",
    ) -> Alert | Refusal:
        reply = tx.replies.get(reply_id)
        if reply is None:
            return Refusal("This answer is no longer there.")
        alert = tx.alerts.get(reply.alert_id)
        if alert is None:
            return Refusal(_ALERT_REMOVED.format(reply.alert_id))
        if reply.state is not ReplyState.PROPOSED:
            by = f" by {reply.decided_by}" if reply.decided_by else ""
            return Refusal(
                f"This answer was {_decision_word(reply)} already{by}. Nothing was done."
            )
        if actor == reply.actor and state is ReplyState.APPROVED:
            return Refusal("This is your own answer: somebody else has to read it first.")
        due = now if state is ReplyState.APPROVED else None
        if (
            tx.replies.update_if_unchanged(reply, state=state, decided_by=actor, not_before=due)
            is None
        ):
            return Refusal("Somebody else was first. Nothing was done.")
        details = {"reply": str(reply.id), "for": str(reply.actor)}
        change = AlertChange(kind=_DECISION_EVENTS[state], note=note, details=details)
        return tx.alerts.apply_change(alert.id, change, at=now, actor=actor, via=reply.via)


def configure_replies(
    settings: Settings,
    sources: Mapping[str, Source],
    mask: Callable[[str], str],
    *,
    rules: Collection[str] | None = None,
    signals: Collection[str] | None = None,
) -> ReplyWorkflow:
    """What people can answer with, as `[respond]` says; ConfigError names every mistake there.

    Names of rules and signals in templates are checked where it is known which there are.
    """
    own = settings.respond
    templates: tuple[ReplyTemplate, ...] = ()
    if own.templates:
        templates = load_templates(
            own.templates, settings.folder, rules=rules, signals=signals, sources=sources
        )
    return ReplyWorkflow(
        templates=templates,
        voice=BrandVoice(tone=own.voice, brand=own.brand, signature=own.signature),
        places={
            name: source
            for name, source in sources.items()
            if isinstance(source, ReplyingSource) and source.can_reply
        },
        approval=own.approval,
        mask=mask,
        drafter=load_drafter(own.drafter),
    )


def collect_official_accounts(
    settings: Settings, places: Mapping[str, ReplyingSource]
) -> OfficialAccounts:
    """By source id our own accounts there: those that the configuration names, and the one that
    answers.
    """
    named = {
        wanted.id: normalize_account_names(
            (*wanted.official, places[wanted.id].account if wanted.id in places else "")
        )
        for wanted in settings.sources
    }
    return {source_id: names for source_id, names in named.items() if names}


#: The event of a manager's decision, by the state that the reply is then in.
_DECISION_EVENTS: Mapping[ReplyState, EventKind] = {
    ReplyState.APPROVED: EventKind.REPLY_APPROVED,
    ReplyState.REJECTED: EventKind.REPLY_REJECTED,
}


def _make_reply(card: Card, text: str, action: Action, now: datetime) -> Reply:
    return Reply(
        id=0,
        alert_id=card.alert.id,
        feedback_id=card.feedback.id,
        source_id=card.feedback.source_id,
        text=text,
        state=ReplyState.PROPOSED,
        actor=action.actor,
        at=now,
        via=action.via,
    )


def _record_pending_reply(
    tx: Transaction,
    alert: Alert,
    kind: EventKind,
    reply: Reply,
    details: Mapping[str, str],
    now: datetime,
) -> Alert:
    """The alert with the note that an answer is under way: whoever wrote it is at it."""
    change = AlertChange(
        kind=kind,
        to=AlertStatus.ACKNOWLEDGED if alert.status is AlertStatus.OPEN else None,
        assignee=alert.assignee or reply.actor,
        details={"reply": str(reply.id), **details},
    )
    return tx.alerts.apply_change(alert.id, change, at=now, actor=reply.actor, via=reply.via)


def _decision_word(reply: Reply) -> str:
    return "sent back" if reply.state is ReplyState.REJECTED else "approved"
