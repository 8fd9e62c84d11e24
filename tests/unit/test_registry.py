"""A kind is a file name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from monitor.registry import UnknownKind, list_kinds, load_plugin
from sources.base import Source


def test_kinds_are_the_files_and_folders_without_base_and_private_ones() -> None:
    """What the folder holds is what there is."""
    folder = Path(sys.modules[Source.__module__].__file__ or "").parent
    files = {path.stem for path in folder.glob("*.py")}
    folders = {path.parent.name for path in folder.glob("*/__init__.py")}
    expected = sorted(
        name for name in files | folders if name != "base" and not name.startswith("_")
    )
    assert list(list_kinds("sources")) == expected
    assert {"feed", "reddit", "csv_file"} <= set(list_kinds("sources"))
    assert list_kinds("monitor.errors") == ()


@pytest.mark.parametrize("kind", list_kinds("sources"))
def test_every_kind_of_source_is_found(kind: str) -> None:
    """Each file or folder holds exactly one source, with options of its own."""
    found = load_plugin("sources", kind, Source)
    assert issubclass(found, Source)
    assert f"{found.__module__}.".startswith(f"sources.{kind}.")


def test_an_unknown_kind_names_a_near_one() -> None:
    """A slip is answered with the name that was probably meant, anything else with all names."""
    with pytest.raises(UnknownKind, match=r"unknown kind 'redit'; did you mean 'reddit'\?"):
        load_plugin("sources", "redit", Source)
    with pytest.raises(UnknownKind, match=r"allowed: .*reddit"):
        load_plugin("sources", "zzz", Source)


@pytest.mark.parametrize("kind", ["base", "_records", "__init__", "", "../feed", ".feed", "a..b"])
def test_what_is_no_kind_cannot_be_named(kind: str) -> None:
    """Private files, the base and paths are not loaded."""
    with pytest.raises(UnknownKind):
        load_plugin("sources", kind, Source)


def test_a_kind_with_a_dot_is_somebody_elses_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A class in another package serves; a missing module or package and a second class are
    named.
    """
    package = tmp_path / "theirs_for_test"
    package.mkdir()
    (package / "__init__.py").touch()
    source = "from sources.base import Source\nclass Mine(Source):\n    pass\n"
    (package / "mine.py").write_text(source, "utf-8")
    (package / "two.py").write_text(source + "class Other(Source):\n    pass\n", "utf-8")
    (package / "needs.py").write_text("import a_package_that_is_not_there\n" + source, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert load_plugin("sources", "theirs_for_test.mine", Source).__name__ == "Mine"
    for name, message in [
        ("theirs_for_test.two", "must hold exactly one Source, not 2"),
        ("theirs_for_test.none", "no module named 'theirs_for_test.none' is installed"),
        ("nobodys_for_test.none", "no module named 'nobodys_for_test.none' is installed"),
        ("theirs_for_test.needs", "needs the package 'a_package_that_is_not_there'"),
        ("monitor.errors", "must hold exactly one Source, not 0"),
    ]:
        with pytest.raises(UnknownKind, match=message):
            load_plugin("sources", name, Source)


def test_looking_for_kinds_loads_none_of_them() -> None:
    """Only what the configuration names is imported."""
    code = (
        "import sys; from monitor.registry import list_kinds; print(list_kinds('sources'), "
        "'sources.reddit' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert "'reddit'" in done.stdout
    assert done.stdout.endswith("False\n")
