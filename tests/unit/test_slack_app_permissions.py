"""Who may do what: named people, groups as Slack knows them, and what holds while Slack is away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr

from monitor.settings import RespondSettings
from monitor.slack.client import SlackApi
from monitor.slack_app.actions import required_role
from monitor.slack_app.interactions import Interaction, InteractionKind
from monitor.slack_app.permissions import Role, RoleDirectory, has_role, refusal_text
from monitor.testing import NOON
from tests.world.faults import answers
from tests.world.slack import BOT_TOKEN, Slack

ANN, BEN, EVE = "U0ANN", "U0BEN", "U0EVE"


@pytest.mark.parametrize(
    ("agents", "managers", "agent", "manager"),
    [
        (None, None, {ANN, BEN, EVE}, {ANN, BEN, EVE}),
        ({ANN}, None, {ANN}, {ANN}),
        (None, {BEN}, {ANN, BEN, EVE}, {BEN}),
        ({ANN}, {BEN}, {ANN, BEN}, {BEN}),
        (frozenset(), frozenset(), set(), set()),
    ],
    ids=["nobody named", "agents", "managers", "both", "empty groups"],
)
def test_roles(
    agents: set[str] | None, managers: set[str] | None, agent: set[str], manager: set[str]
) -> None:
    """Nobody named is everybody; an empty group is nobody; managers are agents, and not the other
    way round.
    """
    everybody = (ANN, BEN, EVE)
    assert {one for one in everybody if has_role(one, Role.AGENT, agents, managers)} == agent
    assert {one for one in everybody if has_role(one, Role.MANAGER, agents, managers)} == manager


def test_a_refusal_says_who_may() -> None:
    """Everybody with the role is named."""
    settings = RespondSettings(agents=("S0TEAM", ANN), managers=(BEN,))
    assert refusal_text(Role.AGENT, settings).endswith("(group:S0TEAM, user:U0ANN, user:U0BEN).")
    assert refusal_text(Role.MANAGER, settings).endswith("managers (user:U0BEN).")


@pytest.fixture
def slack() -> Iterator[Slack]:
    """A workspace with a group."""
    with Slack(posts_per_second=None) as server:
        server.add_group("S0TEAM", "team", [ANN])
        yield server


def roster(slack: Slack, moment: list[datetime], *agents: str) -> RoleDirectory:
    """Those who may act, at a moment that a test moves."""
    api = SlackApi(SecretStr(BOT_TOKEN), slack.api_url)
    return RoleDirectory(RespondSettings(agents=agents), api, lambda: moment[0])


def test_a_group_is_asked_for_every_ten_minutes(slack: Slack) -> None:
    """Who joined is let in after ten minutes at most, and Slack is not asked for every click."""
    moment = [NOON]
    who = roster(slack, moment, "S0TEAM", EVE)
    assert [one for one in (ANN, BEN, EVE) if who.is_allowed(one, Role.AGENT)] == [ANN, EVE]
    slack.add_group("S0TEAM", "team", [BEN])
    assert not who.is_allowed(BEN, Role.AGENT)
    moment[0] += timedelta(minutes=10)
    assert (who.is_allowed(ANN, Role.AGENT), who.is_allowed(BEN, Role.AGENT)) == (False, True)
    assert len(slack.requests_to("/api/usergroups.users.list")) == 2


def test_while_slack_is_away_what_it_said_last_holds(slack: Slack) -> None:
    """Nobody loses their role because Slack does not answer, and nobody gets one."""
    moment = [NOON]
    who = roster(slack, moment, "S0TEAM")
    slack.fail_next(answers(500), path="/api/usergroups.users.list")
    assert not who.is_allowed(ANN, Role.AGENT)
    moment[0] += timedelta(seconds=15)
    assert who.is_allowed(ANN, Role.AGENT)
    moment[0] += timedelta(minutes=10)
    slack.fail_next(answers(500), path="/api/usergroups.users.list")
    assert who.is_allowed(ANN, Role.AGENT)


@pytest.mark.parametrize(
    ("action", "role"),
    [
        ({"action_id": "approve", "value": "7:41:3"}, Role.MANAGER),
        ({"action_id": "reject", "value": "7:41:3"}, Role.MANAGER),
        ({"action_id": "take", "value": "41:3"}, Role.AGENT),
        ({"action_id": "more", "selected_option": {"value": "snooze:41:3"}}, Role.AGENT),
    ],
)
def test_answers_are_approved_by_managers(action: dict[str, object], role: Role) -> None:
    """Approving and sending back need the role; what agents do all day does not."""
    click = Interaction(kind=InteractionKind.CLICK, key="1", app="A1", person=ANN, action=action)
    assert required_role(click) is role


def test_a_dialog_that_sends_an_answer_back_needs_a_manager() -> None:
    """It is asked for again when the dialog is sent off, whoever has opened it."""
    view = {"callback_id": "reject", "private_metadata": "7:41:3"}
    assert (
        required_role(
            Interaction(kind=InteractionKind.SUBMIT, key="1", app="A1", person=ANN, view=view)
        )
        is Role.MANAGER
    )
