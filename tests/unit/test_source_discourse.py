"""The options of the Discourse source, and its way down."""

import pytest
from pydantic import ValidationError

from sources.discourse import DiscourseOptions


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "url"),
        ({"url": "forum.example.com"}, "starts with https://"),
        ({"url": "https://forum.example.com", "api_user": "a\nX-Evil: 1"}, "user name"),
        ({"url": "https://forum.example.com", "api_user": "jürgen"}, "user name"),
    ],
)
def test_mistakes_in_the_options_are_named(options: dict[str, object], words: str) -> None:
    """What is no address, and what would break out of a header, is refused."""
    with pytest.raises(ValidationError, match=words):
        DiscourseOptions.model_validate(options)


def test_a_secret_in_the_address_is_not_shown() -> None:
    """The options show no login of the address."""
    options = DiscourseOptions.model_validate({"url": "https://kim:s3cret@forum.example.com"})

    assert "s3cret" not in repr(options)
