"""Response URLs: five answers within half an hour to whoever clicked or typed, with no token."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from tests.world.slack_messages import TEAM
from tests.world.slack_wire import Refused

MOST_USES = 5
LIFE_SECONDS = 1_800.0
PREFIX = "/actions/"


@dataclass(slots=True)
class Invitation:
    """What one response URL is for, and how often it was used."""

    channel: str
    user: str
    message_ts: str  #: the message that was clicked; empty for a command
    issued_at: float
    uses: int = 0


class ResponseUrls:
    """Every response URL of a workspace."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._invitations: dict[str, Invitation] = {}

    def issue(self, channel: str, user: str, message_ts: str = "") -> str:
        """Return the path of a new response URL."""
        path = f"{PREFIX}{TEAM}/{len(self._invitations) + 1}/{secrets.token_urlsafe(18)}"
        self._invitations[path] = Invitation(channel, user, message_ts, self._clock())
        return path

    def use(self, path: str) -> Invitation:
        """Count one use, and return what the URL is for."""
        invitation = self._invitations.get(path)
        if invitation is None:
            raise Refused("invalid_url")
        if self._clock() - invitation.issued_at > LIFE_SECONDS:
            raise Refused("expired_url")
        if invitation.uses >= MOST_USES:
            raise Refused("used_url")
        invitation.uses += 1
        return invitation
