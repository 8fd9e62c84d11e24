"""Kinds of events, and those that a newer version has stored."""

from __future__ import annotations

import copy
import json
import pickle

from monitor.domain.event import (
    BROADCAST_EVENTS,
    CARD_ONLY_EVENTS,
    EVENTS_WITH_REPLY_TEXT,
    SLA_START_EVENTS,
    EventKind,
)


def test_kinds_are_known_by_their_stored_value() -> None:
    """Every kind is read back as itself, and counts as known."""
    assert all(EventKind(str(kind)) is kind and kind.is_known for kind in EventKind)


def test_kind_of_a_newer_version_is_kept() -> None:
    """An unknown kind keeps its value in every form, is in no set, and is equal only to itself."""
    kind = EventKind("celebrated")
    assert (str(kind), f"{kind}", json.dumps(kind)) == ("celebrated", "celebrated", '"celebrated"')
    assert kind == EventKind("celebrated") != EventKind("mourned")
    assert not kind.is_known
    assert len({kind, EventKind("celebrated")}) == 1
    assert copy.deepcopy(kind) == pickle.loads(pickle.dumps(kind)) == kind  # noqa: S301
    sets = (BROADCAST_EVENTS, CARD_ONLY_EVENTS, EVENTS_WITH_REPLY_TEXT, SLA_START_EVENTS)
    assert not any(kind in members for members in (*sets, frozenset(EventKind)))
