"""The charts that golden files are made of: usual ones, and what is empty, extreme or hostile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from monitor.domain.chart import (
    Chart,
    DailyChart,
    DayColumn,
    HeatCell,
    HeatMap,
    IntervalChart,
    IntervalPoint,
    PointState,
    ResponseChart,
    ResponseGroup,
)
from monitor.domain.measure import Unit

MONDAY = date(2026, 11, 16)
ARABIC = "متجر الشحن السريع"
STAGES = ("awareness", "research", "purchase", "use", "support", "engagement", "post-purchase")
TOUCHPOINTS = ("marketing", "sales", "service", "product", "physical place")


def day(number: int, *counts: int, **rest: object) -> DayColumn:
    """The day so many after Monday, with its positive, neutral, negative and unread feedback."""
    names = ("positive", "neutral", "negative", "unread")
    values: dict[str, object] = {**dict(zip(names, counts, strict=False)), **rest}
    return DayColumn(day=MONDAY + timedelta(number), **values)  # type: ignore[arg-type]


WEEK = DailyChart(
    title="Feedback by day",
    days=(
        day(0, 31, 12, 14, 3, balance=30.0, alerts=2),
        day(1, 28, 10, 12, balance=32.0, alerts=1),
        day(2, 25, 9, 18, 2, balance=13.0, state=PointState.BLIND, blind_hours=6.0),
        day(3, 20, 14, 48, 4, balance=-34.0, alerts=9, events=("Release 6.5.0",)),
        day(4, 22, 12, 41, balance=-25.0, alerts=6, events=("Checkout outage", "6.5.1")),
        day(5, 18, 6, 15, balance=8.0),
        day(6, 7, 2, 4, balance=23.0, state=PointState.UNFINISHED),
    ),
)
MONTH = DailyChart(
    title="Feedback by day",
    days=tuple(
        day(
            number,
            200 + number * 37 % 300,
            60 + number * 11 % 50,
            50 + number * 53 % 310,
            number % 4 * 12,
            balance=None if number == 12 else float(number * 29 % 80 - 30),
            alerts=number % 7 // 5 * 3,
            state=PointState.BLIND if number in (11, 12) else PointState.WHOLE,
            blind_hours=12.0 if number in (11, 12) else 0.0,
        )
        for number in range(30)
    ),
)
HOSTILE_DAYS = DailyChart(
    title="<script>alert(1)</script> 😡 東京本店 & " + ARABIC,
    days=tuple(
        day(
            number,
            0,
            0,
            20 + number,
            balance=-100.0,
            alerts=3,
            events=("🚀 <b>launch", ARABIC + "\u202e\x00 " + "x" * 10_000) if number == 2 else (),
        )
        for number in range(7)
    ),
)
JOURNEY = HeatMap(
    title="Journey map",
    rows=STAGES,
    columns=TOUCHPOINTS,
    cells=tuple(
        tuple(
            HeatCell(None, 0)
            if (row + column) % 4 == 3
            else HeatCell(
                float((row * 61 + column * 47) % 170 - 85), (4, 40, 1234, 120)[(row + column) % 4]
            )
            for column in range(5)
        )
        for row in range(7)
    ),
)
HOSTILE_MAP = HeatMap(
    title=f"Persona {ARABIC}",
    rows=(ARABIC, "Q" * 10_000, "東京本店", "😀😀", "<i>12"),
    columns=("東京本店", "👩‍👩‍👧 family", "מחלקת שירות לקוחות", "supercalifragilistic"),
    cells=tuple(tuple(HeatCell(40.0 - 40 * column, 10) for column in range(4)) for _ in range(5)),
)


def week(number: int, value: float | None, half: float = 10.0, n: int = 120) -> IntervalPoint:
    """The estimate of a week with its interval."""
    if value is None:
        return IntervalPoint(label=f"W{number}", value=None, state=PointState.BLIND)
    return IntervalPoint(label=f"W{number}", value=value, low=value - half, high=value + half, n=n)


NPS = IntervalChart(
    title="NPS by week",
    unit=Unit.POINTS,
    is_over_time=True,
    target=45.0,
    points=(
        week(40, 28.0),
        week(41, 24.0),
        week(42, 35.0, 25.0, 8),
        week(43, None),
        week(44, 38.0),
        week(45, 33.0),
        week(46, 42.0),
        IntervalPoint(
            label="W47", value=36.0, low=12.0, high=57.0, n=21, state=PointState.UNFINISHED
        ),
    ),
)
VOICE = IntervalChart(
    title="Share of voice",
    unit=Unit.PERCENT,
    points=(
        IntervalPoint(label="Acme", value=41.0, low=37.0, high=45.0, n=512, is_own=True),
        IntervalPoint(label="Globex", value=33.0, low=29.0, high=37.0, n=412),
        IntervalPoint(label=ARABIC, value=18.0, low=15.0, high=21.0, n=223),
        IntervalPoint(label="東京本店", value=8.0, low=6.0, high=11.0, n=99),
        IntervalPoint(label="Z" * 10_000, value=0.4, low=0.1, high=2.0, n=5),
    ),
)
REPLY_TIMES = IntervalChart(
    title="Median time to reply",
    unit=Unit.SECONDS,
    is_over_time=True,
    target=3_600.0,
    points=tuple(
        IntervalPoint(
            label=f"W{40 + number}",
            value=value,
            low=value * 0.7,
            high=None if number == 4 else value * 1.6,
            n=40 + number,
        )
        for number, value in enumerate((1_500.0, 1_800.0, 2_400.0, 5_400.0, 12_000.0, 3_300.0))
    ),
)
RESPONSES = ResponseChart(
    title="Time to first answer",
    groups=(
        ResponseGroup(
            label="urgent",
            limit=900.0,
            seconds=tuple(90.0 * 1.15**step for step in range(24)),
            open_count=1,
        ),
        ResponseGroup(
            label="normal",
            limit=28_800.0,
            seconds=tuple(900.0 * 1.05**step for step in range(90)),
            open_count=12,
        ),
        ResponseGroup(
            label="info", limit=None, seconds=tuple(60.0 * step for step in range(1, 30))
        ),
    ),
)

CHARTS: Mapping[str, Chart] = {
    "days-week": WEEK,
    "days-month": MONTH,
    "days-empty": DailyChart(title="Feedback by day", days=tuple(map(day, range(7)))),
    "days-none": DailyChart(title="Feedback by day", days=()),
    "days-one": DailyChart(
        title="Feedback by day",
        days=tuple(day(number, 0, 0, int(number == 3)) for number in range(7)),
    ),
    "days-hostile": HOSTILE_DAYS,
    "map": JOURNEY,
    "map-hostile": HOSTILE_MAP,
    "map-empty": HeatMap(title="Journey map", rows=STAGES, columns=(), cells=((),) * 7),
    "map-one": HeatMap(
        title="Journey map", rows=("use",), columns=("product",), cells=((HeatCell(-100.0, 1),),)
    ),
    "nps": NPS,
    "nps-empty": IntervalChart(
        title="NPS by week", unit=Unit.POINTS, is_over_time=True, points=(week(47, None),)
    ),
    "nps-one": IntervalChart(
        title="NPS by week",
        unit=Unit.POINTS,
        is_over_time=True,
        points=(IntervalPoint(label="W47", value=-100.0, low=-100.0, high=-20.0, n=3),),
    ),
    "voice": VOICE,
    "reply-times": REPLY_TIMES,
    "responses": RESPONSES,
    "responses-one": ResponseChart(
        title="Time to first answer",
        groups=(ResponseGroup(label=f"{ARABIC} {'x' * 200}", limit=900.0, seconds=(60.0,)),),
    ),
    "responses-empty": ResponseChart(title="Time to first answer", groups=()),
}
