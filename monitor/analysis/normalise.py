"""Text as the scorer can read it, with the way back to the customer's own words.

The scorer knows a word by what stands between two spaces. People write `slow/terrible`, `don’t`,
`sooooo`, `#EpicFail` and `👎🏽`, and none of these is a word to it. Here they become words, and
phrases of a lexicon become one word each; every word remembers the place in the original that it
was read from. A text that needs none of this stays as it is.
"""

from __future__ import annotations

import html
import re
import string
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import accumulate, compress, count, product
from operator import add
from typing import Final, NamedTuple, TypeVar

import regex
from vaderSentiment import vaderSentiment

from monitor.analysis.token_cache import LONGEST_CACHED, TokenCache
from monitor.analysis.vader import is_negation

Span = tuple[int, int]
_Value = TypeVar("_Value")

_QUOTES: Final = str.maketrans(dict.fromkeys("’‘ʼ＇`´′", "'") | dict.fromkeys("“”„‟«»", '"'))
_LETTER: Final = r"[^\W\d_]"
_PLAIN_WORD: Final = re.compile(r"""["'(]?[A-Za-z]+(?:['-][A-Za-z]+)*[.,!?;:)"']*""")
_REPEATED_LETTERS: Final = re.compile(rf"({_LETTER})\1\1+")
_CAMEL_CASE_PART: Final = re.compile(r"[A-Z]?[a-z']+|[A-Z]+(?![a-z])|\d+")
_HASHTAG: Final = re.compile(r"[^\w#]*#(\w+)[^\w#]*")
_TWO_LETTER_WORD: Final = re.compile(rf"({_LETTER}{{2}})([.,!?;:]+)")
_EMPHASIS: Final = frozenset("!?")
#: What ends one piece of a token and begins the next; each alternative can be read in one way only,
#: so cutting is linear.
_CUTS: Final = regex.compile(
    r"(?P<drop>https?://\S+|(?<![\p{L}\p{N}_])www\.\S+|(?<![\p{L}\p{N}_])(?:@\w++)+|<[a-zA-Z/][^<>]*+>"
    r"|(?<![\p{L}\p{N}_.+-])(?:[\p{L}\p{N}_.+-]++@[\w-]++\.\w[\w.-]*+)+(?:@\w++)*+|[\s\uFE0E\uFE0F\u200D\u20E3\U0001F3FB-\U0001F3FF]++)"
    r"|(?P<emoji>\p{Extended_Pictographic})"
    rf"|(?<={_LETTER}{_LETTER})(?P<glue>[/,;:!?…|+&*)\]}}\"(\[{{]++|\.++[!?,]*+|--++|[–—]++)(?={_LETTER})"
)
_MOST_REPEATS: Final = 4  # of repeated letters in one word; all their spellings are tried
#: Characters of a token whose entities are unfolded; Python refuses to read numbers of more than
#: 4300 digits.
_MOST_UNFOLDED: Final = 1_000
#: Negations that keep a "so" behind them: "never so good" is scored as it is meant.
_KEEPING_SO: Final = frozenset({"never", "without"})
_FUNCTION_WORDS: Final = (
    frozenset(vaderSentiment.NEGATE) | frozenset(vaderSentiment.BOOSTER_DICT) | {"so", "this"}
)

#: "no," says no to a question, "no" says no to the next word; only the scorer's own reading keeps
#: the two apart.
_KEEP_PUNCTUATION: Final = _FUNCTION_WORDS | {"no"}

#: Flags of a token: what has to be done about it. The bits from FREE on are a caller's own.
_CHANGED, _PHRASE, _SO, _NEGATION, FREE = 1, 2, 4, 8, 16
#: Only a text with both can hold a "so" that hides a negation.
_HIDING_SO: Final = _SO | _NEGATION
_SHORT_WORD: Final = 2  # letters


class NormalisedText(NamedTuple):
    """A text for the scorer, and where its words were read."""

    original: str
    text: str
    tokens: Sequence[str]  #: `text.split()`
    written: Sequence[str]  #: what stands in the original where each of the tokens was read
    flags: bytes  #: of each of the tokens, as `flag_tokens` gives them
    locate: Callable[[], list[Span]]  #: finds `spans`, which few ask for

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where in the original each of the tokens stands, in order.

        Words that were read from the same place have the same span.
        """
        return tuple(self.locate())


class _Piece(NamedTuple):
    text: str
    start: int  #: in the original
    end: int


#: Phrases that hold a word, each with the position of that word in it.
_PlacedPhrases = tuple[tuple[list[str], int], ...]
#: Phrases of one word, by the word behind it and by the one in front.
_PhraseIndex = tuple[dict[str, _PlacedPhrases], dict[str, _PlacedPhrases]]
_NO_PHRASES: Final[_PhraseIndex] = ({}, {})


class TextNormaliser:
    """Makes texts readable for a scorer that knows certain words, phrases and emoji.

    A phrase is written in lower case with one space between its words and becomes the word that
    `phrase_word` names; an emoji becomes the word that it is mapped to. Nothing that can be seen
    changes after construction, so one instance serves all threads.
    """

    __slots__ = ("_bare", "_changed", "_emoji", "_flags", "_known", "_phrases")

    def __init__(
        self,
        known: Collection[str] = (),
        phrases: Iterable[str] = (),
        emoji: Mapping[str, str] | None = None,
        flags_beside: Callable[[str], int] = lambda _: 0,
    ) -> None:
        """Take what the scorer knows.

        `flags_beside` returns what else the caller asks of a token, in the bits from FREE on, so
        that it is looked up once.
        """
        self._known = frozenset(known) | _FUNCTION_WORDS
        self._emoji = dict(emoji or {})
        self._phrases = _index_phrases(phrases)
        self._flags = TokenCache(lambda token: self._flags_for_token(token) | flags_beside(token))
        self._bare = TokenCache(_bare_word)
        self._changed = TokenCache(lambda token: self._split_token(token, 0))

    def __call__(self, text: str, tokens: Sequence[str] | None = None) -> NormalisedText:
        """Return the text for the scorer, in time that grows with its length.

        `tokens` are `text.split()`, for callers that have them already.
        """
        if tokens is None:
            tokens = text.split()
        words, written, flags = tokens, tokens, self.flag_tokens(tokens)
        token_flags = flags
        found = combine_flags(flags)
        slip = found & _HIDING_SO == _HIDING_SO
        if found & _CHANGED:
            words, written = self._split_tokens(tokens, flags)
            flags = self.flag_tokens(words)
            found = combine_flags(flags)
        joined = text if words is tokens else " ".join(words)
        plain = NormalisedText(
            text,
            joined,
            words,
            written,
            flags,
            lambda: self._locate_words(text, tokens, token_flags),
        )
        lengths = self._find_phrases(words, flags) if found & (_PHRASE | _CHANGED) else {}
        if lengths or (slip and _so_after_negation(words)):
            return self._join_phrases(plain, lengths, slip=slip)
        return plain

    def _join_phrases(
        self, plain: NormalisedText, lengths: Mapping[int, int], *, slip: bool
    ) -> NormalisedText:
        """Return the text with its phrases joined to one word each.

        `lengths` is how many words the phrase has that begins at a place. With `slip`, a "so" that
        hides a negation is left out.
        """
        text, tokens = plain.original, plain.tokens
        # Places are looked up only where they are needed: with one space between words, these tell
        # what is written.
        is_spaced = " ".join(tokens) == text.rstrip()
        spans = () if is_spaced else plain.spans
        joins = _choose_joins(lengths, spans)
        if is_spaced:
            shown = [" ".join(tokens[at:end]) for at, end in joins]
        else:
            shown = [text[spans[at][0] : spans[end - 1][1]] for at, end in joins]
        joined_words = ["_".join(tokens[at:end]).replace("'", "") for at, end in joins]
        words = _splice_joined(tokens, joins, joined_words)
        written = _splice_joined(plain.written, joins, shown)
        kept = [True] * len(words)
        if slip:
            for at in _so_after_negation(words):
                kept[at] = False
        words, written = list(compress(words, kept)), list(compress(written, kept))

        def locate_spans() -> list[Span]:
            spans = plain.spans
            joined = [(spans[at][0], spans[end - 1][1]) for at, end in joins]
            return list(compress(_splice_joined(spans, joins, joined), kept))

        return NormalisedText(
            text, " ".join(words), words, written, self.flag_tokens(words), locate_spans
        )

    def flag_tokens(self, tokens: Iterable[str]) -> bytes:
        """Return the flags of each token, a byte each."""
        return bytes(map(self._flags.__getitem__, tokens))

    def _split_tokens(self, tokens: Sequence[str], flags: bytes) -> tuple[list[str], list[str]]:
        """Return the words that are read from the tokens, and what is written there for each."""
        words: list[str] = []
        written: list[str] = []
        copied = 0
        for place in positions_with_flags(_CHANGED, flags):
            same, token = tokens[copied:place], tokens[place]
            pieces = self._changed[token]
            words += (*same, *[word for word, _, _ in pieces])
            written += (*same, *[token[start:end] for _, start, end in pieces])
            copied = place + 1
        rest = tokens[copied:]
        return [*words, *rest], [*written, *rest]

    def _locate_words(self, text: str, tokens: Sequence[str], flags: bytes) -> list[Span]:
        """Return where in `text` the words stand that are read from its tokens."""
        token_spans = _token_spans(text, tokens)
        spans: list[Span] = []
        copied = 0
        for place in positions_with_flags(_CHANGED, flags):
            start = token_spans[place][0]
            pieces = self._changed[tokens[place]]
            spans += (
                *token_spans[copied:place],
                *[(start + first, start + last) for _, first, last in pieces],
            )
            copied = place + 1
        return [*spans, *token_spans[copied:]]

    def _flags_for_token(self, token: str) -> int:
        """Return what has to be done about `token`; 0 to copy it.

        A long token counts as changed, so that it is not read twice to learn that.
        """
        if len(token) > LONGEST_CACHED:
            return _CHANGED
        is_long_word = token.isascii() and token.isalnum() and len(token) > _SHORT_WORD
        if is_long_word and not _REPEATED_LETTERS.search(token):
            in_phrase = token.lower() in self._phrases
            return _PHRASE * in_phrase | _NEGATION * _is_negation(token)
        pieces = self._split_token(token, 0)
        if len(pieces) != 1 or pieces[0].text != token:
            return _CHANGED
        word = _bare_word(token)
        return (
            _PHRASE * (word in self._phrases)
            | _SO * (word == "so")
            | _NEGATION * _is_negation(token)
        )

    def _split_token(self, token: str, at: int) -> list[_Piece]:
        """Return the words that are read from one token, which stands at `at` in the original."""
        whole = _Piece(token, at, at + len(token))
        spellings = (token.strip(string.punctuation).lower(), token.lower())
        if token[0] != "@" and not self._known.isdisjoint(spellings):
            return self._free_short_word(whole)
        if _PLAIN_WORD.fullmatch(token) and not _REPEATED_LETTERS.search(token):
            return self._free_short_word(whole)
        written = token.translate(_QUOTES)
        has_entities = "&" in written and ";" in written and len(written) <= _MOST_UNFOLDED
        unfolded = html.unescape(written) if has_entities else written
        if unfolded == written:
            return self._split_at_cuts(written, at)
        # Places in the unfolded text are none in the original: each piece stands for the token.
        pieces = self._split_at_cuts(unfolded, 0)
        return [_Piece(piece.text, whole.start, whole.end) for piece in pieces]

    def _split_at_cuts(self, token: str, at: int) -> list[_Piece]:
        """Return the words between the places where a token is cut, and its emoji as words."""
        pieces: list[_Piece] = []
        start = 0
        for cut in _CUTS.finditer(token):
            first, last = cut.span()
            end = last if cut.lastgroup == "glue" else first
            pieces += self._expand_word(token[start:end], at + start)
            if cut.lastgroup == "emoji":
                emoji = token[first:last]
                pieces.append(_Piece(self._emoji.get(emoji, emoji), at + first, at + last))
            start = last
        return pieces + self._expand_word(token[start:], at + start)

    def _expand_word(self, word: str, at: int) -> list[_Piece]:
        """Return one word, or those of a hashtag, with repeated letters as usually spelt."""
        if not word:
            return []
        if tag := _HASHTAG.fullmatch(word):
            parts = list(_CAMEL_CASE_PART.finditer(word, *tag.span(1)))
            if len(parts) > 1 and tag[1].lower() not in self._known:
                return [
                    _Piece(self._shorten_repeats(part.group()), at + part.start(), at + part.end())
                    for part in parts
                ]
        if _REPEATED_LETTERS.search(word):
            return [_Piece(self._shorten_repeats(word), at, at + len(word))]
        return self._free_short_word(_Piece(word, at, at + len(word)))

    def _free_short_word(self, piece: _Piece) -> list[_Piece]:
        """Return the piece; a known word of two letters without its punctuation.

        The scorer does not know such a word with punctuation beside it.
        """
        two = _TWO_LETTER_WORD.fullmatch(piece.text)
        if not two or two[1].lower() in _KEEP_PUNCTUATION or two[1].lower() not in self._known:
            return [piece]
        word = _Piece(two[1], piece.start, piece.start + 2)
        emphatic = not _EMPHASIS.isdisjoint(two[2])
        return [word, _Piece(two[2], word.end, piece.end)] if emphatic else [word]

    def _shorten_repeats(self, word: str) -> str:
        """Return `word` with runs of one letter cut to two or one, whichever gives a known word.

        Where none does, runs are cut to two.
        """
        if not _REPEATED_LETTERS.search(word):
            return word
        parts = _REPEATED_LETTERS.split(word)  # texts and repeated letters, in turn
        texts, letters = parts[::2], parts[1::2]
        tried = min(len(letters), _MOST_REPEATS)
        for chosen in product((2, 1), repeat=tried):
            lengths = (*chosen, *[2] * (len(letters) - tried))
            candidate = texts[0] + "".join(
                letter * length + text
                for letter, length, text in zip(letters, lengths, texts[1:], strict=True)
            )
            if candidate.strip(string.punctuation).lower() in self._known:
                return candidate
        return _REPEATED_LETTERS.sub(r"\1\1", word)

    def _find_phrases(self, words: Sequence[str], flags: bytes) -> dict[int, int]:
        """Return, by the place where a phrase begins, the number of words of the longest."""
        bare, lengths = self._bare, dict[int, int]()
        for place in positions_with_flags(_PHRASE | _CHANGED, flags):
            behind, in_front = self._phrases.get(bare[words[place]], _NO_PHRASES)
            found: _PlacedPhrases = ()
            if behind and place + 1 < len(words):
                found = behind.get(bare[words[place + 1]], ())
            if in_front and place:
                found = (*found, *in_front.get(bare[words[place - 1]], ()))
            for phrase, offset in found:
                start, end = place - offset, place - offset + len(phrase)
                if start < 0 or [bare[other] for other in words[start:end]] != phrase:
                    continue
                if _is_unbroken(words[start:end]):
                    lengths[start] = max(lengths.get(start, 0), len(phrase))
        return lengths


def combine_flags(flags: bytes) -> int:
    """Return the flags that any of the tokens has."""
    combined = 0
    for flag in set(flags):
        combined |= flag
    return combined


def positions_with_flags(asked: int, flags: bytes) -> list[int]:
    """Return where tokens stand that have any of the flags `asked`.

    Few do, and a search in bytes finds those quickly.
    """
    return [found.start() for found in _flag_pattern(asked).finditer(flags)]


@cache
def _flag_pattern(asked: int) -> re.Pattern[bytes]:
    return re.compile(
        b"[%b]" % b"".join(re.escape(bytes([flag])) for flag in range(256) if flag & asked)
    )


def phrase_word(phrase: str) -> str:
    """Return the one word that a phrase becomes.

    It has no apostrophes, or "can't stand" would negate what follows.
    """
    return "_".join(_bare_word(word) for word in phrase.split())


def _index_phrases(phrases: Iterable[str]) -> dict[str, _PhraseIndex]:
    """Index phrases by their longest word that is no function word, because those are rare.

    Then by the word behind it, or by the one in front where it is the last. Each stands there with
    the position of that longest word in it.
    """
    index: dict[str, _PhraseIndex] = {}
    for phrase in phrases:
        words = [_bare_word(word) for word in phrase.split()]
        at = words.index(max(words, key=lambda word: (word not in _FUNCTION_WORDS, len(word))))
        behind, in_front = index.setdefault(words[at], ({}, {}))
        if at + 1 < len(words):
            behind[words[at + 1]] = (*behind.get(words[at + 1], ()), (words, at))
        else:
            in_front[words[at - 1]] = (*in_front.get(words[at - 1], ()), (words, at))
    return index


def _bare_word(word: str) -> str:
    return word.strip(string.punctuation).lower().translate(_QUOTES).replace("'", "")


def _is_negation(token: str) -> bool:
    word = token.strip(string.punctuation).lower()
    return is_negation(word) and word not in _KEEPING_SO


def _is_unbroken(words: Sequence[str]) -> bool:
    """Return whether no punctuation stands between the words."""
    inner = (*(word[-1] for word in words[:-1]), *(word[0] for word in words[1:]))
    return all(character not in string.punctuation for character in inner)


def _token_spans(text: str, tokens: Sequence[str]) -> list[Span]:
    """Return where in a text its tokens stand."""
    lengths = list(map(len, tokens))
    starts = list(accumulate(lengths, initial=0))
    spaced_length = starts.pop() + len(tokens) - 1  # with one character between two tokens
    if spaced_length == len(text.rstrip()):  # as nearly always
        starts = list(map(add, starts, count()))
    else:
        end = 0
        for place, token in enumerate(tokens):
            starts[place] = text.index(token, end)
            end = starts[place] + lengths[place]
    return list(zip(starts, map(add, starts, lengths), strict=True))


def _choose_joins(lengths: Mapping[int, int], spans: Sequence[Span]) -> list[Span]:
    """Return which words to join, each from the first to the one behind the last.

    Where phrases overlap, the one that begins first counts. `spans` are empty where each word has
    its own place.
    """
    joins: list[Span] = []
    done = 0
    for start in sorted(lengths):
        end = start + lengths[start]
        if start >= done and (not spans or _is_whole_span(spans, start, end)):
            joins.append((start, end))
            done = end
    return joins


def _splice_joined(
    each: Sequence[_Value], joins: Iterable[Span], joined: Iterable[_Value]
) -> list[_Value]:
    """Return `each` with one of `joined` in place of each range of `joins`."""
    spliced: list[_Value] = []
    done = 0
    for (start, end), one in zip(joins, joined, strict=True):
        spliced += (*each[done:start], one)
        done = end
    return [*spliced, *each[done:]]


def _is_whole_span(spans: Sequence[Span], start: int, end: int) -> bool:
    """Return whether no other word was read from the same place as the first or the last."""
    before = start == 0 or spans[start - 1][1] <= spans[start][0]
    return before and (end == len(spans) or spans[end][0] >= spans[end - 1][1])


def _so_after_negation(words: Sequence[str]) -> set[int]:
    """Return where a "so" hides a negation two words before it."""
    return {
        at
        for at, word in enumerate(words)
        if at > 1 and word.lower() == "so" and _is_negation(words[at - 2])
    }
