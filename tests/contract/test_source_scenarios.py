"""What every kind of source must do with a service that has something to show.

A new file in sources/ is found by itself, and its service in tests/world/scenarios/ by the same
name.
"""

import json
import logging
import traceback
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import stamina

from monitor.analysis.analyzer import Analyzer
from monitor.domain.source_health import SourceState
from monitor.errors import SourceError
from monitor.http import HttpClient
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.registry import list_kinds, load_plugin
from monitor.settings import HttpSettings
from monitor.store import Store
from monitor.testing import memory_store
from rules.engine import Engine
from sources.base import Page, PushSource, Recheckable, Source
from tests.world.faults import Fault, Handler, Reply, Request, lost_before_commit, truncated
from tests.world.hostile import JUNK, VICTIMS, victim
from tests.world.scenario import Scenario, scenario

KINDS = list_kinds("sources")
ASKING = tuple(
    kind for kind in KINDS if not issubclass(load_plugin("sources", kind, Source), PushSource)
)
RECHECKING = tuple(
    kind for kind in KINDS if issubclass(load_plugin("sources", kind, Source), Recheckable)
)
ANALYZER = Analyzer(deep=False)
FEW = tuple(f"acme item {number}" for number in range(8))


@pytest.fixture
def http() -> Iterator[HttpClient]:
    """A client that reaches this machine and gives up at once."""
    with (
        stamina.set_testing(True, attempts=1),
        HttpClient(HttpSettings(allow_private_networks=True)) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """A database; each scenario is a source of its own in it."""
    with closing(memory_store()) as opened:
        yield opened


def ids(*pages: Page) -> list[str]:
    """The external ids on the pages, each once, sorted."""
    return sorted({item.external_id for page in pages for item in page.items})


def read(place: Scenario, http: HttpClient, cursor: str = "") -> list[Page]:
    """All that a new process gets in one poll."""
    return list(place.pages(place.source(http), cursor))


def through(store: Store, cursor: str) -> str:
    """The cursor as the database gives it back."""
    with store.write() as tx:
        tx.sources.save(SourceState(source_id="place", cursor=cursor))
    with store.read() as tx:
        return tx.sources.get_state("place").cursor


def test_a_kind_without_a_scenario_is_told(tmp_path: Path) -> None:
    """Who adds a source is told which file its tests want."""
    with (
        pytest.raises(LookupError, match=r"write tests/world/scenarios/new_kind\.py"),
        scenario("new_kind", tmp_path),
    ):
        pass


@pytest.mark.parametrize("kind", KINDS)
def test_identity_is_stable(kind: str, http: HttpClient, tmp_path: Path) -> None:
    """What was read keeps its external ids: read once more, with other words, votes and dates, and
    among newer ones.
    """
    with scenario(kind, tmp_path) as place:
        place.fill(*FEW)
        before = ids(*read(place, http))
        again = ids(*read(place, http))
        place.change()
        changed = ids(*read(place, http))
        place.fill("acme newer")
        grown = ids(*read(place, http))

    assert len(before) == len(FEW)
    assert (again, changed) == (before, before)
    assert set(before) < set(grown)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_read_twice_is_stored_once(
    kind: str, http: HttpClient, store: Store, tmp_path: Path
) -> None:
    """The same documents bring nothing new, and the same words are no edit."""
    ingest = Ingest(store, ANALYZER, Engine(()), "#support")
    with scenario(kind, tmp_path) as place:
        place.fill(*FEW)
        first, second = (
            ingest(
                [item for page in read(place, http) for item in page.items],
                place.now,
                AlertPolicy(backfill=True),
            )
            for _ in range(2)
        )

    assert (first.new, second.new, second.updated) == (len(FEW), 0, 0)


@pytest.mark.parametrize("kind", ASKING)
def test_every_cursor_is_text_that_can_be_gone_on_from(
    kind: str, http: HttpClient, store: Store, tmp_path: Path
) -> None:
    """Wherever a process dies: what it stored and what the next one reads from the stored cursor is
    everything.
    """
    with scenario(kind, tmp_path) as place:
        place.fill(*(f"acme item {number}" for number in range(place.many)))
        pages = read(place, http)
        everything = ids(*pages)
        for number, page in enumerate(pages, start=1):
            cursor = through(store, page.cursor)
            assert cursor == page.cursor
            assert ids(*pages[:number], *read(place, http, cursor)) == everything
        cursor = through(store, pages[-1].cursor)
        place.fill("acme newer")
        newer = set(ids(*read(place, http, cursor))) - set(everything)

    assert len(newer) == 1


@pytest.mark.parametrize("kind", ASKING)
@pytest.mark.parametrize("pages", [0, 1])
def test_stops_when_it_is_told_to(
    kind: str, pages: int, http: HttpClient, store: Store, tmp_path: Path
) -> None:
    """When the process is to end, a poll asks for nothing more, fails with nothing, and can be gone
    on from.
    """
    with scenario(kind, tmp_path) as place:
        place.fill(*(f"acme item {number}" for number in range(place.many)))
        everything = ids(*read(place, http))
        got: list[Page] = []
        for page in place.pages(place.source(http, lambda: len(got) >= pages)):
            assert len(got) <= max(pages - 1, 0), "went on after it was told to stop"
            got.append(page)
        cursor = through(store, got[-1].cursor if got else "")

        assert ids(*got, *read(place, http, cursor)) == everything


@pytest.mark.parametrize("kind", RECHECKING)
def test_looking_again_stops_when_it_is_told_to(
    kind: str, http: HttpClient, tmp_path: Path
) -> None:
    """Nothing is taken for deleted because the process is to end."""
    with scenario(kind, tmp_path) as place:
        place.fill(*FEW)
        known = ids(*read(place, http))
        source = place.source(http, lambda: True)
        assert isinstance(source, Recheckable)
        asked = len(place.server.requests) if place.server else 0

        assert list(source.recheck(known, place.now)) == []
        assert place.server is None or len(place.server.requests) == asked


def echo(status: int, content_type: str) -> Fault:
    """An answer that quotes the whole request, credentials included, and leads back to where it
    came from.
    """

    def fault(request: Request, handle: Handler) -> Reply:
        query = "&".join(f"{name}={value}" for name, value in request.query.items())
        said = json.dumps(
            [request.path, dict(request.query), dict(request.headers), request.body.decode()]
        )
        headers = {"Content-Type": content_type, "Location": f"{request.path}?{query}"}
        return Reply(
            status,
            headers,
            said.encode() if "html" not in content_type else f"<p>{said}</p>".encode(),
        )

    return fault


FAULTS: dict[str, Fault] = {
    **{
        f"{status}": echo(status, "text/html")
        for status in (200, 301, 302, 400, 401, 403, 404, 410, 422, 429, 500)
    },
    "200 in JSON": echo(200, "application/json"),
    "lost": lost_before_commit,
    "truncated": truncated(20),
}


@pytest.mark.parametrize("kind", ASKING)
def test_no_secret_comes_back(
    kind: str, http: HttpClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever a service answers, neither an error nor its causes, a warning, a log or a cursor
    holds a secret.
    """
    caplog.set_level(logging.DEBUG)
    with scenario(kind, tmp_path) as place:
        place.fill(*FEW)
        cursor = read(place, http)[-1].cursor
        asked = repr(place.server.requests) if place.server else ""
        assert all(secret in asked for secret in place.hidden), (
            "the secret is not used, so nothing is shown"
        )
        for name, fault in FAULTS.items():
            if place.server:
                place.disturb(fault)
            told = [cursor]
            for start in ("", cursor):
                try:
                    pages = place.pages(place.source(http), start)
                    told += [f"{page.warnings}{page.cursor}{page.gaps}" for page in pages]
                except SourceError as error:
                    told.append("".join(traceback.format_exception(error)) + repr(error))
            assert not [
                secret for secret in place.hidden if secret in "".join(told) + caplog.text
            ], name


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_item_does_not_lose_its_neighbours(
    kind: str, http: HttpClient, store: Store, tmp_path: Path
) -> None:
    """Among items of wrong types, endless or broken, the good ones are read, and what is read can
    be stored.
    """
    ingest = Ingest(store, ANALYZER, Engine(()), "#support")
    with scenario(kind, tmp_path) as place:
        for number in range(VICTIMS):
            place.fill(f"acme good {number}", victim(number), f"acme as good {number}")
        items = [item for page in read(place, http) for item in page.items]
        good = {item.external_id: item.body for item in items if "victim" not in item.body}
        assert len(good) == 2 * VICTIMS
        for name, junk in JUNK.items():
            place.spoil(junk)
            spoilt = [item for page in read(place, http) for item in page.items]
            found = {item.external_id: item.body for item in spoilt}
            assert {key: found.get(key) for key in good} == good, f"lost among {name}"
            ingest(spoilt, place.now, AlertPolicy(backfill=True))


@pytest.mark.parametrize("kind", RECHECKING)
def test_a_hostile_item_does_not_delete_its_neighbours(
    kind: str, http: HttpClient, tmp_path: Path
) -> None:
    """Looked at again among broken ones, the good items are still there."""
    with scenario(kind, tmp_path) as place:
        for number in range(VICTIMS):
            place.fill(f"acme good {number}", victim(number))
        items = [item for page in read(place, http) for item in page.items]
        good = {item.external_id for item in items if "victim" not in item.body}
        for name, junk in JUNK.items():
            place.spoil(junk)
            source = place.source(http)
            assert isinstance(source, Recheckable)
            pages = list(source.recheck([item.external_id for item in items], place.now))
            there = {item.external_id for page in pages for item in page.items if not item.deleted}
            assert good <= there, f"deleted among {name}"
