"""Text as a person reads it: what goes, what stays, and that no text can stall it."""

from __future__ import annotations

import pytest

from monitor.analysis.clean import MAX_BODY, strip_quoted_text, to_plain_text
from monitor.domain.feedback import Markup


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n\n- two"),
        ("<b>bold</b> and <a href='https://x.example'>link</a>", "bold and link"),
        ("Tom &amp; Jerry &lt;3 &#128077; &nbsp;!", "Tom & Jerry <3 👍 !"),
        ("a <script>alert('x')</script>b<style>p{}</style>c<!-- hidden -->d", "a bcd"),
        ("<SCRIPT >x</SCRIPT\n>y", "y"),
        ("kept <script>never closed", "kept"),
        ("kept <!-- never closed", "kept"),
        ("kept <! never closed", "kept"),
        ("a<svg/>b <iframe src='x'/>c", "ab c"),
        ("<header>top</header><title>gone</title>below", "top\nbelow"),
        ("<i>line</i>\nbreaks  are   spaces", "line breaks are spaces"),
        ("<pre>x\n  y</pre>", "x\ny"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ('<a title="a > b">x</a>', "x"),
        ("<td>a</td><td>b</td>", "a b"),
        ("I said<blockquote><p>they</p><p>said</p></blockquote>end", "I said\n> they said\nend"),
        ("<blockquote>a<blockquote>b</blockquote>c</blockquote>d", "> a\n> b\n> c\nd"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
    ],
)
def test_html_becomes_what_a_browser_would_show(html: str, text: str) -> None:
    """Blocks are lines, lists and quotes keep their sign, scripts, styles and comments are gone."""
    assert to_plain_text(html, Markup.HTML) == text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("re\u200bf\u2060u\ufeffn\xadd\u202e\u2066\U000e0041", "refund"),
        ("👩\u200d👩\u200d👧 می\u200cخواهم", "👩\u200d👩\u200d👧 می\u200cخواهم"),
        ("lone \ud83d surrogate", "lone \ufffd surrogate"),
        ("  many   spaces\t\tand\xa0tabs  ", "many spaces and tabs"),
        ("a\r\nb\rc\u2028d\x85e\x0cf\x0bg", "a\nb\nc\nd\ne\nf\ng"),
        ("a\n\n\n\n\nb  \n  c", "a\n\nb\nc"),
        ("Tom &amp; Jerry &#x27;s", "Tom & Jerry 's"),
        ("&#0; &#xD800; &#" + "9" * 5000 + ";", "\ufffd \ufffd \ufffd"),
        ("<b>no markup</b>", "<b>no markup</b>"),
        ("", ""),
        (" \n\t ", ""),
    ],
)
def test_plain_text_loses_only_what_nobody_sees(given: str, text: str) -> None:
    """Controls and hidden characters go, joiners of emoji and Persian stay, tags in plain text are
    text.
    """
    assert to_plain_text(given) == text


def test_long_text_ends_at_a_word() -> None:
    """Within the limit, with an ellipsis, without half a word."""
    text = to_plain_text("word " * MAX_BODY)
    assert len(text) <= MAX_BODY
    assert text.endswith("word…")
    assert to_plain_text("x" * 50, limit=10) == "x" * 9 + "…"
    assert to_plain_text("x" * 10, limit=10) == "x" * 10


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 200_000,
        "<blockquote>" * 200_000,
        "<" * 300_000,
        "<!" * 150_000,
        "<?" * 150_000,
        "<!--" * 75_000,
        "<script" * 50_000,
        "<script>" * 50_000,
        "</script " * 40_000,
        "<script></script" + " " * 300_000,
        "<a \"'" * 60_000,
        '<a"<a""' * 50_000,
        "<a '" * 75_000,
        "<a b=" * 60_000,
        "&#" * 150_000,
        "&#" + "9" * 300_000,
        "&" * 300_000,
        "&amp;" * 60_000,
        " \n" * 150_000,
        "\u200b" * 300_000,
    ],
    ids=lambda text: text[:12].encode("unicode_escape").decode(),
)
def test_hostile_documents_are_read_in_time(hostile: str) -> None:
    """Nests and beginnings without ends are done before the test's time limit and stay within the
    size.
    """
    assert len(to_plain_text(hostile, Markup.HTML)) <= MAX_BODY
    assert len(strip_quoted_text(to_plain_text(hostile))) <= MAX_BODY


@pytest.mark.parametrize(
    "hostile",
    [
        "[quote]" * 7_000,
        "[quote" * 8_000,
        "[quote]a" * 3_000 + "[/quote]" * 3_000,
        "On a " * 10_000,
        "> " * 25_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_quotations_are_read_in_time(hostile: str) -> None:
    """Quotes that never end or are deeply nested are done before the test's time limit."""
    assert strip_quoted_text(hostile)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("no quotes at all -- none", "no quotes at all -- none"),
        ("> they said\nI disagree", "I disagree"),
        ("  > they said\n\nI disagree\n> more", "I disagree"),
        ("a > b is true", "a > b is true"),
        ("[quote=Ann]hers[/quote]mine", "mine"),
        ("[QUOTE]a[quote]b[/quote]c[/QUOTE]mine", "mine"),
        ("Mine.\nOn Mon, 3 May 2026, Ann wrote:\nHers, not marked", "Mine."),
        ("Mine.\nOn Mon, 3 May 2026, Ann wrote:\n> Hers\nMine below", "Mine.\n\nMine below"),
        ("On Mon, 3 May 2026, Ann wrote:\n> Hers\nMine below", "Mine below"),
        ("Meins.\nAm 3. Mai 2026 schrieb Ann <a@example.com>:\nIhres", "Meins."),
        ("Mine\n-----Original Message-----\nHers", "Mine"),
    ],
)
def test_own_words_are_without_quotations(text: str, own: str) -> None:
    """Quoted lines, BBCode quotes and the letter below an answer go; answers between quoted lines
    stay.
    """
    assert strip_quoted_text(text) == own


@pytest.mark.parametrize(
    "text", ["> all quoted", "[quote]all[/quote]", "On Mon, Ann wrote:\n> all", "> a\n> b"]
)
def test_a_text_of_quotations_alone_is_kept(text: str) -> None:
    """Rather a stranger's words than none: nothing is ever emptied."""
    assert strip_quoted_text(text) == text
