"""What every webhook preset must satisfy; a new file in sources/webhook/presets is found by itself.

Its options are those of its page in docs/howto, so that what is documented is what works, and its
events are the files of its name in tests/data/hooks.
"""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import ValidationError

from monitor.errors import SourceError, SourceRefused
from monitor.http import HttpClient
from monitor.settings import HttpSettings, Secrets
from sources.base import HookRequest, Page, SourceContext
from sources.webhook.preset import WebhookOptions, list_webhook_presets, load_webhook_preset
from sources.webhook.source import WebhookSource
from tests.world.hostile import JUNK, spoilt_json

ROOT = Path(__file__).parents[2]
HOOKS = ROOT / "tests" / "data" / "hooks"
REFERENCE = ROOT / "docs" / "reference" / "sources.md"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PRESETS = list_webhook_presets()


def documented_options(preset: str) -> dict[str, Any]:
    """The options in the page that connects the preset's service."""
    for table in _webhooks_in_pages():
        if table.get("preset", "generic") == preset:
            return {key: value for key, value in table.items() if key not in ("id", "kind")}
    raise LookupError(f"write docs/howto/connect-{preset}.md with a [[sources]] table")


def _webhooks_in_pages() -> Iterator[dict[str, Any]]:
    for page in sorted((ROOT / "docs" / "howto").glob("connect-*.md")):
        blocks = re.findall(r" *```toml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
        for block in blocks:
            if 'kind = "webhook"' in block:
                yield from tomllib.loads(textwrap.dedent(block))["sources"]


def example_bodies(preset: str) -> list[bytes]:
    """The bodies that the service sends, each from a file."""
    paths = [HOOKS / f"{preset}.json", *sorted(HOOKS.glob(f"{preset}_*.json"))]
    events = [path for path in paths if not path.stem.endswith("_response")]
    return [path.read_bytes() for path in events if path.exists()]


def webhook_source(preset: str) -> WebhookSource:
    """A source as its page configures it, whose service answers with <preset>_response.json."""
    answer = HOOKS / f"{preset}_response.json"
    body = answer.read_bytes() if answer.exists() else b"{}"
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=body))
    options = WebhookOptions.model_validate(documented_options(preset))
    names = filter(None, (options.secret_env, options.token_env))
    secrets = Secrets.model_validate(dict.fromkeys(names, "contract-secret"))
    http = HttpClient(HttpSettings(), transport=transport)
    return WebhookSource("place", options, SourceContext(http=http, secrets=secrets))


def receive(preset: str, body: bytes) -> Page:
    """What a body brings to a source that is built anew."""
    return webhook_source(preset).receive(HookRequest({}, {}, body), NOW)


@pytest.mark.parametrize("name", PRESETS)
def test_it_is_documented(name: str) -> None:
    """The file says which service it is for, and the reference has the preset in both tables."""
    load_webhook_preset(name)
    module = sys.modules[f"sources.webhook.presets.{name}"]
    reference = REFERENCE.read_text("utf-8")

    assert inspect.getdoc(module)
    assert re.search(rf"^\| `preset` \|.*`{name}`", reference, re.MULTILINE)
    assert f"\n| {name} |" in reference


@pytest.mark.parametrize("name", PRESETS)
def test_its_own_options_are_options_and_needed_ones_are_asked_for(name: str) -> None:
    """Each declared key is one of WebhookOptions; without a required one its error is told."""
    preset = load_webhook_preset(name)
    options = documented_options(name)

    assert preset.own_options | preset.required_options.keys() <= set(WebhookOptions.model_fields)
    for key, error in preset.required_options.items():
        without = {other: value for other, value in options.items() if other != key}
        with pytest.raises(ValidationError, match=re.escape(error)):
            WebhookOptions.model_validate(without)


@pytest.mark.parametrize("name", PRESETS)
def test_its_events_become_feedback_with_a_stable_id(name: str) -> None:
    """An example is read to words or ratings, and to the same feedback each time."""
    pages = [receive(name, body) for body in example_bodies(name)]
    again = [receive(name, body) for body in example_bodies(name)]
    items = [item for page in pages for item in page.items]

    assert items
    assert all(item.source_id == "place" and item.external_id for item in items)
    assert any(item.body or item.rating for item in items)
    assert pages == again


@pytest.mark.parametrize("name", PRESETS)
def test_an_unsigned_request_is_refused(name: str) -> None:
    """Without a signature or token nothing is taken."""
    for body in example_bodies(name):
        with pytest.raises(SourceRefused, match="without a valid signature or token"):
            webhook_source(name).verify(HookRequest({}, {}, body), NOW)


@pytest.mark.parametrize("name", PRESETS)
def test_spoilt_events_are_source_errors_or_nothing(name: str) -> None:
    """Whatever stands in the places of an event, nothing but a SourceError is raised."""
    for body in example_bodies(name):
        for junk in JUNK.values():
            try:
                items = receive(name, spoilt_json(body, junk)).items
            except SourceError:
                continue
            assert all(item.source_id == "place" for item in items)


def test_only_the_configured_preset_is_imported() -> None:
    """A fresh process that configures one preset has loaded the file of no other."""
    program = (
        "import sys; from sources.webhook.preset import WebhookOptions\n"
        "WebhookOptions(preset='typeform', secret_env='HOOK_SECRET')\n"
        "print(*(name for name in sys.modules if name.startswith('sources.webhook.presets.')))"
    )
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert (done.stdout.split(), done.stderr) == (["sources.webhook.presets.typeform"], "")


def test_there_are_presets() -> None:
    """The tests above have something to find."""
    assert {"generic", "typeform", "zendesk"} <= set(PRESETS)
