"""RSS, Atom and JSON Feed."""

from sources.feed.source import FeedSource

__all__ = ["FeedSource"]
