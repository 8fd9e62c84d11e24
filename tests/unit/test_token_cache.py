"""A token is read once, and no flood of tokens fills the memory."""

from __future__ import annotations

from monitor.analysis.token_cache import LONGEST_CACHED, TokenCache

MOST = 1 << 15


def test_a_token_is_computed_once() -> None:
    """The second look-up of a token computes nothing."""
    computed: list[str] = []

    def length(token: str) -> int:
        computed.append(token)
        return len(token)

    cache = TokenCache(length)
    assert [cache["slow"], cache["crashes"], cache["slow"]] == [4, 7, 4]
    assert computed == ["slow", "crashes"]


def test_a_long_token_is_computed_and_not_kept() -> None:
    """A token beyond the limit gets its value and takes no memory."""
    cache = TokenCache(len)
    assert cache["x" * LONGEST_CACHED] == LONGEST_CACHED
    assert cache["x" * (LONGEST_CACHED + 1)] == LONGEST_CACHED + 1
    assert list(cache) == ["x" * LONGEST_CACHED]


def test_a_full_cache_is_emptied_before_the_next_token() -> None:
    """The token after the last that fits is alone in the cache."""
    cache = TokenCache(len)
    for number in range(MOST):
        assert cache[str(number)] == len(str(number))
    assert len(cache) == MOST
    assert cache["one more"] == len("one more")
    assert list(cache) == ["one more"]
