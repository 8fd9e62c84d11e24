"""Whether a request over HTTP is Slack's, and new:
https://docs.slack.dev/authentication/verifying-requests-from-slack.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta

#: How far Slack's clock and ours may be apart.
TOLERANCE = timedelta(minutes=5)
#: How long an accepted signature is remembered: longer than its time is taken.
REMEMBER = timedelta(minutes=10)
#: Slack sends 30,000 events an hour at most.
_REMEMBERED_AT_MOST = 10_000
_DIGITS_AT_MOST = 11


def has_valid_signature(
    headers: Mapping[str, str], body: bytes, secret: str, now: datetime
) -> bool:
    """Whether the request was signed with the secret at most five minutes ago; `headers` have names
    in lower case.
    """
    stamp, signature = (
        headers.get("x-slack-request-timestamp", ""),
        headers.get("x-slack-signature", ""),
    )
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= _DIGITS_AT_MOST):
        return False
    if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        return False
    honest = (
        "v0="
        + hmac.new(
            secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256
        ).hexdigest()
    )
    return hmac.compare_digest(honest.encode(), signature.encode())


class ReplayGuard:
    """The signatures that were accepted of late; safe to use from several threads."""

    def __init__(self) -> None:
        self._at: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, signature: str) -> bool:
        with self._lock:
            return signature in self._at

    def add(self, signature: str, now: datetime) -> None:
        """Remember it for ten minutes."""
        with self._lock:
            self._at[signature] = now
            while self._at and (
                len(self._at) > _REMEMBERED_AT_MOST or self._oldest_at <= now - REMEMBER
            ):
                self._at.popitem(last=False)

    @property
    def _oldest_at(self) -> datetime:
        return next(iter(self._at.values()))
