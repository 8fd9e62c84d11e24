"""Addresses without what is secret in them."""

import pytest

from monitor.http import redact_url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://host/feed.xml", "https://host/feed.xml"),
        ("https://user:hunter2@host/x", "https://***@host/x"),
        ("https://only-a-token@host", "https://***@host"),
        ("https://www.reddit.com/.rss?feed=abc123&user=me", "https://www.reddit.com/.rss?feed=***&user=me"),
        ("https://h/?page=2&access_token=s&sort=new#id_token=t", "https://h/?page=2&access_token=***&sort=new#id_token=***"),
        ("https://h/?X-Amz-Signature=s&keyword=acme", "https://h/?X-Amz-Signature=***&keyword=acme"),
        ("https://h/?api%5Fkey=s;sig=t", "https://h/?api%5Fkey=***;sig=***"),
        ("https://social.example/@name/1", "https://social.example/@name/1"),
        ("no address at all", "no address at all"),
        ("http://[broken/?token=s", "http://[broken/?token=***"),
    ],
)  # fmt: skip
def test_hides_only_what_is_secret(url: str, shown: str) -> None:
    """A login and the values of secret names are replaced, the rest of the address stays
    readable.
    """
    assert shown == redact_url(url)


@pytest.mark.parametrize(
    "name", ["feed", "token", "key", "apikey", "client_secret", "sig", "password", "auth", "pwd"]
)
def test_knows_the_usual_names(name: str) -> None:
    """Every usual name of a secret is known, in any case."""
    assert "s3cr3t" not in redact_url(f"https://h/?a=1&{name.upper()}=s3cr3t")


def test_redacts_addresses_inside_text() -> None:
    """A sentence that quotes addresses is redacted as a whole."""
    assert (
        redact_url("see http://u:p@a/ and http://b/?key=x")
        == "see http://***@a/ and http://b/?key=***"
    )
