"""How far a hashtag was read, ids that hold a time, and the options."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.mastodon import HashtagProgress, MastodonOptions, shift_id_back

NEW, OLD = "117020593741189701", "117020582018205171"


@given(st.integers(1_500_000_000, 4_000_000_000))
def test_before_is_half_an_hour_earlier(seconds: int) -> None:
    """The id half an hour before that of a post is that of a post written half an hour before."""
    assert shift_id_back(str(seconds * 1000 << 16)) == str((seconds - 1_800) * 1000 << 16)


@pytest.mark.parametrize("id_", ["", "1234567", "01JCZ3V9QK4T8M5B7N2R6X0YWD", "AcmeFlakeId0123456"])
def test_an_id_that_holds_no_time_is_left_as_it_is(id_: str) -> None:
    """Ids of other servers are only handed back."""
    assert shift_id_back(id_) == id_


def test_the_first_page_is_the_whole_first_contact() -> None:
    """Nothing is fetched on after it."""
    assert HashtagProgress().with_page([OLD, NEW]) == HashtagProgress(newest=NEW)
    assert HashtagProgress().with_page([]) == HashtagProgress()


def test_a_reading_goes_on_behind_its_highest_id() -> None:
    """Pages move the place forward, an empty page ends the reading, and the next one starts before
    the newest.
    """
    reading = HashtagProgress(newest=OLD).with_page([NEW, OLD])

    assert (reading.start_id, reading.newest) == (NEW, NEW)
    assert reading.with_page([]) == HashtagProgress(newest=NEW)
    assert reading.with_page([]).start_id == shift_id_back(NEW)


def test_a_stale_page_does_not_lead_back() -> None:
    """A page from before the place leaves it where it was."""
    assert HashtagProgress(newest=NEW, at=NEW).with_page([OLD]) == HashtagProgress(
        newest=NEW, at=NEW
    )


def test_longer_ids_are_newer() -> None:
    """Ids are compared as numbers and not as text."""
    assert HashtagProgress(newest="99").with_page(["100", "98"]).newest == "100"


def test_hashtags_are_written_as_people_write_them() -> None:
    """A leading # plays no part, and the instance is its bare origin."""
    options = MastodonOptions.model_validate(
        {
            "instance": "https://me:secret@Social.example:8443/about?x=1",
            "hashtags": ["#Acme", "日本語"],
        }
    )

    assert options.hashtags == ("Acme", "日本語")
    assert options.instance == "https://Social.example:8443"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"instance": "http://social.example"}, "starts with https"),
        ({"instance": "social.example"}, "starts with https"),
        ({"instance": ""}, "starts with https"),
        ({"hashtags": []}, "hashtags"),
        ({"hashtags": ["two words"]}, "hashtags"),
        ({"any": ["a", "b", "c", "d", "e"]}, "any"),
    ],
)
def test_mistakes_in_the_options_are_named(values: dict[str, object], words: str) -> None:
    """A token must not go over http, and what the timeline cannot be asked for is refused."""
    with pytest.raises(ValueError, match=words):
        MastodonOptions.model_validate(
            {"instance": "https://social.example", "hashtags": ["acme"], **values}
        )
