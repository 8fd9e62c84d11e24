"""Which parts there are, and which of them an audience reads, in what order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from monitor import registry
from monitor.digest.part import DigestPart
from monitor.domain.digest import Audience

_PACKAGE = "monitor.digest.parts"
#: What comes first for whom; the parts that are not named follow where `_EVERYTHING` has them.
_FIRST: Mapping[Audience, Sequence[str]] = {
    Audience.LEADERSHIP: (),
    Audience.PRODUCT: ("themes", "experience", "journey", "drivers"),
    Audience.SUPPORT: ("response", "team", "rule_health", "themes"),
    Audience.PLACES: ("places", "segments", "consistency"),
}
#: The order of everybody else: what changed, why, what is done, how sure it is.
_EVERYTHING: Sequence[str] = (
    "goals",
    "numbers",
    "journey",
    "actions",
    "themes",
    "drivers",
    "early_signs",
    "response",
    "competitors",
    "word_of_mouth",
    "customers",
    "segments",
    "places",
    "value_at_risk",
    "consistency",
    "experience",
    "team",
    "rule_health",
    "coverage",
)


@cache
def find_parts() -> Mapping[str, DigestPart[Any]]:
    """Return every part by its key, in the order in which most audiences read them."""
    kinds = registry.list_kinds(_PACKAGE)
    parts = {kind: registry.load_plugin(_PACKAGE, kind, DigestPart)() for kind in kinds}
    return {key: parts[key] for key in sorted(parts, key=_rank)}


def order_keys(audience: Audience) -> tuple[str, ...]:
    """Return the keys of all parts in the order in which an audience reads them."""
    first = [key for key in _FIRST[audience] if key in find_parts()]
    return tuple(dict.fromkeys([*first, *find_parts()]))


def _rank(key: str) -> tuple[int, str]:
    """Return where a part stands; one that nobody has placed comes before what was not seen."""
    last = len(_EVERYTHING) - 1
    return (_EVERYTHING.index(key) if key in _EVERYTHING else last - 1, key)
