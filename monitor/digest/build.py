"""Build the digest of a period: every part from the same moment of the store, each on its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from monitor.digest.audiences import find_parts
from monitor.digest.lead import decide_lead
from monitor.digest.part import DigestPart
from monitor.digest.parts.numbers import Numbers
from monitor.digest.period_data import PeriodData
from monitor.digest.persona import FEWEST_OF_PERSONA
from monitor.digest.scope import EVERYTHING, DigestScope
from monitor.digest.snapshot import find_sent_digest
from monitor.domain.digest import Correction, Digest, PartFailure
from monitor.domain.period import Period
from monitor.errors import RepwatchError
from monitor.settings import Settings
from monitor.store import Transaction

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DigestRequest:
    """Which digest somebody wants."""

    period: Period
    scope: DigestScope = EVERYTHING

    @property
    def id(self) -> str:
        """What the digest is known by."""
        name = self.scope.name
        return f"{self.period.name}.{name}" if name else self.period.name


@dataclass(slots=True)
class _Parts:
    """What became of each part."""

    values: dict[str, Any] = field(default_factory=dict)
    failures: list[PartFailure] = field(default_factory=list)


def build_digest(
    tx: Transaction,
    request: DigestRequest,
    settings: Settings,
    now: datetime,
    made_of: Mapping[str, DigestPart[Any]] | None = None,
) -> Digest:
    """Return the digest of a period as of now; a part that fails says so, and no other changes.

    It is `made_of` all parts that there are, where none are given.
    """
    data = PeriodData(tx, request.period, request.scope, settings, now)
    parts = _load_parts(tx, data, find_parts() if made_of is None else made_of)
    brand = settings.brand
    return Digest(
        id=request.id,
        period=request.period,
        made_at=now,
        lead=decide_lead(parts.values, parts.failures),
        scope=request.scope.name,
        few=_count_few(data),
        brand=brand.name,
        vision=brand.vision,
        locale=brand.locale,
        parts=parts.values,
        failures=tuple(parts.failures),
        corrections=_find_corrections(data),
    )


def _count_few(data: PeriodData) -> int | None:
    """Return how many people a persona has, where these are too few to say much."""
    if data.scope.persona is None:
        return None
    people = data.count_people(data.period).total
    return people if people < FEWEST_OF_PERSONA else None


def _find_corrections(data: PeriodData) -> tuple[Correction, ...]:
    """Return what has come of the period before since its digest was sent."""
    before = data.period.earlier(1)
    sent = find_sent_digest(data.tx, before, data.scope.name)
    if sent is None:
        return ()
    then: Numbers | None = sent.parts.get("numbers")
    figures = then.measures if then else ()
    told = next((one.measure.n for one in figures if one.key == "volume"), None)
    now = data.count_received(before).total
    if told is None or told == now:
        return ()
    title = f"Feedback of {before.name}"
    return (Correction(key="volume", title=title, sent=told, now=now),)


def _load_parts(
    tx: Transaction, data: PeriodData, made_of: Mapping[str, DigestPart[Any]]
) -> _Parts:
    parts = _Parts()
    for key, part in made_of.items():
        try:
            with tx.isolate():
                value = part.load(data)
        except RepwatchError as error:
            parts.failures.append(PartFailure(key=key, title=part.title, message=str(error)))
        except Exception:
            log.exception("digest_part_failed", part=key)
            message = "an internal error; the log says which."
            parts.failures.append(PartFailure(key=key, title=part.title, message=message))
        else:
            if value is not None:
                parts.values[key] = value
    return parts
