"""The digest of the demo's last week in every form, byte for byte.

The golden files are written as told in tests/unit/test_slack_golden.py.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from monitor import bootstrap
from monitor.demo import replay
from monitor.demo.server import RecordedFeedback, RecordedServices, serve_recorded
from monitor.digest.build import DigestRequest
from monitor.digest.make import DigestWorkshop, WordedDigest, build_post
from monitor.digest.snapshot import dump_digest
from monitor.domain.digest import Audience
from monitor.domain.period import Period
from monitor.slack.views.digest import render_digest, render_digest_part

FOLDER = Path(__file__).parents[1] / "golden" / "digest"
WEEK = Period.from_name("2026-W47")


@pytest.fixture(name="worded", scope="module")
def _worded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordedDigest]:
    """The digest after four weeks, in which one source was read after the other."""
    folder = tmp_path_factory.mktemp("demo")
    recorded = RecordedFeedback.from_package()
    with serve_recorded(RecordedServices(recorded, replay.START)) as services:
        replay._write_config(folder, services)
        checked = bootstrap.load_checked_config(folder / "config.toml", replay._ENVIRON)
        app = bootstrap.build_app(checked, Console(file=io.StringIO()))
        try:
            now = replay.START
            while now < replay.END:
                now += timedelta(hours=12)
                services.now = now
                replay._write_survey(folder, recorded, now)
                for polled in app.poller.polled_sources:
                    app.poller.poll_source(polled, now)
            mask = bootstrap.build_masker(checked.settings)
            workshop = DigestWorkshop(app.store, checked.settings, mask)
            digest = workshop.build(DigestRequest(WEEK), replay.END)
            yield workshop.word(digest, Audience.LEADERSHIP)
        finally:
            app.close()


def _show(worded: WordedDigest, form: str) -> str:
    if form == "txt":
        return worded.text
    if form == "html":
        return worded.html
    if form == "json":
        return json.dumps(json.loads(dump_digest(worded.digest)), indent=1) + "\n"
    post = build_post(worded)
    parts = range(1, len(worded.document.sections) + 1)
    messages = [render_digest(post, {}), *(render_digest_part(post, part, {}) for part in parts)]
    return "".join(json.dumps(each.payload, ensure_ascii=False) + "\n" for each in messages)


@pytest.mark.parametrize("form", ["txt", "html", "json", "slack.jsonl"])
def test_the_digest_of_the_demo_is_what_was_looked_at(worded: WordedDigest, form: str) -> None:
    """Text, page, JSON and Slack's messages are the golden ones."""
    golden = FOLDER / f"2026-W47.{form}"
    shown = _show(worded, form)
    if os.environ.get("REPWATCH_GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(shown, "utf-8")
    assert shown == golden.read_text("utf-8")


@pytest.mark.parametrize("form", ["txt", "html", "json", "slack.jsonl"])
def test_a_second_rendering_is_the_same_to_the_byte(worded: WordedDigest, form: str) -> None:
    """Nothing in it depends on the moment or the order of anything."""
    assert _show(worded, form) == _show(worded, form)
