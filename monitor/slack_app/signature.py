"""Whether a request over HTTP is signed by Slack, and new.

https://docs.slack.dev/authentication/verifying-requests-from-slack
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
#: How long an accepted signature is remembered: longer than its timestamp is accepted.
REMEMBER = timedelta(minutes=10)
#: Slack sends 30,000 events an hour at most.
_MAX_REMEMBERED = 10_000
_MAX_DIGITS = 11


def has_valid_signature(
    headers: Mapping[str, str], body: bytes, secret: str, now: datetime
) -> bool:
    """Return whether a request was signed with the secret at most five minutes ago.

    `headers` have names in lower case.
    """
    timestamp = headers.get("x-slack-request-timestamp", "")
    signature = headers.get("x-slack-signature", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _MAX_DIGITS):
        return False
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        return False
    signed = b"v0:" + timestamp.encode() + b":" + body
    expected = f"v0={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
    return hmac.compare_digest(expected.encode(), signature.encode())


class ReplayGuard:
    """The signatures that were accepted of late; safe to use from several threads."""

    def __init__(self) -> None:
        self._accepted_at: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, signature: str) -> bool:
        with self._lock:
            return signature in self._accepted_at

    def add(self, signature: str, now: datetime) -> None:
        """Remember a signature for ten minutes."""
        with self._lock:
            self._accepted_at[signature] = now
            while self._has_expired(now):
                self._accepted_at.popitem(last=False)

    def _has_expired(self, now: datetime) -> bool:
        """Whether the oldest signature is to be forgotten."""
        if not self._accepted_at:
            return False
        oldest = next(iter(self._accepted_at.values()))
        return len(self._accepted_at) > _MAX_REMEMBERED or oldest <= now - REMEMBER
