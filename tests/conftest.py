"""The local servers that tests talk to instead of the real services."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.world.reddit import Reddit
from tests.world.slack import Slack
from tests.world.web import Web

# A busy machine is no failure: no example has a time limit of its own, pytest's limit holds for the
# whole test.
settings.register_profile("repwatch", deadline=None)
settings.register_profile("long", deadline=None, max_examples=3000)
settings.load_profile("repwatch")


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
