"""Make texts, links, languages and ratings from outside safe to store."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from monitor.domain.feedback import Rating, Scale

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_NUMBER = re.compile(r"\s*(-?\d+(?:[.,]\d+)?)")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_MAX_ID = 300  # characters
_MAX_DIGITS = 19  # of a number that is read
#: Characters of an address that links are resolved against: each link takes time in proportion.
LONGEST_BASE = 2_000


def to_clean_text(value: object) -> str:
    """Return a text without NUL and lone surrogates, which no database stores; "" for None."""
    if value is None:
        return ""
    text = str(value).replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def stable_hash(*parts: str) -> str:
    """Return 32 hexadecimal digits that are equal for equal parts."""
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=16).hexdigest()


def to_external_id(value: str) -> str:
    """Return an id as it can be stored: stripped, and hashed where it is over 300 characters."""
    text = to_clean_text(value).strip()
    return text if len(text) <= _MAX_ID else stable_hash(text)


def to_http_link(value: object, base: str = "") -> str:
    """Resolve a link against `base`; "" for anything but http(s).

    A base of more than 2,000 characters is ignored.
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
    """Return a BCP 47 language tag with hyphens, like "pt-BR"; "" for anything else."""
    tag = to_clean_text(value).strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else ""


def strip_tags(markup: str, separator: str = "") -> str:
    """Return the text of HTML, with `separator` in the place of each tag."""
    return html.unescape(_TAG.sub(separator, markup))


def drop_empty(attributes: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes that have a value."""
    return {name: value for name, value in attributes.items() if value}


def has_same_words(value: object, text: str) -> bool:
    """Return whether a value holds exactly these words, whatever the white space."""
    return to_clean_text(value).split() == to_clean_text(text).split()


def parse_leading_number(value: object) -> float | None:
    """Return the number that a text starts with: 4.0 for "4", "4,0", "4/5" and "4 - satisfied"."""
    found = _NUMBER.match(to_clean_text(value))
    if not found or len(found[1]) > _MAX_DIGITS:
        return None
    return float(found[1].replace(",", "."))


def parse_rating(value: object, scale: Scale = Scale.STARS5) -> Rating | None:
    """Return the rating that a text starts with; None for no number or one outside the scale."""
    number = parse_leading_number(value)
    return None if number is None else Rating.from_value(number, scale)
