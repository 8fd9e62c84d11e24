"""The options of a Hacker News source."""

import pytest

from sources.hacker_news import HackerNewsOptions


def test_a_query_may_be_quoted_already() -> None:
    """Quotes and blanks around and between the words play no part."""
    assert HackerNewsOptions(query=' "acme   phone" ').query == "acme phone"


@pytest.mark.parametrize("query", ["", "  ", '""', "-- !"])
def test_a_query_needs_words(query: str) -> None:
    """A query that could never be found again in a text is refused."""
    with pytest.raises(ValueError, match="words to search for"):
        HackerNewsOptions(query=query)


@pytest.mark.parametrize("tags", [[], ["poll"], ["story", "x"]])
def test_only_stories_and_comments_are_read(tags: list[str]) -> None:
    """Other tags of the search are refused, and so is none."""
    with pytest.raises(ValueError, match="tags"):
        HackerNewsOptions.model_validate({"query": "acme", "tags": tags})
