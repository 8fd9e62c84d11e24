"""Remove secrets from addresses before anybody sees them."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

_LOGIN = re.compile(r"(?<=//)[^/?#\s]*@")
_QUERY_VALUE = re.compile(r"(?<=[?&;#])([^&;=#?\s]+)=([^&;#\s]+)")
#: Names of query values that give access to whoever knows them; Reddit's private feeds call theirs
#: `feed`.
_SECRET_NAME = re.compile(
    r"token|secret|passw|passphrase|credential|signature|session|jwt|^auth|^feed$|(key|sig|pass|pwd|hash|code|sid)$",
    re.IGNORECASE,
)


def redact_url(url: str) -> str:
    """Replace logins and secret query values by ***, in an address or a text with addresses."""
    return _QUERY_VALUE.sub(_redact_pair, _LOGIN.sub("***@", url))


def _redact_pair(pair: re.Match[str]) -> str:
    return f"{pair[1]}=***" if _SECRET_NAME.search(unquote_plus(pair[1])) else pair[0]
