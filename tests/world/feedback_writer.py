"""Writes analysed feedback into a store, as the digest reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from monitor.domain.feedback import Analysis, Author, Feedback, Label, Rating, Sentiment, Signal
from monitor.store import Store

#: A moment of week 47.
IN_THE_WEEK = datetime(2026, 11, 18, tzinfo=UTC)
_SCORES = {Label.POSITIVE: 0.8, Label.NEGATIVE: -0.8}


@dataclass(slots=True)
class Writer:
    """Writes feedback into a store, each by another person unless one is named."""

    store: Store
    count: int = 0

    def write(
        self,
        number: int = 1,
        *,
        at: datetime = IN_THE_WEEK,
        label: Label | None = Label.NEUTRAL,
        stage: str = "use",
        touchpoint: str = "product",
        author: str = "",
        body: str = "It is a thing",
        rating: Rating | None = None,
        source_id: str = "shop",
        seen: datetime | None = None,
        signals: tuple[Signal, ...] = (),
        attributes: dict[str, str] | None = None,
        drivers: tuple[str, ...] = (),
        **fields: Any,
    ) -> None:
        """Store some feedback that is alike, with more `fields` of it as they are."""
        for _ in range(number):
            self.count += 1
            feedback = Feedback(
                source_id=source_id,
                external_id=str(self.count),
                body=body,
                created_at=at,
                first_seen_at=seen or at,
                author=Author(name=author or f"person {self.count}"),
                rating=rating,
                attributes=attributes or {},
                **fields,
            )
            sentiment = None if label is None else Sentiment(label, _SCORES.get(label, 0.0))
            analysis = Analysis(
                text=body,
                words=body.casefold(),
                sentiment=sentiment,
                unscored="" if sentiment else "language: fi",
                problem=0.9 if label is Label.NEGATIVE else 0.1,
                stage=stage,
                touchpoint=touchpoint,
                signals=signals,
                drivers=drivers,
            )
            with self.store.write() as tx:
                tx.feedback.add([(feedback, analysis)])
