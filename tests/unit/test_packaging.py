"""What is shipped around the code: the package, the lock, the changelog and the frame of the
documentation.
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from itertools import chain, pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from dotenv import dotenv_values
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import monitor
from monitor.settings import Secrets

ROOT = Path(__file__).parents[2]
PACKAGES = ("monitor", "sources", "rules")
PIN = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; (?P<marker>.+?))? \\$", re.MULTILINE
)
LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#+ +(?P<title>.+?) *$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)

if not (ROOT / "pyproject.toml").is_file():
    pytest.skip("looks at the source tree, not at a wheel", allow_module_level=True)


@pytest.fixture
def project() -> dict[str, Any]:
    """The tables of pyproject.toml."""
    return tomllib.loads(read("pyproject.toml"))


def read(name: str) -> str:
    """The text of a file of the source tree."""
    return (ROOT / name).read_text("utf-8")


def pins() -> dict[str, Version]:
    """The version of each package in the lock."""
    return {
        found["name"]: Version(found["version"])
        for found in PIN.finditer(read("requirements.lock"))
    }


def required(project: dict[str, Any]) -> Iterator[Requirement]:
    """Everything that pyproject.toml asks for: to run, for PostgreSQL, to develop and to build."""
    listed = chain(
        project["project"]["dependencies"],
        *project["project"].get("optional-dependencies", {}).values(),
        *project["dependency-groups"].values(),
        project["build-system"]["requires"],
    )
    return map(Requirement, listed)


def pages() -> list[Path]:
    """Every Markdown page for readers."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def links(page: Path) -> list[str]:
    """The targets of a page's links that lie in the source tree."""
    targets = (found["target"] for found in LINK.finditer(FENCED.sub("", page.read_text("utf-8"))))
    return [target for target in targets if not re.match(r"[a-z]+:", target)]


def anchors(page: Path) -> set[str]:
    """What a link may name in a page after the #: its headings in lower case with hyphens for
    spaces.
    """
    titles = (
        found["title"].lower()
        for found in HEADING.finditer(FENCED.sub("", page.read_text("utf-8")))
    )
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def leads_somewhere(page: Path, target: str) -> bool:
    """Whether a relative link names a file, and a heading in it if it names one."""
    name, _, anchor = target.partition("#")
    place = (page.parent / unquote(name)).resolve() if name else page
    return place.exists() and (not anchor or anchor in anchors(place))


def test_wheel_holds_the_three_packages(project: dict[str, Any]) -> None:
    """The wheel is made of exactly monitor, sources and rules."""
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == list(PACKAGES)


def test_wheel_misses_no_file_of_a_package() -> None:
    """Data, templates and migrations are shipped like the code: no pattern of .gitignore hides a
    file of a package.
    """
    shipped = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    present = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert sorted(present - shipped) == []


def test_console_script_starts_a_function(project: dict[str, Any]) -> None:
    """The one command is repwatch, and what it names can be called."""
    scripts = project["project"]["scripts"]
    module, _, name = scripts["repwatch"].partition(":")

    assert list(scripts) == ["repwatch"]
    assert callable(getattr(import_module(module), name))


def test_version_is_the_same_everywhere(project: dict[str, Any]) -> None:
    """The package says the version that it is built with."""
    assert monitor.__version__ == project["project"]["version"]


def test_licence_is_whole(project: dict[str, Any]) -> None:
    """The licence that the package names is shipped in full."""
    text = read("LICENSE")

    assert project["project"]["license"] == "Apache-2.0"
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_lock_pins_every_dependency(project: dict[str, Any]) -> None:
    """Each dependency stands in the lock, at a version that pyproject.toml allows."""
    locked = pins()
    missing = [
        str(requirement)
        for requirement in required(project)
        if (version := locked.get(canonicalize_name(requirement.name))) is None
        or version not in requirement.specifier
    ]

    assert missing == []


def test_lock_holds_names_versions_and_hashes_only() -> None:
    """Every entry has a hash, and nothing in the lock names an index, a machine or a folder."""
    lines = [
        line for line in read("requirements.lock").splitlines() if line and not line.startswith("#")
    ]
    entries = [line for line in lines if not line.startswith("    ")]
    hashes = [line for line in lines if line.startswith("    ")]

    assert len({entry.partition("==")[0] for entry in entries}) == len(pins()) > 0
    assert [
        line for line in hashes if not re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line)
    ] == []
    assert [a for a, b in pairwise(lines) if a in entries and b in entries] == []
    assert re.findall(r"://|file:|^[-/]| @ ", read("requirements.lock"), re.MULTILINE) == []


def test_changelog_opens_with_this_version(project: dict[str, Any]) -> None:
    """The changelog opens with what is not released yet, or with this version and its day; the
    lines of that section name their area first.
    """
    sections = re.split(r"^## ", read("CHANGELOG.md"), flags=re.MULTILINE)
    bullets = re.findall(r"^- .*$", sections[1], re.MULTILINE)
    version = re.escape(project["project"]["version"])

    assert re.match(rf"(\[Unreleased\]|{version} - \d{{4}}-\d\d-\d\d)\n", sections[1])
    assert bullets
    assert [line for line in bullets if not re.match(r"- \*\*[a-z -]+\*\*: [A-Z`].*", line)] == []


def test_changelog_dates_every_version() -> None:
    """Each version stands there once with its day, the newest first."""
    headings = re.findall(r"^## (.*)$", read("CHANGELOG.md"), re.MULTILINE)
    released = [heading.split(" - ") for heading in headings if heading != "[Unreleased]"]
    versions = [Version(version) for version, _ in released]
    days = [date.fromisoformat(day) for _, day in released]

    assert versions == sorted(set(versions), reverse=True)
    assert days == sorted(days, reverse=True)


def test_every_page_is_in_the_index() -> None:
    """Each page below docs is linked from docs/README.md."""
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / target.partition("#")[0]).resolve() for target in links(index)}
    unlinked = {page for page in (ROOT / "docs").rglob("*.md") if page != index} - linked

    assert sorted(page.relative_to(ROOT).as_posix() for page in unlinked) == []


def test_every_relative_link_leads_somewhere() -> None:
    """Each link from one page to another names a file, and a heading in it, that exist."""
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages()
        for target in links(page)
        if not leads_somewhere(page, target)
    ]

    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("a.md", True),
        ("a.md#two-words", True),
        ("a.md#other", False),
        ("b.md", False),
        ("#two-words", True),
    ],
)
def test_a_broken_link_is_seen(tmp_path: Path, target: str, expected: bool) -> None:
    """A link to a missing file or to a missing heading counts as broken."""
    page = tmp_path / "a.md"
    page.write_text("# Two words\n```\n# Other\n```\n")

    assert leads_somewhere(page, target) is expected


def test_every_make_command_in_the_pages_exists() -> None:
    """Each `make x` that a page tells a reader to type is a target."""
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    told = set(
        re.findall(
            r"(?:`|^ *)make ([a-z]+)",
            "\n".join(page.read_text("utf-8") for page in pages()),
            re.MULTILINE,
        )
    )

    assert {"demo", "test"} <= targets
    assert sorted(told - targets) == []


def test_every_secret_has_its_line_in_the_example() -> None:
    """.env.example names exactly the secrets that are read, and holds none."""
    expected = dict.fromkeys((name.upper() for name in Secrets.model_fields), "")

    assert dotenv_values(ROOT / ".env.example") == expected
