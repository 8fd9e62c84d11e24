"""Questions how to do something, by what is to be done, and where no answer named an article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from monitor.digest.answer_consistency import find_links
from monitor.digest.phrase_ends import may_stand_alone
from monitor.domain.reading import FeedbackReading
from monitor.domain.reply import PublicAnswer

#: People who ask how to do the same, from which on an article would be worth while.
FEWEST_ASKING = 3
_MOST_TOPICS = 5
#: Words behind the question in which is looked for what is to be done, and how many tell it.
_WORDS_READ, _WORDS_TELLING = 8, 2
_MOST_IDS = 40
_HOW_TO = re.compile(
    r"\b(?:how (?:do|can|could|would|should) (?:i|we)|how to|"
    r"(?:is there|there) (?:a|any) (?:way|option) to|is it possible to|where (?:do|can) (?:i|we)|"
    r"instructions (?:for|on|to)|tutorial (?:for|on)) (?P<what>.+)"
)
_PREAMBLE = re.compile(r"^(?:be able to|get to|go about|please|actually|now|find out how to) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class HowToTopic:
    """What several people ask how to do, and no known answer of ours named an article for."""

    phrase: str  #: "export invoices"
    people: int  #: who asked
    answers: int  #: of ours that are known, none with a link
    feedback_ids: tuple[int, ...]  #: at most forty of them


def find_task(words: str) -> str:
    """Return what a text asks how to do, "export invoices"; empty where it does not ask that.

    `words` are normalised, as in `Analysis.words`: the first two words behind the question that
    stand for something.
    """
    found = _HOW_TO.search(words)
    if found is None:
        return ""
    behind = _PREAMBLE.sub("", found["what"]).split(" ")[:_WORDS_READ]
    telling = (word for word in behind if word.isalpha() and may_stand_alone(word))
    return " ".join(islice(telling, _WORDS_TELLING))


def find_missing_articles(
    questions: Sequence[FeedbackReading],
    tasks: Mapping[int, str],
    answers: Iterable[PublicAnswer],
    help_pages: Sequence[str],
) -> tuple[HowToTopic, ...]:
    """Return what at least three people ask and no answer names an article for, most asked first.

    `tasks` has by the id of each question what it asks how to do.
    """
    answered: dict[int, list[PublicAnswer]] = {}
    for answer in answers:
        answered.setdefault(answer.feedback_id, []).append(answer)
    topics: dict[str, list[FeedbackReading]] = {}
    for question in questions:
        if tasks.get(question.feedback_id):
            topics.setdefault(_fold(tasks[question.feedback_id]), []).append(question)
    found = []
    for asked in topics.values():
        ours = [one for each in asked for one in answered.get(each.feedback_id, ())]
        people = _count_people(asked)
        if people < FEWEST_ASKING or any(find_links(one.text, help_pages) for one in ours):
            continue
        ids = tuple(each.feedback_id for each in asked[:_MOST_IDS])
        phrase = tasks[asked[0].feedback_id]
        found.append(HowToTopic(phrase=phrase, people=people, answers=len(ours), feedback_ids=ids))
    found.sort(key=lambda topic: (-topic.people, topic.phrase))
    return tuple(found[:_MOST_TOPICS])


def _count_people(asked: Sequence[FeedbackReading]) -> int:
    named = {(each.source_id, each.author) for each in asked if each.author}
    return len(named) + sum(not each.author for each in asked)


def _fold(task: str) -> str:
    """Return what one task and its plural share: "export invoice"."""
    words = task.split(" ")
    return " ".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)
