"""Let near copies of one text share a group, so that one incident is one alert."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.analysis.similar import (
    bands_of_signatures,
    group_near_copies,
    minhash_signature,
    replace_group_text,
)
from monitor.domain.alert import Match
from monitor.store import Transaction
from monitor.store.near_copies import KEEP_SIMILAR, SimilarText


def regroup_near_copies(tx: Transaction, matches: list[Match], now: datetime) -> list[Match]:
    """Re-key text-grouped matches to the group of the earliest near-duplicate.

    Many customers report one incident, and hardly two of them in the very same words.
    """
    texts = sign_texts(matches)
    if not any(text.bands for text in texts):
        return matches
    leaders = _find_leaders(tx, texts, now)
    return [rekey_match(match, leaders) for match in matches]


def sign_texts(matches: Sequence[Match]) -> list[SimilarText]:
    """Return the signed text of each feedback with a match grouped by text, in the order of ids.

    A text that is too short to be compared has no signature and no bands.
    """
    grouped = [match for match in matches if "text:" in match.group]
    if not grouped:
        return []
    analyses = sorted({match.feedback.id: match.analysis for match in grouped}.items())
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


def _find_leaders(
    tx: Transaction, texts: Sequence[SimilarText], now: datetime
) -> Mapping[int, str]:
    """Return, by feedback id, the fingerprint of the earliest text like it, or its own.

    Texts that are like no earlier one are kept for later comparison.
    """
    bands = {band for text in texts for band in text.bands}
    candidates = tx.similar_texts.find_candidates(bands, now - KEEP_SIMILAR)
    groups = group_near_copies(texts, candidates)
    first_of_group = set(groups.new)
    tx.similar_texts.add([text for text in texts if text.feedback_id in first_of_group], now)
    tx.similar_texts.mark_seen(groups.seen, now)
    return groups.leaders


def rekey_match(match: Match, leaders: Mapping[int, str]) -> Match:
    """Return the match with its leader's fingerprint in the place of its own in its group."""
    leader = leaders.get(match.feedback.id)
    if leader is None:
        return match
    group = replace_group_text(match.group, match.analysis.fingerprint, leader)
    return replace(match, group=group)
