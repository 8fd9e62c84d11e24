"""Two simulated months of a rule's judged cards, with or without a source of noise in them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from monitor.domain.feedback import Analysis, Author, Feedback, Rating
from monitor.domain.suggestion import RuleCard, Suggestion
from monitor.tuning.rule_edits import list_exclusions, list_thresholds
from monitor.tuning.suggestions import FEWEST_CONCERNED, LOOKED_AT, choose_edits
from rules.load import parse_rules

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BOUNDARY = NOW - LOOKED_AT
#: Where the noise comes from; 11 of 12 cards from there are dismissed.
NOISE = "r/dealsbot"
DEFINITION = {
    "id": "billing",
    "all": [{"text": "refund"}, {"problem": 0.5}],
    "any": [{"stars": {"max": 3}}, {"source": "reddit"}],
}
[RULE] = parse_rules({"rules": [DEFINITION]}, "rules.toml")
_WORDS = [f"word{letter}{other}" for letter in "abcdefgh" for other in "abcdefghijklmno"]
_PLACES = ("acme", "help", "deals", "payments", "news")
_NOISY = (11, 12)


def simulate_cards(
    seed: int, *, noise: bool, cards: int = 40, share: float = 0.3
) -> list[RuleCard]:
    """Two months of so many judged cards each, of which such a share is dismissed by chance.

    With `noise` twelve a month come from one subreddit, and eleven of them are dismissed.
    """
    chance = random.Random(seed)
    found: list[RuleCard] = []
    for month in range(2):
        noisy = _NOISY[1] if noise else 0
        for number in range(cards):
            is_noise = number < noisy
            place = NOISE.removeprefix("r/") if is_noise else chance.choice(_PLACES)
            is_useful = number >= _NOISY[0] if is_noise else chance.random() >= share
            at = NOW - month * LOOKED_AT - timedelta(hours=1 + 16 * number)
            found.append(_make_card(chance, 1 + len(found), at, place, is_useful=is_useful))
    return found


def suggest_for(cards: list[RuleCard]) -> tuple[Suggestion, ...]:
    """What is suggested of all single changes, without those that only a replay can score."""
    edits = [*list_exclusions(RULE, cards, FEWEST_CONCERNED), *list_thresholds(RULE, cards)]
    return choose_edits(cards, edits, BOUNDARY)


def _make_card(
    chance: random.Random, number: int, at: datetime, place: str, *, is_useful: bool
) -> RuleCard:
    # Some words are in every second text and most in few, as in any language.
    common = [word for rank, word in enumerate(_WORDS, 1) if chance.random() < 1.5 / rank**0.7]
    words = " ".join(["refund", *common[:25]])
    feedback = Feedback(
        id=number,
        source_id=chance.choice(("reddit", "reddit", "reviews", "forum")),
        external_id=str(number),
        author=Author(name=f"person{min(chance.randrange(60), chance.randrange(60))}"),
        created_at=at,
        first_seen_at=at,
        rating=Rating(chance.choice((1, 1, 2, 3))),
        attributes={"subreddit": place, "country": chance.choice(("de", "us", "gb"))},
    )
    analysis = Analysis(text=words, words=words, problem=chance.uniform(0.5, 1))
    return RuleCard(
        alert_id=number,
        at=at,
        reason="says refund",
        is_useful=is_useful,
        feedback=((feedback, analysis),),
    )
