"""Masking any text: stable, complete for what has check digits, and quick."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from monitor.analysis.privacy import mask_personal_data

#: Made of what the patterns look for, so that nearly every example touches one of them.
_PIECES = st.sampled_from(
    [
        *"0123456789+-./()@:, [] =x#é\n",
        "+49 170 1234567", "212-555-0123", "07700900123", "4111 1111 1111 1111", "5500005555555559",
        "DE89370400440532013000", "81.2.69.142", "2001:db8::8a2e:370:7334", "078-05-1120",
        "a@b.example", "call ",
        "tel", "version ", "order ", "[phone]", "2026-11-22", "€12.50",
    ]
)  # fmt: skip
hostile = st.lists(_PIECES, max_size=14).map("".join)


def luhn(digits: str) -> str:
    """The digits and their check digit."""
    total = sum(
        sum(divmod(int(digit) * (2 - place % 2), 10))
        for place, digit in enumerate(reversed(digits))
    )
    return f"{digits}{-total % 10}"


@given(st.one_of(hostile, st.text(max_size=60)))
@example("+49 170 1234567 555-0123")
@example("212-555-0123-4111111111111111")
@example("4111111111111111:212-555-0123")
@example("1a@b.example@c.example")
@example("call 81.2.69.142 5550123")
@example("+49 170 1234567+49 170 1234567")
@example("DE89370400440532013000 DE89370400440532013000 212-555-0123")
@example("\u017f\u212a89370400440532013000\u212a\u017f")
def test_masking_twice_is_masking_once(text: str) -> None:
    """What was masked for the card may be masked again for the export."""
    assert mask_personal_data(mask_personal_data(text)) == mask_personal_data(text)


@given(
    st.text(
        st.characters(exclude_characters="0123456789@:", exclude_categories=["Nd"]), max_size=200
    )
)
def test_words_are_never_touched(text: str) -> None:
    """A text without digits and addresses stays as it is."""
    assert mask_personal_data(text) == text


@given(st.from_regex(r"4[0-9]{14}", fullmatch=True), st.sampled_from(["", " ", "-"]))
def test_every_card_is_masked_and_every_other_number_stays(digits: str, separator: str) -> None:
    """With the right check digit it goes, with any other it stays, however it is grouped."""
    for number, masked in (
        (luhn(digits), True),
        (f"{digits}{(int(luhn(digits)[-1]) + 1) % 10}", False),
    ):
        written = separator.join(number[start : start + 4] for start in range(0, 16, 4))

        assert ("[card]" in mask_personal_data(f"paid with {written} today")) is masked


@given(st.from_regex(r"[0-9]{18}", fullmatch=True), st.booleans())
def test_every_iban_is_masked_whatever_follows(account: str, spaced: bool) -> None:
    """A German IBAN with the right check digits goes, and the word behind it stays."""
    number = f"DE{98 - int(account + '131400') % 97:02}{account}"
    written = " ".join(number[start : start + 4] for start in range(0, 22, 4)) if spaced else number

    assert mask_personal_data(f"my IBAN {written} please") == "my IBAN [IBAN] please"


@given(
    st.from_regex(r"[a-z0-9_](?:[a-z0-9._%+'-]{0,20}[a-z0-9_])?", fullmatch=True),
    st.sampled_from(["example.com", "mail.example.co.uk", "m\u00fcller.example"]),
    st.sampled_from(["", "<", "(", "mailto:", "to=", "\u00ab"]),
)
def test_every_address_is_masked(name: str, host: str, before: str) -> None:
    """Whatever the part before the sign is made of and whatever stands before it, all of it
    goes.
    """
    assert mask_personal_data(f"write {before}{name}@{host}, now") == f"write {before}[e-mail], now"
