"""The house rules that a machine can check, over every file of the source tree.

Each rule is a function from one parsed file to what offends in it, so that it is itself tried on a
planted offence.
"""

import ast
import io
import re
import subprocess
import sys
import tokenize
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("monitor", "sources", "rules")
#: The process entry points and the place that joins everything: only they read a clock or the
#: environment.
EDGES = re.compile(r"monitor/(bootstrap|jobs/\w+|__main__|cli/.+)\.py")
COMMANDS = re.compile(r"monitor/(__main__|cli/.+)\.py")
MOMENTS = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
        "datetime.date.today",
        "time.time",
        "time.time_ns",
        "time.localtime",
        "time.gmtime",
    }
)
STOPWATCHES = frozenset(
    {"time.monotonic", "time.monotonic_ns", "time.perf_counter", "time.perf_counter_ns"}
)
REPLACERS = frozenset(
    {
        "mock",
        "mocker",
        "monkeypatch.setattr",
        "monkeypatch.delattr",
        "monkeypatch.setitem",
        "monkeypatch.delitem",
    }
)
BARE_IGNORE = re.compile(r"type:\s*ignore(?!\[)|mypy:\s*ignore-errors")
#: Class names that may stand for two things, each with the reason.
SHARED_CLASS_NAMES: Mapping[str, str] = {}
ENVIRONMENT = frozenset({"os.environ", "os.environb", "os.getenv", "os.getenvb"})

if not (ROOT / "pyproject.toml").is_file():
    pytest.skip("looks at the source tree, not at a wheel", allow_module_level=True)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Parsed:
    """One Python file."""

    name: str  #: relative to the root, with slashes
    text: str
    tree: ast.Module
    nodes: tuple[ast.AST, ...]  #: of the whole tree
    written: tuple[bool, ...]  #: for each line, whether it is neither blank nor only a comment

    @classmethod
    def of(cls, text: str, name: str = "monitor/planted.py") -> "Parsed":
        """The file `name` with this text."""
        tree = ast.parse(text)
        stripped = (line.strip() for line in text.splitlines())
        written = tuple(bool(line) and not line.startswith("#") for line in stripped)
        return cls(name, text, tree, tuple(ast.walk(tree)), written)

    def lines(self, first: int = 1, last: int | None = None) -> int:
        """How many lines, counted from `first` to `last`, are neither blank nor only a comment."""
        return sum(self.written[first - 1 : last])

    def functions(self) -> Iterator[Function]:
        """Every function, however deep."""
        return (node for node in self.nodes if isinstance(node, Function))

    def at(self, node: ast.stmt | ast.expr, said: str) -> str:
        """An offence, with its place."""
        return f"{self.name}:{node.lineno}: {said}"


def files(*folders: str) -> list[Parsed]:
    """Every Python file below these folders of the root."""
    return [file for folder in folders for file in _below(folder)]


@cache
def _below(folder: str) -> list[Parsed]:
    paths = sorted((ROOT / folder).rglob("*.py"))
    return [Parsed.of(path.read_text("utf-8"), path.relative_to(ROOT).as_posix()) for path in paths]


def code() -> list[Parsed]:
    """What is shipped."""
    return files(*PACKAGES)


def written() -> list[Parsed]:
    """What is shipped and is not a migration: those are records of the past and keep their
    shape.
    """
    return [file for file in code() if "/migrations/" not in file.name]


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function in a tree, however deep."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def too_long(file: Parsed) -> Iterator[str]:
    """Modules over 400 lines and functions over 50."""
    if file.lines() > 400:
        yield f"{file.name}: {file.lines()} lines"
    for function in file.functions():
        length = file.lines(function.lineno, function.end_lineno)
        if length > 50:
            yield file.at(function, f"{function.name} has {length} lines")


def dotted_names(file: Parsed) -> Iterator[tuple[ast.expr, str]]:
    """Every name and attribute in a file, written out through its imports."""
    aliases: dict[str, str] = {}
    for node in file.nodes:
        if isinstance(node, ast.Import):
            aliases |= {name.asname or name.name: name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            aliases |= {
                name.asname or name.name: f"{node.module}.{name.name}" for name in node.names
            }
    for node in file.nodes:
        if not isinstance(node, ast.Name | ast.Attribute):
            continue
        parts: list[str] = []
        current: ast.expr = node
        while isinstance(current, ast.Attribute):
            parts.insert(0, current.attr)
            current = current.value
        if isinstance(current, ast.Name):
            yield node, ".".join([aliases.get(current.id, current.id), *parts])


def reads_outside(file: Parsed) -> Iterator[str]:
    """Uses of a clock or of the environment where time and settings must be arguments.

    The HTTP client may measure how long a request has taken.
    """
    if EDGES.fullmatch(file.name):
        return
    forbidden = (
        MOMENTS
        | ENVIRONMENT
        | (frozenset() if file.name.startswith("monitor/http/") else STOPWATCHES)
    )
    for node, name in dotted_names(file):
        if name in forbidden:
            yield file.at(node, name)


def prints(file: Parsed) -> Iterator[str]:
    """Calls of print where data has to be returned instead."""
    if COMMANDS.fullmatch(file.name):
        return
    for node in file.nodes:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "print"
        ):
            yield file.at(node, "print")


def described_methods(parsed: list[Parsed]) -> dict[str, set[str]]:
    """For each class, by its name, the methods in it that have a docstring."""
    found: dict[str, set[str]] = {}
    for file in parsed:
        for node in file.nodes:
            if isinstance(node, ast.ClassDef):
                own = {function.name for function in functions(node) if ast.get_docstring(function)}
                found.setdefault(node.name, set()).update(own)
    return found


def undescribed(file: Parsed, described: dict[str, set[str]]) -> Iterator[str]:
    """Public modules, classes, functions and methods without a docstring.

    A method that carries out what a described method of a base class says needs none of its own.
    """
    if not ast.get_docstring(file.tree) and file.text.strip():
        yield f"{file.name}: the module"
    yield from _undescribed(file, file.tree, described, frozenset())


def _undescribed(
    file: Parsed,
    scope: ast.Module | ast.ClassDef,
    described: dict[str, set[str]],
    inherited: frozenset[str],
) -> Iterator[str]:
    for node in scope.body:
        if not isinstance(node, ast.ClassDef | Function) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node) and node.name not in inherited:
            yield file.at(node, node.name)
        if isinstance(node, ast.ClassDef):
            bases = [
                base.attr if isinstance(base, ast.Attribute) else ast.unparse(base)
                for base in node.bases
            ]
            above = frozenset(
                name for base in bases for name in described.get(base.split("[")[0], ())
            )
            yield from _undescribed(file, node, described, above)


def bare_ignores(file: Parsed) -> Iterator[str]:
    """Comments that switch the type checker off without naming the error."""
    if not BARE_IGNORE.search(file.text):
        return  # to look for what is a comment takes a hundred times longer
    for token in tokenize.generate_tokens(io.StringIO(file.text).readline):
        if token.type == tokenize.COMMENT and BARE_IGNORE.search(token.string):
            yield f"{file.name}:{token.start[0]}: {token.string}"


def silent_tests(file: Parsed) -> Iterator[str]:
    """Tests that do not say what they prove."""
    for function in file.functions():
        if function.name.startswith("test_") and not ast.get_docstring(function):
            yield file.at(function, function.name)


def patches(file: Parsed) -> Iterator[str]:
    """Anything that replaces code under test; the environment and the working folder may be set."""
    for node, name in dotted_names(file):
        if name.startswith("unittest.mock") or name in REPLACERS:
            yield file.at(node, name)


def nested_conditions(file: Parsed) -> Iterator[str]:
    """Conditional expressions inside one another: `a if b else c if d else e`."""
    for node in file.nodes:
        if not isinstance(node, ast.IfExp):
            continue
        parts = (node.test, node.body, node.orelse)
        if any(isinstance(inner, ast.IfExp) for part in parts for inner in ast.walk(part)):
            yield file.at(node, "a conditional expression in another")


def repeated_classes(parsed: list[Parsed], exceptions: Mapping[str, str]) -> Iterator[str]:
    """Class names that stand for two things; a leading underscore does not make another name.

    `exceptions` gives the reason for each name that may.
    """
    places: dict[str, list[str]] = {}
    for file in parsed:
        for node in file.tree.body:
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name.lstrip("_"), []).append(f"{file.name}:{node.lineno}")
    for name, found in sorted(places.items()):
        if len(found) > 1 and name not in exceptions:
            yield f"{name}: {', '.join(found)}"


def listed(offences: list[str]) -> str:
    """One offence a line, none left out."""
    return "\n" + "\n".join(offences)


def test_every_module_imports_only_from_lower_rows() -> None:
    """The contracts of import-linter in pyproject.toml are kept.

    It runs in a process of its own: it switches off every logger that there is, and changes the
    import path.
    """
    code = "from importlinter.cli import lint_imports as run; raise SystemExit(run(no_cache=True))"
    linted = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_every_module_stands_in_a_row() -> None:
    """No package or module of `monitor` is left out of the rows, where nothing would check its
    imports.
    """
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    rows = next(contract["layers"] for contract in contracts if contract["id"] == "rows")
    placed = {name.strip("() ") for row in rows for name in re.split(r"[|:]", row)}
    found = {
        f"monitor.{path.stem}"
        for path in (ROOT / "monitor").glob("*.py")
        if path.stem != "__init__"
    }
    found |= {f"monitor.{path.parent.name}" for path in (ROOT / "monitor").glob("*/__init__.py")}

    assert set() == found - placed
    assert {"sources", "rules"} <= placed


def test_modules_and_functions_stay_short() -> None:
    """No module has over 400 lines and no function over 50, blank lines and comments aside."""
    offences = [said for file in written() for said in too_long(file)]

    assert not offences, listed(offences)


def test_a_class_name_stands_for_one_thing() -> None:
    """No two classes of the program share a name, whatever their modules are called."""
    offences = list(repeated_classes(written(), SHARED_CLASS_NAMES))

    assert not offences, listed(offences)


def test_no_conditional_expression_holds_another() -> None:
    """A statement decides one thing: conditional expressions are never nested."""
    offences = [said for file in written() for said in nested_conditions(file)]

    assert not offences, listed(offences)


def test_time_and_environment_are_arguments() -> None:
    """Only the entry points and bootstrap read a clock or the environment."""
    offences = [said for file in code() for said in reads_outside(file)]

    assert not offences, listed(offences)


def test_only_commands_print() -> None:
    """Nothing below the commands writes to standard output by itself."""
    offences = [said for file in code() for said in prints(file)]

    assert not offences, listed(offences)


def test_every_public_name_is_described() -> None:
    """Every public module, class, function and method says in a docstring what is true of it."""
    described = described_methods(code())

    offences = [said for file in written() for said in undescribed(file, described)]

    assert not offences, listed(offences)


def test_no_type_error_is_waved_through() -> None:
    """Every comment that silences the type checker names the one error it silences."""
    offences = [
        said for file in files(*PACKAGES, "tests", "benchmarks") for said in bare_ignores(file)
    ]

    assert not offences, listed(offences)


def test_every_test_says_what_it_proves() -> None:
    """Every test function has a docstring."""
    offences = [said for file in files("tests") for said in silent_tests(file)]

    assert not offences, listed(offences)


def test_nothing_under_test_is_replaced() -> None:
    """Tests use fakes by construction: no mock, and no attribute set from outside."""
    offences = [said for file in files("tests") for said in patches(file)]

    assert not offences, listed(offences)


@pytest.mark.parametrize(
    ("rule", "planted", "expected"),
    [
        (too_long, "x = 1\n" * 401, ["monitor/planted.py: 401 lines"]),
        (too_long, "# why\n\n" * 401, []),
        (too_long, "def f():\n" + "    x = 1\n" * 50, ["monitor/planted.py:1: f has 51 lines"]),
        (
            reads_outside,
            "from datetime import datetime as d\nd.now()",
            ["monitor/planted.py:2: datetime.datetime.now"],
        ),
        (reads_outside, "import time\nclock = time.time", ["monitor/planted.py:2: time.time"]),
        (
            reads_outside,
            "from os import environ\nenviron['A']",
            ["monitor/planted.py:2: os.environ"],
        ),
        (reads_outside, "import time\ntime.monotonic()", ["monitor/planted.py:2: time.monotonic"]),
        (reads_outside, "import time\ntime.sleep(1)\nenviron = {}\nenviron['A']", []),
        (
            nested_conditions,
            "x = 1 if a else (2 if b else 3)",
            ["monitor/planted.py:1: a conditional expression in another"],
        ),
        (nested_conditions, "x = 1 if a else 2\ny = [3 if b else 4 for b in c]", []),
        (prints, "print('x')", ["monitor/planted.py:1: print"]),
        (bare_ignores, "x = 1  # type: ignore", ["monitor/planted.py:1: # type: ignore"]),
        (bare_ignores, "x = 1  # type: ignore[misc]\ny = '# type: ignore'", []),
        (silent_tests, "def test_a():\n    pass", ["monitor/planted.py:1: test_a"]),
        (
            patches,
            "from unittest.mock import Mock\nMock()",
            ["monitor/planted.py:2: unittest.mock.Mock"],
        ),
        (patches, "monkeypatch.setattr(a, 'b', 1)", ["monitor/planted.py:1: monkeypatch.setattr"]),
        (patches, "monkeypatch.setenv('A', 'b')", []),
    ],
)
def test_rule_sees_a_planted_offence(
    rule: Callable[[Parsed], Iterator[str]], planted: str, expected: list[str]
) -> None:
    """Each rule names the place of what offends it, and lets pass what only looks like it."""
    assert expected == list(rule(Parsed.of(planted)))


def test_edges_may_read_clock_and_print() -> None:
    """The command line and bootstrap read the clock, and only the command line prints."""
    text = "import time\nprint(time.time())"

    assert list(reads_outside(Parsed.of(text, "monitor/cli/operate.py"))) == []
    assert list(prints(Parsed.of(text, "monitor/cli/operate.py"))) == []
    assert list(reads_outside(Parsed.of(text, "monitor/bootstrap.py"))) == []
    assert list(prints(Parsed.of(text, "monitor/bootstrap.py"))) == [
        "monitor/bootstrap.py:2: print"
    ]


def test_description_may_be_inherited() -> None:
    """A method needs its own docstring unless a base class has described it."""
    base = Parsed.of('"""M."""\nclass Base:\n    """B."""\n    def told(self):\n        """T."""\n')
    child = Parsed.of(
        '"""M."""\nclass Child(Base):\n    """C."""\n    def told(self): ...\n    def '
        "new(self): ...\n"
    )

    assert list(undescribed(child, described_methods([base, child]))) == [
        "monitor/planted.py:5: new"
    ]


def test_a_repeated_class_is_seen_across_modules() -> None:
    """A class of the same name elsewhere is named with both places, unless there is a reason."""
    first = Parsed.of("class Voice: ...", "monitor/a.py")
    second = Parsed.of("class _Voice: ...\nclass Other: ...", "rules/b.py")

    assert list(repeated_classes([first, second], {})) == ["Voice: monitor/a.py:1, rules/b.py:1"]
    assert list(repeated_classes([first, second], {"Voice": "both are one's"})) == []
