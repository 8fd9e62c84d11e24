"""The options of the Google Play source."""

import pytest
from pydantic import ValidationError

from sources.google_play import GooglePlayOptions

NEEDED = {"package_name": "com.example.app", "credentials": "play.json"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "package_name"),
        ({"package_name": "app"}, "pattern"),
        ({"package_name": "com.example.app/reviews?x"}, "pattern"),
        ({"package_name": "com.ex\u00e4mple.app"}, "pattern"),
        ({"package_name": "com.example.app", "credentials": ""}, "credentials"),
        ({**NEEDED, "translation_language": "English please"}, "a language is needed"),
        ({**NEEDED, "api_url": "localhost"}, "starts with https://"),
        ({**NEEDED, "token_url": "localhost"}, "starts with https://"),
    ],
)
def test_mistakes_in_the_options_are_named(options: dict[str, object], words: str) -> None:
    """A package is a dotted name, a language a tag, an address one."""
    with pytest.raises(ValidationError, match=words):
        GooglePlayOptions.model_validate(options)


def test_no_translation_unless_wanted() -> None:
    """By default reviews are read as they were written, from Google itself."""
    options = GooglePlayOptions.model_validate(NEEDED)

    assert (options.translation_language, options.token_url) == ("", "")
    assert options.api_url == "https://androidpublisher.googleapis.com"
