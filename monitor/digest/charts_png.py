"""Charts as PNG pictures for Slack. The extra `charts` is loaded when the first one is drawn."""

from __future__ import annotations

import io
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import regex

from monitor.digest.chart_layout import lay_out_chart
from monitor.digest.chart_palette import pick_colour
from monitor.digest.chart_scene import (
    PICTURE,
    Anchor,
    Ink,
    SceneBar,
    SceneDot,
    SceneLine,
    SceneShape,
    SceneText,
    TextSize,
    fit_text,
)
from monitor.digest.number_format import ENGLISH, NumberFormat
from monitor.domain.chart import Chart
from monitor.notifiers.plain_text import split_graphemes

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.font_manager import FontProperties
    from matplotlib.transforms import Transform

#: Inches and dots an inch: 1008 x 374 pixels, which Slack shows at about half of that.
_SIZE, _DPI = (7.0, 2.6), 144
#: Pixels of the picture for one of a scene, and the margins.
_ZOOM, _MARGIN_LEFT, _MARGIN_TOP = 2.0, 16.0, 10.0
_HEIGHT = 374.0
_POINTS = {TextSize.NORMAL: 11.0, TextSize.STRONG: 11.0, TextSize.TITLE: 12.5}
_ALIGNED: dict[Anchor, Literal["left", "center", "right"]] = {
    Anchor.START: "left",
    Anchor.MIDDLE: "center",
    Anchor.END: "right",
}
_COLOURS = 96
#: Stands for characters that the font does not have.
_MISSING = "…"
_LEFT_TO_RIGHT = "\u200e"
_UNSEEN = frozenset("\u200c\u200d\u200e\u200f\ufe0e\ufe0f")
_ONLY_MISSING = regex.compile(r"[\s…\p{P}\u200e]*")


def can_draw_pictures() -> bool:
    """Return whether the extra `charts` is installed."""
    return find_spec("matplotlib") is not None


def render_chart_png(chart: Chart, numbers: NumberFormat = ENGLISH) -> bytes:
    """Return a chart as a PNG of 1008 x 374 pixels. The same chart gives the same bytes.

    Needs the extra `charts`: ask `can_draw_pictures` first; without it, ImportError is raised.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.transforms import Affine2D

    figure = Figure(figsize=_SIZE, dpi=_DPI, facecolor=pick_colour(Ink.PAPER))
    canvas = FigureCanvasAgg(figure)
    place = Affine2D().scale(_ZOOM, -_ZOOM).translate(_MARGIN_LEFT, _HEIGHT - _MARGIN_TOP)
    for layer, shape in enumerate(lay_out_chart(chart, numbers, PICTURE).shapes):
        artist = _make_artist(shape, place)
        artist.set_zorder(layer)
        figure.add_artist(artist)
    drawn = canvas.print_to_buffer()  # type: ignore[no-untyped-call]
    pixels, (width, height) = drawn
    return _write_png(pixels, width, height)


def _write_png(pixels: bytes, width: int, height: int) -> bytes:
    """Return what was drawn, in few colours: a third of the bytes, and no difference to see."""
    from PIL import Image

    picture = Image.frombytes("RGBA", (width, height), pixels)
    target = io.BytesIO()
    few = picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    few.save(target, "png", optimize=True)
    return target.getvalue()


def _make_artist(shape: SceneShape, place: Transform) -> Artist:
    if isinstance(shape, SceneBar):
        return _make_bar(shape, place)
    if isinstance(shape, SceneLine):
        return _make_line(shape, place)
    if isinstance(shape, SceneDot):
        return _make_dot(shape, place)
    return _make_text(shape, place)


def _make_bar(bar: SceneBar, place: Transform) -> Artist:
    from matplotlib.patches import Rectangle

    corner = (bar.left * PICTURE.width, bar.top)
    width, height = (bar.right - bar.left) * PICTURE.width, bar.bottom - bar.top
    look: dict[str, object] = {"facecolor": pick_colour(bar.ink), "linewidth": 0}
    if bar.is_hatched:
        look |= {"facecolor": pick_colour(Ink.PAPER), "edgecolor": pick_colour(bar.ink)}
        look |= {"hatch": "////", "hatch_linewidth": 1.2, "linewidth": 0.8}
    if bar.is_hollow:
        look |= {"edgecolor": pick_colour(Ink.AXIS), "linewidth": 0.8, "linestyle": (0, (4, 3))}
    return Rectangle(corner, width, height, transform=place, **look)  # type: ignore[arg-type]


def _make_line(line: SceneLine, place: Transform) -> Artist:
    from matplotlib.lines import Line2D

    return Line2D(
        [line.from_x * PICTURE.width, line.to_x * PICTURE.width],
        [line.from_y, line.to_y],
        color=pick_colour(line.ink),
        linewidth=line.width,
        linestyle=(0, (4, 3)) if line.is_dashed else "-",
        transform=place,
    )


def _make_dot(dot: SceneDot, place: Transform) -> Artist:
    from matplotlib.patches import Ellipse

    return Ellipse(
        (dot.x * PICTURE.width, dot.y),
        2 * dot.radius,
        2 * dot.radius,
        facecolor=pick_colour(Ink.PAPER if dot.is_hollow else dot.ink),
        edgecolor=pick_colour(dot.ink),
        linewidth=1.6,
        transform=place,
    )


def _make_text(text: SceneText, place: Transform) -> Artist:
    from matplotlib.text import Text

    bold = text.size is not TextSize.NORMAL
    words = make_legible(fit_text(text.words, PICTURE.width), text.instead, bold=bold)
    # The pictures' writing takes its direction from the first letter that has one.
    words = words if words.isascii() else f"{_LEFT_TO_RIGHT}{words}"
    return Text(
        text.x * PICTURE.width + text.shift,
        text.y,
        words,
        color=pick_colour(text.ink),
        fontproperties=_load_font(bold),
        fontsize=_POINTS[text.size],
        horizontalalignment=_ALIGNED[text.anchor],
        verticalalignment="baseline",
        parse_math=False,
        transform=place,
    )


def make_legible(words: str, instead: str = "", *, bold: bool = False) -> str:
    """Return words with "…" for each run of characters that the pictures' font does not have.

    Where none is left and there is something to write instead, that follows.
    """
    known = _read_characters(bold)
    kept: list[str] = []
    for grapheme in split_graphemes(words):
        if all(ord(character) in known for character in grapheme if character not in _UNSEEN):
            kept.append("".join(letter for letter in grapheme if ord(letter) in known))
        elif not kept or kept[-1] != _MISSING:
            kept.append(_MISSING)
    legible = "".join(kept)
    if instead and legible != words and _ONLY_MISSING.fullmatch(legible):
        return instead
    return legible


def _font_file(bold: bool) -> Path:
    from matplotlib import get_data_path

    return Path(get_data_path(), "fonts", "ttf", f"DejaVuSans{'-Bold' * bold}.ttf")


@cache
def _load_font(bold: bool) -> FontProperties:
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=str(_font_file(bold)))


@cache
def _read_characters(bold: bool) -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(_font_file(bold))).get_charmap())
