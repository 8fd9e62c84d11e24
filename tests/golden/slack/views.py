"""What the golden files beside those of the cards are made of: entries, calls, dialogs, Home and
answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from monitor.domain.actor import SYSTEM, Actor
from monitor.domain.alert import Alert, Clause, MatchOutcome, Snooze
from monitor.domain.delivery import ThreadEntry
from monitor.domain.duty import Shift
from monitor.domain.event import AlertEvent, EventKind
from monitor.domain.feedback import Stage
from monitor.domain.improvement import Improvement, ImprovementState, PainPoint
from monitor.domain.notice import Notice, NoticeKind
from monitor.domain.reply import ReplyDraft
from monitor.domain.rule_summary import RuleSummary
from monitor.domain.workload import DurationStatistics, TeamFigures, Workload
from monitor.slack.views import duty, home, lists, modals
from monitor.slack.views.action_ids import AlertVersion, ListKind, PageRequest, ReplyProposal
from monitor.slack.views.improvements import (
    ImprovementPage,
    render_improvement_modal,
    render_improvement_page,
)
from monitor.slack.views.pages import (
    AlertPage,
    FoundFeedback,
    ListPart,
    SearchPage,
    render_alert_page,
    render_search_page,
)
from monitor.slack.views.reply_text import render_copy_modal
from monitor.slack.views.rule_audit import render_audit
from monitor.slack.views.rule_dialogs import (
    render_conflict,
    render_done,
    render_refusal,
    render_rule_form,
    render_rule_history,
    render_rule_preview,
    render_waiting,
)
from monitor.slack.views.rules import (
    RulePage,
    render_rule_page,
    render_suggestions,
    render_test_card,
)
from monitor.slack.views.shown_alert import render_shown_alert
from tests.golden.slack.examples import (
    ALERT,
    ANNA,
    AT,
    BERT,
    CARDS,
    LEAD,
    MEMBER_NAMES,
    URGENT,
    minutes,
)
from tests.golden.slack.rule_examples import (
    AUDIT,
    AUDIT_HOSTILE,
    CHANGES,
    EDITED,
    FARING,
    FORM,
    LONGEST_FARING,
    LONGEST_FORM,
    OF_FILE,
    PREVIEW,
    SUGGESTED,
    SUGGESTED_HOSTILE,
)


@dataclass(frozen=True)
class Decided:
    """What a rule decided."""

    rule_id: str
    outcome: MatchOutcome
    reason: str
    clauses: tuple[Clause, ...] = ()
    alert_id: int = 0
    live: bool = True
    rule_name: str = ""


def actor_name(entry: ThreadEntry) -> str:
    """What the one who acted is called in Slack; empty for whoever is not in it."""
    return MEMBER_NAMES.get(entry.event.actor.id, "")


def event(
    kind: str, minute: float, actor: Actor = SYSTEM, /, note: str = "", **details: str
) -> AlertEvent:
    """Something that happened so many minutes after the alert was opened."""
    return AlertEvent(
        alert_id=41,
        id=9,
        at=minutes(minute),
        kind=EventKind(kind),
        actor=actor,
        note=note,
        details=details,
    )


def entry(
    kind: str, minute: float, actor: Actor = SYSTEM, /, note: str = "", **details: str
) -> ThreadEntry:
    """The line about it, below a card that anna has taken."""
    return ThreadEntry(
        alert=CARDS["taken"].alert, event=event(kind, minute, actor, note, **details)
    )


_PROPOSED = (
    "Dear Dana, I am sorry that the update lost your notes.\nPlease restart the app: they "
    "come back."
)
_SNOOZED = CARDS["snoozed"].alert
ENTRIES = {
    "taken": entry("acknowledged", 4, ANNA),
    "taken-by-cli": entry("acknowledged", 75, Actor.cli("carol")),
    "assigned": entry("assigned", 5, BERT, assignee=str(ANNA)),
    "turn": entry("assigned", 0, assignee=str(ANNA), mention="<@U0ANNA123>"),
    "released": ThreadEntry(alert=ALERT, event=event("released", 20, ANNA)),
    "no-sign": ThreadEntry(
        alert=ALERT, event=event("released", 484, why="silence", **{"from": str(ANNA)})
    ),
    "asked": entry("nudged", 364, limit="confirm"),
    "confirmed": entry("confirmed", 90, ANNA),
    "queued": entry("reply_queued", 30, ANNA, reply="7"),
    "failed": entry(
        "reply_failed",
        31,
        note="Reddit asks for a new login",
        reply="7",
        text=_PROPOSED,
        **{"for": str(BERT)},
    ),
    "uncertain": entry("reply_uncertain", 31, note="no answer in time", reply="7", text=_PROPOSED),
    "replied": entry("replied", 71, ANNA),
    "posted-by-hand": entry(
        "replied", 71, ANNA, reply="7", text=_PROPOSED, url="https://apps.example/reviews/1"
    ),
    "official": entry(
        "replied", 40, Actor.source("app-store"), url="https://apps.example/reviews/1/reply"
    ),
    "resolved": ThreadEntry(
        alert=CARDS["resolved"].alert,
        event=event(
            "resolved",
            300,
            BERT,
            "Thanks, Anna & Carol",
            root_cause="Mistake in the product",
            action_taken="fixed in 6.3.3, notes restored",
        ),
    ),
    "dismissed": ThreadEntry(alert=CARDS["dismissed"].alert, event=event("dismissed", 6, ANNA)),
    "snoozed": ThreadEntry(alert=_SNOOZED, event=event("snoozed", 9, BERT)),
    "snoozed-until-worse": ThreadEntry(
        alert=replace(_SNOOZED, snooze=Snooze(worse=True)), event=event("snoozed", 9, BERT)
    ),
    "woken": entry("woken", 400, why="members"),
    "nudged": ThreadEntry(
        alert=ALERT,
        event=event("nudged", 11.25, limit="acknowledge", mention="<!subteam^S0SUPPORT>"),
    ),
    "nudged-holder": entry("nudged", 45, limit="respond"),
    "late": ThreadEntry(
        alert=ALERT, event=event("late", 15, limit="acknowledge", mention="<!subteam^S0SUPPORT>")
    ),
    "escalated": ThreadEntry(alert=ALERT, event=event("escalated", 30, SYSTEM, mention=LEAD)),
    "help": entry("escalated", 50, ANNA, "Who can restore a backup?"),
    "came-back": ThreadEntry(
        alert=CARDS["reopened"].alert, event=event("reopened", 1_440, Actor.rule("crash"))
    ),
    "reopened": ThreadEntry(
        alert=CARDS["reopened"].alert, event=event("reopened", 1_440, ANNA, "It was not fixed")
    ),
    "raised": entry(
        "raised",
        70,
        Actor.rule("account-security"),
        "says hacked",
        severity="urgent",
        mention="<!subteam^S0SUPPORT>",
    ),
    "raised-elsewhere": replace(
        entry("raised", 70, Actor.rule("law"), severity="urgent", mention="@here"), home=False
    ),
    "related": entry(
        "related", 1, Actor.rule("crash"), alert="57", severity="urgent", rule="Account taken over"
    ),
    "joined": entry("joined", 5, ANNA, into="38"),
    "joined-from": entry("joined", 5, ANNA, **{"from": "41"}),
    "parted": entry("parted", 6, ANNA, **{"from": "38"}),
    "parted-out": entry("parted", 6, ANNA, out="41"),
    "linked": entry("linked", 5, ANNA, ticket="https://tracker.example/T-41"),
    "corrected": entry("corrected", 3, ANNA, sentiment="negative", stage="support"),
    "noted": entry("noted", 8, ANNA, "Log of the crash: <https://evil.example|here> @channel"),
    "recovered": entry("recovered", 30, note="reddit is read again"),
    "proposed": entry("reply_proposed", 20, ANNA, reply="7", text=_PROPOSED),
    "approved": entry("reply_approved", 25, BERT),
    "sent-back": entry("reply_rejected", 26, BERT, "Say when the fix comes"),
    "rating-raised": entry(
        "outcome", 1_500, Actor.source("app-store"), outcome="rating_raised", before="1", after="4"
    ),
    "came-again": entry("outcome", 1_500, Actor.source("app-store"), outcome="came_back"),
    "unknown": entry("celebrated", 1_501, ANNA, "cake"),
    "repeat": replace(entry("acknowledged", 4, ANNA), repeat=True),
}
ESCALATIONS = {
    "escalated": (ENTRIES["escalated"], "https://example.slack.com/archives/C1/p1"),
    "without-link": (ENTRIES["escalated"], ""),
}

_URL = "https://apps.example/reviews/1?a=1&b=2"
_VOICE = "Warm, short, first name; never promise a date."
_TEMPLATES = ("Sorry, and what happens next", "Thanks", "Please write to support")
_EVENTS = [
    event("opened", 0, Actor.rule("crash")),
    event("nudged", 11.25, limit="acknowledge"),
    event("acknowledged", 13, ANNA),
    event("assigned", 20, ANNA, assignee=str(BERT)),
]
_DECIDED = [
    Decided(
        "crash",
        MatchOutcome.OPENED,
        "first of its kind",
        (
            Clause("stars", "2 stars or fewer (1)"),
            Clause("text", "says crashes, refund", ("crashes", "refund")),
        ),
        41,
    ),
    Decided(
        "billing",
        MatchOutcome.ALSO,
        "also on alert 41",
        (Clause("signal", "speaks of billing", ("refund",)),),
        41,
        rule_name="Wrong charge",
    ),
    Decided(
        "angry",
        MatchOutcome.SUPPRESSED,
        "cooldown until 2026-11-22 14:20 UTC after alert 12",
        (Clause("sentiment", "negative"),),
    ),
    Decided("refunds", MatchOutcome.GROUPED, "the same topic", (), 12),
    Decided("trial", MatchOutcome.SUPPRESSED, "it is only tried out", (), 0, live=False),
]
MODALS: dict[str, dict[str, Any]] = {
    "reply": modals.render_reply_modal(
        CARDS["taken"],
        ReplyDraft(text="Dear Dana,\n\nI am sorry that", options=_TEMPLATES, url=_URL),
        tone=_VOICE,
    ),
    "reply-published": modals.render_reply_modal(
        CARDS["taken"],
        ReplyDraft(
            text="Dear Dana, I am sorry.",
            options=_TEMPLATES,
            chosen=_TEMPLATES[0],
            can_publish=True,
            needs_approval=True,
            url=_URL,
            max_length=350,
        ),
        tone=_VOICE,
    ),
    "resolve": modals.render_resolve_modal(CARDS["taken"]),
    "assign": modals.render_assign_modal(URGENT),
    "assign-anew": modals.render_assign_modal(CARDS["taken"]),
    "snooze": modals.render_snooze_modal(CARDS["grouped"], AT),
    "correct-also": modals.render_correct_modal(CARDS["also"]),
    "correct": modals.render_correct_modal(CARDS["taken"]),
    "escalate": modals.render_escalate_modal(URGENT),
    "send-back": modals.render_reject_modal(ReplyProposal(7, AlertVersion(41, 2)), _PROPOSED),
    "copy": render_copy_modal(_PROPOSED, _URL),
    "capture": modals.render_capture_modal(
        "A man at the till says the app crashed while he paid.", "C1:1795313040.000100"
    ),
    "why": modals.render_why_modal(
        CARDS["taken"], _EVENTS, _DECIDED, "https://example.slack.com/archives/C1/p1"
    ),
    "why-notice": modals.render_why_modal(CARDS["notice"], _EVENTS[:1]),
    "message": modals.render_message_modal(
        "This has changed meanwhile: alert 41 is taken, held by user:U0ANNA123."
    ),
}

_FIGURES = TeamFigures(
    since=AT - timedelta(days=7),
    until=AT,
    opened=62,
    acknowledged=48,
    replied=39,
    resolved=41,
    dismissed=3,
    reopened=1,
    open_now=19,
    unclaimed_now=14,
    late_now=1,
    to_acknowledge=DurationStatistics(
        n=48, median=240, slowest_tenth=1_260, in_time=43, limited=48
    ),
    to_reply=DurationStatistics(n=39, median=2_900, slowest_tenth=9_000, in_time=31, limited=39),
    to_resolve=DurationStatistics(n=43, median=9_900, slowest_tenth=39_600, in_time=38, limited=43),
)


def numbered(name: str, number: int) -> Any:
    """One of the example cards under another number."""
    card = CARDS[name]
    return replace(card, alert=replace(card.alert, id=number))


_ZONE = "Europe/Berlin"
_SHIFT = Shift(ANNA, AT - timedelta(days=5), AT + timedelta(days=2))
_HELD = [numbered(name, number).alert for name, number in (("taken", 42), ("snoozed", 43))]
NOTICES: Mapping[str, tuple[Notice, Sequence[Alert]]] = {
    "duty": (
        Notice(
            kind=NoticeKind.DUTY,
            person=ANNA,
            alert_ids=(42, 43),
            actor=BERT,
            until=_SHIFT.until,
            zone=_ZONE,
        ),
        _HELD,
    ),
    "duty-without-end": (Notice(kind=NoticeKind.DUTY, person=ANNA), ()),
    "handed-over": (
        Notice(kind=NoticeKind.HANDOVER, person=BERT, alert_ids=(42, 43), actor=ANNA),
        _HELD,
    ),
    "many-handed-over": (
        Notice(kind=NoticeKind.HANDOVER, person=BERT, alert_ids=tuple(range(30)), actor=ANNA),
        [numbered("hostile", 100 + number).alert for number in range(30)],
    ),
    "taken-back": (
        Notice(kind=NoticeKind.TAKEN_BACK, person=BERT, alert_ids=(42,), actor=ANNA),
        _HELD[:1],
    ),
    "digest-failed": (
        Notice(
            kind=NoticeKind.DIGEST_FAILED,
            person=ANNA,
            text="the digest of 2026-W47 for C0LEADS failed: <!channel> *no* memory",
        ),
        (),
    ),
    "reminder": (Notice(kind=NoticeKind.REMINDER, person=ANNA, alert_ids=(42,)), _HELD[:1]),
}
OVERVIEW = Workload(
    person=ANNA,
    at=minutes(20),
    figures=_FIGURES,
    mine=(numbered("taken", 42), numbered("snoozed", 43), numbered("grouped", 44)),
    unclaimed=(numbered("late", 45), numbered("praise", 46)),
    due_soon=(numbered("late", 45), numbered("taken", 42)),
    mine_count=3,
    unclaimed_count=14,
    due_soon_count=2,
    duty=_SHIFT,
    duty_zone=_ZONE,
    returnable_count=2,
)
MODALS["hand-over"] = duty.render_handover_modal(_HELD)
MODALS["nothing-to-hand-over"] = duty.render_handover_modal(())
_REFUNDS = Improvement(
    id=12,
    turn=3,
    title="Refunds within two days",
    about=PainPoint(stage=Stage.POST_PURCHASE, query='refund* OR "money back"'),
    owner=ANNA,
    next_action="Ask finance for a limit below which nobody has to agree",
    due=date(2026, 11, 19),
    state=ImprovementState.DOING,
    created_by=BERT,
    created_at=AT - timedelta(weeks=3),
    changed_by=BERT,
    changed_at=AT - timedelta(weeks=2),
    started_at=AT - timedelta(weeks=2),
)
_PLANNED = replace(
    _REFUNDS,
    id=14,
    turn=0,
    title="Say in the app when <support> is closed & *who* answers then",
    about=PainPoint(),
    owner=None,
    next_action="",
    due=None,
    state=ImprovementState.PLANNED,
    started_at=None,
)
_DONE = replace(
    _REFUNDS,
    id=9,
    title="Crash after the update",
    about=PainPoint(query="crash*"),
    owner=Actor.cli("dora"),
    next_action="",
    state=ImprovementState.DONE,
    done_at=AT - timedelta(weeks=1),
)


def register_page(*improvements: Improvement, number: int = 1, count: int = 0) -> dict[str, Any]:
    """A page of the register."""
    total = count or len(improvements)
    return render_improvement_page(
        ImprovementPage(
            request=PageRequest(ListKind.IMPROVEMENTS, number),
            improvements=improvements,
            count=total,
            page_count=max(1, -(-total // 10)),
            now=AT,
            today=AT.date(),
        )
    )


MODALS["improve"] = render_improvement_modal(title="Refunds within two days")
MODALS["improve-change"] = render_improvement_modal(_REFUNDS)
MODALS["improve-elsewhere"] = render_improvement_modal(_DONE)
MODALS["rule-edit"] = render_rule_form(FORM)
MODALS["rule-edit-longest"] = render_rule_form(LONGEST_FORM)
MODALS["rule-waiting"] = render_waiting("rule-1")
MODALS["rule-preview"] = render_rule_preview(PREVIEW)
MODALS["rule-preview-of-file"] = render_rule_preview(OF_FILE)
MODALS["rule-preview-hostile"] = render_rule_preview(EDITED)
MODALS["rule-conflict"] = render_conflict(
    "billing was changed meanwhile: version 8 by bert, and version 7 is what you saw; look at both "
    "and save again",
    PREVIEW.changes,
    ("severity normal -> high",),
    "billing:eJw=",
)
MODALS["rule-saved"] = render_done(
    "Version 8 of billing is tried in shadow beside the one in force; a line a day says what it "
    "would have sent."
)
MODALS["rule-refused"] = render_refusal("say why: the rule loses a condition")
MODALS["rule-history"] = render_rule_history("billing", CHANGES)
HOMES = {
    "busy": home.render_home(OVERVIEW),
    "quiet": home.render_home(
        Workload(person=ANNA, at=AT, figures=TeamFigures(since=AT, until=AT))
    ),
}
_FOUND = (
    FoundFeedback(CARDS["urgent"].feedback, CARDS["taken"].alert),
    FoundFeedback(CARDS["bare"].feedback),
    FoundFeedback(CARDS["hostile"].feedback, CARDS["hostile"].alert),
    FoundFeedback(CARDS["survey"].feedback),
)


def part(title: str, count: int, *shown: tuple[str, int]) -> ListPart:
    """A part of a list with example cards under these numbers, as they stand after 20 minutes."""
    cards = (replace(numbered(*each), as_of=minutes(20)) for each in shown)
    return ListPart(title=title, count=count, cards=tuple(cards))


_MINE = part("Yours", 3, ("taken", 42), ("snoozed", 43), ("grouped", 44))
_SOON = part("Soon late, or late", 2, ("late", 45), ("taken", 42))
_FREE = part("Nobody has these", 14, ("late", 45), ("praise", 46))
_SUMMARISED = part("In this summary", 480, ("urgent", 51), ("resolved", 52), ("praise", 53))
SUMMARY_ID = "0192f0c4-7c1e-7a00-8000-000000000001"


def rule_page(*rules: RuleSummary, number: int = 1, count: int = 0) -> dict[str, Any]:
    """A page of the rules."""
    total = count or len(rules)
    return render_rule_page(
        RulePage(
            request=PageRequest(ListKind.RULES, number),
            rules=rules,
            count=total,
            page_count=-(-total // 6) or 1,
            now=AT,
        )
    )


COMMAND_ANSWERS = {
    "rules": rule_page(*FARING, count=23),
    "rules-longest": rule_page(*LONGEST_FARING, number=2, count=23),
    "no-rules": rule_page(),
    "rules-audit": render_audit(AUDIT, 1),
    "rules-audit-hostile": render_audit(AUDIT_HOSTILE, 28),
    "rules-audit-nothing": render_audit(replace(AUDIT, unalerted=0, items=()), 1),
    "rule-suggestions": render_suggestions(41, SUGGESTED, ("billing:eJw=",) * 2),
    "rule-suggestions-hostile": render_suggestions(
        41, SUGGESTED_HOSTILE, ("x" * 2_000, "x" * 2_000, "")
    ),
    "rule-test": render_test_card(CARDS["urgent"]),
    "improvements": register_page(_REFUNDS, _PLANNED, _DONE),
    "improvements-rest": register_page(_DONE, number=2, count=11),
    "no-improvements": register_page(),
    "improvements-longest": register_page(
        *(
            replace(_REFUNDS, id=10**17 + number, title="<&>" * 50, next_action="&" * 300)
            for number in range(10)
        )
    ),
    "improvement-done": lists.render_text(
        "Improvement 12 is done: the digest compares the four weeks before with those after: "
        "Refunds within two days"
    ),
    "event": lists.render_text(
        "6.5.0 is marked: release, 2026-11-20 09:30 (Europe/Berlin). "
        "The digest names it beside what changed."
    ),
    "mine": render_alert_page(AlertPage(request=PageRequest(ListKind.MINE), parts=(_MINE,))),
    "open": render_alert_page(
        AlertPage(request=PageRequest(ListKind.OPEN), parts=(_SOON, _FREE), page_count=2)
    ),
    "open-rest": render_alert_page(
        AlertPage(
            request=PageRequest(ListKind.OPEN, 2),
            parts=(replace(_SOON, cards=()), _FREE),
            page_count=2,
        )
    ),
    "nothing-open": render_alert_page(
        AlertPage(
            request=PageRequest(ListKind.OPEN),
            parts=(part("Soon late, or late", 0), part("Nobody has these", 0)),
        )
    ),
    "summary": render_alert_page(
        AlertPage(
            request=PageRequest(ListKind.SUMMARY, 3, SUMMARY_ID),
            parts=(_SUMMARISED,),
            page_count=48,
        )
    ),
    "search": render_search_page(
        SearchPage(
            request=PageRequest(ListKind.SEARCH, 1, "crash* AND NOT beta"),
            results=_FOUND,
            has_more=True,
        )
    ),
    "search-rest": render_search_page(
        SearchPage(
            request=PageRequest(ListKind.SEARCH, 2, "crash* AND NOT beta"), results=_FOUND[1:2]
        )
    ),
    "search-too-long": render_search_page(
        SearchPage(
            request=PageRequest(ListKind.SEARCH, 1, "crash OR " * 300 + "crash"),
            results=_FOUND[1:2],
            has_more=True,
        )
    ),
    "nothing": render_search_page(SearchPage(request=PageRequest(ListKind.SEARCH, 1, "<!here>"))),
    "show": render_shown_alert(CARDS["grouped"], "https://example.slack.com/archives/C1/p1"),
    "show-praise": render_shown_alert(CARDS["praise"]),
    "show-history": render_shown_alert(CARDS["history"]),
    "stats": lists.render_stats(_FIGURES),
    "help": lists.render_usage(),
    "duty": duty.render_duty([_SHIFT, Shift(BERT, _SHIFT.until, None)], _ZONE),
    "said": lists.render_text(
        "Alert 41 is acknowledged, held by user:U0ANNA123; use Assign to take it over."
    ),
}
