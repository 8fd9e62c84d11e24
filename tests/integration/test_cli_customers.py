"""`customers`, and what `forget` and `export person` do about what is linked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.command import run

ROWS = """\
id,who,mail,stars,at,answer
1,anna,Anna@Example.com,1,2026-11-20T10:00:00Z,It crashes and nobody answers
2,bob,,5,2026-11-20T11:00:00Z,Works well
"""
ANSWERS = """\
id,who,mail,stars,at,answer
9,,anna@example.com,1,2026-11-21T10:00:00Z,Terrible support again
10,annika,,4,2026-11-21T11:00:00Z,Quite good
"""
SOURCE = """
[[sources]]
id = "{id}"
kind = "csv_file"
path = "{id}.csv"

[sources.mapping]
id = "id"
body = "answer"
author_id = "who"
rating = "stars"
created_at = "at"
attributes.email = "mail"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with reviews and a survey, both read."""
    sources = "".join(SOURCE.format(id=name) for name in ("reviews", "survey"))
    config = f'[customers]\nlink_by = ["email"]\n{sources}'
    (tmp_path / "config.toml").write_text(config, "utf-8")
    for name, rows in (("reviews", ROWS), ("survey", ANSWERS)):
        (tmp_path / f"{name}.csv").write_text(rows, "utf-8")
        result = run(tmp_path, "import", f"{name}.csv", "--source", name)
        assert (result.code, result.stderr) == (0, "")
    return tmp_path


def test_a_person_is_shown_linked_forgotten_and_handed_out(folder: Path) -> None:
    """By address over both sources; a link by hand adds a third; forget takes all, if asked to."""
    shown = run(folder, "customers", "show", "ANNA@example.com", "--json").json
    assert [one["source"] for one in shown[0]["contacts"]] == ["reviews", "survey"]
    assert shown[0]["said"] == "second complaint in 60 days, before in reviews"
    assert "anna" not in json.dumps(shown)

    linked = run(folder, "customers", "link", "reviews:anna", "survey:annika", "--by", "Eve")
    assert linked.stdout == "reviews:anna and survey:annika are one customer now\n"
    listed = run(folder, "customers", "list").stdout
    assert "This customer: survey: 2 · reviews: 1 · 2 complaints" in listed
    assert "link 1: author in reviews and author in survey, by Eve on " in listed

    dry = run(folder, "forget", "anna", "--dry-run").stdout.splitlines()
    assert dry == [
        "would remove 1 feedback of 'anna' (reviews: 1)",
        "linked, would stay: survey:(no name) (1 feedback)",
        "linked, would stay: survey:annika (1 feedback)",
        "nothing was removed; add --linked to remove what is linked as well",
    ]
    rows = run(folder, "export", "person", "anna", "--linked").stdout.splitlines()
    told = [json.loads(row) for row in rows]
    assert [one["id"] for one in told if one["what"] == "feedback"] == ["1", "9", "10"]
    assert told[0]["text"] == "It crashes and nobody answers"

    forgotten = run(folder, "forget", "anna", "--linked")
    assert forgotten.stdout == "removed 3 feedback of 'anna'\n"
    files = b"".join(file.read_bytes() for file in folder.glob("repwatch.db*"))
    assert b"nna@example.com" not in files.lower()
    again = run(folder, "import", "survey.csv", "--source", "survey", "--json").json
    assert again["new"] == 0


def test_a_link_is_taken_back_and_a_shared_address_set_apart(folder: Path) -> None:
    """What was apart before is apart again."""
    for change in ("link", "unlink"):
        assert run(folder, "customers", change, "reviews:anna", "reviews:bob").code == 0
    refused = run(folder, "customers", "unlink", "reviews:anna", "reviews:bob")
    assert refused.code == 1
    assert "nobody has linked reviews:anna and reviews:bob" in refused.stderr
    assert run(folder, "customers", "shared", "email", "anna@example.com").code == 0
    shown = run(folder, "customers", "show", "reviews:anna", "--json")
    assert shown.code == 1
    [alone] = run(folder, "customers", "show", "anna", "--json").json
    assert alone["channels"] == {"reviews": 1}
    rebuilt = run(folder, "customers", "rebuild").stdout
    assert rebuilt == "4 feedback read anew\n"
