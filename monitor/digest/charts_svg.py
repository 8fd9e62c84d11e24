"""Charts as SVG inside a page: classes and attributes only, so that a page's policy can be strict.

`CHART_STYLE` belongs into the page's style sheet, once. A chart takes the width that it is given;
its texts keep their size. Light or dark follows the reader's system; what is printed is light.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html import escape
from itertools import groupby
from operator import itemgetter

from monitor.digest.chart_layout import lay_out_chart
from monitor.digest.chart_palette import PALETTE
from monitor.digest.chart_scene import (
    PAGE,
    Anchor,
    Ink,
    SceneBar,
    SceneDot,
    SceneLine,
    SceneShape,
    SceneText,
    TextSize,
)
from monitor.digest.chart_sentence import describe_chart
from monitor.digest.number_format import ENGLISH, NumberFormat, cut_text
from monitor.domain.chart import Chart


def _write_style() -> str:
    light = "\n".join(f".chart .{ink}{{color:{pair[0]}}}" for ink, pair in PALETTE.items())
    dark = "\n".join(f".chart .{ink}{{color:{pair[1]}}}" for ink, pair in PALETTE.items())
    return f"""
.chart{{display:block;max-width:100%;overflow:visible;direction:ltr;font:12px system-ui,sans-serif}}
.chart text{{fill:currentColor;unicode-bidi:isolate;font-variant-numeric:tabular-nums}}
.chart .bold{{font-weight:650}}.chart .head{{font-weight:650;font-size:13px}}
.chart .mid{{text-anchor:middle}}.chart .end{{text-anchor:end}}
.chart .fill{{fill:currentColor}}.chart .line{{stroke:currentColor}}
.chart .bare{{fill:none;stroke:currentColor;stroke-dasharray:3 2}}
.chart .ring{{stroke:currentColor;stroke-width:2}}.chart .dash{{stroke-dasharray:4 3}}
{light}
@media screen and (prefers-color-scheme:dark){{
{dark}
}}
@media print{{.chart{{break-inside:avoid;print-color-adjust:exact}}}}
"""


#: What all charts of a page look like.
CHART_STYLE = _write_style()

_ANCHORS = {Anchor.START: "", Anchor.MIDDLE: " mid", Anchor.END: " end"}
_SIZES = {TextSize.NORMAL: "", TextSize.STRONG: " bold", TextSize.TITLE: " head"}


def render_chart_svg(chart: Chart, numbers: NumberFormat = ENGLISH, *, key: str = "") -> str:
    """Return a chart as an <svg> element with a title and a sentence for those who do not see it.

    `key` (letters, digits, hyphens) makes its ids unique where a page has the same chart twice. The
    same chart gives the same text.
    """
    scene = lay_out_chart(chart, numbers, PAGE)
    name = key or "c" + hashlib.sha256(repr((chart, numbers)).encode()).hexdigest()[:10]
    hatch = f"{name}-h"
    shapes = _draw_all(scene.shapes, hatch)
    title = escape(cut_text(chart.title, 200))
    sentence = escape(describe_chart(chart, numbers))
    pattern = ""
    if f"url(#{hatch})" in shapes:
        pattern = (
            f'<defs><pattern id="{hatch}" width="5" height="5" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><path class="paper line" stroke-width="4" d="M0 0V5"/>'
            "</pattern></defs>"
        )
    return (
        f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" width="100%" '
        f'height="{_px(scene.height)}" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{title}</title><desc id="{name}-d">{sentence}</desc>'
        f"{pattern}{shapes}</svg>"
    )


def _draw_all(shapes: Sequence[SceneShape], hatch: str) -> str:
    """Return the elements of shapes; neighbours that look the same share a group."""
    drawn = [element for shape in shapes for element in _draw(shape, hatch)]
    parts = []
    for look, group in groupby(drawn, key=itemgetter(0)):
        elements = [element for _, element in group]
        if len(elements) == 1:
            tag, rest = elements[0].split(" ", 1)
            parts.append(f'{tag} class="{look}" {rest}' if look else elements[0])
        else:
            parts.append(f'<g class="{look}">{"".join(elements)}</g>')
    return "".join(parts)


def _draw(shape: SceneShape, hatch: str) -> list[tuple[str, str]]:
    """Return the elements of a shape, each with its classes before it."""
    if isinstance(shape, SceneBar):
        return _draw_bar(shape, hatch)
    if isinstance(shape, SceneLine):
        return [_draw_line(shape)]
    if isinstance(shape, SceneDot):
        return _draw_dot(shape)
    return [_draw_text(shape)]


def _draw_bar(bar: SceneBar, hatch: str) -> list[tuple[str, str]]:
    box = (
        f'x="{_part(bar.left)}" y="{_px(bar.top)}" width="{_part(bar.right - bar.left)}" '
        f'height="{_px(max(0.0, bar.bottom - bar.top))}"'
    )
    if bar.is_hollow:
        return [(f"{Ink.AXIS} bare", f"<rect {box}/>")]
    solid = (f"{bar.ink} fill", f"<rect {box}/>")
    if bar.is_hatched:
        return [solid, ("", f'<rect fill="url(#{hatch})" {box}/>')]
    return [solid]


def _draw_line(line: SceneLine) -> tuple[str, str]:
    width = f' stroke-width="{line.width:g}"' if line.width != 1 else ""
    start = f'x1="{_part(line.from_x)}" y1="{_px(line.from_y)}"'
    end = f'x2="{_part(line.to_x)}" y2="{_px(line.to_y)}"'
    return f"{line.ink} line{' dash' * line.is_dashed}", f"<line {start} {end}{width}/>"


def _draw_dot(dot: SceneDot) -> list[tuple[str, str]]:
    place = f'cx="{_part(dot.x)}" cy="{_px(dot.y)}" r="{dot.radius:g}"'
    if dot.is_hollow:
        ring = (f"{dot.ink} ring", f'<circle {place} fill="none"/>')
        return [(f"{Ink.PAPER} fill", f"<circle {place}/>"), ring]
    return [(f"{dot.ink} fill", f"<circle {place}/>")]


def _draw_text(text: SceneText) -> tuple[str, str]:
    place = f'x="{_part(text.x)}" y="{_px(text.y)}"'
    if text.shift:
        place += f' dx="{_px(text.shift)}"'
    words = escape(cut_text(text.words, 90))
    return f"{text.ink}{_ANCHORS[text.anchor]}{_SIZES[text.size]}", f"<text {place}>{words}</text>"


def _part(place: float) -> str:
    return f"{place * 100:.2f}".rstrip("0").rstrip(".") + "%"


def _px(place: float) -> str:
    return f"{place:.1f}".rstrip("0").rstrip(".")
