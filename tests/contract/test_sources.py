"""What every kind of source must satisfy; a new file in sources/ is found by itself."""

import inspect
import re
import sys
import tomllib
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
import stamina
from pydantic import ValidationError

from monitor.errors import SourceError
from monitor.http import HttpClient
from monitor.registry import list_kinds, load_plugin
from monitor.settings import HttpSettings, Secrets
from sources.base import Page, PushSource, Source, SourceContext, SourceOptions

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "sources.md"
GUIDES = tuple(
    page
    for page in sorted((REFERENCE.parents[1] / "howto").glob("connect-*.md"))
    if page.stem != "connect-slack"
)
KINDS = list_kinds("sources")
#: Kinds that ask; the others are told by their service and have nothing to fail at here.
ASKING = tuple(
    kind for kind in KINDS if not issubclass(load_plugin("sources", kind, Source), PushSource)
)
SECRET = "s3cr3t-v4lue"
BASE_KEYS = ("id", "kind", "every")


@dataclass(frozen=True)
class Documented:
    """What the reference says about a kind."""

    text: str
    options: dict[str, Any]


def documented(kind: str) -> Documented:
    """The section of the reference about a kind, with the options of its first example."""
    sections = re.split(r"^## ", REFERENCE.read_text("utf-8"), flags=re.MULTILINE)
    text = next((section for section in sections if section.split("\n", 1)[0].strip() == kind), "")
    example = re.search(r"```toml\n(.*?)```", text, flags=re.DOTALL)
    (table,) = tomllib.loads(example[1])["sources"] if example else ({},)
    return Documented(text, {key: value for key, value in table.items() if key not in BASE_KEYS})


def build(kind: str, options: dict[str, Any], context: SourceContext) -> Source:
    found = load_plugin("sources", kind, Source)
    return found("place", found.Options.model_validate(options), context)


def options_of(kind: str) -> type[SourceOptions]:
    return load_plugin("sources", kind, Source).Options


def with_secrets(options: dict[str, Any]) -> dict[str, Any]:
    """The options with a login and a token in every address."""
    return {
        key: re.sub(r"^(https?://)(.*)$", rf"\1user:{SECRET}@\2?token={SECRET}", value)
        if isinstance(value, str)
        else value
        for key, value in options.items()
    }


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A library with a client of its own finds a proxy that cannot be used, and gives up at
    once.
    """
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://")
        monkeypatch.delenv(name.lower(), raising=False)
    with stamina.set_testing(True, attempts=1):
        yield


class Watch:
    """What the interpreter opened while it was watched: files, names and connections."""

    def __init__(self) -> None:
        self.on = False
        self.opened: list[str] = []
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.on and event in {
            "open",
            "os.listdir",
            "socket.connect",
            "socket.getaddrinfo",
            "subprocess.Popen",
        }:
            self.opened.append(f"{event} {arguments[0]}")


WATCH = Watch()  # an audit hook stays until the interpreter ends, so there is one


def context(folder: Path, status: int = 500) -> SourceContext:
    """A context whose hosts all answer with this status, and whose secrets are set."""
    held = Secrets.model_validate(dict.fromkeys(Secrets.model_fields, SECRET))
    transport = httpx2.MockTransport(lambda request: httpx2.Response(status))
    return SourceContext(
        http=HttpClient(HttpSettings(pause=timedelta()), transport=transport),
        secrets=held,
        folder=folder,
    )


def test_there_are_sources() -> None:
    """The tests below have something to look at."""
    assert {"csv_file", "feed", "reddit"} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_is_documented(kind: str) -> None:
    """The reference has a section with an example, and a row for every option and none else."""
    section = documented(kind)
    rows = set(re.findall(r"^\| `(\w+)` \|", section.text, flags=re.MULTILINE))

    assert section.options
    assert set(options_of(kind).model_fields) == rows


@pytest.mark.parametrize("kind", KINDS)
def test_says_what_it_is(kind: str) -> None:
    """Module, class and options have docstrings, and every option has a comment beside or above."""
    found = load_plugin("sources", kind, Source)
    module = inspect.getmodule(found)
    code = inspect.getsource(found.Options)

    assert module is not None
    for value in (module, found, found.Options, found.collect):
        assert value.__doc__
    for name in found.Options.model_fields:
        beside, above = rf"^    {name}: .*#: \S", rf"^    #: \S.*\n    {name}: "
        assert re.search(f"{beside}|{above}", code, flags=re.MULTILINE), f"{name} has no #: comment"


@pytest.mark.parametrize("kind", KINDS)
def test_options_are_frozen_and_know_their_keys(kind: str) -> None:
    """The example of the reference is valid, cannot be changed, and an unknown key is a mistake."""
    values = documented(kind).options
    options = options_of(kind).model_validate(values)
    name = next(iter(type(options).model_fields))

    with pytest.raises(ValidationError, match="frozen"):
        setattr(options, name, "x")
    with pytest.raises(ValidationError, match="Extra inputs"):
        options_of(kind).model_validate({**values, "no_such_key": 1})
    assert not set(BASE_KEYS) & set(type(options).model_fields)


@pytest.mark.parametrize("kind", KINDS)
def test_the_constructor_opens_nothing(kind: str, tmp_path: Path) -> None:
    """A source is built without network, without files and without credentials."""
    bare = SourceContext(
        http=context(tmp_path).http, secrets=Secrets(), folder=tmp_path / "missing"
    )
    found = load_plugin("sources", kind, Source)
    options = found.Options.model_validate(documented(kind).options)
    WATCH.opened.clear()
    WATCH.on = True
    try:
        found("place", options, bare)
    finally:
        WATCH.on = False

    assert WATCH.opened == []


def test_the_watch_sees(tmp_path: Path) -> None:
    """The watch of the test above notices an opened file."""
    WATCH.on = True
    try:
        (tmp_path / "x").write_text("")
    finally:
        WATCH.on = False

    assert WATCH.opened.pop() == f"open {tmp_path / 'x'}"


@pytest.mark.parametrize("kind", ASKING)
@pytest.mark.parametrize("status", [401, 404, 429, 500])
@pytest.mark.usefixtures("offline")
def test_a_failure_is_a_source_error_without_secrets(
    kind: str, status: int, tmp_path: Path
) -> None:
    """Where nothing can be read, a SourceError of one line says so; it and all its causes hold no
    secret.
    """
    source = build(kind, with_secrets(documented(kind).options), context(tmp_path, status))
    with pytest.raises(SourceError) as caught:
        list(source.collect("", NOW))
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)

    assert SECRET not in told
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_no_secret_in_any_text_form(kind: str, tmp_path: Path) -> None:
    """Neither the source nor its options nor its context shows a secret."""
    values = with_secrets(documented(kind).options)
    given = context(tmp_path)
    source = build(kind, values, given)
    options = options_of(kind).model_validate(values)

    assert SECRET not in f"{source!r}{source}{options!r}{options}{given!r}{given}"


@pytest.mark.parametrize("kind", ASKING)
@pytest.mark.parametrize(
    "cursor", ["not json", "[]", "7", "null", '{"posts": {}, "etag": 1, "content": []}', "\x00"]
)
@pytest.mark.usefixtures("offline")
def test_a_foreign_cursor_breaks_nothing(kind: str, cursor: str, tmp_path: Path) -> None:
    """A cursor of another version or kind leads to the same SourceError as none, not to a crash."""
    source = build(kind, documented(kind).options, context(tmp_path))
    told = []
    for value in ("", cursor):
        with pytest.raises(SourceError) as caught:
            list(source.collect(value, NOW))
        told.append(str(caught.value))

    assert told[0] == told[1]


@pytest.mark.parametrize("page", GUIDES, ids=[page.stem for page in GUIDES])
def test_the_guides_examples_are_valid(page: Path) -> None:
    """Every source that a guide writes is accepted by the configuration, and each guide tells
    limits and terms.
    """
    text = page.read_text("utf-8")
    blocks = re.findall(r"^ *```toml\n(.*?)^ *```", text, flags=re.DOTALL | re.MULTILINE)
    tables = [table for block in blocks for table in tomllib.loads(block).get("sources", [])]

    assert tables
    for table in tables:
        own = {key: value for key, value in table.items() if key not in BASE_KEYS}
        options_of(table["kind"]).model_validate(own)
    assert re.search(r"limit", text, flags=re.IGNORECASE)
    assert re.search(r"terms|agreement", text)


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_a_guide(kind: str) -> None:
    """Every kind's section of the reference leads to a page that says how to connect it."""
    pages = re.findall(r"\(\.\./howto/(connect-[a-z-]+\.md)\)", documented(kind).text)

    assert any(
        f'kind = "{kind}"' in (REFERENCE.parents[1] / "howto" / page).read_text("utf-8")
        for page in pages
    )


def test_the_example_of_the_guide_works(tmp_path: Path) -> None:
    """The source that the guide writes can be pasted into a file and read from."""
    guide = (REFERENCE.parents[1] / "howto" / "add-a-source.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", guide, flags=re.DOTALL)
    namespace: dict[str, Any] = {"__name__": "acme_desk"}
    exec(compile(code, "acme_desk.py", "exec", dont_inherit=True), namespace)  # noqa: S102 (our own guide)
    answer = httpx2.Response(200, json=[{"id": 7, "text": "It broke"}], headers={"ETag": '"a"'})
    http = HttpClient(HttpSettings(), transport=httpx2.MockTransport(lambda request: answer))
    given = SourceContext(http=http, secrets=Secrets(), folder=tmp_path)
    options = namespace["AcmeDeskOptions"](url="https://desk.example/")
    (page,) = namespace["AcmeDeskSource"]("desk", options, given).collect("", NOW)

    assert isinstance(page, Page)
    assert [(item.key, item.body) for item in page.items] == [(("desk", "7"), "It broke")]
    assert page.cursor == '"a"'
