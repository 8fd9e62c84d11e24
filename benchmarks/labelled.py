"""Public sets of texts that people labelled, as the training scripts and the quality benchmark read
them.

A set that is not in the data folder is left out. What makes a text a problem in each is said at its
reader; the licences are in docs/reference/problem-model.md.
"""

from __future__ import annotations

import csv
import re
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from monitor.domain.feedback import Rating, Scale
from monitor.domain.tokens import fingerprint_text, normalize_text, tokenize

FOLDS = 5
NEUTRAL = Path(__file__).parent / "neutral_phrases.toml"
READ = Path(__file__).parent / "app_sentences.toml"
REVIEWS_READ = Path(__file__).parent / "app_reviews.toml"
TRADES = Path(__file__).parent / "trade_sentences.toml"
HARD = Path(__file__).parent / "hard_sentences.toml"
HARD_KEPT = Path(__file__).parent / "hard_sentences_kept.toml"
#: Below this mean intensity (about 20 raters, -4 to 4) a text of the VADER ground truth counts as a
#: problem.
_NEGATIVE_INTENSITY = -0.3
_NEGATIVE_EMOTIONS = frozenset(
    tokenize(
        "anger annoyance disappointment disapproval disgust embarrassment fear grief nervousness "
        "remorse sadness"
    )
)
#: Intents of customers for whom something went wrong; the others ask how things are done.
_PROBLEM_INTENTS = frozenset(
    re.findall(
        r"\S+",
        """
        balance_not_updated_after_bank_transfer balance_not_updated_after_cheque_or_cash_deposit
        beneficiary_not_allowed card_not_working card_payment_fee_charged
        card_payment_not_recognised card_payment_wrong_exchange_rate card_swallowed
        cash_withdrawal_charge cash_withdrawal_not_recognised compromised_card
        contactless_not_working declined_card_payment declined_cash_withdrawal declined_transfer
        direct_debit_payment_not_recognised extra_charge_on_statement failed_transfer
        pending_card_payment pending_cash_withdrawal pending_top_up pending_transfer pin_blocked
        Refund_not_showing_up reverted_card_payment? top_up_failed top_up_reverted
        transaction_charged_twice transfer_not_received_by_recipient unable_to_verify_identity
        virtual_card_not_working wrong_amount_of_cash_received
        wrong_exchange_rate_for_cash_withdrawal lost_or_stolen_card lost_or_stolen_phone
        card_arrival
        """,
    )
)
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text, and whether people saw a problem in it."""

    text: str
    problem: bool
    question: str = ""
    stars: float | None = None  #: what the author gave, 1 worst to 5 best

    @property
    def fold(self) -> int:
        """The part of the data it belongs to, 0 to 4: the same for the same words wherever they
        occur.
        """
        return int(fingerprint_text(normalize_text(self.text)) or "0", 16) % FOLDS


@dataclass(frozen=True, slots=True)
class Emotional:
    """A Reddit comment and the emotions that raters saw in it."""

    text: str
    emotions: frozenset[str]
    part: str  #: train, dev or test, as published


def emotional(data: Path) -> list[Emotional]:
    """GoEmotions as published."""
    folder = data / "goemotions"
    if not folder.exists():
        return []
    names = (folder / "labels.txt").read_text("utf-8").split()
    return [
        Emotional(text, frozenset(names[int(number)] for number in numbers.split(",")), part)
        for part in ("train", "dev", "test")
        for text, numbers, *_ in _tab_separated(folder / f"{part}.tsv")
    ]


def goemotions(data: Path) -> Iterator[Labelled]:
    """Reddit comments; a problem is any of eleven negative emotions."""
    for item in emotional(data):
        yield Labelled(item.text, not item.emotions.isdisjoint(_NEGATIVE_EMOTIONS))


def rated(name: str) -> Callable[[Path], Iterator[Labelled]]:
    """One file of the VADER ground truth; a problem is a mean intensity below -0.3."""

    def read(data: Path) -> Iterator[Labelled]:
        for _, mean, *text in _tab_separated(
            data / "vader-groundtruth" / f"{name}_GroundTruth.txt"
        ):
            yield Labelled("\t".join(text), float(mean) < _NEGATIVE_INTENSITY)

    return read


def nhs_answers(data: Path) -> Iterator[Labelled]:
    """Answers of patients to open questions; a problem is a sentiment of 4 or 5."""
    for row in _rows(data / "nhs-feedback" / "v6framework_230831.csv"):
        if row["Comment sentiment"]:
            rating = Rating.from_value(float(row["FFT categorical answer"] or 0), Scale.INVERTED5)
            problem = row["Comment sentiment"] in ("4", "5")
            yield Labelled(
                row["FFT answer"], problem, row["FFT question"], rating.stars if rating else None
            )


def nhs_comments(data: Path) -> Iterator[Labelled]:
    """Comments of patients without their question; a problem is a criticality below 0."""
    for row in _rows(data / "nhs-feedback" / "text_data.csv"):
        yield Labelled(row["feedback"], row["criticality"].startswith("-"))


def banking(data: Path) -> Iterator[Labelled]:
    """Questions to a bank; a problem is an intent of somebody for whom something went wrong."""
    for part in ("train", "test"):
        for row in _rows(data / "banking77" / f"{part}.csv"):
            yield Labelled(row["text"], row["category"] in _PROBLEM_INTENTS)


def apps(data: Path) -> Iterator[Labelled]:
    """Sentences of app reviews about features; a problem is a negative one, the others are positive
    throughout.
    """
    for row in _sentences(data):
        liked, disliked = "E" in row, "G" in row
        if liked != disliked:
            yield Labelled(row.get("D", ""), disliked)


def apps_read(data: Path) -> Iterator[Labelled]:
    """Sentences of app reviews without a published label; whether there is a problem is what a
    reader of ours saw.
    """
    rows = list(_sentences(data))
    read = tomllib.loads(READ.read_text("utf-8"))
    for problem, numbers in ((True, read["problems"]), (False, read["others"])):
        yield from (Labelled(rows[number - 2].get("D", ""), problem) for number in numbers if rows)


def app_reviews(data: Path) -> Iterator[Labelled]:
    """Short app reviews without a published label; whether there is a problem is what a reader of
    ours saw.
    """
    rows = list(_rows(data / "app-reviews-is22" / "reviews.csv"))
    read = tomllib.loads(REVIEWS_READ.read_text("utf-8"))
    for problem, numbers in ((True, read["problems"]), (False, read["others"])):
        yield from (Labelled(rows[number - 2]["content"], problem) for number in numbers if rows)


def neutral(_: Path) -> Iterator[Labelled]:
    """Sentences of our own that are no problem, many with words that sound like one."""
    written = tomllib.loads(NEUTRAL.read_text("utf-8"))
    yield from (Labelled(sentence, problem=False) for sentence in written["plain"])
    frames = written["frames"]
    for number, phrase in enumerate(written["phrases"]):
        for place in range(number, number + 4 * 7, 7):
            sentence = frames[place % len(frames)].format(phrase)
            yield Labelled(sentence[0].upper() + sentence[1:], problem=False)


def trades(_: Path) -> Iterator[Labelled]:
    """Sentences of our own as customers of many trades write them; every second one is written to a
    company.
    """
    for trade in tomllib.loads(TRADES.read_text("utf-8")).values():
        for kind, problem in (("complaints", True), ("others", False)):
            for number, sentence in enumerate(trade[kind]):
                yield Labelled(f"@brand {sentence}" if number % 2 else sentence, problem)


def hard(_: Path) -> Iterator[Labelled]:
    """Sentences of our own of kinds that are hard to read."""
    for kind in tomllib.loads(HARD.read_text("utf-8")).values():
        for side, sentences in kind.items():
            yield from (Labelled(sentence, side == "complaints") for sentence in sentences)


def hard_kept() -> dict[str, list[Labelled]]:
    """Return others of the same kinds, by kind, on which nothing is trained."""
    return {
        name: [
            Labelled(sentence, side == "complaints")
            for side, sentences in kind.items()
            for sentence in sentences
        ]
        for name, kind in tomllib.loads(HARD_KEPT.read_text("utf-8")).items()
    }


def _sentences(data: Path) -> Iterator[dict[str, str]]:
    path = data / "app-reviews-is22" / "ground_truth_feature_sentiment.xlsx"
    return _cells(path) if path.exists() else iter(())


READERS: Mapping[str, Callable[[Path], Iterator[Labelled]]] = {
    "goemotions": goemotions,
    "nhs answers": nhs_answers,
    "nhs comments": nhs_comments,
    "amazon": rated("amazonReviewSnippets"),
    "tweets": rated("tweets"),
    "movies": rated("movieReviewSnippets"),
    "editorials": rated("nytEditorialSnippets"),
    "apps": apps,
    "apps read": apps_read,
    "app reviews": app_reviews,
    "banking": banking,
    "neutral": neutral,
    "trades": trades,
    "hard": hard,
}


def labelled(data: Path) -> dict[str, list[Labelled]]:
    """Every set that the folder holds, in a fixed order, each text of a set once."""
    sets = {name: _once(read(data)) for name, read in READERS.items()}
    return {name: items for name, items in sets.items() if items}


def _once(items: Iterator[Labelled]) -> list[Labelled]:
    """The first of those that say the same to the same question; texts without words are left
    out.
    """
    seen: dict[tuple[str, str], Labelled] = {}
    for item in items:
        if words := normalize_text(item.text):
            seen.setdefault((words, item.question), item)
    return list(seen.values())


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)


def _tab_separated(path: Path) -> Iterator[list[str]]:
    if path.exists():
        yield from (line.split("\t") for line in path.read_text("utf-8").rstrip("\n").split("\n"))


def _cells(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a workbook's first sheet behind its heading: column letters to text."""
    with zipfile.ZipFile(path) as book:
        strings_part = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314
        strings = [
            "".join(part.text or "" for part in item.iter(f"{_SHEET}t"))
            for item in strings_part.iter(f"{_SHEET}si")
        ]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314
    for row in list(sheet.iter(f"{_SHEET}row"))[1:]:
        cells = {re.sub(r"\d", "", cell.get("r", "")): cell for cell in row.iter(f"{_SHEET}c")}
        values = {column: cell.find(f"{_SHEET}v") for column, cell in cells.items()}
        yield {
            column: strings[int(value.text)] if cells[column].get("t") == "s" else value.text
            for column, value in values.items()
            if value is not None and value.text
        }
