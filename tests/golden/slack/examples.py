"""The cards that golden files are made of, one for each thing that a card must be good at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.domain.actor import Actor
from monitor.domain.alert import (
    Alert,
    AlertStatus,
    LimitStatus,
    NamedRule,
    Severity,
    SlaLimits,
    Snooze,
)
from monitor.domain.customer import Contact, CustomerHistory
from monitor.domain.delivery import Card, Delivery, DeliveryKind, DeliveryState, OverflowSummary
from monitor.domain.feedback import (
    Analysis,
    Author,
    Feedback,
    Kind,
    Label,
    Rating,
    Scale,
    Sentiment,
    Signal,
)
from monitor.domain.unread import SummarySubject, UnreadSummary, UnreadText

AT = datetime(2026, 11, 22, 2, 4, tzinfo=UTC)
ANNA, BERT, LEAD = Actor.slack("U0ANNA123"), Actor.slack("U0BERT456"), "<@U0LEAD789>"
#: What members are called in Slack, by their ids.
MEMBER_NAMES = {ANNA.id: "Anna", BERT.id: "Bert"}
HOSTILE = (
    "<!channel> <@U1> <https://evil.example|Your bank> @here *bold* _it_ ~no~ `rm -rf` ```code```\n"
    ">>> quoted :rotating_light: &lt;!here&gt; \u202egpj.exe\u202c \u2066iso\u2069 "
    "\x1b[31mred\x1b[0m \x07"
    "Z\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a\u030b "
    "https://evil.example/login [bold]x[/bold]"
)

FEEDBACK = Feedback(
    id=7,
    source_id="app-store",
    external_id="r1",
    kind=Kind.REVIEW,
    title="Lost all my notes",
    body="The app crashes when I open it since the update.\nAll my notes are gone & nobody "
    "answers. I want a refund!",
    author=Author(name="Dana", id="u-1", reach=1234),
    created_at=AT,
    first_seen_at=AT,
    url="https://apps.example/reviews/1?a=1&b=2",
    rating=Rating(1),
    app_version="6.3.2",
)
ANALYSIS = Analysis(
    text="",
    words="",
    language="en",
    sentiment=Sentiment(Label.NEGATIVE, -0.63),
    problem=0.94,
    signals=(Signal("data_loss", ("notes are gone",)), Signal("no_response", ("nobody answers",))),
    stage="use",
    touchpoint="product",
    drivers=("quality", "communication"),
    why=("1 star outranks the words", "“crashes” names a fault"),
)
ALERT = Alert(
    id=41,
    rule_id="crash",
    rule_name="Crash after update",
    rule_version="v1",
    severity=Severity.URGENT,
    status=AlertStatus.OPEN,
    group="g",
    channel="#support",
    mention="<!subteam^S0SUPPORT>",
    reason="2 stars or fewer (1) and says crashes, refund",
    words=("crashes", "refund"),
    opened_at=AT,
    updated_at=AT,
    version=1,
    limits=SlaLimits(acknowledge=900, respond=3_600, resolve=28_800),
)


def minutes(count: float) -> datetime:
    """So long after the alert was opened."""
    return AT + timedelta(minutes=count)


TO_TAKE = LimitStatus(kind="acknowledge", due_at=minutes(15))
TO_ANSWER = LimitStatus(kind="respond", due_at=minutes(60))
TO_RESOLVE = LimitStatus(kind="resolve", due_at=minutes(480))
URGENT = Card(
    alert=ALERT,
    feedback=FEEDBACK,
    analysis=ANALYSIS,
    sources=("app-store",),
    earlier_count=2,
    limit_statuses=(TO_TAKE, TO_ANSWER, TO_RESOLVE),
    as_of=AT,
)
_LONG = "It worked for years and then it did not. " * 120
_TAKEN = replace(ALERT, status=AlertStatus.ACKNOWLEDGED, assignee=ANNA, turn=2, version=2)
_IN_TIME = replace(TO_TAKE, met_at=minutes(4))
_REPLIED = replace(TO_ANSWER, met_at=minutes(71))
_PLAIN_ALERT = replace(ALERT, severity=Severity.NORMAL, mention="", words=())

#: Praised us in a survey, complained in a forum, was answered, and is back.
HISTORY = CustomerHistory(
    (
        Contact(
            feedback_id=1,
            source_id="nps",
            at=AT - timedelta(days=40),
            label="positive",
            rating=Rating(9, Scale.NPS),
        ),
        Contact(
            feedback_id=2,
            source_id="forum",
            at=AT - timedelta(days=12),
            label="negative",
            answered_at=AT - timedelta(days=11),
        ),
        Contact(
            feedback_id=FEEDBACK.id,
            source_id=FEEDBACK.source_id,
            at=AT,
            label="negative",
            rating=FEEDBACK.rating,
        ),
    )
)

CARDS = {
    "urgent": URGENT,
    "history": replace(URGENT, history=HISTORY),
    "late": replace(URGENT, as_of=minutes(16), alert=replace(ALERT, version=3)),
    "taken": replace(
        URGENT, alert=_TAKEN, limit_statuses=(_IN_TIME, TO_ANSWER, TO_RESOLVE), as_of=minutes(4)
    ),
    "replied": replace(
        URGENT,
        alert=replace(_TAKEN, status=AlertStatus.REPLIED, turn=3),
        limit_statuses=(_IN_TIME, _REPLIED, TO_RESOLVE),
        as_of=minutes(71),
    ),
    "snoozed": replace(
        URGENT,
        alert=replace(
            _TAKEN,
            status=AlertStatus.SNOOZED,
            turn=3,
            snooze=Snooze(until=datetime(2026, 11, 23, 9, tzinfo=UTC), members=10, worse=True),
        ),
        limit_statuses=(_IN_TIME, TO_ANSWER, TO_RESOLVE),
        as_of=minutes(9),
    ),
    "resolved": replace(
        URGENT,
        alert=replace(_TAKEN, status=AlertStatus.RESOLVED, assignee=BERT, turn=4),
        limit_statuses=(_IN_TIME, _REPLIED, replace(TO_RESOLVE, met_at=minutes(300))),
        as_of=minutes(300),
    ),
    "dismissed": replace(
        URGENT,
        alert=replace(_TAKEN, status=AlertStatus.DISMISSED, turn=3),
        limit_statuses=(_IN_TIME, TO_ANSWER, TO_RESOLVE),
        as_of=minutes(6),
    ),
    "reopened": replace(
        URGENT,
        alert=replace(_TAKEN, status=AlertStatus.OPEN, assignee=BERT, members=4, turn=5),
        limit_statuses=(replace(TO_TAKE, due_at=minutes(1_455)),),
        as_of=minutes(1_440),
    ),
    "aged": replace(
        URGENT, feedback=replace(FEEDBACK, created_at=AT - timedelta(hours=30)), earlier_count=1
    ),
    "notice": Card(
        alert=replace(
            ALERT,
            rule_id="source",
            rule_name="A source has gone blind",
            severity=Severity.HIGH,
            reason="reddit was read last 3 h ago: it asks for a login",
            words=(),
            limits=SlaLimits(),
            members=0,
        ),
        feedback=Feedback(source_id="reddit", external_id=""),
        analysis=Analysis(text="", words=""),
    ),
    "long": replace(
        URGENT,
        feedback=replace(FEEDBACK, body=f"{_LONG}Now it crashes and I want a refund. {_LONG}"),
        alert=replace(ALERT, severity=Severity.HIGH, mention="@here"),
    ),
    "hostile": replace(
        URGENT,
        feedback=replace(
            FEEDBACK,
            title=f"Re: {HOSTILE}",
            body=f"{HOSTILE}\ncrashes",
            author=Author(name="<@U1> *Admin*"),
            url="https://evil.example/<!channel>|x",
            question=HOSTILE,
            app_version=HOSTILE,
        ),
        alert=replace(
            ALERT,
            rule_name="A <b> & *c*",
            reason=HOSTILE,
            mention="<!channel|x> <@evil> @anna <@U123>",
        ),
    ),
    "praise": replace(
        URGENT,
        feedback=replace(
            FEEDBACK, title="Thank you", body="Support was wonderful, thank you!", rating=Rating(5)
        ),
        analysis=replace(
            ANALYSIS,
            sentiment=Sentiment(Label.POSITIVE, 0.87),
            signals=(Signal("praise", ("wonderful",)),),
            stage="support",
            drivers=("empathy",),
        ),
        alert=replace(
            ALERT,
            severity=Severity.PRAISE,
            rule_name="Praise",
            mention="",
            reason="very positive (+0.87)",
            words=("wonderful", "thank you"),
            limits=SlaLimits(),
        ),
        limit_statuses=(),
        earlier_count=0,
    ),
    "grouped": replace(
        URGENT,
        alert=replace(_TAKEN, members=3),
        limit_statuses=(_IN_TIME, TO_ANSWER),
        sources=("reddit", "app-store"),
    ),
    "normal": replace(
        URGENT,
        alert=replace(
            ALERT,
            rule_name="Wrong charge",
            severity=Severity.NORMAL,
            mention="",
            limits=SlaLimits(respond=3_600),
        ),
        limit_statuses=(TO_ANSWER,),
        also=(NamedRule("churn", "Customer is leaving"),),
    ),
    "normal-taken": replace(
        URGENT,
        alert=replace(
            _TAKEN, severity=Severity.NORMAL, mention="", limits=SlaLimits(respond=3_600)
        ),
        limit_statuses=(TO_ANSWER,),
    ),
    "also": replace(
        URGENT,
        alert=replace(ALERT, advice="Ask for the version, and offer the refund at once."),
        also=tuple(
            NamedRule(name.lower(), name)
            for name in ("Wrong charge", "Broken since an update", "Leaving", "Slow", "Odd")
        ),
    ),
    "joined": replace(
        URGENT, alert=replace(ALERT, status=AlertStatus.RESOLVED, joined_into=38, turn=2)
    ),
    "ticket": replace(
        URGENT, alert=replace(ALERT, ticket="https://tracker.example/browse/T-41?<!channel>")
    ),
    "attributes": replace(
        URGENT,
        feedback=replace(
            FEEDBACK, attributes={"country": "DE", "plan": "<!channel> *gold*", "secret": "x"}
        ),
        attributes=("plan", "country", "none"),
    ),
    "elsewhere": replace(URGENT, meant_for="#legal", replaces_deleted=True),
    "bare": Card(
        alert=_PLAIN_ALERT,
        feedback=Feedback(
            source_id="forum", external_id="p1", body="It is broken again.", first_seen_at=AT
        ),
        analysis=Analysis(text="", words="", unscored="no scorer for this language (fi)"),
    ),
    "purged": Card(
        alert=replace(_PLAIN_ALERT, status=AlertStatus.RESOLVED, assignee=Actor.cli("anna")),
        feedback=Feedback(source_id="forum", external_id="p2", deleted=True),
        analysis=Analysis(text="", words=""),
    ),
    "repeat": replace(URGENT, repeat=True),
    "survey": replace(
        URGENT,
        feedback=Feedback(
            source_id="survey",
            external_id="s1",
            kind=Kind.SURVEY,
            rating=Rating(3, Scale.NPS),
            question="How likely are you to recommend us?",
            created_at=AT,
        ),
        alert=replace(_PLAIN_ALERT, severity=Severity.INFO),
    ),
}
SUMMARY = OverflowSummary(
    channel="#support",
    since=AT,
    total=480,
    by_rule=(("Crash after update", 300), *((f"Rule {number}", 20) for number in range(9))),
    by_severity=((Severity.URGENT, 20), (Severity.HIGH, 160), (Severity.NORMAL, 300)),
    first=tuple(
        CARDS[name] for name in ("urgent", "hostile", "bare", "grouped", "survey", "praise")
    ),
)
DELIVERY = Delivery(
    id="0193-delivery",
    kind=DeliveryKind.CARD,
    state=DeliveryState.ATTEMPTING,
    channel="#reviews",
    created_at=AT,
    not_before=AT,
    alert_id=41,
)
_SUBJECT = SummarySubject("forum", AT - timedelta(days=1), AT)
UNREAD = UnreadSummary(
    subject=_SUBJECT,
    by_reason=(("language: es", 1_204), ("script: Cyrillic", 3), ("language: xx", 1)),
    worst=(
        UnreadText(
            replace(FEEDBACK, title="", body="¡NO FUNCIONA! Quiero un reembolso.", rating=None),
            replace(ANALYSIS, unscored="language: es"),
            complained_before=True,
        ),
        UnreadText(
            replace(FEEDBACK, title="", body="Не работает.", url="", rating=None),
            replace(ANALYSIS, unscored="script: Cyrillic"),
        ),
    ),
)
UNREAD_HOSTILE = UnreadSummary(
    subject=replace(_SUBJECT, source_id="<!channel>"),
    by_reason=(("language: <!here> https://evil.example", 1),),
    worst=(
        UnreadText(
            replace(FEEDBACK, title=HOSTILE, body=HOSTILE * 5, rating=None),
            replace(ANALYSIS, unscored="language: es"),
        ),
        UnreadText(
            replace(FEEDBACK, title="", body=HOSTILE, url="javascript:alert(1)", rating=None),
            replace(ANALYSIS, unscored="script: <!here>"),
        ),
    ),
    repeat=True,
)
