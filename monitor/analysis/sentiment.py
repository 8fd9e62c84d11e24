"""The tone of a feedback, by the customer's rating, the question asked and the words.

The rating outranks the words, and a question tells how to read its answer.

A short answer says little without its question: "Nothing" to "What could we do better?" is praise,
to "What was good?" a complaint. Where a question asks for one side, its answer is read by these
rules, in this order:

1. no answer ("n/a", "don't know", "not sure"): neutral;
2. nothing ("nothing", "no", "can't think of anything"), alone: the opposite of what was asked for,
   moderately;
3. what was asked for in words without tone ("more staff"): mildly that;
4. a wish in friendly words ("better food would help") in answer to what could be better: mildly
   negative;
5. anything else: as the words say.

Tone is not trouble. Where only the words decide, the probability of a problem has a say: words that
sound bad are neutral where a complaint is unlikely ("how do I kill a process"), and kind words are
negative where something is surely wrong ("Nobody from support has answered"). Score and label keep
one sign: the first score 0, the second 1 - 2 times the probability. Words of a workspace's own
lexicon need no second opinion.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import Final

from monitor.analysis.lexicon import LexiconScore
from monitor.domain.feedback import Label, Rating, Sentiment, VaderScores
from monitor.domain.tokens import tokenize as words_of

#: The package's own bounds of a neutral compound score (Hutto & Gilbert 2014).
NEUTRAL: Final = 0.05
#: With 4 or 5 stars, a compound score from here down is read as a complaint worth a look: about
#: half of such reviews hold a real problem.
STRONG: Final = -0.5
#: What an answer scores that only its question gives a tone.
MILD, MODERATE = 0.2, 0.5
#: Words that sound bad are a complaint from this probability of a problem on. It and SURE are the
#: lowest steps of 0.05 at which at most 2.5 % of the neutral sentences of the training data, half
#: of what is allowed, come out negative by models that were not trained on them. Nothing but
#: neutral training sentences was looked at.
COMPLAINT: Final = 0.5
#: Kind words are negative from this probability of a problem on; one step above COMPLAINT, so that
#: no such score is 0.
SURE: Final = 0.55
MOST_SHOWN: Final = 3  #: words that are named with a score

_SHORT_ANSWER: Final = 8  # words; longer ones speak for themselves
_LONG_QUESTION: Final = 500  # characters of a question that are looked at


class QuestionAim(Enum):
    """What a question asks for."""

    EITHER = auto()
    GOOD = auto()
    BETTER = auto()  #: what is wrong, missing or to be improved


_ASKS_BETTER: Final = frozenset(
    words_of(
        "improve improved improvement improvements better differently change changed dislike "
        "disliked disappoint disappointed disappointing wrong missing least worst bad frustrating "
        "frustrated problem problems dissatisfied"
    )
)
_ASKS_GOOD: Final = frozenset(
    words_of("good well best liked enjoy enjoyed love loved great satisfied favourite favorite")
)

_NO_ANSWER: Final = frozenset(
    {
        "n a", "na", "not applicable", "don't know", "dont know", "i don't know", "do not know",
        "not sure", "unsure", "dunno", "no idea", "no comment", "no comments", "did not answer",
        "no answer", "idk", "prefer not to say", "no opinion", "skip", "not answered",
    }
)  # fmt: skip
_NOTHING: Final = frozenset(
    {"nothing", "none", "no", "nope", "nah", "nil", "can't", "cant", "cannot", "couldn't", "not"}
)
_BESIDE_NOTHING: Final = frozenset(
    words_of(
        "at all really absolutely i can think of anything thing things a to say springs mind "
        "comes much lot else more do you could have done be any complaints complaint issues "
        "problems improvement improvements improve better needed thanks thank all was were there "
        "is it honestly in particular that this time for now good"
    )
)
_WISHES: Final = frozenset(
    words_of(
        "more less better faster quicker sooner shorter longer clearer cheaper improve improved "
        "improving should could would need needs needed wish please add provide maybe perhaps if "
        "lack without earlier"
    )
)


def decide_sentiment(
    words: LexiconScore | VaderScores | None,
    rating: Rating | None,
    question: str = "",
    answer: str = "",
    problem: float | None = None,
) -> tuple[Sentiment | None, tuple[str, ...]]:
    """Return the sentiment and what decided it; None where neither words nor rating can be read.

    `answer` is the feedback's normalised words, `problem` the probability that it is one, where
    that is known; they and the question count only where there is no rating.
    """
    if rating is not None:
        return _decide_by_stars(rating, words)
    if words is None:
        return None, ()
    aim = question_aim(question) if question and answer else QuestionAim.EITHER
    if aim is not QuestionAim.EITHER:
        decided = _decide_by_question(aim, answer.split(" "), words.compound)
        if decided:
            score, why = decided
            return Sentiment(_label_for_score(score), score), (why,)
    return _decide_by_words(words, problem)


def _decide_by_words(
    words: LexiconScore | VaderScores, problem: float | None
) -> tuple[Sentiment, tuple[str, ...]]:
    """Return the sentiment of words beside the probability of a problem."""
    said = f"the words score {_describe_score(words)}"
    if problem is not None and words.compound <= -NEUTRAL:
        if problem < COMPLAINT and not (isinstance(words, LexiconScore) and words.own):
            unlike = f"the words sound negative, but a complaint is unlikely ({problem:.0%})"
            return Sentiment(Label.NEUTRAL, 0.0), (said, unlike)
    elif problem is not None and problem >= SURE:
        return Sentiment(Label.NEGATIVE, round(1 - 2 * problem, 3)), (
            said,
            "but what they tell is a problem",
        )
    return Sentiment(_label_for_score(words.compound), words.compound), (said,)


def question_aim(question: str) -> QuestionAim:
    """Return what a question asks for, by its words; EITHER for both or for nothing."""
    found = set(words_of(question[:_LONG_QUESTION]))
    better, good = not found.isdisjoint(_ASKS_BETTER), not found.isdisjoint(_ASKS_GOOD)
    if better == good:
        return QuestionAim.EITHER
    return QuestionAim.BETTER if better else QuestionAim.GOOD


def _decide_by_question(
    aim: QuestionAim, answer: Sequence[str], compound: float
) -> tuple[float, str] | None:
    """Return score and reason where the question decides; None where the words do."""
    asks_better = aim is QuestionAim.BETTER
    sign = -1 if asks_better else 1  # of an answer that says what was asked for
    about = "what could be better" if asks_better else "what was good"
    if " ".join(answer) in _NO_ANSWER:
        return 0.0, "no answer was given"
    if _is_nothing(answer):
        return -sign * MODERATE, f"the question asks {about}, the answer is: nothing"
    if abs(compound) < NEUTRAL:
        return sign * MILD, f"the words have no tone, but answer {about}"
    is_wish = not _WISHES.isdisjoint(answer) and answer[0] not in _NOTHING
    if asks_better and compound > 0 and is_wish:
        return -MILD, f"friendly words ({compound:+.2f}), but a wish in answer to {about}"
    return None


def _is_nothing(answer: Sequence[str]) -> bool:
    if len(answer) > _SHORT_ANSWER or _NOTHING.isdisjoint(answer):
        return False
    return all(word in _NOTHING or word in _BESIDE_NOTHING for word in answer)


def _decide_by_stars(
    rating: Rating, words: LexiconScore | VaderScores | None
) -> tuple[Sentiment, tuple[str, ...]]:
    stars = rating.stars
    score = (stars - 3) / 2
    rated = f"rated {rating.value:g} on {rating.scale} ({stars:.2g} of 5 stars)"
    if stars >= 4 and words is not None and words.compound <= STRONG:
        yet = f"yet the words score {_describe_score(words)}"
        return Sentiment(Label.MIXED, score), (rated, yet)
    label = Label.NEUTRAL
    if stars <= 2 or stars >= 4:
        label = Label.NEGATIVE if stars <= 2 else Label.POSITIVE
    has_tone = words is not None and abs(words.compound) >= NEUTRAL
    if words is not None and has_tone and (words.compound > 0) != (score > 0):
        outranked = f"which outranks the words ({_describe_score(words)})"
        return Sentiment(label, score), (rated, outranked)
    return Sentiment(label, score), (rated, *_describe_top_words(words))


def _label_for_score(score: float) -> Label:
    if score >= NEUTRAL:
        return Label.POSITIVE
    return Label.NEGATIVE if score <= -NEUTRAL else Label.NEUTRAL


def _describe_score(words: LexiconScore | VaderScores) -> str:
    """Return the score, and the words that weighed most in it."""
    return ": ".join((f"{words.compound:+.2f}", *_describe_top_words(words)))


def _describe_top_words(words: LexiconScore | VaderScores | None) -> tuple[str, ...]:
    """Return one line with the words that weighed most and what each adds to the score.

    No line without such words.
    """
    if not isinstance(words, LexiconScore) or not words.contributions:
        return ()
    written: dict[str, str] = {}
    changes: dict[str, float] = {}
    for shown, change in words.contributions:
        key = shown.lower()
        written.setdefault(key, shown)
        changes[key] = changes.get(key, 0.0) + change
    most = sorted(changes, key=lambda key: -abs(changes[key]))[:MOST_SHOWN]
    return (", ".join([f"{written[key]} {changes[key]:+.2f}" for key in most]),)
