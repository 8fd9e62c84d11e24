"""A digest as JSON and back: what is stored when it is sent, and what machines read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import structlog
from pydantic import TypeAdapter, ValidationError

from monitor.digest.audiences import find_parts
from monitor.domain.digest import Digest
from monitor.domain.period import Period
from monitor.errors import StoreError
from monitor.store import Transaction

log = structlog.get_logger(__name__)


def to_json_values(digest: Digest) -> dict[str, Any]:
    """Return a digest as JSON values: times in ISO 8601, each part under its key."""
    head: dict[str, Any] = _adapter(Digest).dump_python(replace(digest, parts={}), mode="json")
    parts = {
        key: _adapter(part.value_type).dump_python(digest.parts[key], mode="json")
        for key, part in find_parts().items()
        if key in digest.parts
    }
    return {**head, "parts": parts}


def dump_digest(digest: Digest) -> str:
    """Return a digest as one JSON document; the same digest gives the same text."""
    return json.dumps(to_json_values(digest), ensure_ascii=False, sort_keys=True)


def load_digest(text: str) -> Digest:
    """Return the digest of a JSON document.

    A part that this version does not know or cannot read is left out. Raises StoreError for what
    is no digest.
    """
    try:
        values = json.loads(text)
        found: Mapping[str, Any] = values.pop("parts")
        head: Digest = _adapter(Digest).validate_python(values)
        return replace(head, parts=_load_parts(found))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise StoreError("the stored digest cannot be read: make it again") from error


def find_sent_digest(tx: Transaction, period: Period, scope: str = "") -> Digest | None:
    """Return the newest digest that was sent of exactly this period; None where none was.

    A preview was not sent, and what cannot be read is as if it were not there.
    """
    for snapshot in tx.digests.list_sent(period.name, scope):
        try:
            digest = load_digest(snapshot.body)
        except StoreError:
            log.warning("digest_unreadable", period=period.name, slot=snapshot.slot)
        else:
            if digest.period == period:
                return digest
    return None


def _load_parts(found: Mapping[str, Any]) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for key, part in find_parts().items():
        if key not in found:
            continue
        try:
            parts[key] = _adapter(part.value_type).validate_json(json.dumps(found[key]))
        except ValidationError:
            log.warning("digest_part_unreadable", part=key)
    return parts


def build_json_schema() -> dict[str, Any]:
    """Return the JSON schema of a digest."""
    schema = _adapter(Digest).json_schema(mode="serialization")
    parts = {
        key: _adapter(part.value_type).json_schema(mode="serialization")
        for key, part in find_parts().items()
    }
    schema["properties"]["parts"] = {"type": "object", "properties": parts}
    return schema


@cache
def _adapter(value_type: type) -> TypeAdapter[Any]:
    return TypeAdapter(value_type)
