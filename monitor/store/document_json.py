"""Documents and digests as JSON: a round trip loses nothing."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import Any, TypeVar, get_args

from pydantic import TypeAdapter

from monitor.domain.digest_post import DigestPost
from monitor.domain.document import Document, DocumentBlock, DocumentSection
from monitor.store.column_types import from_json, to_json

ValueT = TypeVar("ValueT")

#: The kinds of blocks by their names, since two kinds may have the same fields.
_BLOCKS: dict[str, Any] = {kind.__name__: kind for kind in get_args(DocumentBlock)}


def post_to_json(post: DigestPost) -> str:
    """Return a post as JSON, without its pictures and attachments."""
    bare = replace(post, document=_EMPTY, pictures=(), attachments=())
    return to_json({**value_to_dict(bare), "document": _to_dict(post.document)})


def post_from_json(text: str) -> DigestPost:
    """Return the post that `post_to_json` was given; it has no pictures and attachments."""
    values = from_json(text)
    document = _from_dict(values["document"])
    empty = {**values, "document": _to_dict(_EMPTY)}
    return replace(value_from_dict(DigestPost, empty), document=document)


def value_to_dict(value: object) -> dict[str, Any]:
    """Return a frozen value as what JSON can hold."""
    kind: Any = type(value)
    dumped: dict[str, Any] = _adapter_of(kind).dump_python(value, mode="json")
    return dumped


def value_from_dict(kind: type[ValueT], values: dict[str, Any]) -> ValueT:
    """Return the value that `value_to_dict` was given; what it does not know is left out."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    kept = {name: value for name, value in values.items() if name in known}
    looked_up: Any = kind
    value: ValueT = _adapter_of(looked_up).validate_python(kept)
    return value


@cache
def _adapter_of(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


_EMPTY = Document(title="", lead=())


def _to_dict(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "lead": [_block_to_dict(block) for block in document.lead],
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "blocks": [_block_to_dict(block) for block in section.blocks],
            }
            for section in document.sections
        ],
    }


def _from_dict(values: dict[str, Any]) -> Document:
    sections = tuple(
        DocumentSection(
            key=section["key"],
            title=section["title"],
            blocks=tuple(map(_block_from_dict, section["blocks"])),
        )
        for section in values["sections"]
    )
    lead = tuple(map(_block_from_dict, values["lead"]))
    return Document(title=values["title"], lead=lead, sections=sections)


def _block_to_dict(block: DocumentBlock) -> dict[str, Any]:
    return {"kind": type(block).__name__, "value": value_to_dict(block)}


def _block_from_dict(values: dict[str, Any]) -> DocumentBlock:
    block: DocumentBlock = value_from_dict(_BLOCKS[values["kind"]], values["value"])
    return block
