"""Reddit's API with an application's credentials: posts, comments and replies."""

from sources.reddit.source import RedditSource

__all__ = ["RedditSource"]
