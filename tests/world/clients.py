"""The real clients, pointed at the local servers, with nothing left to files or the environment of
the machine.
"""

from typing import Any

import praw
from slack_sdk import WebClient

from tests.world.reddit import Reddit
from tests.world.slack import BOT_TOKEN, Slack
from tests.world.waiting import LAST_RESORT


def slack_client(server: Slack, token: str | None = BOT_TOKEN, **options: Any) -> WebClient:
    """Return a slack_sdk client that never retries by itself, unless `retry_handlers` says
    otherwise.
    """
    client = WebClient(
        token=token,
        base_url=server.api_url,
        **{"retry_handlers": [], "timeout": LAST_RESORT, **options},
    )
    client.proxy = None
    return client


def reddit_client(server: Reddit, **options: Any) -> praw.Reddit:
    """Return a read-only PRAW client with the server's credentials, unless `options` name
    others.
    """
    credentials = {"client_id": server.client_id, "client_secret": server.client_secret}
    own = {
        "user_agent": "python:repwatch-tests:1.0",
        "check_for_updates": False,
        "timeout": LAST_RESORT,
    }
    return praw.Reddit(
        **{**own, **credentials, **options}, reddit_url=server.url, oauth_url=server.url
    )
