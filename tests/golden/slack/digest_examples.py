"""Digests for the golden messages: a usual one, one of hostile words, and one that is too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from monitor.domain.chart import DailyChart, DayColumn, HeatCell, HeatMap
from monitor.domain.digest_post import Attachment, DigestPost, Picture
from monitor.domain.document import (
    BulletList,
    Caution,
    Document,
    DocumentSection,
    Emphasis,
    Fact,
    FactList,
    Figure,
    Paragraph,
    Quote,
    QuoteList,
    Span,
    Table,
)

_STRONG, _MUTED, _COMMAND = Emphasis.STRONG, Emphasis.MUTED, Emphasis.COMMAND
_AT = datetime(2026, 11, 19, 8, 30, tzinfo=UTC)
_DAYS = DailyChart(
    title="Feedback and balance by day",
    days=(
        DayColumn(day=date(2026, 11, 16), positive=20, negative=6, balance=54),
        DayColumn(day=date(2026, 11, 17), positive=18, negative=14, balance=12, alerts=1),
    ),
)
_MAP = HeatMap(
    title="Balance along the journey",
    rows=("Use", "Support"),
    columns=("Product", "Service"),
    cells=((HeatCell(-12, 40), HeatCell(8, 12)), (HeatCell(None, 0), HeatCell(-31, 22))),
)
_DAYS_TEXT = (
    "Mon 16  ██████████████████░░░░░░  26  +54\nTue 17  ████████████████░░░░░░░░░░░░  32  +12"
)
_MAP_TEXT = (
    "          Product      Service\nUse      -12 (40)      +8 (12)\nSupport        –      -31 (22)"
)
_LEAD = (
    Paragraph(
        (
            Span("Risk is up: ", _STRONG),
            Span("problems rose by 9 points (4 to 14), from the App Store after 6.5.0."),
        )
    ),
    FactList(
        (
            Fact(label="NPS", value="42", detail="31 to 52, 120 answers", change="up 9 (1 to 17)"),
            Fact(
                label="Share of problems",
                value="31 %",
                detail="27 to 36 %, 412 items",
                change="up 9 points (4 to 14)",
            ),
            Fact(
                label="Time to answer",
                value="3.4 h",
                detail="median, 2.8 to 4.1 h, 64 alerts",
                change="same as before",
            ),
        )
    ),
    Figure(_DAYS, "More feedback on Tuesday, and more of it negative: 14 of 32."),
    BulletList(
        (
            (
                Span("Main driver: ", _STRONG),
                Span("“crashes on login”, new, 24 people, "),
                Span('repwatch search "crashes on login" --since 2026-11-16', _COMMAND),
            ),
            (Span("Watch: ", _STRONG), Span("refunds, 9 people, growing")),
            (Span("Next: ", _STRONG), Span("Bert ships 6.5.1 by Thursday")),
        )
    ),
    Figure(_MAP, "Support by service is the weakest field: -31, 22 items."),
    Paragraph((Span("App Store was not read for 6 hours on Wednesday.", _MUTED),)),
)
_SECTIONS = (
    DocumentSection(
        key="themes",
        title="Themes",
        blocks=(
            Table(
                caption="New and growing",
                columns=("Theme", "People", "Before", "Balance"),
                rows=(
                    ("crashes on login", "24", "0", "-88"),
                    ("refund", "9", "2.5", "-60"),
                    ("ログインできない", "7", "1", "-71"),
                ),
                numeric=(1, 2, 3),
            ),
            QuoteList(
                (
                    Quote(
                        text="Since the update it crashes on login, every single time.",
                        source="App Store",
                        at=_AT,
                        url="https://apps.example/reviews/1?a=1&b=2",
                    ),
                    Quote(text="I want my money back.", source="Survey", at=_AT),
                )
            ),
        ),
    ),
    DocumentSection(
        key="coverage",
        title="What was not seen",
        blocks=(
            Caution((Span("The themes could not be computed: out of memory."),)),
            Paragraph(
                (
                    Span("Of 7 days, the App Store was blind for 6 hours. "),
                    Span("Details", _STRONG, "https://repwatch.example/health"),
                )
            ),
        ),
    ),
)
USUAL = DigestPost(
    digest_id="2026-W47",
    audience="leadership",
    document=Document(title="Week 47: 16 to 22 November", lead=_LEAD, sections=_SECTIONS),
    text="Week 47\n\nRisk is up.",
    html="<!doctype html><title>Week 47</title><p>Risk is up.</p>",
    chart_texts=(_DAYS_TEXT, _MAP_TEXT),
    pictures=(
        Picture(figure=0, name="days.png", alt_text="More on Tuesday.", content=b"\x89PNG days"),
        Picture(figure=1, name="map.png", alt_text="Support is weakest.", content=b"\x89PNG map"),
    ),
    attachments=(
        Attachment(
            name="digest-2026-W47.html",
            media_type="text/html",
            title="The whole digest as a page",
            content=b"<!doctype html><title>Week 47</title>",
        ),
    ),
)
#: Slack's files of its pictures, by figure.
FILES = {0: "F0DAYS12345", 1: "F0MAP123456"}
PREVIEW = replace(USUAL, order_id="preview:1790000000:U0ANNA123")
_EVIL = "<!channel> <https://evil.example|bank> *_~`code`~_* @here :skull: \u202eevil"
HOSTILE = replace(
    USUAL,
    document=Document(
        title=f"Week 47 {_EVIL}",
        lead=(
            Paragraph((Span("a"), Span(_EVIL, _STRONG), Span("b", _MUTED), Span(_EVIL, _COMMAND))),
            BulletList(((Span(_EVIL, url="javascript:alert(1)"),), ())),
            FactList((Fact(label=_EVIL, value=_EVIL, detail=_EVIL, change=_EVIL),)),
            Figure(replace(_DAYS, title=_EVIL), _EVIL),
            Table(columns=(_EVIL, "n"), rows=((_EVIL, "1"), ("👩‍👩‍👧‍👦" * 40, "2")), numeric=(1,)),
            QuoteList((Quote(text=f"> {_EVIL}\n{_EVIL}", source=_EVIL, at=_AT, url="ftp://x"),)),
            Caution((Span(_EVIL),)),
        ),
    ),
    chart_texts=(f"```\n{_EVIL}\n```",),
)
_LONG = "ö" * 3_000
LONG = replace(
    USUAL,
    document=Document(
        title=_LONG,
        lead=(
            *(Paragraph((Span(f"{number} {_LONG}"),)) for number in range(60)),
            Table(columns=("a", "b"), rows=(("x" * 200, "y" * 200),) * 300),
        ),
    ),
)
