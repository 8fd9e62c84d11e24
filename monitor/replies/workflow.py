"""How people reply to a customer: they draft a reply, submit it, and approve or reject it.

Nothing is published here: that is left to the publisher, so that a click costs one transaction and
no request.
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
from monitor.followup.act import apply_action, refuse_removed
from monitor.replies.templates import TimeLimitedDrafter, load_drafter, load_templates
from monitor.settings import Settings
from monitor.store import Transaction
from sources.base import ReplyingSource, Source


@dataclass(frozen=True, slots=True)
class ReplyWorkflow:
    """What people do to reply to customers: draft, submit, approve or reject."""

    templates: tuple[ReplyTemplate, ...] = ()
    voice: BrandVoice = field(default_factory=BrandVoice)
    #: the sources that take replies, by their ids
    reply_sources: Mapping[str, ReplyingSource] = field(default_factory=dict)
    approval: bool = False  #: whether a manager reads a reply before it is published
    mask: Callable[[str], str] = str  #: applies the privacy setting to a text
    drafter: TimeLimitedDrafter | None = None

    def draft(self, card: Card, person: str = "", template: str = "") -> ReplyDraft:
        """Return a reply to start from, by the template of that name or else the best fitting one.

        `person` is the name of who replies, as the customer may see it; an id ("user:U1") is left
        out. With a model it may take two seconds.
        """
        fitting = select_templates(self.templates, card)
        best = fitting[0] if fitting else None
        chosen = next((each for each in fitting if each.name == template), best)
        source = self._reply_target(card)
        limit = MAX_REPLY_LENGTH
        if source:
            limit = min(limit, source.max_reply_length)
        return ReplyDraft(
            text=self._draft_text(card, chosen, person, limit)[:limit],
            options=tuple(each.name for each in fitting),
            chosen=chosen.name if chosen else "",
            can_publish=source is not None,
            needs_approval=self.approval and source is not None,
            url=card.feedback.url,
            max_length=limit,
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
        """Queue a reply for publication, or propose it for approval.

        Without `publish`, record that a person posts it themselves. Returns the changed alert, or
        why nothing was done.
        """
        card = tx.alerts.card(alert_id)
        if card is None:
            return refuse_removed(alert_id)
        if not text.strip():
            return Refusal("The answer is empty.")
        change = decide_action(card.alert, action, now)
        if isinstance(change, Refusal):
            return change
        reply = _make_reply(card, text.strip(), action, now)
        if not publish:
            kept = tx.replies.add(replace(reply, state=ReplyState.COPIED))
            details = {
                **action.details,
                "reply": str(kept.id),
                "url": card.feedback.url,
                "text": kept.text,
            }
            return apply_action(tx, alert_id, replace(action, details=details), now)
        obstacle = self._submit_obstacle(tx, card, reply)
        if obstacle:
            return Refusal(obstacle)
        if self.approval:
            return self._propose_reply(tx, card.alert, reply, now)
        kept = tx.replies.add(replace(reply, state=ReplyState.APPROVED, not_before=now))
        return _record_pending_reply(tx, card.alert, EventKind.REPLY_QUEUED, kept, {}, now)

    def approve(
        self, tx: Transaction, reply_id: int, actor: Actor, now: datetime
    ) -> Alert | Refusal:
        """Queue a proposed reply for publication; a person cannot approve their own."""
        return self._decide_proposal(tx, reply_id, ReplyState.APPROVED, actor, now)

    def reject(
        self, tx: Transaction, reply_id: int, actor: Actor, now: datetime, note: str = ""
    ) -> Alert | Refusal:
        """Send a proposed reply back to its author; `note` says what is wrong with it."""
        return self._decide_proposal(tx, reply_id, ReplyState.REJECTED, actor, now, note)

    def find_reply(self, tx: Transaction, reply_id: int) -> Reply | None:
        """Return the reply with this id, or None."""
        return tx.replies.get(reply_id)

    def _draft_text(
        self, card: Card, template: ReplyTemplate | None, person: str, limit: int
    ) -> str:
        masked = {
            "author": self.mask(card.feedback.author.name),
            "words": self.mask(", ".join(card.alert.words)),
            "title": self.mask(card.feedback.title),
        }
        is_id = ":" in person
        values = template_values(card, self.voice, "" if is_id else person, masked)
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
            most=limit,
        )
        return self.drafter.draft(prompt)

    def _reply_target(self, card: Card) -> ReplyingSource | None:
        """Return the source that publishes replies to the card's feedback; None for none."""
        feedback = card.feedback
        if feedback.deleted or not feedback.id:
            return None
        return self.reply_sources.get(feedback.source_id)

    def _submit_obstacle(self, tx: Transaction, card: Card, reply: Reply) -> str:
        """Return why a reply cannot be queued for publication; empty where it can."""
        source = self._reply_target(card)
        if source is None:
            return "repwatch cannot publish there: copy the answer and post it yourself."
        length, limit = len(reply.text), source.max_reply_length
        if length > limit:
            return f"The answer is too long: {length:,} of {limit:,} characters."
        other = tx.replies.find_open(card.alert.id)
        if other is None:
            return ""
        is_proposed = other.state is ReplyState.PROPOSED
        progress = "waits for approval" if is_proposed else "is being published"
        return f"An answer by {other.actor} {progress} already."

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
            return refuse_removed(reply.alert_id)
        if reply.state is not ReplyState.PROPOSED:
            return Refusal(_already_decided(reply))
        approved = state is ReplyState.APPROVED
        if approved and actor == reply.actor:
            return Refusal("This is your own answer: somebody else has to read it first.")
        publish_at = now if approved else None
        decided = tx.replies.update_if_unchanged(
            reply, state=state, decided_by=actor, not_before=publish_at
        )
        if decided is None:
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
    """Build the workflow that `[respond]` describes; raises ConfigError with every mistake there.

    `rules` and `signals` are the names that templates may use; None leaves them unchecked.
    """
    respond = settings.respond
    templates: tuple[ReplyTemplate, ...] = ()
    if respond.templates:
        templates = load_templates(
            respond.templates, settings.folder, rules=rules, signals=signals, sources=sources
        )
    reply_sources = {
        source_id: source
        for source_id, source in sources.items()
        if isinstance(source, ReplyingSource) and source.can_reply
    }
    return ReplyWorkflow(
        templates=templates,
        voice=BrandVoice(tone=respond.voice, brand=respond.brand, signature=respond.signature),
        reply_sources=reply_sources,
        approval=respond.approval,
        mask=mask,
        drafter=load_drafter(respond.drafter),
    )


def collect_official_accounts(
    settings: Settings, reply_sources: Mapping[str, ReplyingSource]
) -> OfficialAccounts:
    """Return our own accounts in each source, by source id.

    They are those that the configuration names, and the one that publishes replies there.
    """
    official: dict[str, frozenset[str]] = {}
    for configured in settings.sources:
        source = reply_sources.get(configured.id)
        accounts = (*configured.official, source.account if source else "")
        names = normalize_account_names(accounts)
        if names:
            official[configured.id] = names
    return official


#: The event of a manager's decision, by the state that it gives the reply.
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
    """Record that a reply waits for approval or publication, and return the alert.

    Its author takes the alert if nobody has it.
    """
    taken = AlertStatus.ACKNOWLEDGED if alert.status is AlertStatus.OPEN else None
    change = AlertChange(
        kind=kind,
        to=taken,
        assignee=alert.assignee or reply.actor,
        details={"reply": str(reply.id), **details},
    )
    return tx.alerts.apply_change(alert.id, change, at=now, actor=reply.actor, via=reply.via)


def _already_decided(reply: Reply) -> str:
    decision = "sent back" if reply.state is ReplyState.REJECTED else "approved"
    by = f" by {reply.decided_by}" if reply.decided_by else ""
    return f"This answer was {decision} already{by}. Nothing was done."
