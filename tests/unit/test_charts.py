"""Charts as SVG, as pictures and as text: golden files, limits, and that hostile names stay text.

The golden files are written as told in test_slack_golden.py.
"""

from __future__ import annotations

import io
import os
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from monitor.digest.chart_layout import lay_out_chart
from monitor.digest.chart_palette import PALETTE, pick_colour
from monitor.digest.chart_rows import ink_of
from monitor.digest.chart_scene import PAGE, PICTURE, Ink, SceneText
from monitor.digest.chart_sentence import SENTENCE_LIMIT, describe_chart
from monitor.digest.charts_png import can_draw_pictures, make_legible, render_chart_png
from monitor.digest.charts_svg import CHART_STYLE, render_chart_svg
from monitor.digest.charts_text import render_chart_text
from monitor.digest.number_format import NumberFormat, measure_text
from monitor.domain.chart import DailyChart, DayColumn, PointState
from tests.golden.charts.examples import ARABIC, CHARTS, HOSTILE_DAYS, MONTH, VOICE, WEEK

FOLDER = Path(__file__).parents[1] / "golden" / "charts"
WIDTHS = (32, 48, 80)
SVG = "{http://www.w3.org/2000/svg}"
TAGS = frozenset(("svg", "title", "desc", "defs", "pattern", "path", "g")) | frozenset(
    ("rect", "line", "circle", "text", "polyline")
)
#: What text is written on.
GROUNDS = {
    Ink.TEXT: (
        *(Ink.PAPER, Ink.BLIND, Ink.VOID, Ink.MIDDLE, Ink.COLD_1, Ink.COLD_2, Ink.COLD_3),
        *(Ink.WARM_1, Ink.WARM_2, Ink.WARM_3, Ink.PALE),
    ),
    Ink.SOFT: (Ink.PAPER, Ink.VOID, Ink.BLIND),
    Ink.ON_NEGATIVE: (Ink.NEGATIVE,),
    Ink.GOAL: (Ink.PAPER,),
    Ink.ALERT: (Ink.PAPER,),
    Ink.EVENT: (Ink.PAPER,),
}
MARKS = (Ink.POSITIVE, Ink.NEUTRAL, Ink.NEGATIVE, Ink.MARK, Ink.AXIS, Ink.GOAL, Ink.ALERT)

counts = st.integers(0, 100_000)
columns = st.builds(
    DayColumn,
    day=st.dates(),
    positive=counts,
    neutral=counts,
    negative=counts,
    unread=counts,
    balance=st.none() | st.floats(-100, 100),
    alerts=counts,
    events=st.lists(st.text(), max_size=3).map(tuple),
    state=st.sampled_from(PointState),
    blind_hours=st.floats(0, 24),
)
daily_charts = st.builds(
    DailyChart, title=st.text(max_size=300), days=st.lists(columns, max_size=40).map(tuple)
)


def golden(name: str, made: str) -> str:
    """What was agreed on, written anew where that is wanted."""
    file = FOLDER / name
    if os.environ.get("REPWATCH_GOLDEN") == "write":
        file.write_text(made, "utf-8")
    return file.read_text("utf-8")


def one_a_line(svg: str) -> str:
    """An SVG with each element on a line of its own, so that a difference can be read."""
    return svg.replace("><", ">\n<") + "\n"


def contrast(one: str, two: str) -> float:
    """The contrast of two colours by WCAG 2.2: 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [((p + 0.055) / 1.055) ** 2.4 if p > 0.04045 else p / 12.92 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def pixels(picture: bytes) -> bytes:
    """The colours of a picture."""
    with Image.open(io.BytesIO(picture)) as opened:
        return opened.convert("RGB").tobytes()


@pytest.mark.parametrize("name", CHARTS)
def test_svg_is_as_agreed(name: str) -> None:
    """Every example is drawn as it was agreed on, twice the same."""
    drawn = render_chart_svg(CHARTS[name])

    assert one_a_line(drawn) == golden(f"svg/{name}.svg", one_a_line(drawn))
    assert render_chart_svg(CHARTS[name]) == drawn


@pytest.mark.parametrize("name", CHARTS)
def test_text_is_as_agreed(name: str) -> None:
    """Every example is written as it was agreed on, at each width, with its sentence."""
    parts = [render_chart_text(CHARTS[name], width) for width in WIDTHS]
    made = "\n\n".join([*parts, describe_chart(CHARTS[name])]) + "\n"

    assert made == golden(f"text/{name}.txt", made)


def test_every_golden_chart_has_its_example() -> None:
    """No golden file outlives the example that made it."""
    for folder in ("svg", "text"):
        assert {file.stem for file in (FOLDER / folder).iterdir()} == set(CHARTS)


@pytest.mark.parametrize("name", CHARTS)
def test_svg_keeps_to_a_strict_policy(name: str) -> None:
    """An SVG is well-formed and small, has its title and sentence, and nothing that a policy
    without unsafe-inline refuses: no style, no script, no handler, no address.
    """
    drawn = render_chart_svg(CHARTS[name])
    root = ET.fromstring(drawn)  # noqa: S314 - our own
    elements = list(root.iter())
    ids = [element.get("id") for element in elements if element.get("id")]

    assert len(drawn.encode()) < 14_000
    assert root.get("role") == "img"
    assert root.get("aria-labelledby", "").split() == ids[:2]
    assert [element.tag for element in elements[1:3]] == [f"{SVG}title", f"{SVG}desc"]
    assert len(ids) == len(set(ids))
    assert {element.tag.removeprefix(SVG) for element in elements} <= TAGS
    names = set(chain.from_iterable(element.keys() for element in elements))
    assert not [name for name in names if name in ("style", "href") or name.startswith("on")]


def test_svg_uses_only_classes_that_are_styled() -> None:
    """Each class of a drawn chart stands in the style sheet."""
    drawn = "".join(map(render_chart_svg, CHARTS.values()))
    used = set(" ".join(re.findall(r'class="([^"]*)"', drawn)).split())

    assert used - set(re.findall(r"\.([a-z0-9-]+)", CHART_STYLE)) == set()
    assert "url(" not in CHART_STYLE
    assert "@import" not in CHART_STYLE


def test_svg_of_the_same_chart_twice_can_have_ids_of_its_own() -> None:
    """A key keeps the ids of a page unique."""
    one, two = (render_chart_svg(WEEK, key=key) for key in ("week", "again"))

    assert set(re.findall(r' id="([^"]*)"', one)).isdisjoint(re.findall(r' id="([^"]*)"', two))


@pytest.mark.parametrize("on_dark", [False, True])
def test_text_has_contrast(on_dark: bool) -> None:
    """Text has a contrast of 4.5 to 1 on each ground that it may stand on, light and dark."""
    weak = [
        (ink, ground)
        for ink, grounds in GROUNDS.items()
        for ground in grounds
        if contrast(pick_colour(ink, on_dark=on_dark), pick_colour(ground, on_dark=on_dark)) < 4.5
    ]

    assert weak == []


@pytest.mark.parametrize("on_dark", [False, True])
def test_marks_have_contrast(on_dark: bool) -> None:
    """Marks have a contrast of 3 to 1 on the page, light and dark."""
    paper = pick_colour(Ink.PAPER, on_dark=on_dark)

    assert [ink for ink in MARKS if contrast(pick_colour(ink, on_dark=on_dark), paper) < 3] == []


def test_every_ink_has_its_colours() -> None:
    """The palette is whole."""
    assert set(PALETTE) == set(Ink)


@pytest.mark.parametrize(
    ("value", "ink"),
    [
        (-100, Ink.WARM_3),
        (-60, Ink.WARM_3),
        (-30, Ink.WARM_2),
        (-10, Ink.WARM_1),
        (-9, Ink.MIDDLE),
        (0, Ink.MIDDLE),
        (10, Ink.COLD_1),
        (59, Ink.COLD_2),
        (100, Ink.COLD_3),
    ],
)
def test_balance_has_its_ink(value: float, ink: Ink) -> None:
    """Orange is below zero, blue above, and near zero it is neither."""
    assert ink_of(value) is ink


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("width", WIDTHS)
def test_text_keeps_to_its_width(name: str, width: int) -> None:
    """No line is wider than asked for, and none ends in spaces."""
    lines = render_chart_text(CHARTS[name], width).split("\n")

    assert [line for line in lines if measure_text(line) > width or line != line.rstrip()] == []


@pytest.mark.parametrize("name", CHARTS)
def test_sentence_is_short(name: str) -> None:
    """The sentence has at most 300 characters, on one line, without what reorders text."""
    sentence = describe_chart(CHARTS[name])

    assert sentence.startswith(CHARTS[name].title[:8].lstrip("\u200e")) or "\u200e" in sentence
    assert len(sentence) <= SENTENCE_LIMIT
    assert not re.search("[\x00-\x1f\u202a-\u202e\u2066-\u2069]", sentence)


def test_sentence_says_what_the_picture_shows() -> None:
    """Highest, lowest, what was not seen and what is not over stand in the sentence."""
    assert describe_chart(WEEK) == (
        "Feedback by day: 377 feedback from Nov 16 to Nov 22, most on Thu 19 (86), fewest on "
        "Sat 21 (39); balance lowest at −34 on Thu 19 and highest at +32 on Tue 17; 18 alerts; "
        "blind for 6\u00a0h; the last day is not over; Release 6.5.0 on Thu 19; Checkout outage on "
        "Fri 20; 6.5.1 on Fri 20."
    )


def test_figures_are_in_the_brands_locale() -> None:
    """All renderers write numbers and days as the locale does."""
    german = NumberFormat("de")

    assert "16. Nov." in describe_chart(WEEK, german)
    assert "Mo. 16" in render_chart_text(WEEK, 80, german)
    assert ">1.234<" in render_chart_svg(CHARTS["map"], german)
    assert pixels(render_chart_png(WEEK, german)) != pixels(render_chart_png(WEEK))


@settings(max_examples=50)
@given(daily_charts)
def test_any_days_can_be_drawn(chart: DailyChart) -> None:
    """Whatever the days hold, each renderer gives its text, and the SVG is well-formed."""
    ET.fromstring(render_chart_svg(chart))  # noqa: S314 - our own
    assert lay_out_chart(chart, NumberFormat(), PICTURE).height == PICTURE.height
    assert len(describe_chart(chart)) <= SENTENCE_LIMIT
    assert max(map(measure_text, render_chart_text(chart, 40).split("\n"))) <= 40


@pytest.mark.parametrize("name", CHARTS)
def test_picture_has_the_size_of_slack(name: str) -> None:
    """A picture has 1008 x 374 pixels, less than 60 kB, and nothing in it but the picture."""
    drawn = render_chart_png(CHARTS[name])
    with Image.open(io.BytesIO(drawn)) as picture:
        size, kept = picture.size, picture.info

    assert drawn.startswith(b"\x89PNG")
    assert size == (1008, 374)
    assert len(drawn) < 60_000
    assert kept == {}


def test_picture_is_the_same_every_time() -> None:
    """The same chart gives the same bytes, whatever was drawn in between."""
    first = render_chart_png(WEEK)
    render_chart_png(VOICE)

    assert render_chart_png(WEEK) == first


@pytest.mark.parametrize("state", [PointState.UNFINISHED, PointState.BLIND])
def test_picture_shows_a_day_that_is_not_whole(state: PointState) -> None:
    """A blind or unfinished day looks different, in the picture and in the SVG."""
    whole = DailyChart(
        title="x", days=tuple(replace(d, state=PointState.WHOLE) for d in MONTH.days)
    )
    marked = replace(whole, days=(*whole.days[:-1], replace(whole.days[-1], state=state)))

    assert pixels(render_chart_png(whole)) != pixels(render_chart_png(marked))
    assert ("url(#" in render_chart_svg(marked)) is (state is PointState.UNFINISHED)


def test_picture_writes_what_its_font_has() -> None:
    """Characters that the font lacks become one mark; a name of nothing else is numbered."""
    assert can_draw_pictures()
    assert make_legible("Café 東京 12") == "Café … 12"
    assert make_legible("東京本店", "no. 3") == "no. 3"
    assert make_legible(ARABIC, "no. 3") == ARABIC
    assert make_legible("…", "no. 3") == "…"


def test_hostile_names_stay_text() -> None:
    """Names are cut and cleaned; no override of direction and no markup gets into a chart."""
    drawn = render_chart_svg(HOSTILE_DAYS)
    words = [
        shape.words
        for room in (PAGE, PICTURE)
        for shape in lay_out_chart(HOSTILE_DAYS, NumberFormat(), room).shapes
        if isinstance(shape, SceneText)
    ]

    assert "<script" not in drawn
    assert "<b>" not in drawn
    assert "\u202e" not in drawn
    assert max(map(len, words)) <= 80
