"""What people are told while messages cannot be shown."""

from __future__ import annotations

from datetime import timedelta

from monitor.pipeline.blocked_reasons import REPORT_DEAD_LETTER_FOR, BlockedReasons, BlockScope
from monitor.testing import NOON

SECOND = timedelta(seconds=1)


def test_the_reason_that_has_stood_longest_comes_first() -> None:
    """A newer text of the same kind keeps its place."""
    reasons = BlockedReasons()
    assert reasons.first == ""
    reasons.add(BlockScope.CHANNEL, "#a", "#a is closed", NOON)
    reasons.add(BlockScope.SERVICE, "#b", "the token is refused", NOON)
    reasons.add(BlockScope.CHANNEL, "#a", "#a is archived", NOON)
    assert reasons.first == "#a is archived"


def test_a_message_sent_ends_the_reasons_of_its_channel_and_of_the_service() -> None:
    """Those of another channel stand."""
    reasons = BlockedReasons()
    reasons.add(BlockScope.SERVICE, "#a", "the token is refused", NOON)
    reasons.add(BlockScope.CHANNEL, "#a", "#a is closed", NOON)
    reasons.add(BlockScope.CHANNEL, "#b", "#b is closed", NOON)
    reasons.clear_for_sent("#a", NOON)
    assert reasons.first == "#b is closed"


def test_an_old_message_that_is_found_says_nothing_of_later_troubles() -> None:
    """What was noted after its attempt stands."""
    reasons = BlockedReasons()
    reasons.add(BlockScope.SERVICE, "#a", "the token is refused", NOON + SECOND)
    reasons.clear_for_sent("#a", NOON)
    assert reasons.first == "the token is refused"
    reasons.clear_for_sent("#a", NOON + SECOND)
    assert reasons.first == ""


def test_a_dead_letter_is_reported_for_an_hour() -> None:
    """Also while others go out; a later one begins the hour anew."""
    reasons = BlockedReasons()
    reasons.add(BlockScope.DEAD_LETTER, "#a", "invalid_blocks", NOON)
    reasons.clear_for_sent("#a", NOON)
    reasons.expire(NOON + REPORT_DEAD_LETTER_FOR - SECOND)
    assert reasons.first == "a message was given up: invalid_blocks"
    reasons.add(BlockScope.DEAD_LETTER, "#b", "too long", NOON + SECOND)
    reasons.expire(NOON + REPORT_DEAD_LETTER_FOR)
    assert reasons.first == "a message was given up: too long"
    reasons.expire(NOON + SECOND + REPORT_DEAD_LETTER_FOR)
    assert reasons.first == ""
