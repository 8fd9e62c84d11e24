"""Cues: turns of phrase that tell what single words do not."""

from __future__ import annotations

import json
import tomllib

import pytest

from monitor.analysis.cues import SHIPPED, TAKEN_BACK, CueFinder
from monitor.analysis.problem import SHIPPED as MODEL
from monitor.domain.tokens import normalize_text
from monitor.errors import ConfigError

FINDER = CueFinder.load()


def _cues(text: str) -> dict[str, tuple[str, ...]]:
    return FINDER.select_cues(FINDER.patterns.find_in_text(text, normalize_text(text)))


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("I don't think that any of the guides was polite or helpful", "praise_taken_back"),
        ("We have yet to get a warm meal from them", "far_negation"),
        ("I had hopes for this tent", "unmet_wish"),
        ("You should have gone to the bakery next door", "competitor"),
        ("It was a fine gym until the chain took over", "once_good"),
        ("Nice colour but the strap broke", "praised_trouble"),
        ("Friendly porter, except the trolley was rusty", "fault_behind_praise"),
        ("that lobby was pure trash", "slang_complaint"),
        ("Wonderful for six months, until June when the pump gave up", "once_good"),
        ("Could somebody call me about my leaking roof", "asks_for_help"),
        ("Oh great, the lift is out again", "irony"),
        ("The porter yawned and turned away", "staff_behaviour"),
        ("The bill went up from 30 to 50 a month", "money_shock"),
        ("The soup tasted like sea water", "figure_of_speech"),
        ("They apologised and gave us a new room", "solved"),
        ("Couldn't fault the service", "absent_trouble"),
        ("No delays and no fuss", "no_trouble"),
        ("Judge orders the sale of the stadium", "news"),
        ("My comment was meant for another hotel", "quoted"),
        ("Damn good noodles", "rough_praise"),
    ],
)
def test_a_turn_of_phrase_is_found(text: str, cue: str) -> None:
    """Each cue is found in a text that nothing was trained on."""
    assert cue in _cues(text)


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("Nothing, everything was perfect", "praise_taken_back"),
        ("I could not have been happier, lovely people", "praise_taken_back"),
        ("Runs like a charm", "figure_of_speech"),
        ("Fixed nothing, it is still broken", "solved"),
        ("We used to hate our old vacuum", "once_good"),
        ("Lovely ride and nothing fell off", "fault_behind_praise"),
        (
            "Kind man, the torn bag was replaced at once, works again and again",
            "fault_behind_praise",
        ),
        ("The trash bags are strong", "slang_complaint"),
    ],
)
def test_what_only_looks_like_one_is_none(text: str, cue: str) -> None:
    """Each cue is undone where the same words say something else."""
    assert cue not in _cues(text)


def test_a_cue_stays_within_its_sentence() -> None:
    """A negation and the praise of the next sentence have nothing to do with each other."""
    assert "praise_taken_back" not in _cues("It does not rain. The garden is lovely.")


def test_a_cue_stays_within_its_clause() -> None:
    """Nor have those of two clauses, where a cue says so."""
    assert "praise_taken_back" not in _cues("Nobody else was there, the pool was lovely")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Nobody at the desk was friendly or helpful", ["friendly", "helpful"]),
        ("I never had a quiet and comfortable night there", ["quiet", "comfortable"]),
    ],
)
def test_praise_that_is_taken_back_is_no_praise(text: str, left: list[str]) -> None:
    """Its words, and those joined to them, are read as one that says so; the others stay."""
    tokens = normalize_text(text).split(" ")
    read = FINDER.take_back_praise(tokens, _cues(text))
    changed = [word for word, now in zip(tokens, read, strict=True) if word != now]
    assert changed == left
    assert {now for word, now in zip(tokens, read, strict=True) if word != now} == {TAKEN_BACK}


def test_praise_that_stands_is_left_alone() -> None:
    """A text without such a cue is handed back as it came."""
    tokens = ["the", "desk", "was", "friendly"]
    assert FINDER.take_back_praise(tokens, {"irony": ("desk",)}) is tokens


def test_every_cue_is_weighed() -> None:
    """The shipped model weighs the shipped cues, and no others."""
    assert set(json.loads(MODEL.read_text("utf-8"))["cues"]) == set(FINDER.about)


def test_every_list_of_words_is_used() -> None:
    """Each stands in a pattern, between < and >."""
    text = SHIPPED.read_text("utf-8")
    assert [name for name in tomllib.loads(text)["words"] if f"<{name}>" not in text] == []


def test_mistakes_are_named() -> None:
    """A pattern that cannot be read is named with its cue."""
    with pytest.raises(ConfigError, match=r"cue odd.any\[0\]"):
        CueFinder({"odd": {"any": ["~3"]}})
