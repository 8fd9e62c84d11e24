"""Word a digest for an audience: one document for every renderer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import structlog

from monitor.digest.audiences import find_parts, order_keys
from monitor.digest.lead import describe_lead
from monitor.digest.part import DigestPart
from monitor.digest.persona import FEWEST_OF_PERSONA
from monitor.digest.wording import Wording, bullets, strong, text_line
from monitor.domain.digest import Audience, Digest
from monitor.domain.document import (
    BulletList,
    Caution,
    Document,
    DocumentBlock,
    DocumentSection,
    Figure,
    TextLine,
)
from monitor.domain.period import PeriodKind

log = structlog.get_logger(__name__)

#: Parts whose first figure stands on the first screen.
_PICTURED = ("numbers", "journey")


def compose_document(
    digest: Digest, wording: Wording, audience: Audience = Audience.LEADERSHIP
) -> Document:
    """Return what a digest says to an audience.

    A part that cannot be worded says so, and nothing else changes.
    """
    parts = find_parts()
    sections = [
        _compose_section(parts[key], digest.parts[key], wording)
        for key in order_keys(audience)
        if key in digest.parts
    ]
    pictures = _choose_pictures(sections)
    return Document(
        title=_title(digest, wording),
        lead=(
            *_warn_of_few(digest, wording),
            *describe_lead(digest, wording),
            *_describe_failures(digest),
            *pictures,
        ),
        sections=(
            *(_leave_out(section, pictures) for section in sections),
            *_describe_corrections(digest, wording),
        ),
    )


def _choose_pictures(sections: Sequence[DocumentSection]) -> list[Figure]:
    """Return the figures that the first screen shows: of the first sections one each."""
    shown = (section for section in sections if section.key in _PICTURED)
    figures = (
        next((block for block in section.blocks if isinstance(block, Figure)), None)
        for section in shown
    )
    return [figure for figure in figures if figure is not None]


def _leave_out(section: DocumentSection, pictures: Sequence[Figure]) -> DocumentSection:
    blocks = tuple(block for block in section.blocks if block not in pictures)
    return replace(section, blocks=blocks)


def _title(digest: Digest, wording: Wording) -> str:
    """Return "Acme: week 47, 16 to 22 November 2026 (country=DE)"."""
    days = digest.period.days
    span = wording.days(days[0].date, days[-1].date)
    name = f"{digest.brand}: " if digest.brand else ""
    scope = f" ({digest.scope})" if digest.scope else ""
    if not digest.period.is_over(digest.made_at):
        scope += ", not over yet"
    if digest.period.kind is PeriodKind.WEEK:
        week = int(digest.period.name.rpartition("W")[2])
        return f"{name}Week {week}, {span}{scope}"
    return f"{name}{span}{scope}"


def _compose_section(part: DigestPart[Any], value: Any, wording: Wording) -> DocumentSection:
    try:
        blocks = part.describe(value, wording)
    except Exception:
        log.exception("digest_part_not_worded", part=part.key)
        blocks = (_caution(f"{part.title} could not be written; the log says why."),)
    return DocumentSection(key=part.key, title=part.title, blocks=blocks)


def _warn_of_few(digest: Digest, wording: Wording) -> tuple[DocumentBlock, ...]:
    if digest.few is None:
        return ()
    heard = wording.count(digest.few, "people")
    fewest = f"fewer than {FEWEST_OF_PERSONA}"
    return (_caution(f"{digest.scope} has {heard}, {fewest}: read all of it with care."),)


def _describe_failures(digest: Digest) -> tuple[DocumentBlock, ...]:
    return tuple(
        _caution(f"{failure.title} is missing from this digest: {failure.message}")
        for failure in digest.failures
    )


def _describe_corrections(digest: Digest, wording: Wording) -> tuple[DocumentSection, ...]:
    if not digest.corrections:
        return ()
    lines: list[TextLine] = [
        text_line(
            f"{correction.title}: sent ",
            wording.numbers.write_number(correction.sent, 0),
            ", now ",
            strong(wording.numbers.write_number(correction.now, 0)),
        )
        for correction in digest.corrections
    ]
    blocks: tuple[BulletList, ...] = (bullets(*lines),)
    title = "Corrected since the last digest"
    return (DocumentSection(key="corrections", title=title, blocks=blocks),)


def _caution(text: str) -> Caution:
    return Caution(text_line(text))
