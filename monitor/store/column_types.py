"""What any text must become before a database takes it, and JSON in a text column."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine


def to_storable_text(text: str) -> str:
    """The text without NUL bytes (PostgreSQL refuses them), lone surrogates replaced by U+FFFD
    (both refuse those).
    """
    if "\0" in text:
        text = text.replace("\0", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


class TextColumn(TypeDecorator[str]):
    """A text column that takes any Python string."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """What makes a text fit for the database; unwrapped, because it runs for every column of
        every row.
        """
        return _to_text_or_null


_LONGEST_KEY = 500


def to_key_text(text: str) -> str:
    """The text as it stands in an index: a very long one is cut and told apart by a digest.

    PostgreSQL refuses index entries beyond 2,704 bytes:
    https://www.postgresql.org/docs/current/btree.html
    """
    plain = to_storable_text(text)
    if len(plain) <= _LONGEST_KEY:
        return plain
    return plain[:400] + "~" + hashlib.blake2b(plain.encode(), digest_size=16).hexdigest()


class KeyTextColumn(TypeDecorator[str]):
    """A text column that is part of an index and takes any Python string."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """What makes a text fit for the index."""
        return _to_key_or_null


class JsonColumn(TypeDecorator[object]):
    """A value that is handed to the database as JSON."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """What writes the JSON."""
        return to_json


class BigIdColumn(TypeDecorator[int]):
    """64 bits on both databases; SQLite counts up by itself only in a column of type INTEGER."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """INTEGER on SQLite, BIGINT elsewhere."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())


def to_json(value: object) -> str:
    """The value as JSON that any database can hold; tuples become lists, times ISO 8601."""
    text = _encode_json(value)
    if "\\u0000" in text or to_storable_text(text) != text:
        return _encode_json(_to_storable_value(value))
    return text


def from_json(text: str | None) -> Any:
    """What `to_json` was given, with lists for tuples; None for None."""
    return None if text is None else json.loads(text)


def _to_text_or_null(value: str | None) -> str | None:
    return None if value is None else to_storable_text(value)


def _to_key_or_null(value: str | None) -> str | None:
    return None if value is None else to_key_text(value)


def _json_default(value: object) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


_encode_json = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=_json_default
).encode


def _to_storable_value(value: object) -> object:
    if isinstance(value, str):
        return to_storable_text(value)
    if isinstance(value, Mapping):
        return {to_storable_text(str(key)): _to_storable_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_to_storable_value(item) for item in value]
    return value
