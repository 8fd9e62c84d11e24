"""Counting anew: our own accounts are marked as the configuration says, and every month counts."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.domain.feedback import Analysis, Author, Feedback
from monitor.domain.reply import OfficialAccounts
from monitor.pipeline.rebuild import RebuildResult, rebuild_counts
from monitor.store import Store, open_store

OCTOBER, NOVEMBER = datetime(2026, 10, 31, 23, 30, tzinfo=UTC), datetime(2026, 11, 5, tzinfo=UTC)


def wrote(
    name: str, at: datetime, source_id: str = "app", author_id: str = ""
) -> tuple[Feedback, Analysis]:
    """A feedback of a person."""
    item = Feedback(
        source_id=source_id,
        external_id=f"{name} {at}",
        author=Author(name=name, id=author_id),
        created_at=at,
    )
    return item, Analysis(text="", words="")


def rebuild(store: Store, official: OfficialAccounts) -> tuple[RebuildResult, list[int], int]:
    """What a rebuild returns, and how it told its progress."""
    starts: list[int] = []
    months: list[None] = []
    result = rebuild_counts(store, official, starts.append, lambda: months.append(None))
    return result, starts, len(months)


def count_all(store: Store) -> dict[str, int]:
    """How much each source has, as the counts say."""
    with store.read() as tx:
        cells = tx.rollups.count_cells(
            datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
        )
    found: dict[str, int] = {}
    for cell in cells:
        found[cell.key.source_id] = found.get(cell.key.source_id, 0) + cell.count
    return found


def test_a_rebuild_follows_the_official_accounts_of_today() -> None:
    """Whoever is named now is left out under any spelling, whoever is not named any more counts
    again, and an account counts in other sources.
    """
    store = open_store("sqlite://")
    with store.write() as tx:
        tx.feedback.add(
            [
                wrote("Anna", OCTOBER),
                wrote("@Acme_Help", OCTOBER),
                wrote("ACME_help", NOVEMBER),
                wrote("Someone", NOVEMBER, author_id="acme_help"),
                wrote("acme_help", NOVEMBER, "web"),
            ]
        )
    assert count_all(store) == {"app": 4, "web": 1}

    named = rebuild(store, {"app": frozenset({"acme_help"})})
    assert named == (RebuildResult(months=2, feedback=2, marked=3), [2], 2)
    assert count_all(store) == {"app": 1, "web": 1}

    unnamed = rebuild(store, {})
    assert unnamed == (RebuildResult(months=2, feedback=5, marked=3), [2], 2)
    assert count_all(store) == {"app": 4, "web": 1}
    store.close()


def test_an_empty_store_has_nothing_to_count() -> None:
    """Nothing is counted, and that is said."""
    store = open_store("sqlite://")
    assert rebuild(store, {"app": frozenset({"acme"})}) == (
        RebuildResult(months=0, feedback=0, marked=0),
        [0],
        0,
    )
    store.close()


def test_counts_of_a_month_without_feedback_go() -> None:
    """What is counted where nothing is stored, as after a restored backup, is taken away."""
    store = open_store("sqlite://")
    with store.write() as tx:
        tx.feedback.add([wrote("Anna", OCTOBER)])
        tx.feedback._connection.exec_driver_sql("DELETE FROM feedback")
    assert count_all(store) == {"app": 1}

    rebuild(store, {})
    assert count_all(store) == {}
    store.close()
