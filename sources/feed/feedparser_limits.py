"""What feedparser is given where it takes the square of a feed's size in time, for both readers of
feeds.

Nothing that people write comes near these limits; a hostile feed of a few megabytes would keep a
thread busy for hours.
"""

from __future__ import annotations

import feedparser.mixin
import feedparser.namespaces._base
from feedparser.mixin import _FeedParserMixin
from feedparser.urls import _urljoin, make_safe_absolute_uri

from sources._normalise import LONGEST_BASE


def join(base: str, address: str) -> str:
    """An address at a base, as feedparser has it; as it is where the base is endless."""
    return str(_urljoin(base if len(base) <= LONGEST_BASE else "", address))


def safe_join(base: str, address: str | None = None) -> str:
    """An address that feedparser trusts, at a base; "" for one that it does not trust, and where
    either is endless.
    """
    found = make_safe_absolute_uri(base, address) if len(base) <= LONGEST_BASE else ""
    return found if len(found) <= LONGEST_BASE else ""


def _keep_no_tag(
    parser: _FeedParserMixin, term: str | None, scheme: str | None, label: str | None
) -> None:
    """Categories are not asked for; feedparser compares each with all before."""
    parser._get_context().setdefault("tags", [])


feedparser.mixin._urljoin = join
feedparser.mixin.make_safe_absolute_uri = feedparser.namespaces._base.make_safe_absolute_uri = (
    safe_join
)
_FeedParserMixin._add_tag = _keep_no_tag
