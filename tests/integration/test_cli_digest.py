"""`repwatch digest`: about whom it is, on the command line."""

from __future__ import annotations

from pathlib import Path

from tests.integration.command import RULES, SURVEY, configure, run

PERSONA = """
[[brand.personas]]
name = "Shop owners"
query = "shop"
"""


def test_a_digest_is_about_a_persona(tmp_path: Path) -> None:
    """By its name in any case; one that there is not, and one with a segment, are mistakes."""
    configure(tmp_path, config=SURVEY + PERSONA, rules=RULES)
    shown = run(tmp_path, "digest", "--persona", "shop owners", "--format", "json").json
    unknown = run(tmp_path, "digest", "--persona", "Parents")
    both = run(tmp_path, "digest", "--persona", "Shop owners", "--segment", "plan=pro")
    sent = run(tmp_path, "digest", "--persona", "Shop owners", "--send")

    assert (shown["scope"], shown["few"]) == ("Shop owners", 0)
    assert "'Parents' is no persona of [brand] and no segment" in unknown.stderr
    assert "a digest is about a segment or a persona" in both.stderr
    assert "each gets the audience and scope of [digest]" in sent.stderr
    assert {one.code for one in (unknown, both, sent)} == {2}
