"""Pages of lists: which entries are on which page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.slack.views.pages import PAGE_SIZE
from monitor.slack_app.list_pages import count_pages, cut_page


@given(st.integers(0, 35), st.integers(0, 35))
def test_every_entry_is_on_one_page(soon: int, free: int) -> None:
    """All pages one after the other are the whole list, and every page but the last is full."""
    ids = {"soon": list(range(soon)), "free": list(range(100, 100 + free))}
    pages = [cut_page(ids, number + 1) for number in range(count_pages(soon + free))]

    assert [entry for page in pages for part in page.values() for entry in part] == [
        *ids["soon"],
        *ids["free"],
    ]
    sizes = [sum(map(len, page.values())) for page in pages]
    assert all(size == PAGE_SIZE for size in sizes[:-1])
    assert sizes[-1] > 0 or soon + free == 0
