"""What a public host and a new contributor are given: the workflow, the hooks and the forms."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
FORMS = ROOT / ".github" / "ISSUE_TEMPLATE"
if not FORMS.is_dir():
    pytest.skip("looks at the source tree, not at a wheel", allow_module_level=True)


def loaded(name: str) -> dict[str, Any]:
    """A YAML file of the source tree."""
    found: dict[str, Any] = yaml.safe_load((ROOT / name).read_text("utf-8"))
    return found


def workflow() -> dict[str, Any]:
    """The workflow; YAML 1.1 reads its `on` as true."""
    return loaded(".github/workflows/ci.yml")


def steps() -> Iterator[dict[str, Any]]:
    """Every step of every job."""
    for job in workflow()["jobs"].values():
        yield from job["steps"]


def python() -> str:
    """The Python of the container."""
    (found,) = re.findall(r"ARG PYTHON=(.*)", (ROOT / "Dockerfile").read_text("utf-8"))
    return str(found)


def test_the_workflow_runs_what_everybody_runs() -> None:
    """Pushes and pull requests run .ci/run and nothing else of ours."""
    assert set(workflow()[True]) == {"push", "pull_request"}  # type: ignore[index]
    assert [step["run"] for step in steps() if "run" in step] == [".ci/run"]


def test_the_workflow_may_only_read() -> None:
    """The token of a run can read the repository, no job asks for more, and none leaves it in the
    checkout.
    """
    (checkout,) = (step for step in steps() if step.get("uses", "").startswith("actions/checkout@"))

    assert workflow()["permissions"] == {"contents": "read"}
    assert [job for job in workflow()["jobs"].values() if "permissions" in job] == []
    assert checkout["with"]["persist-credentials"] is False


def test_actions_are_named_by_commit() -> None:
    """A tag can be moved to other code; beside each commit stands the version that it is."""
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    used = re.findall(r"uses: (.*)", text)

    assert used
    assert [one for one in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", one)] == []


def test_the_workflow_runs_the_oldest_python_and_that_of_the_container() -> None:
    """What the package promises and what the image holds is tried."""
    tried = workflow()["jobs"]["ci"]["strategy"]["matrix"]["python"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    promised = SpecifierSet(project["requires-python"])
    versions = [row.rpartition(" ")[2] for row in project["classifiers"] if "3." in row]

    assert min(versions) in tried
    assert min(versions) in promised
    assert python() in tried
    assert set(tried) <= set(versions)


def test_hooks_use_the_locked_environment() -> None:
    """Each hook runs from .venv, so no hook fetches anything or has versions of its own."""
    (repository,) = loaded(".pre-commit-config.yaml")["repos"]

    assert repository["repo"] == "local"
    for hook in repository["hooks"]:
        assert hook["language"] == "system"
        assert hook["entry"].startswith(".venv/bin/python ")
    assert {"ruff-check", "ruff-format", "mypy"} <= {hook["id"] for hook in repository["hooks"]}


def test_hooks_look_at_messages_too() -> None:
    """`make hooks` installs the hook for messages as well, and its script is there."""
    configured = loaded(".pre-commit-config.yaml")
    (message,) = (
        hook
        for hook in configured["repos"][0]["hooks"]
        if hook.get("stages", configured["default_stages"]) == ["commit-msg"]
    )

    assert configured["default_install_hook_types"] == ["pre-commit", "commit-msg"]
    assert (ROOT / message["entry"].split()[1]).is_file()


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_a_bad_message_is_refused_by_git_itself(tmp_path: Path) -> None:
    """With the hooks installed, a commit with a bad first line is not made, and a good one is."""
    folder = tmp_path / "clone"
    (folder / ".ci").mkdir(parents=True)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
    shutil.copy(ROOT / ".pre-commit-config.yaml", folder)
    shutil.copy(ROOT / ".ci" / "commit_subject.py", folder / ".ci")
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "PRE_COMMIT_HOME": str(tmp_path / "kept"),
    }

    def run(*command: str) -> int:
        return subprocess.run(  # noqa: S603 - our own words
            command, cwd=folder, env=environment, capture_output=True, check=False, timeout=100
        ).returncode

    def commit(message: str) -> int:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.com")
        return run("git", *who, "commit", "--quiet", "--allow-empty", "-m", message)

    assert run("git", "init", "--quiet") == 0
    assert run(sys.executable, "-m", "pre_commit", "install") == 0
    assert run("git", "add", ".pre-commit-config.yaml") == 0
    assert commit("added things.") == 1
    assert commit("Add things") == 0


@pytest.mark.parametrize("name", ["bug", "source", "idea"])
def test_a_form_can_be_shown(name: str) -> None:
    """Each form has a title and known fields with labels and ids of their own; it asks for
    something, and for no more than four things that must be answered.
    """
    form = loaded(f".github/ISSUE_TEMPLATE/{name}.yml")
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    needed = [field for field in fields if field.get("validations", {}).get("required")]
    ids = [field["id"] for field in fields]

    assert form["name"]
    assert form["description"]
    assert {field["type"] for field in fields} <= {"input", "textarea", "dropdown", "checkboxes"}
    assert all(field["attributes"]["label"] for field in fields)
    assert len(set(ids)) == len(ids)
    assert 0 < len(needed) <= 4


def test_what_could_do_harm_is_reported_in_private() -> None:
    """Whoever is about to report a bug in public reads where to report one that others could
    use.
    """
    form = loaded(".github/ISSUE_TEMPLATE/bug.yml")
    (first, *_) = form["body"]

    assert "SECURITY.md" in first["attributes"]["value"]
    assert "Report a vulnerability" in (ROOT / "SECURITY.md").read_text("utf-8")
