"""The local servers that tests talk to instead of the real services."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.hygiene import list_leftovers, prepare_process, take_snapshot
from tests.world.reddit import Reddit
from tests.world.slack import Slack
from tests.world.web import Web

# A busy machine is no failure: neither an example nor the drawing of one has a time limit of its
# own, pytest's limit holds for the whole test.
_PATIENT: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("repwatch", **_PATIENT)
settings.register_profile("long", **_PATIENT, max_examples=3000)
settings.load_profile("repwatch")


prepare_process()


@pytest.fixture(autouse=True)
def _leaves_nothing_behind() -> Iterator[None]:
    """Fail a test that changes its process for those that come after it."""
    before = take_snapshot()
    yield
    leftovers = list_leftovers(before, take_snapshot())
    assert not leftovers, "left behind: " + "; ".join(leftovers)


@pytest.fixture
def slack() -> Iterator[Slack]:
    """A Slack workspace that does not limit the rate of posting."""
    with Slack(posts_per_second=None) as server:
        yield server


@pytest.fixture
def reddit() -> Iterator[Reddit]:
    """Reddit with its recorded submissions and comments."""
    with Reddit() as server:
        yield server


@pytest.fixture
def web() -> Iterator[Web]:
    """A web host without pages."""
    with Web() as server:
        yield server
