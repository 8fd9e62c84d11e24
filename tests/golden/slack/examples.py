"""The cards that golden files are made of, one for each thing that a card must be good at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from monitor.alert import Alert, AlertStatus, Card, Delivery, DeliveryKind, DeliveryState, Severity, Summary
from monitor.feedback import Analysis, Author, Feedback, Kind, Label, Rating, Scale, Sentiment

AT = datetime(2026, 11, 22, 2, 4, tzinfo=UTC)
HOSTILE = (
    "<!channel> <@U1> <https://evil.example|Your bank> @here *bold* _it_ ~no~ `rm -rf` ```code```\n"
    ">>> quoted :rotating_light: &lt;!here&gt; \u202egpj.exe\u202c \u2066iso\u2069 \x1b[31mred\x1b[0m \x07"
    "Z\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a\u030b https://evil.example/login [bold]x[/bold]"
)

FEEDBACK = Feedback(
    id=7,
    source_id="app-store",
    external_id="r1",
    kind=Kind.REVIEW,
    title="Lost all my notes",
    body="The app crashes when I open it since the update.\nAll my notes are gone & nobody answers. I want a refund!",
    author=Author(name="Dana", id="u-1", reach=1234),
    created_at=AT,
    first_seen_at=AT,
    url="https://apps.example/reviews/1?a=1&b=2",
    rating=Rating(1),
    app_version="6.3.2",
)
ANALYSIS = Analysis(text="", words="", language="en", sentiment=Sentiment(Label.NEGATIVE, -0.63))
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
)
URGENT = Card(alert=ALERT, feedback=FEEDBACK, analysis=ANALYSIS, sources=("app-store",))
_LONG = "It worked for years and then it did not. " * 120
_PLAIN_ALERT = replace(ALERT, severity=Severity.NORMAL, mention="", words=())

CARDS = {
    "urgent": URGENT,
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
        alert=replace(ALERT, rule_name="A <b> & *c*", reason=HOSTILE, mention="<!channel|x> <@evil> @anna <@U123>"),
    ),
    "praise": replace(
        URGENT,
        feedback=replace(FEEDBACK, title="Thank you", body="Support was wonderful, thank you!", rating=Rating(5)),
        analysis=replace(ANALYSIS, sentiment=Sentiment(Label.POSITIVE, 0.87)),
        alert=replace(
            ALERT,
            severity=Severity.PRAISE,
            rule_name="Praise",
            mention="",
            reason="very positive (+0.87)",
            words=("wonderful", "thank you"),
        ),
    ),
    "grouped": replace(
        URGENT,
        alert=replace(ALERT, members=3, status=AlertStatus.ACKNOWLEDGED, assignee="user:U0ANNA123"),
        sources=("reddit", "app-store"),
    ),
    "bare": Card(
        alert=_PLAIN_ALERT,
        feedback=Feedback(source_id="forum", external_id="p1", body="It is broken again.", first_seen_at=AT),
        analysis=Analysis(text="", words="", unscored="no scorer for this language (fi)"),
    ),
    "purged": Card(
        alert=replace(_PLAIN_ALERT, status=AlertStatus.RESOLVED, assignee="cli:anna"),
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
SUMMARY = Summary(
    channel="#support",
    since=AT,
    total=480,
    by_rule=(("Crash after update", 300), *((f"Rule {number}", 20) for number in range(9))),
    by_severity=((Severity.URGENT, 20), (Severity.HIGH, 160), (Severity.NORMAL, 300)),
    first=tuple(CARDS[name] for name in ("urgent", "hostile", "bare", "grouped", "survey", "praise")),
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
