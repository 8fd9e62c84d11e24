"""Types and checks of the options that several sources have."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field


def require_web_address(url: str) -> str:
    """Return `url` as it is; raise ValueError unless it starts with https:// or http://."""
    if not url.lower().startswith(("http://", "https://")):
        raise ValueError("an address that starts with https:// or http:// is needed")
    return url


WebAddress = Annotated[str, AfterValidator(require_web_address)]
#: The name of a subreddit, without r/.
SubredditName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]{1,20}$")]
