"""The engine skips rules whose words are absent; that changes its speed, never its answer."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.feedback import Analysis, Evidence, Feedback
from monitor.domain.tokens import normalize_text
from rules.base import Condition
from rules.conditions.source import SourceCondition
from rules.conditions.text import TextCondition
from rules.engine import Engine
from rules.rule import Rule

WRITTEN = ("a", "b*", "a OR c", "a b", "a -b", '"a b"', "a NEAR/2 c", "(a -c) OR bb", "dd -a")
CONDITIONS: st.SearchStrategy[Condition] = st.one_of(
    st.builds(TextCondition, st.sampled_from(WRITTEN)),
    st.builds(
        TextCondition,
        st.fixed_dictionaries(
            {"query": st.sampled_from(WRITTEN), "in": st.sampled_from(["title", "body", "any"])}
        ),
    ),
    st.builds(SourceCondition, st.sampled_from(["shop", "blog"])),
)
LISTS = st.lists(CONDITIONS, max_size=3).map(tuple)
RULES = st.builds(Rule, id=st.just("r"), name=st.just("R"), all=LISTS, any=LISTS, none=LISTS)
TEXTS = st.lists(st.sampled_from(["a", "b", "bb", "c", "dd"]), max_size=6).map(" ".join)


def plainly(rule: Rule, evidence: Evidence) -> bool:
    """What all, any and none mean, written down without the engine."""
    return (
        all(condition.check(evidence) for condition in rule.all)
        and (not rule.any or any(condition.check(evidence) for condition in rule.any))
        and not any(condition.check(evidence) for condition in rule.none)
    )


@given(st.lists(RULES, max_size=6), TEXTS, TEXTS)
def test_the_engine_finds_what_the_conditions_say(rules: list[Rule], title: str, body: str) -> None:
    """Exactly the rules whose conditions hold match, and each is explained the same way."""
    text = f"{title}\n{body}"
    evidence = Evidence(
        feedback=Feedback(source_id="shop", external_id="1", title=title, body=body),
        analysis=Analysis(text=text, words=normalize_text(text)),
        now=datetime(2026, 11, 18, tzinfo=UTC),
    )
    expected = [plainly(rule, evidence) for rule in rules]
    engine = Engine(rules)
    assert len(engine.evaluate(evidence)) == sum(expected)
    assert [verdict.held for verdict in engine.explain(evidence)] == expected
