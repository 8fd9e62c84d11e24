"""Reddit's own interface, read and answered with an application's credentials."""

from sources.reddit.source import RedditSource

__all__ = ["RedditSource"]
