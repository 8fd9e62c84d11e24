"""Actors: their stored form, who is a person, and how they are named."""

from __future__ import annotations

import pytest

from monitor.domain.actor import SYSTEM, Actor, ActorKind


@pytest.mark.parametrize(
    ("stored", "actor", "is_person", "name"),
    [
        ("user:U123", Actor.slack("U123"), True, "U123"),
        ("user:S123", Actor.slack("S123"), True, "S123"),
        ("cli:anna", Actor.cli("anna"), True, "anna"),
        ("cli:anna:b", Actor.cli("anna:b"), True, "anna:b"),
        ("rule:crash", Actor.rule("crash"), False, "crash"),
        ("source:reddit", Actor.source("reddit"), False, "reddit"),
        ("system", SYSTEM, False, "repwatch"),
    ],
)
def test_actor_is_stored_with_its_kind(
    stored: str, actor: Actor, is_person: bool, name: str
) -> None:
    """Each kind of actor has one stored form, which is read back as the same actor."""
    assert (str(actor), Actor.parse(stored)) == (stored, actor)
    assert (actor.is_person, actor.display_name) == (is_person, name)


@pytest.mark.parametrize(
    ("stored", "name"), [("web:anna", "anna"), ("anna", "anna"), ("system:x", "x"), ("", "")]
)
def test_actor_of_a_newer_version_is_kept(stored: str, name: str) -> None:
    """A form that this version does not know is no person, and loses nothing."""
    actor = Actor.parse(stored)
    assert (actor.kind, actor.is_person) == (ActorKind.UNKNOWN, False)
    assert (str(actor), actor.display_name) == (stored, name)


def test_nobody_is_stored_as_an_empty_text() -> None:
    """Where nobody may stand, an empty text is None."""
    assert Actor.parse_optional("") is None
    assert Actor.parse_optional("cli:anna") == Actor.cli("anna")


def test_slack_group_is_known_by_its_id() -> None:
    """Only a Slack id that begins with S is a user group."""
    assert Actor.slack("S0TEAM").is_slack_group
    assert not Actor.slack("U0ANN").is_slack_group
    assert not Actor.cli("Sue").is_slack_group
