"""Reddit's feeds, which need no credentials."""

from sources.reddit_feed.source import RedditFeedSource

__all__ = ["RedditFeedSource"]
