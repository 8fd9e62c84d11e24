"""What managers do to rules in Slack: edit, try, save, promote, mute, send themselves a test."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from monitor.domain.rule_change import RuleChangeKind
from monitor.domain.suggestion import SuggestionReport
from monitor.errors import ConfigError
from monitor.masking import mask_alert_card
from monitor.notifiers.wording import format_utc
from monitor.slack.views import action_ids, forms
from monitor.slack.views.action_ids import RuleTarget
from monitor.slack.views.lists import render_text
from monitor.slack.views.rule_dialogs import (
    carry_draft,
    read_draft,
    render_conflict,
    render_done,
    render_refusal,
    render_rule_form,
    render_rule_history,
    render_rule_preview,
)
from monitor.slack.views.rules import render_suggestions, render_test_card
from monitor.slack_app.interactions import Interaction, InteractionKind
from monitor.slack_app.responder import SlackResponder, View
from monitor.store import Store, Transaction
from monitor.store.mutes import Mute
from monitor.tuning.rule_book import RuleBook
from monitor.tuning.rule_forms import REASON, apply_form, build_form
from monitor.tuning.rule_layers import lay_rules
from monitor.tuning.rule_previews import (
    BacktestPlace,
    RuleDraft,
    find_file,
    list_history,
    preview_rule,
)
from monitor.tuning.sample_cards import make_test_card
from monitor.tuning.saving import (
    Authorship,
    RuleRefusal,
    SaveConflict,
    SavedRule,
    SaveOutcome,
    discard_candidate,
    find_rule,
    promote_rule,
    save_rule,
)
from monitor.tuning.suggesting import suggest_changes
from rules.rule import Rule

#: How long the menu mutes a rule; the command takes other times.
MUTED_FOR: Final = timedelta(days=1)
#: Back-tests that run at one time: threads that open dialogs must not all be taken.
_MOST_PREVIEWS: Final = 2
#: Days that suggestions are made of: 28 that are looked at, and as many before.
_SUGGESTED_ON: Final = 56
#: Characters that a button carries.
_MAX_VALUE: Final = 2_000
_LEFT = "Nothing was changed: only this alert was not useful."
_BUSY = "Others are trying rules right now. Close this, and press Preview again in a moment."
_NOT_READ = "This dialog is too old to be saved from: open the rule again."
_NEVER_HELD = "held for nothing that is kept, so there is nothing to make a card of."

#: Something to write in the transaction that does what was asked.
WriteDone = Callable[[Transaction], None]


@dataclass(frozen=True, slots=True)
class DeskAnswer:
    """What is to be said and shown after something was done about a rule."""

    told: str = ""  #: in private; empty where the screen says it
    is_list_changed: bool = False


@dataclass(frozen=True, slots=True)
class RuleDesk:
    """Acts on rules for people who may; its methods raise DeliveryError and StoreError."""

    store: Store
    book: RuleBook
    responder: SlackResponder
    place: BacktestPlace
    mask: Callable[[str], str]  #: applies the privacy setting to a text
    _previews: threading.Semaphore = field(
        default_factory=lambda: threading.Semaphore(_MOST_PREVIEWS)
    )

    def act(self, interaction: Interaction, now: datetime, write_done: WriteDone) -> DeskAnswer:
        """Do what was clicked or sent off about a rule.

        `write_done` is part of the transaction of whatever is stored.
        """
        if interaction.kind is InteractionKind.SUBMIT:
            return DeskAnswer(self._take_form(interaction, now, write_done))
        if interaction.click.name in action_ids.SUGGESTION_BUTTONS:
            self._take_suggestion(interaction, now, write_done)
            return DeskAnswer()
        target = interaction.click.rule
        if target is None:
            return DeskAnswer()
        match interaction.click.name:
            case action_ids.EDIT_RULE:
                return DeskAnswer(self._open_form(interaction, target))
            case action_ids.RULE_HISTORY:
                return DeskAnswer(self._open_history(interaction, target))
            case action_ids.TEST_RULE:
                return DeskAnswer(self._send_test(interaction, target, now))
            case action_ids.MUTE_RULE | action_ids.UNMUTE_RULE:
                return self._mute(interaction, target, now, write_done)
        return self._decide(interaction, target, now, write_done)

    def refuse_form(self, interaction: Interaction, reason: str) -> bool:
        """Say in the dialog that waits why nothing is done; False where none waits."""
        is_form = interaction.kind is InteractionKind.SUBMIT and is_about_rule(interaction)
        if not is_form:
            return False
        return self.responder.replace_awaited_view(interaction.view_mark, render_refusal(reason))

    def suggest(self, alert_id: int, now: datetime) -> Mapping[str, Any] | None:
        """Return the message that offers changes of an alert's rule; None where there are none.

        Also None while others try rules: nobody waits for it.
        """
        effective, configured = self.book.load_rules(), self.book.configured
        if not self._previews.acquire(blocking=False):
            return None
        try:
            with self.store.read() as tx:
                alert = tx.alerts.get(alert_id)
                rule = effective.get(alert.rule_id) if alert else None
                if rule is None:
                    return None
                days = _SUGGESTED_ON
                request = self.place.make_request(configured, effective, rule, now, days=days)
                report = suggest_changes(tx, request)
                number = tx.rule_changes.history(rule.id).number
        finally:
            self._previews.release()
        if not report.suggestions:
            return None
        drafts = [
            carry_draft(rule.id, number, one.edit.definition, one.text)
            for one in report.suggestions
        ]
        values = [draft if len(draft) <= _MAX_VALUE else "" for draft in drafts]
        return render_suggestions(alert_id, mask_suggestions(report, self.mask), values)

    def _take_suggestion(
        self, interaction: Interaction, now: datetime, write_done: WriteDone
    ) -> None:
        """Save a suggestion in shadow, and say in the place of the offer what came of it."""
        if interaction.click.name == action_ids.LEAVE_RULE:
            self.responder.replace_answer(interaction, render_text(_LEFT))
            return
        draft = read_draft(str(interaction.action.get("value", "")))
        if draft is None:
            self.responder.replace_answer(interaction, render_text(_NOT_READ))
            return
        number, reason, definition = draft
        by = Authorship(author=interaction.actor, at=now, reason=reason, seen=number)
        try:
            with self.store.write() as tx:
                outcome = save_rule(tx, self.book.configured, definition, by)
                write_done(tx)
        except ConfigError as error:
            told = str(error)
        else:
            told = tell_outcome(outcome)
        self.responder.replace_answer(interaction, render_text(told))

    def _open_form(self, interaction: Interaction, target: RuleTarget) -> str:
        rule = find_rule(self.book.load_rules(), target.rule_id)
        if isinstance(rule, RuleRefusal):
            return rule.reason
        with self.store.read() as tx:
            number = tx.rule_changes.history(rule.id).number
        form = build_form(rule, number, find_file(self.book.configured, rule))
        self.responder.open_view(interaction.trigger, render_rule_form(form))
        return ""

    def _open_history(self, interaction: Interaction, target: RuleTarget) -> str:
        with self.store.read() as tx:
            history = tx.rule_changes.history(target.rule_id)
        view = render_rule_history(target.rule_id, list_history(history))
        self.responder.open_view(interaction.trigger, view)
        return ""

    def _send_test(self, interaction: Interaction, target: RuleTarget, now: datetime) -> str:
        """Show the card that the rule would make of what it held for last, to one person alone."""
        rule = find_rule(self.book.load_rules(), target.rule_id)
        if isinstance(rule, RuleRefusal):
            return rule.reason
        with self.store.read() as tx:
            card = make_test_card(tx, rule, now)
        if card is None:
            return f"{rule.id} {_NEVER_HELD}"
        message = render_test_card(mask_alert_card(card, self.mask))
        self.responder.answer_command(interaction, message)
        return ""

    def _mute(
        self, interaction: Interaction, target: RuleTarget, now: datetime, write_done: WriteDone
    ) -> DeskAnswer:
        rule_id, until = target.rule_id, now + MUTED_FOR
        with self.store.write() as tx:
            if interaction.click.name == action_ids.MUTE_RULE:
                tx.mutes.put(Mute(rule_id=rule_id, until=until, actor=interaction.actor), now)
                told = f"{rule_id} is muted until {format_utc(until)}: what it finds is counted."
            else:
                lifted = tx.mutes.lift(rule_id)
                told = f"{rule_id} is heard again." if lifted else f"{rule_id} was not muted."
            write_done(tx)
        return DeskAnswer(told, is_list_changed=True)

    def _decide(
        self, interaction: Interaction, target: RuleTarget, now: datetime, write_done: WriteDone
    ) -> DeskAnswer:
        """Promote or discard what is tried in shadow."""
        change = (
            promote_rule if interaction.click.name == action_ids.PROMOTE_RULE else discard_candidate
        )
        by = Authorship(author=interaction.actor, at=now, seen=target.number)
        try:
            with self.store.write() as tx:
                outcome = change(tx, self.book.configured, target.rule_id, by)
                write_done(tx)
        except ConfigError as error:
            return DeskAnswer(str(error))
        return DeskAnswer(tell_outcome(outcome), is_list_changed=True)

    def _take_form(self, interaction: Interaction, now: datetime, write_done: WriteDone) -> str:
        """Replace the dialog that waits by what came of the one that was sent off."""
        told = ""
        if interaction.form_submission.callback == action_ids.EDIT_RULE:
            view: View = self._preview(interaction, now)
        else:
            view, told = self._save(interaction, now, write_done)
        is_seen = self.responder.replace_awaited_view(interaction.view_mark, view)
        return "" if is_seen else told

    def _preview(self, interaction: Interaction, now: datetime) -> View:
        form = interaction.form_submission
        target = RuleTarget.from_value(form.carried)
        if target is None:
            return render_refusal(_NOT_READ)
        effective = self.book.load_rules()
        seen = self._find_seen(target)
        if seen is None:
            return render_refusal(f"{target.rule_id} is no longer there.")
        draft = RuleDraft(
            definition=apply_form(seen, form.values),
            number=target.number,
            reason=form.values.get(REASON, ""),
        )
        if not self._previews.acquire(blocking=False):
            return render_refusal(_BUSY)
        try:
            with self.store.read() as tx:
                preview = preview_rule(tx, self.book.configured, effective, self.place, draft, now)
        except ConfigError as error:
            return render_refusal(str(error))
        finally:
            self._previews.release()
        samples = tuple((self.mask(text), kind) for text, kind in preview.samples)
        return render_rule_preview(replace(preview, samples=samples))

    def _find_seen(self, target: RuleTarget) -> Rule | None:
        """Return the rule as its form showed it: what was changed since is not undone by it."""
        configured = self.book.configured
        with self.store.read() as tx:
            history = tx.rule_changes.history(target.rule_id)
        until_then = tuple(one for one in history.changes if one.number <= target.number)
        alone = tuple(rule for rule in configured.rules if rule.id == target.rule_id)
        seen = lay_rules(
            replace(configured, rules=alone), {target.rule_id: replace(history, changes=until_then)}
        )
        return seen.get(target.rule_id)

    def _save(
        self, interaction: Interaction, now: datetime, write_done: WriteDone
    ) -> tuple[View, str]:
        """Save what the dialog carries; return the dialog that says so, and the same in words."""
        form = interaction.form_submission
        draft = read_draft(form.carried)
        if draft is None:
            return render_refusal(_NOT_READ), _NOT_READ
        number, reason, definition = draft
        by = Authorship(author=interaction.actor, at=now, reason=reason, seen=number)
        is_live = form.values.get(forms.HOW) == forms.LIVE
        try:
            with self.store.write() as tx:
                outcome = save_rule(tx, self.book.configured, definition, by, live=is_live)
                write_done(tx)
        except ConfigError as error:
            return render_refusal(str(error)), str(error)
        told = tell_outcome(outcome)
        if isinstance(outcome, SaveConflict):
            newest = outcome.newest.number
            carried = carry_draft(outcome.rule_id, newest, definition, reason)
            return render_conflict(told, outcome.mine, outcome.theirs, carried), told
        view = render_done(told) if isinstance(outcome, SavedRule) else render_refusal(told)
        return view, told


def is_about_rule(interaction: Interaction) -> bool:
    """Return whether somebody clicked or sent off something about a rule."""
    match interaction.kind:
        case InteractionKind.CLICK:
            click = interaction.click
            return click.rule is not None or click.name in action_ids.SUGGESTION_BUTTONS
        case InteractionKind.SUBMIT:
            return interaction.form_submission.callback in action_ids.RULE_FORMS
    return False


def mask_suggestions(report: SuggestionReport, mask: Callable[[str], str]) -> SuggestionReport:
    """Return the report with what customers wrote masked."""
    masked = (
        replace(one, lost=tuple(replace(card, text=mask(card.text)) for card in one.lost))
        for one in report.suggestions
    )
    return replace(report, suggestions=tuple(masked))


def tell_outcome(outcome: SaveOutcome) -> str:
    """Return what came of a change, in words; people in it as "user:U1"."""
    if not isinstance(outcome, SavedRule):
        return outcome.reason
    change = outcome.change
    if change.is_candidate:
        done = f"Version {change.number} of {change.rule_id} is tried in shadow"
        return f"{done} beside the one in force; a line a day says what it would have sent."
    if change.kind is RuleChangeKind.DISCARDED:
        return f"The candidate of {change.rule_id} is given up; what is in force stays."
    mode = outcome.rule.mode
    return f"Version {change.number} of {change.rule_id} is in force; its mode is {mode}."
