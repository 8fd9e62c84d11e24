"""Feedback, ratings and what was read out of them."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from monitor.domain.feedback import Analysis, Author, Feedback, Rating, Scale
from monitor.domain.tokens import normalize_text

AT = datetime(2026, 11, 18, tzinfo=UTC)
FEEDBACK = Feedback(
    source_id="shop", external_id="1", title="Slow", body="It is slow", rating=Rating(2)
)
RANGES = {
    Scale.STARS5: range(1, 6),
    Scale.INVERTED5: range(1, 6),
    Scale.NPS: range(11),
    Scale.CSAT5: range(1, 6),
    Scale.CES7: range(1, 8),
    Scale.CES5: range(1, 6),
    Scale.THUMBS: range(2),
}


@pytest.mark.parametrize("scale", Scale)
def test_every_scale_becomes_stars_in_order(scale: Scale) -> None:
    """Worst is 1 star, best is 5, and a better answer never gets fewer or equal stars."""
    stars = [Rating(value, scale).stars for value in RANGES[scale]]
    stars = stars[::-1] if scale is Scale.INVERTED5 else stars
    assert (stars[0], stars[-1]) == (1, 5)
    assert all(worse < better for worse, better in pairwise(stars))


def test_nps_keeps_its_bands() -> None:
    """Detractors have at most 2 stars, passives 3 to 3.5, promoters at least 4.5."""
    stars = [Rating(value, Scale.NPS).stars for value in range(11)]
    assert max(stars[:7]) == 2
    assert stars[7:9] == [3, 3.5]
    assert stars[9:] == [4.5, 5]


@pytest.mark.parametrize("scale", Scale)
def test_values_outside_their_scale_are_no_ratings(scale: Scale) -> None:
    """ "6 = don't know", no stars at all and not-a-number are no opinion."""
    low, high = min(RANGES[scale]), max(RANGES[scale])
    assert [
        Rating.from_value(value, scale) for value in (low - 1, low - 0.01, high + 0.01, high + 1)
    ] == [None] * 4
    assert [
        Rating.from_value(value, scale) for value in (float("nan"), float("inf"), -float("inf"))
    ] == [None] * 3
    assert Rating.from_value(low, scale) == Rating(low, scale)
    assert Rating.from_value(high, scale) == Rating(high, scale)


@pytest.mark.parametrize(
    "changed",
    [
        replace(FEEDBACK, title="Fast"),
        replace(FEEDBACK, body="It is slow!"),
        replace(FEEDBACK, rating=Rating(3)),
        replace(FEEDBACK, rating=Rating(2, Scale.CSAT5)),
        replace(FEEDBACK, rating=None),
        replace(FEEDBACK, title="SlowIt", body=" is slow"),
    ],
)
def test_the_content_hash_follows_words_and_rating(changed: Feedback) -> None:
    """Any change of what the customer said is an edit, also a letter that moves from the body to
    the title.
    """
    assert changed.content_hash != FEEDBACK.content_hash


def test_the_content_hash_ignores_everything_else() -> None:
    """Votes, replies, links, times and ids are no edits."""
    other = replace(
        FEEDBACK,
        id=7,
        score=5,
        replies=2,
        url="https://example.com",
        edited_at=AT,
        first_seen_at=AT,
    )
    assert other.content_hash == FEEDBACK.content_hash
    assert replace(FEEDBACK, body="\ud800").content_hash


def test_the_time_is_the_sources_or_ours() -> None:
    """The source's time comes first; a feedback with neither was not prepared, which is a mistake
    of ours.
    """
    assert (
        replace(
            FEEDBACK, created_at=AT, first_seen_at=datetime.max.replace(tzinfo=UTC)
        ).seen_or_created
        == AT
    )
    assert replace(FEEDBACK, first_seen_at=AT).seen_or_created == AT
    with pytest.raises(ValueError, match="first_seen_at"):
        _ = FEEDBACK.seen_or_created


def test_a_feedback_is_itself_by_source_and_external_id() -> None:
    """The key survives every edit."""
    assert replace(FEEDBACK, body="x", id=3, rating=None).key == FEEDBACK.key == ("shop", "1")


@pytest.mark.parametrize(
    ("author", "known"), [(Author(), False), (Author(name="A"), True), (Author(id="u1"), True)]
)
def test_an_author_is_known_by_name_or_id(author: Author, known: bool) -> None:
    """Reach alone names nobody."""
    assert author.is_known is known
    assert replace(author, reach=5).is_known is known


def test_values_are_frozen_and_can_be_put_in_sets() -> None:
    """No stage can change what another one sees, and mappings inside do not hinder hashing."""
    with pytest.raises(FrozenInstanceError):
        FEEDBACK.body = "x"  # type: ignore[misc]
    assert len({FEEDBACK, replace(FEEDBACK), replace(FEEDBACK, attributes={"plan": "pro"})}) == 2


def test_fingerprints_are_of_the_words() -> None:
    """Texts that differ in case and punctuation alone are near-duplicates; without words there is
    none.
    """
    one, two = (
        Analysis(text=text, words=normalize_text(text)) for text in ("It’s SLOW!!!", "it's slow")
    )
    assert one.fingerprint == two.fingerprint != ""
    assert Analysis(text="!!!", words="").fingerprint == ""


def test_unread_is_not_scored() -> None:
    """A reason for not scoring means not scored, and the sentiment stays empty rather than
    neutral.
    """
    assert Analysis(text="x", words="x").scored
    unread = Analysis(text="x", words="x", unscored="language: de")
    assert not unread.scored
    assert unread.sentiment is None
