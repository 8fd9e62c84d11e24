"""What holds for any text and any HTML that a source may hand over."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.clean import strip_quoted_text, to_plain_text
from monitor.domain.feedback import Markup

_UNSTORABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
CHARACTERS = st.one_of(st.characters(), st.sampled_from("ab \n\t\r\x00\u200b\ud800>&;#<"))
TEXTS = st.text(CHARACTERS, max_size=60)
_PIECES = [
    "<p>",
    "</p>",
    "<b ",
    "x",
    " ",
    "\n",
    ">",
    "<",
    "&",
    "&lt;",
    "&#0;",
    "&#xd800;",
    "<!--",
    "-->",
    "<script>",
]
_MORE = [
    "</script>",
    "<blockquote>",
    "</blockquote>",
    "<li>",
    "<pre>",
    "</pre>",
    "'",
    '"',
    "<!",
    "[quote]",
    "[/quote]",
]
HTML = st.lists(st.one_of(st.sampled_from(_PIECES + _MORE), CHARACTERS), max_size=30).map("".join)


@given(st.one_of(TEXTS, HTML), st.sampled_from(Markup), st.integers(1, 30))
def test_the_result_can_be_stored_and_fits(text: str, markup: Markup, limit: int) -> None:
    """No NUL, lone surrogate or hidden character, no needless space, never longer than allowed,
    always encodable.
    """
    clean = to_plain_text(text, markup, limit)
    assert len(clean) <= limit
    assert clean == clean.strip()
    assert not _UNSTORABLE.search(clean)
    assert "\n\n\n" not in clean
    assert clean.encode().decode() == clean


@given(TEXTS.filter(lambda text: "&" not in text))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    """What was stored can be cleaned again; only entities are unfolded one level at a time."""
    assert to_plain_text(to_plain_text(text)) == to_plain_text(text)


@given(HTML)
def test_scripts_are_never_text(pieces: str) -> None:
    """Whatever stands around it, what a script element holds is not shown."""
    assert "MARKER" not in to_plain_text(
        f"<p>{pieces.replace('<', '')}</p><script>MARKER</script>", Markup.HTML
    )


@given(st.one_of(TEXTS, HTML))
def test_own_words_are_never_nothing(text: str) -> None:
    """A text that says something still says something without its quotations, and never more than
    before.
    """
    own = strip_quoted_text(text)
    assert bool(own.strip()) == bool(text.strip())
    assert len(own) <= len(text)
