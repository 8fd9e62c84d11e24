"""The problem model: how likely a feedback needs attention, and which of its words say so.

A logistic model over single words, pairs of words, the tone of the text and its signals. It was
trained by benchmarks/train_problem.py on public labelled feedback and is calibrated: of the texts
at 0.7, about seven in ten are problems. docs/reference/problem-model.md says on what it was trained
and how good it is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter, mul
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from monitor.analysis.cues import TAKEN_BACK
from monitor.analysis.grams import NGramTable, length_factor
from monitor.analysis.lexicon import LexiconScore
from monitor.analysis.sentiment import decide_sentiment
from monitor.domain.feedback import Rating, Signal, VaderScores, describe_problem
from monitor.domain.quoting import quote_words
from monitor.domain.tokens import tokenize as words_of

SHIPPED: Final = Path(__file__).parent / "data" / "problem.json"
#: From here up a feedback counts as a problem: more likely one than not.
WORKING: Final = 0.5
MOST_SHOWN: Final = 3  #: words or pairs that are named with a probability

#: Signals that are a problem however it is put ("Great, another outage. Love it."); their patterns
#: are rarely wrong.
PLAIN_TROUBLE: Final = frozenset({"outage", "billing", "no_response", "data_loss"})
_TROUBLE_ODDS: Final = math.log(0.6 / 0.4)  # what they make it at least, before stars

#: What is measured of a text beside its words; the order of `measures`.
MEASURES: Final = (
    "vader_compound",
    "vader_neg",
    "vader_pos",
    "vader_balance",
    "lexicon_compound",
    "lexicon_against",
    "lexicon_for",
    "asked",
    "length",
    "short",
    "question_mark",
    "exclamation_marks",
    "trouble",
    "trouble_praised",
    "impersonal",
    "impersonal_against",
    "praise_undone",
    "blame_undone",
)
#: Those of them that cues decide.
CUED_MEASURES: Final = frozenset({"praise_undone", "blame_undone"})
#: Cues in which kind words are not meant, or are not all, and cues in which bad ones are not.
_UNDOING_PRAISE: Final = frozenset(
    {
        "far_negation",
        "praise_taken_back",
        "unmet_wish",
        "competitor",
        "once_good",
        "praised_trouble",
        "fault_behind_praise",
        "irony",
    }
)
_UNDOING_BLAME: Final = frozenset(
    {"solved", "absent_trouble", "no_trouble", "news", "quoted", "rough_praise", "slang_praise"}
)
#: Words with which somebody speaks of his own experience, or to somebody.
PERSONAL: Final = frozenset(
    words_of("i i'm im i've ive i'd i'll me my mine we our us you your u ur it this he she they @")
)
#: Signals that name something gone wrong.
TROUBLE: Final = frozenset(
    {
        "outage",
        "billing",
        "no_response",
        "churn",
        "data_loss",
        "bug",
        "safety",
        "legal",
        "security",
        "abuse",
        "money_lost",
        "major_churn",
        "self_harm",
        "harassment",
        "discrimination",
    }
)
_FAVOURABLE: Final = frozenset({"praise", "advocacy"})
_WORTH_SHOWING: Final = 0.1  # log-odds of a word or pair
#: Words that weigh something and would tell a reader nothing, by themselves or beside each other.
_TELLING_NOTHING: Final = frozenset(
    words_of(
        "a about am an and are as at be been being by for from had has have he her him his i i'm "
        "in into is it its me my of on one or our out she so than that the their them then there "
        "these they this those to up us was we were what when where which who will with would you "
        "your"
    )
)
_SHORT_TEXT: Final = 3  # words
_NEGATED: Final = 0.74  # the share of its value that a negated word turns (Hutto & Gilbert 2014)
_MOST_MARKS: Final = 3
_BAD_STARS: Final = 2  # stars; of reviews with so few and kind words nearly all hold a complaint
_MOST_LOG_ODDS: Final = 30.0  # beyond which a probability rounds to 0 or 1


class ProblemInput(NamedTuple):
    """What is known of a text that could be read."""

    text: str
    words: str  #: its normalised words, one space between them
    vader: VaderScores
    reading: LexiconScore
    signals: tuple[Signal, ...] = ()
    #: turns of phrase by name, with the words that show them; see `monitor.analysis.cues`
    cues: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    question: str = ""  #: what a survey asked
    rating: Rating | None = None
    tokens: Sequence[str] = ()  #: the words as they are meant; those of `words` if empty


@dataclass(frozen=True, slots=True)
class ProblemLikelihood:
    """How likely a feedback needs attention."""

    probability: float  #: 0 to 1, three decimals
    #: one line with the words that speak for it; empty below WORKING and without words
    why: str = ""


class ProblemModel:
    """Estimates how likely a feedback is a problem.

    Nothing that can be seen changes after construction, so one instance serves all threads.
    """

    __slots__ = ("_alone", "_beside", "_bias", "_cues", "_measures", "_signals", "grams")

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Take the weights of a model file, all of them log-odds."""
        self._bias: float = data["bias"]
        self._measures = [data["measures"][name] for name in MEASURES]
        self._signals: dict[str, float] = data["signals"]
        self._cues: dict[str, float] = data["cues"]
        self.grams: NGramTable[float] = NGramTable(data["grams"])
        self._alone: dict[str, float] = data["stars"]["alone"]
        self._beside: dict[str, float] = data["stars"]["beside"]

    @classmethod
    def load(cls) -> ProblemModel:
        """Return the shipped model."""
        return _load_problem_model()

    def score(
        self, given: ProblemInput, found: Mapping[str, float] | None = None
    ) -> ProblemLikelihood:
        """Return the likelihood for a text that could be read, in time that grows with its length.

        `found` is what `grams` finds in its words, from callers that have looked already.
        """
        tokens = given.tokens or given.words.split(" ")
        if found is None:
            found = self.grams.find_known(tokens)
        odds = self._bias + sum(map(mul, self._measures, text_measures(given, tokens)))
        odds += length_factor(len(found)) * sum(found.values())
        odds += sum([self._cues.get(cue, 0.0) for cue in given.cues])
        lowest = -math.inf
        for signal in given.signals:
            odds += self._signals.get(signal.name, 0.0)
            if signal.name in PLAIN_TROUBLE:
                lowest = _TROUBLE_ODDS
        odds = max(odds, lowest)
        if given.rating is not None:
            odds = self._combine_with_stars(odds, given.rating.stars)
        probability = to_probability(odds)
        if probability < WORKING:
            return ProblemLikelihood(probability)
        return ProblemLikelihood(probability, self._explain_probability(given, probability, found))

    def _explain_probability(
        self, given: ProblemInput, probability: float, found: Mapping[str, float]
    ) -> str:
        """Return the line that says why a text is probably a problem.

        It names the heaviest of its words and turns of phrase that tell something, its signals and
        its stars.
        """
        shown = [quote_words([wording]) for wording in self._heaviest_wordings(given, found)]
        shown += [signal.name for signal in given.signals if signal.name not in _FAVOURABLE]
        if given.rating:
            shown.append(_format_rating(given.rating))
        return describe_problem(probability) + (f": {', '.join(shown)}" if shown else "")

    def _heaviest_wordings(self, given: ProblemInput, found: Mapping[str, float]) -> list[str]:
        """Return up to MOST_SHOWN wordings of the customer that weigh most, none within another."""
        spread = length_factor(len(found))
        weighed: list[tuple[float, str, str]] = [
            (weight * spread, gram, "") for gram, weight in found.items() if weight > _WORTH_SHOWING
        ]
        weighed += [
            (self._cues[cue], said[0], said[0])
            for cue, said in given.cues.items()
            if self._cues.get(cue, 0.0) > _WORTH_SHOWING
        ]
        shown: list[str] = []
        taken = {TAKEN_BACK}
        for _, gram, wording in sorted(weighed, key=itemgetter(0), reverse=True):
            parts = words_of(wording) if wording else gram.split()
            if taken.isdisjoint(parts) and not _TELLING_NOTHING.issuperset(parts):
                taken.update(parts)
                shown.append(_original_wording(given.text, wording or gram))
                if len(shown) == MOST_SHOWN:
                    break
        return shown

    def _combine_with_stars(self, odds: float, stars: float) -> float:
        """Add the log-odds of the stars to those of the words; bad stars outrank kind words."""
        together = odds + self._beside["bias"] + self._beside["star"] * stars
        if stars > _BAD_STARS:
            return together
        return max(together, self._log_odds_of_stars(stars))

    def score_rating(self, rating: Rating) -> ProblemLikelihood:
        """Return the likelihood for a rating whose words are missing or cannot be read."""
        return ProblemLikelihood(to_probability(self._log_odds_of_stars(rating.stars)))

    def _log_odds_of_stars(self, stars: float) -> float:
        """Return the log-odds of a rating without words."""
        return self._alone["bias"] + self._alone["star"] * stars


def text_measures(given: ProblemInput, tokens: Sequence[str]) -> tuple[float, ...]:
    """Return the values of MEASURES for a text with these normalised words."""
    vader, reading, text = given.vader, given.reading, given.text
    against, favour = _sum_tone(reading)
    compound = reading.compound
    if given.cues and TAKEN_BACK in tokens:
        taken = _taken_back_tone(given, tokens)
        favour, against = favour - taken, against + _NEGATED * taken
        compound -= (1 + _NEGATED) * taken
    length = len(tokens)
    impersonal = float(PERSONAL.isdisjoint(tokens))
    trouble = bool(given.signals) and any(signal.name in TROUBLE for signal in given.signals)
    asked = _question_penalty(given) if given.question else 0.0
    trouble_praised = max(0.0, vader.compound) if trouble else 0.0
    praise_undone = 0.0 if _UNDOING_PRAISE.isdisjoint(given.cues) else favour
    blame_undone = 0.0 if _UNDOING_BLAME.isdisjoint(given.cues) else against
    return (
        vader.compound,
        vader.neg,
        vader.pos,
        vader.neg - vader.pos,
        compound,
        against,
        favour,
        asked,
        math.log1p(length) / 5,
        float(length <= _SHORT_TEXT),
        float("?" in text),
        min(text.count("!"), _MOST_MARKS) / _MOST_MARKS,
        float(trouble),
        trouble_praised,
        impersonal,
        impersonal * against,
        praise_undone,
        blame_undone,
    )


def _sum_tone(reading: LexiconScore) -> tuple[float, float]:
    """Return what words add against and for, both 0 or more."""
    against = favour = 0.0
    for part in reading.contributions:
        if part.change < 0:
            against -= part.change
        else:
            favour += part.change
    return against, favour


def _taken_back_tone(given: ProblemInput, tokens: Sequence[str]) -> float:
    """Return what words of praise add that a word far in front of them takes back."""
    written = zip(given.words.split(" "), tokens, strict=True)
    taken = {word for word, token in written if token == TAKEN_BACK}
    return sum(
        part.change
        for part in given.reading.contributions
        if part.change > 0 and part.words.lower() in taken
    )


def _question_penalty(given: ProblemInput) -> float:
    """Return how much worse the answer sounds beside its question than alone."""
    sentiment, _ = decide_sentiment(given.reading, None, given.question, given.words)
    return given.reading.compound - sentiment.score if sentiment else 0.0


def to_probability(odds: float) -> float:
    """Return the probability of these log-odds, 0 to 1, rounded to three decimals."""
    return round(1 / (1 + math.exp(-max(-_MOST_LOG_ODDS, min(_MOST_LOG_ODDS, odds)))), 3)


def _format_rating(rating: Rating) -> str:
    return f"{rating.stars:.2g} of 5 stars"


def _original_wording(text: str, words: str) -> str:
    """Return the words as the customer wrote them.

    Where they are not found at once, as they were read.
    """
    at = text.lower().find(words) if text.isascii() else -1
    return text[at : at + len(words)] if at >= 0 else words


@cache
def _load_problem_model() -> ProblemModel:
    return ProblemModel(json.loads(SHIPPED.read_text("utf-8")))
