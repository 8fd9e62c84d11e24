"""Convert the failures of PRAW and Reddit to errors in words for people."""

from __future__ import annotations

import praw
import prawcore

from monitor.errors import SourceError, SourceRefused, SourceUnavailable
from sources.reddit.connection import credentials_error

#: PRAW's own errors, and those that an unexpected response makes it raise.
PRAW_FAILURES = (
    prawcore.PrawcoreException,
    praw.exceptions.PRAWException,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
)


def explain_read_error(error: Exception, place: str) -> SourceError:
    """Convert a failure to read r/`place`."""
    match error:
        case prawcore.Redirect():
            return SourceRefused(f"Reddit knows no subreddit {place}; check [[sources]] subreddits")
        case prawcore.Forbidden():
            return SourceRefused(
                f"Reddit forbids reading r/{place} (403): it is private or quarantined"
            )
        case prawcore.NotFound():
            return SourceRefused(f"Reddit has no r/{place} any more (404): it is banned or gone")
        case prawcore.BadJSON():
            return SourceUnavailable(
                "Reddit answered with a page instead of data: it blocks this address or agent"
            )
        case prawcore.OAuthException() | prawcore.InvalidToken():
            return credentials_error()
        case prawcore.ResponseException() if error.response.status_code in (400, 401):
            return credentials_error()
        case prawcore.ResponseException():
            return SourceUnavailable(
                f"Reddit failed ({error.response.status_code}); tried again later"
            )
    return SourceUnavailable(
        f"Reddit gave an answer that PRAW cannot read ({type(error).__name__})"
    )


def explain_reply_error(error: Exception, place: str) -> SourceError:
    """Convert a failure to publish a reply, or to look for one, as the account."""
    match error:
        case prawcore.OAuthException() | prawcore.InvalidToken():
            return _account_refused_error()
        case prawcore.ResponseException() if error.response.status_code in (400, 401):
            return _account_refused_error()
        case prawcore.Forbidden():
            return SourceRefused(
                "Reddit does not let the account do this (403): it is banned there, the thread "
                "is locked, or its token lacks one of the scopes submit, read, history, identity"
            )
        case prawcore.NotFound():
            return SourceRefused("Reddit does not know the account or the post any more (404)")
    return explain_read_error(error, place)


def _account_refused_error() -> SourceRefused:
    return SourceRefused(
        "Reddit refuses the account that answers; check REDDIT_REFRESH_TOKEN, or REDDIT_USERNAME "
        "and REDDIT_PASSWORD"
    )
