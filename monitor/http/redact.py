"""Addresses without what is secret in them."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

_LOGIN = re.compile(r"(?<=//)[^/?#\s]*@")
_PAIR = re.compile(r"(?<=[?&;#])([^&;=#?\s]+)=([^&;#\s]+)")
#: Names of query values that give access to whoever knows them; Reddit's private feeds carry theirs
#: as `feed=`.
_SECRET_NAME = re.compile(
    r"token|secret|passw|passphrase|credential|signature|session|jwt|^auth|^feed$|(key|sig|pass|pwd|hash|code|sid)$",
    re.IGNORECASE,
)


def redact_url(url: str) -> str:
    """The address, or any text with addresses in it, with logins and secret query values replaced
    by ***.
    """
    return _PAIR.sub(_redact_pair, _LOGIN.sub("***@", url))


def _redact_pair(pair: re.Match[str]) -> str:
    return f"{pair[1]}=***" if _SECRET_NAME.search(unquote_plus(pair[1])) else pair[0]
