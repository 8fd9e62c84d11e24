"""Numbers, times and dates as the readers of a digest write them: one place for all renderers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from unicodedata import bidirectional

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit
from rich.cells import cell_len

from monitor.domain.measure import Unit
from monitor.notifiers.plain_text import one_line, split_graphemes

#: The locale of who names none.
DEFAULT_LOCALE = "en"
#: Stands for a figure that does not exist.
NOTHING = "–"
#: Does not let a line break between a number and its unit.
_TIGHT = "\u00a0"
_MINUS = "\u2212"
#: Keeps what follows a name from being drawn into its direction.
_LEFT_TO_RIGHT = "\u200e"
_RIGHT_TO_LEFT = frozenset(("R", "AL", "AN"))

_DECIMALS = {Unit.STARS: 2, Unit.EASE: 2, Unit.PER_DAY: 1}
# Symbols of ISO 80000-3; Babel's English says "hr".
_ENGLISH_UNITS = {"second": "s", "minute": "min", "hour": "h", "day": "d"}
_SECONDS_OF = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How figures are written in a locale, such as "en", "de" or "pt_BR".

    Raises ValueError, with a sentence for people, for a locale that nobody has described.
    """

    locale: str = DEFAULT_LOCALE

    def __post_init__(self) -> None:
        """Check that the locale is known."""
        self._read_locale()

    @property
    def language(self) -> str:
        """The locale as a BCP 47 tag, as pages name it: "pt-BR"."""
        return str(self._read_locale()).replace("_", "-")

    def write_count(self, count: int) -> str:
        """Return a count with its thousands parted: "1,234"."""
        return self.write_number(count, 0)

    def write_number(self, value: float, decimals: int, *, signed: bool = False) -> str:
        """Return a number rounded half away from zero, with a true minus, and a plus if asked.

        What is rounded to zero has no sign. `decimals` are 0 to 6.
        """
        rounded = _round(value, decimals)
        locale = self._read_locale()
        whole = locale.decimal_formats[None].pattern.partition(";")[0].partition(".")[0]
        plain = f"{whole}.{'0' * decimals}".rstrip(".")
        pattern = f"+{plain};-{plain}" if signed and rounded else plain
        return _mend_sign(format_decimal(rounded, format=pattern, locale=locale))

    def write_percent(self, value: float, *, signed: bool = False) -> str:
        """Return a share of 0 to 100 as the locale writes it: "41%" or "41 %".

        Shares below 1 have a decimal: "0.4%".
        """
        decimals = 1 if 0 < abs(value) < 1 else 0
        rounded = _round(value, decimals)
        locale = self._read_locale()
        pattern = locale.percent_formats[None].pattern.partition(";")[0]
        if decimals:
            pattern = pattern.replace("0", "0.0", 1)
        if signed and rounded:
            pattern = f"+{pattern};-{pattern}"
        return _mend_sign(format_percent(rounded / 100, format=pattern, locale=locale))

    def write_value(self, unit: Unit, value: float | None, *, signed: bool = False) -> str:
        """Return a figure in its unit: "42", "41%", "4.32", "3 h 20 min"; a dash for none."""
        if value is None:
            return NOTHING
        if unit is Unit.PERCENT:
            return self.write_percent(value, signed=signed)
        if unit is Unit.SECONDS:
            return self.write_duration(value, signed=signed)
        return self.write_number(value, _DECIMALS.get(unit, 0), signed=signed)

    def write_change(self, unit: Unit, value: float | None) -> str:
        """Return a change with its sign; that of a share is in points: "+9", "+3 points"."""
        if value is None or unit is not Unit.PERCENT:
            return self.write_value(unit, value, signed=True)
        return f"{self.write_number(value, 0, signed=True)}{_TIGHT}points"

    def write_range(self, unit: Unit, low: float | None, high: float | None) -> str:
        """Return an interval: "31 to 52"; an unknown limit is said: "at least 31"; or nothing."""
        if low is None and high is None:
            return ""
        if high is None:
            return f"at least {self.write_value(unit, low)}"
        if low is None:
            return f"at most {self.write_value(unit, high)}"
        return f"{self.write_value(unit, low)} to {self.write_value(unit, high)}"

    def write_duration(self, seconds: float, *, signed: bool = False) -> str:
        """Return a length of time in its two largest units: "45 s", "3 h 20 min", "2 d"."""
        left = int(_round(abs(seconds), 0))
        # Rounded to the smaller of the two first: "1 d", never "23 h 60 min".
        if left >= 600:
            left = int(_round(left / 60, 0)) * 60
        if left >= 86_400:
            left = int(_round(left / 3_600, 0)) * 3_600
        parts = []
        for name, size in _SECONDS_OF:
            amount, left = divmod(left, size)
            if amount:
                parts.append(self._write_unit(amount, name))
        written = _TIGHT.join(parts[:2]) or self._write_unit(0, "second")
        if seconds < 0 and parts:
            return f"{_MINUS}{written}"
        return f"+{written}" if signed and parts else written

    def write_day(self, day: date) -> str:
        """Return a day and its month in the locale's order: "Nov 16" or "16. Nov."."""
        return str(format_skeleton("MMMd", day, locale=self._read_locale()))

    def write_weekday(self, day: date, *, with_date: bool = True) -> str:
        """Return the day of the week and of the month: "Mon 16"; or the first alone: "Mon"."""
        return str(format_date(day, "EEE d" if with_date else "EEE", locale=self._read_locale()))

    def write_date(self, day: date) -> str:
        """Return a day with its month and year: "Nov 16, 2026"."""
        return str(format_date(day, "medium", locale=self._read_locale()))

    def _write_unit(self, amount: int, name: str) -> str:
        locale = self._read_locale()
        if locale.language == "en":
            return f"{self.write_count(amount)}{_TIGHT}{_ENGLISH_UNITS[name]}"
        written = format_unit(amount, f"duration-{name}", length="short", locale=locale)
        return written.replace(" ", _TIGHT)

    def _read_locale(self) -> Locale:
        try:
            return Locale.parse(self.locale.replace("-", "_"))
        except (UnknownLocaleError, ValueError, TypeError):
            reason = f"{self.locale!r} is no locale: write a language, such as en, de or pt_BR"
            raise ValueError(reason) from None


#: How figures are written where nobody named a locale.
ENGLISH = NumberFormat()


def cut_text(text: str, columns: int) -> str:
    """Return a text on one line in at most `columns` (1 or more); "…" ends what was cut.

    What a reader sees as one character stays whole; wide ones count for two columns. Controls and
    what reorders the text around it are left out.
    """
    # Enough for that many characters with their marks: a long text costs no more than a short one.
    reach = 16 * columns + 64
    kept: list[str] = []
    room = columns
    for grapheme in split_graphemes(one_line(text[:reach])):
        room -= _measure_grapheme(grapheme)
        if room < 0:
            return _end_cut(kept, columns)
        kept.append(grapheme)
    return "".join(kept) if len(text) <= reach else _end_cut(kept, columns)


def measure_text(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(map(_measure_grapheme, split_graphemes(text)))


def isolate_name(name: str) -> str:
    """Return a name that figures can follow: marked where some of it runs from right to left."""
    if any(bidirectional(character) in _RIGHT_TO_LEFT for character in name):
        return f"{_LEFT_TO_RIGHT}{name}{_LEFT_TO_RIGHT}"
    return name


def _measure_grapheme(grapheme: str) -> int:
    return min(2, cell_len(grapheme))


def _end_cut(kept: list[str], columns: int) -> str:
    while kept and sum(map(_measure_grapheme, kept)) > columns - 1:
        kept.pop()
    return "".join(kept).rstrip() + "…"


def _round(value: float, decimals: int) -> Decimal:
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return rounded or abs(rounded)


def _mend_sign(written: str) -> str:
    return written.replace("-", _MINUS)
