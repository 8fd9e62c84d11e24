"""A chart laid out as shapes, before it is drawn as SVG or as a picture.

Across, a place is a part of the width from 0 to 1, so that a page can be of any width, and texts
keep their size; down, it is in pixels of a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.digest.number_format import cut_text, measure_text
from monitor.notifiers.plain_text import split_graphemes


class Ink(StrEnum):
    """What a colour stands for."""

    TEXT = "text"
    SOFT = "soft"  #: text that comes second
    PAPER = "paper"
    GRID = "grid"
    AXIS = "axis"  #: the line of zero
    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
    UNREAD = "unread"
    ON_NEGATIVE = "on-negative"  #: text on negative
    BLIND = "blind"  #: behind what was not seen
    MARK = "mark"  #: an estimate, its interval, its line
    PALE = "pale"  #: a bar behind an estimate
    GOAL = "goal"  #: a goal, a limit
    ALERT = "alert"
    EVENT = "event"
    COLD_3 = "cold-3"  #: of a heat map: the most positive
    COLD_2 = "cold-2"
    COLD_1 = "cold-1"
    MIDDLE = "middle"
    WARM_1 = "warm-1"
    WARM_2 = "warm-2"
    WARM_3 = "warm-3"  #: the most negative
    VOID = "void"  #: a field with nothing, or too few to call


class Anchor(StrEnum):
    """Which end of a text stands at its place."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


class TextSize(StrEnum):
    """How large a text is."""

    TITLE = "title"
    NORMAL = "normal"
    STRONG = "strong"  #: as large as normal, bold


@dataclass(frozen=True, slots=True)
class SceneBar:
    """A filled rectangle from (left, top) to (right, bottom)."""

    left: float
    top: float
    right: float
    bottom: float
    ink: Ink
    is_hatched: bool = False
    is_hollow: bool = False  #: an outline of dashes on a ground of its ink


@dataclass(frozen=True, slots=True)
class SceneLine:
    """A straight line."""

    from_x: float
    from_y: float
    to_x: float
    to_y: float
    ink: Ink
    width: float = 1.0
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class SceneDot:
    """A round mark; hollow where it is not to be trusted."""

    x: float
    y: float
    ink: Ink
    radius: float = 4.0
    is_hollow: bool = False


@dataclass(frozen=True, slots=True)
class SceneText:
    """Words on one line whose foot is at `y`."""

    x: float
    y: float
    words: str
    ink: Ink = Ink.TEXT
    anchor: Anchor = Anchor.START
    size: TextSize = TextSize.NORMAL
    shift: float = 0.0  #: pixels to the right
    instead: str = ""  #: what is written where a font has none of its characters


SceneShape = SceneBar | SceneLine | SceneDot | SceneText


@dataclass(frozen=True, slots=True)
class Scene:
    """A chart as shapes, from the ground up."""

    height: float  #: pixels
    shapes: tuple[SceneShape, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """How much room there is to lay a chart out in."""

    width: float  #: pixels, at the narrowest that is still to be read
    height: float | None = None  #: pixels; None for as much as it needs
    rows: int = 40  #: the most rows that are shown one below the other

    def cut(self, words: str, part: float = 1.0, less: float = 0.0) -> str:
        """Return as much of a text as fits into a part of the width, less some pixels."""
        return fit_text(words, self.width * part - less)


#: A page: a telephone of 360 pixels is the narrowest that reads it, some with wider letters.
PAGE = Room(width=312)
#: A picture for Slack, which shows it at about this width.
PICTURE = Room(width=488, height=177, rows=7)


_NARROW = frozenset("iIjlftr.,:;'|!()[] \u00a0")
_BROAD = frozenset("mwMW@%—")


def estimate_width(words: str) -> float:
    """Return how many pixels a text of normal size takes: of DejaVu Sans, which is a wide one."""
    return sum(_estimate_letter(letter) for letter in split_graphemes(words))


def fit_text(words: str, pixels: float) -> str:
    """Return as much of a text as fits into some pixels, whole characters, with "…" at a cut."""
    kept = cut_text(words, 160)
    if estimate_width(kept) <= pixels:
        return kept
    letters = split_graphemes(kept)
    room = pixels - _estimate_letter("…")
    fitting = 0
    for letter in letters:
        room -= _estimate_letter(letter)
        if room < 0:
            break
        fitting += 1
    return "".join(letters[:fitting]).rstrip() + "…"


def _estimate_letter(letter: str) -> float:
    if letter in _NARROW:
        return 4.0
    if letter in _BROAD:
        return 10.5
    if letter == "…" or measure_text(letter) > 1:
        return 11.5
    return 8.4 if letter.isupper() else 6.9


def title_of(words: str, room: Room) -> SceneText:
    """Return the title of a chart; it takes the first 20 pixels."""
    # Its letters are larger and bold.
    return SceneText(0, 13, fit_text(words, room.width / 1.25), size=TextSize.TITLE)
