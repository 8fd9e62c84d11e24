"""The options of the GitHub source."""

import pytest
from pydantic import ValidationError

from sources.github_issues import GithubIssuesOptions


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "repositories"),
        ({"repositories": []}, "repositories"),
        ({"repositories": ["acme"]}, "pattern"),
        ({"repositories": ["https://github.com/acme/widgets"]}, "pattern"),
        ({"repositories": ["acme/../admin"]}, "pattern"),
        ({"repositories": ["acme/.."]}, "pattern"),
        ({"repositories": ["acme/widgets"], "labels": ["a,b"]}, "pattern"),
        ({"repositories": ["acme/widgets"], "api_url": "ghe.example.com"}, "starts with https://"),
    ],
)
def test_mistakes_in_the_options_are_named(options: dict[str, object], words: str) -> None:
    """A repository is an owner and a name, a label holds no comma, an address is one."""
    with pytest.raises(ValidationError, match=words):
        GithubIssuesOptions.model_validate(options)


@pytest.mark.parametrize(
    ("options", "listings"),
    [
        ({}, ("issues", "issues/comments")),
        ({"comments": False}, ("issues",)),
        ({"labels": ["bug"]}, ("issues",)),
    ],
)
def test_what_is_listed(options: dict[str, object], listings: tuple[str, ...]) -> None:
    """Comments are a listing of their own unless they come with the labelled issues."""
    found = GithubIssuesOptions.model_validate({"repositories": ["acme/widgets"], **options})

    assert found.listings == listings
