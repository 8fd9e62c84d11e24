"""Fill a database with analysed feedback in bulk, for benchmarks of what reads much of it.

    python benchmarks/feedback_filler.py URL [--items 1000000] [--years 1]

One week is made in Python and copied in the database to as many as the years have, up to NOW, each
with other authors. In a week feedback comes as it does: more by day than by night and on workdays,
a few sources with most of it, most of a few stages, a tenth asked, people who write again. The same
seed gives the same feedback. The search index is left empty.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from monitor.store import Store, open_store
from monitor.store.compiled import insert_rows
from monitor.store.schema import analyses, feedback

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
_SOURCES = (
    "app-store", "google-play", "reddit", "nps", "csat", "forum", "mastodon", "news", "tickets",
)  # fmt: skip
_SOURCE_WEIGHTS = (30, 25, 15, 8, 4, 8, 4, 2, 4)
_STAGES = (
    "use", "support", "post-purchase", "purchase", "engagement", "research", "awareness", "unsure",
)  # fmt: skip
_STAGE_WEIGHTS = (30, 14, 12, 8, 6, 4, 2, 24)
_TOUCHPOINTS = ("product", "service", "sales", "marketing", "physical place", "unsure")
_TOUCHPOINT_WEIGHTS = (40, 20, 8, 4, 4, 24)
_LABELS = ("positive", "negative", "neutral", "mixed", None)
_LABEL_WEIGHTS = (38, 26, 24, 6, 6)
_PLANS, _COUNTRIES = ("free", "plus", "team"), ("de", "us", "gb", "fr", "jp", "br")
_WORDS = (
    "app", "crashes", "login", "slow", "delivery", "late", "refund", "support", "answer", "help",
    "great", "easy", "price", "update", "screen", "battery", "order", "broken", "works", "love",
    "again", "phone", "account", "payment", "card", "waiting", "staff", "friendly", "menu", "bus",
)  # fmt: skip


def fill_store(store: Store, items: int, *, years: float = 1, seed: int = 7) -> None:
    """Add about so many feedback to an empty store, and count them."""
    weeks = max(1, round(years * 365 / 7))
    each = items // weeks
    begins = (NOW - timedelta(weeks=weeks)).replace(minute=0)
    with store.write() as tx:
        connection = tx.feedback._connection
        rows = generate_week(each, each * 8, begins, random.Random(seed))
        made = list(rows)
        insert_rows(connection, feedback, [row for row, _ in made])
        insert_rows(connection, analyses, [row for _, row in made])
    for week in range(1, weeks):
        with store.write() as tx:
            _copy_week(tx.feedback._connection, week, each)
    _finish(store)


def _copy_week(connection: Connection, week: int, each: int) -> None:
    """Add the first week again, so many weeks later and by other people."""
    days, ahead, people = 7 * week, week * each, each * 8
    is_sqlite = connection.dialect.name == "sqlite"
    later = (
        "strftime('%Y-%m-%d %H:%M:%f', {0}, '+{1} days') || '000'"
        if is_sqlite
        else "{0} + interval '{1} days'"
    )
    number = f"((CAST(substr(author_id, 2) AS bigint) + {week * 7919}) % {people})"
    changed = {
        "id": f"id + {ahead}",
        "external_id": f"CAST(id + {ahead} AS text)",
        "author_id": f"'u' || {number}",
        "author_name": f"'person ' || {number}",
    } | {name: later.format(name, days) for name in ("at", "first_seen_at", "created_at")}
    names = list(feedback.c.keys())
    copied = ", ".join(changed.get(name, name) for name in names)
    connection.execute(
        text(
            f"INSERT INTO feedback ({', '.join(names)}) SELECT {copied} FROM feedback "  # noqa: S608
            f"WHERE id <= {each} ORDER BY id"
        )
    )
    names = list(analyses.c.keys())
    rest = ", ".join(names[1:])
    connection.execute(
        text(
            f"INSERT INTO analyses (feedback_id, {rest}) SELECT feedback_id + {ahead}, {rest} "  # noqa: S608
            f"FROM analyses WHERE feedback_id <= {each} ORDER BY feedback_id"
        )
    )


def _finish(store: Store) -> None:
    """Count what was added, and let the database look at it."""
    with store.read() as tx:
        months = tx.rollups.list_months()
    for month in months:
        with store.write() as tx:
            tx.rollups.rebuild_month(month)
    with store.write() as tx:
        connection = tx.feedback._connection
        connection.exec_driver_sql("ANALYZE")
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(
                "SELECT setval(pg_get_serial_sequence('feedback', 'id'), max(id)) FROM feedback"
            )


def generate_week(
    items: int, people: int, begins: datetime, chosen: random.Random
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the rows of each feedback of a week and of its analysis, oldest first."""
    times = _spread_times(items, begins, chosen)
    texts = [_make_text(chosen) for _ in range(5_000)]
    for number, at in enumerate(times, 1):
        (source,) = chosen.choices(_SOURCES, _SOURCE_WEIGHTS)
        (label,) = chosen.choices(_LABELS, _LABEL_WEIGHTS)
        scale, rating = _rate(source, label, chosen)
        words = "" if scale and chosen.random() < 0.2 else chosen.choice(texts)
        person = int(people * chosen.random() ** 2)
        yield (
            {
                "id": number,
                "source_id": source,
                "external_id": str(number),
                "content_hash": f"{number:032x}",
                "at": at,
                "first_seen_at": at + timedelta(minutes=chosen.randrange(90)),
                "created_at": at,
                "edited_at": None,
                "kind": "survey" if source in ("nps", "csat") else "post",
                "title": "",
                "body": words,
                "markup": "text",
                "author_name": f"person {person}",
                "author_id": f"u{person}",
                "author_reach": None,
                "url": f"https://feedback.example/{source}/{number}",
                "thread_id": "",
                "parent_id": "",
                "language": "en",
                "rating": rating,
                "rating_scale": scale,
                "score": None,
                "replies": None,
                "app_version": f"6.{number * 4 // items}.0" if source.endswith("y") else "",
                "question": "How likely are you to recommend us?" if source == "nps" else "",
                "attributes": f'{{"plan":"{chosen.choice(_PLANS)}",'
                f'"country":"{chosen.choice(_COUNTRIES)}"}}',
                "own": False,
            },
            {
                "feedback_id": number,
                "text": words,
                "words": words,
                "language": "en",
                "unscored": "" if label else "language: fi",
                "vader_compound": 0.1,
                "vader_neg": 0.1,
                "vader_neu": 0.8,
                "vader_pos": 0.1,
                "label": label,
                "score": 0.1 if label else None,
                "problem": chosen.random() ** (1 if label == "negative" else 4),
                "signals": "[]",
                "stage": chosen.choices(_STAGES, _STAGE_WEIGHTS)[0],
                "touchpoint": chosen.choices(_TOUCHPOINTS, _TOUCHPOINT_WEIGHTS)[0],
                "drivers": '["speed"]',
                "emotion": None,
                "why": "[]",
            },
        )


def _spread_times(items: int, begins: datetime, chosen: random.Random) -> list[datetime]:
    """Moments of a week, by the weight of their hour."""
    weights = [
        (4.0 if 8 <= hour % 24 <= 21 else 1.0) * (0.6 if hour // 24 % 7 >= 5 else 1.0)
        for hour in range(7 * 24)
    ]
    picked = chosen.choices(range(7 * 24), weights, k=items)
    return sorted(begins + timedelta(hours=hour, seconds=chosen.randrange(3600)) for hour in picked)


def _rate(source: str, label: str | None, chosen: random.Random) -> tuple[str | None, float | None]:
    """A scale that the source rates on and a rating that goes with the tone."""
    good = label == "positive" or (label is not None and chosen.random() < 0.3)
    match source:
        case "app-store" | "google-play":
            return "stars5", float(
                chosen.choice((4, 5, 5)) if good else chosen.choice((1, 1, 2, 3))
            )
        case "nps":
            return "nps", float(chosen.choice((9, 10)) if good else chosen.randrange(9))
        case "csat":
            return "csat5", float(chosen.choice((4, 5)) if good else chosen.choice((1, 2, 3)))
        case _:
            return None, None


def _make_text(chosen: random.Random) -> str:
    return " ".join(chosen.choices(_WORDS, k=chosen.randrange(4, 40)))


def main() -> None:
    """Fill the database at a URL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--years", type=float, default=1)
    args = parser.parse_args()
    store = open_store(args.url)
    fill_store(store, args.items, years=args.years)
    store.close()


if __name__ == "__main__":
    main()
