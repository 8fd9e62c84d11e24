"""Templates filled with whatever strangers write."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from monitor.domain.reply import fill_template, sanitize_field_value, template_field_names

HOSTILE = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="{}[]()<>|`*#@!/:.hw \u202e\u200b\n", max_size=60),
    st.sampled_from(
        [
            "{brand}",
            "{author.__class__}",
            "[x](http://evil.example)",
            "www.evil.example/a",
            "<!here>",
            "\u202eevil",
            "{0}",
        ]
    ),
)


@given(value=HOSTILE)
@example("see http://evil.example now")
@example("evil.com")
@example("a\x00b\ud800c")
@example("://")
@example("\u00e9://evil")
@example("ewww.evil.example")
def test_a_value_is_one_short_line_without_links_and_markup(value: str) -> None:
    """Nothing of it can open a link, a mention or a block, hide, or turn the reading direction
    round.
    """
    said = sanitize_field_value(value)
    assert len(said) <= 200
    assert not set(said) & set("[](){}<>`*~|\\#!\n\r")
    assert "://" not in said
    assert "www." not in said.casefold()
    assert all(
        one in "\u200c\u200d " or not unicodedata.category(one).startswith(("C", "Z"))
        for one in said
    )
    assert sanitize_field_value(said) == said


@given(author=HOSTILE, words=HOSTILE)
def test_a_value_is_never_a_field(author: str, words: str) -> None:
    """The text around the fields stays as the brand wrote it, and a field that a stranger writes is
    none.
    """
    filled = fill_template(
        "Hi {author|there}, {brand} here: “{words}”.",
        {"author": author, "brand": "Acme", "words": words},
    )
    assert filled == (
        f"Hi {sanitize_field_value(author) or 'there'}, Acme here: “{sanitize_field_value(words)}”."
    )


@given(text=st.text(alphabet="{}abc|author ", max_size=60))
def test_any_template_can_be_filled(text: str) -> None:
    """Odd braces are text, unknown fields stay, and nothing raises."""
    filled = fill_template(text, {"author": "Anna"})
    if "author" not in template_field_names(text):
        assert filled == text
