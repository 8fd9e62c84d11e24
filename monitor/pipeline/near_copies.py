"""Let near copies of one text share a group, so that one incident is one alert."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from monitor.analysis.similar import (
    FEWEST_WORDS,
    NearCopyGroups,
    bands_of_signatures,
    group_near_copies,
    minhash_signature,
    replace_group_text,
)
from monitor.domain.alert import Match
from monitor.domain.tokens import fingerprint_text
from monitor.store.near_copies import KEEP_SIMILAR, SimilarText


class SimilarTexts(Protocol):
    """The texts that later ones are compared with, as the store keeps them."""

    def find_candidates(self, bands: Collection[int], since: datetime) -> list[SimilarText]:
        """Return the texts that have one of these bands and were met since a time."""

    def add(self, items: Sequence[SimilarText], at: datetime) -> None:
        """Keep texts for comparison."""

    def mark_seen(self, feedback_ids: Sequence[int], at: datetime) -> None:
        """Keep texts that were met again for longer."""


def regroup_near_copies(known: SimilarTexts, matches: list[Match], now: datetime) -> list[Match]:
    """Return the matches in the groups of the earliest text that theirs is a near copy of.

    Many customers report one incident, and hardly two of them in the very same words. Matches that
    are grouped by text share its group; all of them share its group of near copies.
    """
    texts = sign_texts(matches)
    if not any(text.bands for text in texts):
        return [_rekey_match(match, {}) for match in matches]
    groups = _find_groups(known, texts, now)
    return [
        replace(
            _rekey_match(match, groups.leaders), copy_of=groups.copied.get(match.feedback.id, 0)
        )
        for match in matches
    ]


def sign_texts(matches: Sequence[Match]) -> list[SimilarText]:
    """Return the signed text of each feedback with a match, in the order of ids.

    A text that is too short to be compared has no signature and no bands.
    """
    analyses = sorted({match.feedback.id: match.analysis for match in matches}.items())
    if not analyses:
        return []
    signatures = [minhash_signature(analysis.words) for _, analysis in analyses]
    bands = bands_of_signatures(signatures)
    return [
        SimilarText(
            feedback_id=feedback_id,
            fingerprint=analysis.fingerprint,
            signature=signature,
            bands=text_bands,
        )
        for (feedback_id, analysis), signature, text_bands in zip(
            analyses, signatures, bands, strict=True
        )
    ]


def _find_groups(
    known: SimilarTexts, texts: Sequence[SimilarText], now: datetime
) -> NearCopyGroups:
    """Return which texts are near copies of which.

    Texts that are like no earlier one are kept for later comparison.
    """
    bands = {band for text in texts for band in text.bands}
    candidates = known.find_candidates(bands, now - KEEP_SIMILAR)
    groups = group_near_copies(texts, candidates)
    first_of_group = set(groups.new)
    known.add([text for text in texts if text.feedback_id in first_of_group], now)
    known.mark_seen(groups.seen, now)
    return groups


def _rekey_match(match: Match, leaders: Mapping[int, str]) -> Match:
    """Return the match in the groups of its leader's text, in the place of its own."""
    leader = leaders.get(match.feedback.id, match.analysis.fingerprint)
    group = replace_group_text(match.group, match.analysis.fingerprint, leader)
    is_compared = len(match.analysis.words.split(" ", FEWEST_WORDS)) >= FEWEST_WORDS
    copy_group = leader if is_compared else _group_of_short_text(match)
    return replace(match, group=group, copy_group=copy_group)


def _group_of_short_text(match: Match) -> str:
    """Return the group of a text that many write in the same words: it is of one author.

    What has an address and no author, such as news, is of its place. Empty where there are no
    words, or where nobody knows who wrote them.
    """
    feedback, fingerprint = match.feedback, match.analysis.fingerprint
    author = feedback.author.key
    if not fingerprint or not (author or feedback.url):
        return ""
    return fingerprint_text(f"{fingerprint} {feedback.source_id} {author}")
