"""The few things that an answer to a customer states so plainly that two answers can be compared:
how long something takes, what it costs, whether it is promised or refused.

Patterns of English sentences, made to be right rather than to find everything. A sentence that asks
or sets conditions states nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from monitor.domain.tokens import tokenize

#: 48 hours are two days, whatever is lost in a division.
_NEARLY = 0.999
_DAYS = {"hour": (1 / 24, 1 / 24), "day": (1, 1), "week": (7, 7), "month": (28, 31)}
_DAYS |= {"year": (365, 366)}
_NAMED_NUMBERS = tuple(tokenize("one two three four five six seven eight nine ten eleven twelve"))
_TOPICS = {
    "refunds": r"refund(?:s|ed|able)?|money back|reimburse(?:d|ment)?",
    "returns": r"returns?(?= (?:it|them|your|the|an|items?|policy|period|window)\b)|returns",
    "cancellation": r"cancel(?:led|lation)?",
    "the warranty": r"warranty|guarantee",
    "replacements": r"replace(?:d|ments?)?|exchange(?:d|s)?",
    "delivery": r"deliver(?:y|ies|ed)?|ship(?:ping|ped|ments?)?",
    "fees": r"fees?|costs?|charges?",
}
#: Whose doing a promise of a topic is; delivery and fees hang on the order, and are none.
_PROMISED_BY = {
    "refunds": "we|you",
    "returns": "we|you",
    "cancellation": "you",
    "the warranty": "we|you",
    "replacements": "we",
}
_NUMBER = rf"\d{{1,3}}|{'|'.join(_NAMED_NUMBERS)}"
_DURATION = re.compile(
    rf"(?P<before>(?:\w+ )?)\b(?:(?P<one>{_NUMBER})(?: ?(?:-|–|to|or) ?(?P<other>{_NUMBER}))?)[ -]?"
    r"(?P<business>(?:business|working)[ -])?(?P<unit>hour|day|week|month|year)s?\b(?P<after> \w+)?"
)
#: Beside these a duration is no promise: it is over, or a condition.
_NO_PROMISE_BEFORE = re.compile(r"past|last|previous|the|since|after|every|each|first|over")
_NO_PROMISE_AFTER = re.compile(r"ago|old|earlier|before|now")
_AMOUNT = re.compile(
    r"([$€£])\s?(\d+(?:[.,]\d{1,2})?)(?![\d.,]*\d)|\b(\d+(?:[.,]\d{1,2})?)\s?(€|£)"
)
#: What is usual, and not one customer's own parcel.
_USUAL = re.compile(r"\b(?:usually|normally|typically|always|standard|generally|takes?|policy)\b")
_OWN_CASE = re.compile(r"\b(?:your|you|yours)\b")
_CONDITION = re.compile(
    r"\b(?:if|unless|when|once|after|until|only|except|without|before|provided|depending|because|"
    r"since|through|via|from|made|bought|purchased|older|yet|still|again|partial\w*|"
    r"used|opened|digital|gifts?|while|asked|wanted|have|had|already|need|needed|necessary)\b"
)
#: Beside these a sentence is about some cases alone, whatever it says.
_SOME_CASES = re.compile(
    r"\b(?:if|unless|except|only|depending|some|certain|where|cards?|paypal|bank|klarna|apple|google|"
    r"international|domestic|abroad|overseas|express|premium|plan|members?|students?)\b"
)
#: How long a customer may take is not how long we take.
_DEADLINE = re.compile(r"\b(?:request|ask|claim|apply|eligible|window|period|policy|days? of)\b")
#: Words that may stand between a promise and what is promised.
_BETWEEN = (
    r"(?:(?:be able to|offer|give|get|issue|make|provide|process|accept|grant|arrange|claim|"
    r"request|receive|send|full|gladly|happily|always|also|you|it|them|a|an|any|your|the|"
    r"for|this|that|to|be|of) ){0,5}"
)

#: Behind a promise: nothing that it is about alone, such as "lamps".
_NOTHING_NAMED = (
    r"(?= (?:you|your|it|them|this|that|orders?|purchases?|in|within|for|at|to|and|or|any|anything)"
    r"\b|[.,;:!)]|$)"
)


class FactKind(StrEnum):
    """What two answers can be compared by."""

    DURATION = "duration"
    AMOUNT = "amount"
    PROMISE = "promise"
    LINK = "link"  #: a help page that is named


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFact:
    """One thing that an answer states; two of a topic, kind and unit can be compared."""

    topic: str
    kind: FactKind
    said: str  #: in a few words, none of them a customer's
    low: float
    high: float
    unit: str = ""

    @property
    def subject(self) -> tuple[str, FactKind, str]:
        """What another fact must share to be compared with it."""
        return self.topic, self.kind, self.unit

    def differs_from(self, other: AnswerFact) -> bool:
        """Return whether both cannot be meant at once, of the same subject."""
        return self.high < other.low * _NEARLY or other.high < self.low * _NEARLY


def find_facts(text: str) -> list[AnswerFact]:
    """Return what an answer states, one fact of each subject; what it states in two ways is left
    out.
    """
    found: dict[tuple[str, FactKind, str], list[AnswerFact]] = {}
    for sentence in filter(_is_about_all, _split_sentences(text)):
        for topic, pattern in _TOPICS.items():
            if re.search(rf"\b(?:{pattern})\b", sentence):
                for fact in _read_sentence(sentence, topic, pattern):
                    found.setdefault(fact.subject, []).append(fact)
    return [
        facts[0]
        for facts in found.values()
        if not any(one.differs_from(facts[0]) for one in facts[1:])
    ]


def _split_sentences(text: str) -> Iterator[str]:
    plain = re.sub(r"https?://\S+", " ", text.casefold().replace("’", "'"))
    plain = re.sub(r"\bcannot\b|\bcan't\b", "can not", plain).replace("won't", "will not")
    plain = plain.replace("n't", " not").replace("'ll", " will").replace("'re", " are")
    for sentence in re.split(r"(?<=[.!?])\s+|\n+", plain):
        yield " ".join(sentence.split())


def _is_about_all(sentence: str) -> bool:
    return not (sentence.endswith("?") or _SOME_CASES.search(sentence))


def _read_sentence(sentence: str, topic: str, pattern: str) -> Iterator[AnswerFact]:
    if topic == "fees":
        yield from _read_amount(sentence, topic)
    elif topic != "delivery" or _USUAL.search(sentence):
        yield from _read_duration(sentence, topic)
    if topic in _PROMISED_BY and not _CONDITION.search(sentence):
        yield from _read_promise(sentence, topic, pattern)


def _read_duration(sentence: str, topic: str) -> Iterator[AnswerFact]:
    durations = list(_DURATION.finditer(sentence))
    if len(durations) != 1:
        return
    [found] = durations
    before, after = found["before"].strip(), (found["after"] or "").strip()
    if _NO_PROMISE_BEFORE.fullmatch(before) or _NO_PROMISE_AFTER.fullmatch(after):
        return
    is_deadline = _DEADLINE.search(sentence) is not None or topic == "returns"
    first = _to_number(found["one"])
    last = _to_number(found["other"]) if found["other"] else first
    shortest, longest = _DAYS[found["unit"]]
    # Five business days are a week at the most; some say days and mean business days.
    stretch = 7 / 5 if found["business"] else 1
    yield AnswerFact(
        topic=topic,
        kind=FactKind.DURATION,
        said=_format_duration(first, last, f"{found['business'] or ''}{found['unit']}"),
        low=min(first, last) * shortest,
        high=max(first, last) * longest * stretch,
        unit="to ask for it" if is_deadline else "",
    )


def _format_duration(first: int, last: int, unit: str) -> str:
    number = f"{first}" if first == last else f"{first} to {last}"
    return f"{number} {unit}{'' if number == '1' else 's'}"


def _to_number(word: str) -> int:
    return int(word) if word.isdecimal() else _NAMED_NUMBERS.index(word) + 1


def _read_amount(sentence: str, topic: str) -> Iterator[AnswerFact]:
    amounts = _AMOUNT.findall(sentence)
    if len(amounts) != 1 or _OWN_CASE.search(sentence) or _CONDITION.search(sentence):
        return
    [(sign, behind_it, before_it, other_sign)] = amounts
    unit = sign or other_sign
    amount = float((behind_it or before_it).replace(",", "."))
    said = f"{unit}{amount:g}"
    yield AnswerFact(
        topic=topic, kind=FactKind.AMOUNT, said=said, low=amount, high=amount, unit=unit
    )


def _read_promise(sentence: str, topic: str, pattern: str) -> Iterator[AnswerFact]:
    subject = rf"{_BETWEEN}(?:{pattern})\b{_NOTHING_NAMED}"
    who = _PROMISED_BY[topic]
    is_refused = re.search(
        rf"\b(?:{who}) (?:\w+ )?(?:can|do|will|are|could) not {subject}"
        rf"|\b(?:{who}) are (?:\w+ )?unable to {subject}"
        rf"|\b(?:no|non-?)[ -]?(?:{pattern})\b{_NOTHING_NAMED}|\bnot refundable\b",
        sentence,
    )
    is_promised = re.search(
        rf"\b(?:{who}) (?:\w+ )?(?:can|will|do|may|are happy to|are able to|are entitled to) "
        rf"{subject}" + (rf"|\bwe (?:always )?{subject}" if who != "you" else ""),
        sentence,
    )
    if bool(is_refused) == bool(is_promised):
        return
    value = float(bool(is_promised))
    said = "yes" if is_promised else "no"
    yield AnswerFact(topic=topic, kind=FactKind.PROMISE, said=said, low=value, high=value)
