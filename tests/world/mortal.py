"""A process that dies at a chosen commit, and the database file that outlives it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from monitor.store import Store, Transaction, open_store
from monitor.store.engine import make_engine, parse_url


class Killed(BaseException):
    """The process ends here."""


class MortalStore(Store):
    """A store whose process dies at a chosen commit: right before it, or right after."""

    fuse = 0  #: half-steps left to live; 0 for ever
    #: called before and after each commit; whoever raises there is killed there
    at_commit: Callable[[], None] | None = None

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A transaction that may be the last."""
        with super().write() as tx:
            yield tx
            self._burn()
        self._burn()

    def _burn(self) -> None:
        if self.at_commit is not None:
            self.at_commit()
        self.fuse -= 1
        if self.fuse == 0:
            raise Killed


@cache
def empty_database() -> bytes:
    """The file of a database with all tables and nothing in them."""
    with TemporaryDirectory() as folder:
        open_store(f"sqlite:///{folder}/empty.db").close()
        return (Path(folder) / "empty.db").read_bytes()


def provide_tables(file: Path) -> None:
    """Put a database with all tables where there is none yet: to copy one takes a fraction of the
    time to make it.
    """
    if not file.exists():
        file.write_bytes(empty_database())


@contextmanager
def opened(file: Path, fuse: int = 0) -> Iterator[MortalStore]:
    """The database in a file, for a process that dies after so many half-steps."""
    url = parse_url(f"sqlite:///{file}")
    store = MortalStore(make_engine(url), url)
    store.fuse = fuse
    try:
        yield store
    finally:
        store.close()
