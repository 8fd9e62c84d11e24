"""Themes: what more or fewer people talk about than in the eight weeks before."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.wording import (
    STAGE_TITLES,
    Wording,
    bullets,
    muted,
    paragraph,
    strong,
    text_line,
)
from monitor.domain.document import DocumentBlock, QuoteList, TextLine
from monitor.domain.feedback import Stage
from monitor.domain.item_query import ItemQuery
from monitor.domain.measure import Unit
from monitor.domain.theme import TextsRead, Theme, ThemeKind, ThemeReport

#: Themes of a kind that are told; the others stand in the machine-readable digest.
_MOST_SHOWN = 5
_MOST_IDS = 40
_KIND_TITLES = {
    ThemeKind.NEW: "New",
    ThemeKind.GROWING: "Growing",
    ThemeKind.FADING: "Fading",
}


class ThemesPart(DigestPart[ThemeReport]):
    """New, growing and fading phrases, each with its people, tone, stage and quotes."""

    key = "themes"
    title = "What people talk about"
    value_type = ThemeReport

    def load(self, data: PeriodData) -> ThemeReport | None:
        return data.load_themes()

    def list_quoted(self, value: ThemeReport) -> tuple[int, ...]:
        return tuple(quoted for theme in value.themes for quoted in theme.quotes)

    def describe(self, value: ThemeReport, wording: Wording) -> tuple[DocumentBlock, ...]:
        if value.silent_because:
            return (paragraph(f"No themes: {value.silent_because}."),)
        if not value.themes:
            return (
                paragraph("Nothing is new, grows or fades more than chance would have it."),
                _describe_reading(value, wording),
            )
        blocks: list[DocumentBlock] = []
        for kind, title in _KIND_TITLES.items():
            shown = [theme for theme in value.themes if theme.kind is kind][:_MOST_SHOWN]
            for theme in shown:
                blocks += _describe_theme(theme, title, value.now, wording)
        return (*blocks, _describe_reading(value, wording))


def describe_theme_change(theme: Theme, read: TextsRead, wording: Wording) -> str:
    """Return "31 people, 8 expected" with where it starts, "since 6.5.0".

    Of a sample it says of how many people that were read.
    """
    people = wording.count(theme.authors, "people")
    among = f" of {wording.numbers.write_count(read.authors)} read" if read.is_sample else ""
    said = f"{people}{among}, {wording.numbers.write_number(theme.expected, 0)} expected"
    return f"{said}, since {theme.start.event}" if theme.start and theme.start.event else said


def find_theme_items(theme: Theme) -> ItemQuery:
    """Return what opens a theme's feedback; of a fading one that of the weeks before.

    Of many its phrases, which find those of other times as well: a command has to fit on a line.
    """
    ids = theme.feedback_ids or theme.earlier_ids
    if len(ids) <= _MOST_IDS:
        return ItemQuery(ids=ids)
    return ItemQuery(query=" OR ".join(f'"{phrase}"' for phrase in theme.phrases[:3]))


def _describe_theme(
    theme: Theme, title: str, read: TextsRead, wording: Wording
) -> Iterator[DocumentBlock]:
    balance = wording.describe_estimate(theme.balance, Unit.POINTS)
    facts = [describe_theme_change(theme, read, wording), f"balance {balance}"]
    if theme.stage and theme.stage != Stage.UNSURE:
        stage = STAGE_TITLES[Stage(theme.stage)]
        facts.append(f"{theme.stage_items} of {theme.items or len(theme.earlier_ids)} in {stage}")
    also = [phrase for phrase in theme.phrases[1:4] if phrase != theme.name]
    line: TextLine = text_line(f"{title}: ", strong(f"“{theme.name}”"), f" · {'; '.join(facts)}")
    if also:
        line += text_line(muted(f" (also: {', '.join(also)})"))
    yield bullets(line)
    quotes = wording.find_quotes(theme.quotes)
    if quotes:
        yield QuoteList(quotes)
    yield bullets(wording.items_line(find_theme_items(theme)))


def _describe_reading(value: ThemeReport, wording: Wording) -> DocumentBlock:
    now, before = (_describe_texts(read, wording) for read in (value.now, value.before))
    return paragraph(
        muted(
            f"Read: {now} in the period, {before} in the "
            f"{wording.numbers.write_number(value.weeks_before, 0)} weeks before; of all that is "
            "told here, at most one in twenty is expected to be chance."
        )
    )


def _describe_texts(read: TextsRead, wording: Wording) -> str:
    if read.is_sample:
        counts = map(wording.numbers.write_count, (read.read, read.total))
        return f"{' of '.join(counts)} texts"
    return wording.count(read.total, "texts")
