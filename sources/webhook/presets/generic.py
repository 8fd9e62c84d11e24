"""Any service that sends JSON: the configuration says where in it things stand."""

from __future__ import annotations

from typing import Any

from monitor.domain.feedback import Kind, Scale
from sources._columns import Layout, feedback_of
from sources.webhook.json_paths import Unreadable, text
from sources.webhook.preset import Desk, Preset, Read, WebhookOptions
from sources.webhook.signatures import Proof, any_signature, token


def _proof(options: WebhookOptions) -> Proof:
    return any_signature(options.signature_header) if options.signature_header else token


def _read(event: Any, desk: Desk) -> Read:
    values = {name: text(event, path) for name, path in desk.options.mapping.items()}
    layout = Layout(
        columns={name: name for name in values},
        scale=desk.scale(Scale.STARS5),
        kind=desk.kind(Kind.SURVEY),
    )
    found, problems = feedback_of(
        {name: value for name, value in values.items() if value}, layout, desk.source_id
    )
    if found is None:
        raise Unreadable("says nothing: no title, body or rating where the mapping looks for them")
    # What is behind the colon quotes the content.
    return Read(found, tuple(f"{problem.partition(':')[0]} cannot be read" for problem in problems))


PRESET = Preset(proof=_proof, read=_read)
