"""What a rule says about itself: its version and its groups."""

from __future__ import annotations

import pytest

from monitor.domain.feedback import Analysis, Author, Feedback
from rules.rule import GroupBy, Rule, version_of

FEEDBACK = Feedback(source_id="shop", external_id="a|1", author=Author(name="Ann"), thread_id="t9")
ANALYSIS = Analysis(text="Slow!", words="slow")
EMPTY = Analysis(text="...", words="")
STRANGER = Feedback(source_id="shop", external_id="2")


@pytest.mark.parametrize(
    ("by", "feedback", "analysis", "key"),
    [
        ("feedback", FEEDBACK, ANALYSIS, "feedback:shop:a|1"),
        ("text", FEEDBACK, ANALYSIS, f"text:{ANALYSIS.fingerprint}"),
        ("text", STRANGER, EMPTY, "feedback:shop:2"),
        ("source", FEEDBACK, ANALYSIS, "source:shop"),
        ("author", FEEDBACK, ANALYSIS, "author:shop:ann"),
        ("author", STRANGER, ANALYSIS, "feedback:shop:2"),
        ("thread", FEEDBACK, ANALYSIS, "thread:shop:t9"),
        ("thread", STRANGER, ANALYSIS, "feedback:shop:2"),
        ("rule", FEEDBACK, ANALYSIS, "rule"),
    ],
)
def test_a_group_is_what_is_shared(
    by: str, feedback: Feedback, analysis: Analysis, key: str
) -> None:
    """The key names what two matches must share; strangers and empty texts are never put
    together.
    """
    assert Rule(id="r", name="r", group_by=(GroupBy(by),)).group_key(feedback, analysis) == key


def test_groups_of_several_things_do_not_depend_on_their_order() -> None:
    """Both orders give one key, in which a separator inside a value cannot be mistaken for one
    between values.
    """
    one = Rule(id="r", name="r", group_by=(GroupBy.THREAD, GroupBy.SOURCE))
    two = Rule(id="r", name="r", group_by=(GroupBy.SOURCE, GroupBy.THREAD))
    forged = Feedback(source_id="shop", external_id="1", thread_id="t|x%7C")
    assert (
        one.group_key(FEEDBACK, ANALYSIS)
        == two.group_key(FEEDBACK, ANALYSIS)
        == "source:shop|thread:shop:t9"
    )
    assert one.group_key(forged, ANALYSIS) == "source:shop|thread:shop:t%7Cx%257C"


def test_the_version_follows_the_meaning() -> None:
    """Order of keys and the name do not count; every value does."""
    rule = {"id": "r", "name": "R", "all": [{"stars": {"max": 2, "min": 1}}]}
    assert version_of(rule) == version_of(
        {"all": [{"stars": {"min": 1, "max": 2}}], "name": "Other", "id": "r"}
    )
    assert version_of(rule) != version_of(rule | {"all": [{"stars": {"max": 3, "min": 1}}]})
    assert len(version_of(rule)) == 8


def test_rules_are_compared_by_what_is_written() -> None:
    """Two rules with the same definition are equal and have the same version."""
    one, two = (Rule(id="r", name="r", definition={"id": "r"}) for _ in range(2))
    assert one == two
    assert hash(one) == hash(two)
    assert one.version == version_of({"id": "r"})
