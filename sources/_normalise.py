"""Values from outside as values that can be stored: no broken characters, no impossible times,
links that are links.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from monitor.domain.feedback import Rating, Scale

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_NUMBER = re.compile(r"\s*(-?\d+(?:[.,]\d+)?)")
#: There were no feeds before, and nobody plans feedback for later: a year outside is a placeholder
#: for "unknown".
_YEARS = range(1990, 2100)
_MAX_ID = 300
#: Characters of an address that others are resolved against: each of them takes as long as the base
#: is.
LONGEST_BASE = 2_000


def to_clean_text(value: object) -> str:
    """Text without NUL and lone surrogates, which no database stores; "" for None."""
    if value is None:
        return ""
    text = str(value).replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def stable_hash(*parts: str) -> str:
    """A short name for some text: equal for equal parts."""
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=16).hexdigest()


def to_external_id(value: str) -> str:
    """An identifier that can be stored and compared: as it is, or its digest where it is very
    long.
    """
    text = to_clean_text(value).strip()
    return text if len(text) <= _MAX_ID else stable_hash(text)


def to_http_link(value: object, base: str = "") -> str:
    """Resolve a link against `base` and return it; "" for anything but http(s).

    An endless base is passed over.
    """
    text = to_clean_text(value).strip()
    if not text:
        return ""
    try:
        address = urljoin(base if len(base) <= LONGEST_BASE else "", text)
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""


def to_language_tag(value: object) -> str:
    """A BCP 47 tag in its usual form, "" for what is none."""
    tag = to_clean_text(value).strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else ""


def to_plausible_utc(at: datetime | None) -> datetime | None:
    """A time in UTC; None where it cannot be meant. A time without a zone is UTC already."""
    if at is None or at.year not in _YEARS:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def parse_iso_time(value: object) -> datetime | None:
    """The time that an ISO 8601 text stands for, None where it is none."""
    try:
        return to_plausible_utc(datetime.fromisoformat(to_clean_text(value).strip()))
    except ValueError:
        return None


def parse_leading_number(value: object) -> float | None:
    """The number at the start of a text: 4.0 for "4", "4,0", "4/5" and "4 - satisfied"."""
    found = _NUMBER.match(to_clean_text(value))
    return float(found[1].replace(",", ".")) if found and len(found[1]) < 20 else None


def parse_rating(value: object, scale: Scale = Scale.STARS5) -> Rating | None:
    """The rating that a text holds, None for none and for a figure outside the scale."""
    found = parse_leading_number(value)
    return None if found is None else Rating.from_value(found, scale)
