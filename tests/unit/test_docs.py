"""The pages tell of every command, option and setting that there is."""

from __future__ import annotations

import ast
import re
import textwrap
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
import typer
from pydantic import BaseModel
from typer.main import get_command

from monitor.cli import app
from monitor.settings import Settings
from monitor.tuning.rule_test_files import parse_suite
from rules.load import parse_rules
from rules.rule import RuleMode

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
if not REFERENCE.is_dir():
    pytest.skip("the pages are not part of what is installed", allow_module_level=True)

HOWTO = REFERENCE.parent / "howto"
#: What authors of plug-ins may rely on, as both pages say.
STABLE = ("sources.base", "rules.base", "monitor.domain.feedback", "monitor.testing")
#: Options that stand at the head of the page, for all commands.
COMMON = {"--config", "--json", "--help", "--version"}


@cache
def commands() -> dict[str, set[str]]:
    """Every command with its long options, "alerts show" and the like included."""
    found: dict[str, set[str]] = {}

    def walk(command: object, name: str) -> None:
        for child, below in getattr(command, "commands", {}).items():
            walk(below, f"{name} {child}".strip())
        if not getattr(command, "commands", {}) and name:
            options = (option for parameter in command.params for option in parameter.opts)  # type: ignore[attr-defined]
            found[name] = {option for option in options if option.startswith("--")} - COMMON

    walk(get_command(app), "")
    return found


def settings() -> list[str]:
    """Every key of the configuration but those of the sources."""
    sections = {name: field.annotation for name, field in Settings.model_fields.items()}
    return [
        f"{name}.{key}"
        for name, section in sections.items()
        if isinstance(section, type) and issubclass(section, BaseModel) and name != "secrets"
        for key in section.model_fields
    ]


@pytest.mark.parametrize("name", commands())
def test_every_command_is_told_of(name: str) -> None:
    """A command that nobody can look up is not there."""
    page = (REFERENCE / "commands.md").read_text("utf-8")
    told = name.replace("export feedback", "export feedback\\|alerts").replace(
        "export alerts", "feedback\\|alerts"
    )
    assert f"`{told}" in page or told in page
    missing = {option for option in commands()[name] if option not in page}
    assert not missing


@pytest.mark.parametrize("key", settings())
def test_every_setting_is_told_of(key: str) -> None:
    """A key that nobody can look up is not there."""
    assert f"`{key}`" in (REFERENCE / "configuration.md").read_text("utf-8")


def test_commands_are_found_at_all() -> None:
    """The walk sees groups and their members."""
    assert {"demo", "alerts show", "export feedback", "db upgrade"} <= set(commands())
    assert isinstance(app, typer.Typer)


def test_the_rule_in_the_guide_is_a_rule() -> None:
    """Whoever copies the example from the documentation starts with something that works."""
    guide = (REFERENCE.parent / "howto" / "write-a-rule.md").read_text("utf-8")
    (block,) = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    (rule,) = parse_rules(tomllib.loads(textwrap.dedent(block)), "guide")
    assert rule.mode is RuleMode.SHADOW


def test_the_test_in_the_guide_is_a_test() -> None:
    """Whoever copies the story from the documentation starts with one that can be read."""
    guide = (HOWTO / "write-a-rule-test.md").read_text("utf-8")
    (block,) = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    suite = parse_suite(tomllib.loads(textwrap.dedent(block)), "guide")
    assert [len(test.feedback) for test in suite.tests] == [3]


def imported_names(page: str) -> Iterator[tuple[str, str]]:
    """Each (module, name) of ours that the Python code of a page imports."""
    for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        for node in ast.walk(ast.parse(block)):
            module = getattr(node, "module", None) or ""
            if isinstance(node, ast.ImportFrom) and module.startswith(
                ("monitor.", "sources.", "rules.")
            ):
                yield from ((module, alias.name) for alias in node.names)


@pytest.mark.parametrize("path", sorted(HOWTO.glob("add-a-*.md")), ids=lambda path: path.stem)
def test_what_the_code_of_a_page_imports_exists(path: Path) -> None:
    """A plug-in that is begun from a page finds every name where the page imports it from."""
    names = list(imported_names(path.read_text("utf-8")))

    assert names
    assert [name for name in names if not hasattr(import_module(name[0]), name[1])] == []


@pytest.mark.parametrize("name", ["add-a-source", "add-a-condition"])
def test_stable_modules_are_named_and_exist(name: str) -> None:
    """The page names each module that authors of plug-ins may rely on."""
    page = (HOWTO / f"{name}.md").read_text("utf-8")

    assert [module for module in STABLE if f"`{module}`" not in page] == []
    assert all(import_module(module).__doc__ for module in STABLE)


def walkthrough_places() -> list[tuple[str, str]]:
    """Every (path, function) that the walk through the code names; "" for a whole file."""
    page = (REFERENCE.parent / "follow-a-feedback.md").read_text("utf-8")
    return re.findall(r"`((?:monitor|sources|rules)/[\w/]+\.py)(?::([\w.]+))?`", page)


def defined_names(tree: ast.Module) -> set[str]:
    """Every top-level function and class of a file, and every method as `Class.method`."""
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            methods = [item for item in node.body if isinstance(item, ast.FunctionDef)]
            names |= {node.name, *(f"{node.name}.{method.name}" for method in methods)}
    return names


@pytest.mark.parametrize(("path", "function"), sorted(set(walkthrough_places())))
def test_every_place_of_the_walk_through_the_code_exists(path: str, function: str) -> None:
    """Whoever follows a feedback through the code finds each file and function under its name."""
    file = REFERENCE.parents[1] / path
    assert file.is_file()
    assert not function or function in defined_names(ast.parse(file.read_text("utf-8")))


def test_the_walk_through_the_code_has_many_stations() -> None:
    """The names on the page are found at all."""
    assert len(walkthrough_places()) > 40


def test_the_page_of_the_architecture_shows_the_rows_of_imports() -> None:
    """The picture has the rooms of pyproject.toml in its rows, and the table describes each."""
    project = tomllib.loads((REFERENCE.parents[1] / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    rows = next(contract["layers"] for contract in contracts if contract["id"] == "rows")
    page = (REFERENCE.parent / "architecture.md").read_text("utf-8")
    (picture,) = re.findall(r"flowchart TB\n(.*?)```", page, re.DOTALL)
    labels = [quoted or bare for quoted, bare in re.findall(r'\["(.*?)"\]|\[([\w.]+)\]', picture)]

    shown = [set(re.split(r" · |, ", label)) for label in labels]
    expected = [set(row.split(" | ")) for row in rows]

    assert shown[0] == expected[0] | expected[1]
    assert shown[1:] == expected[2:]
    described = page.partition("| room |")[2].partition("A module imports")[0].replace("/", ".")
    assert not {room for row in expected[1:] for room in row if f"`{room}" not in described}
