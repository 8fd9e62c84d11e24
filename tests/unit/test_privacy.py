"""What is masked, and what is left as it is."""

from __future__ import annotations

import pytest

from monitor.analysis.privacy import mask_personal_data
from monitor.demo.server import RecordedFeedback


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to jane.doe+shop@mail.example.co.uk.", "write to [e-mail]."),
        ("<jane@example.com>, o'hara@example.ie", "<[e-mail]>, [e-mail]"),
        ("jürgen@müller.example", "[e-mail]"),
        ("card 4111 1111 1111 1111, exp 12/27", "card [card], exp 12/27"),
        ("5500005555555559", "[card]"),
        ("amex 3782-822463-10005", "amex [card]"),
        ("IBAN: DE89 3704 0044 0532 0130 00 please", "IBAN: [IBAN] please"),
        ("gb82west12345698765432", "[IBAN]"),
        ("NO93 8601 1117 947", "[IBAN]"),
        ("banned from 81.2.69.142.", "banned from [IP address]."),
        ("81.2.69.142:8080", "[IP address]:8080"),
        ("2001:db8::8a2e:370:7334 is mine", "[IP address] is mine"),
        ("2001:0db8:0000:0000:0000:8a2e:0370:7334", "[IP address]"),
        ("my social is 078-05-1120", "my social is [SSN]"),
    ],
)
def test_numbers_with_a_form_of_their_own(text: str, masked: str) -> None:
    """Addresses, cards, accounts and social security numbers are masked, and nothing beside
    them.
    """
    assert mask_personal_data(text) == masked


@pytest.mark.parametrize(
    "number",
    [
        "+49 170 1234567", "+49 (0)170 1234567", "+4917012345678", "+1 (212) 555-0123",
        "+1-212-555-0123",
        "+44 20 7946 0958", "+44 (0)20 7946 0958", "+33 6 12 34 56 78", "+91-98765-43210",
        "+55 11 91234-5678",
        "+81\u00a03-1234-5678", "(+44) 7700 900123", "0044 20 7946 0958", "0049 170 1234567",
        "07700 900123", "07700900123", "(030) 1234567", "030/1234567", "06 12 34 56 78",
        "06.12.34.56.78",
        "(212) 555-0123", "212-555-0123", "212.555.0123", "212 555 0123", "1-800-555-0199",
    ],
)  # fmt: skip
def test_phone_numbers_as_people_write_them(number: str) -> None:
    """National and international forms, with every usual separator, alone and in a sentence."""
    assert mask_personal_data(number) == "[phone]"
    assert mask_personal_data(f"Call me: {number}, any time!") == "Call me: [phone], any time!"
    assert mask_personal_data(f"tel:{number}\nthanks") == "tel:[phone]\nthanks"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("my phone is 2125550123", "my phone is [phone]"),
        ("Call 555-0123 now", "Call [phone] now"),
        ("WhatsApp me on 170123456", "WhatsApp me on [phone]"),
        ("I called about order 2125550123", "I called about order 2125550123"),
        ("call of 2019-2020", "call of 2019-2020"),
        ("text for $1234567890", "text for $1234567890"),
    ],
)
def test_a_bare_number_is_a_phone_only_where_it_is_called_one(text: str, masked: str) -> None:
    """Ten digits may be anything: the words before them decide."""
    assert mask_personal_data(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "from 2019 to 2024", "2019-2020", "$1,234,567.89", "€ 1.234.567,89", "£1000000000",
        "1 000 000 000 users",
        "2026-11-22", "2026-11-22 08:15:22", "2026-11-22T08:15:22.123456Z", "22.11.2026 08:15",
        "02-11-2026 08:15:10",
        "02/11/2026 10", "10:30:45", "0800-1700 hours on 01-02-2026", "1763798400", "1763798400123",
        "version 10.15.17.12", "v1.2.3.4", "updated to 12.10.4.22", "Windows 10.0.19041.1234",
        "1.2.3.4",
        "999.10.20.30", "left-pad@1.2.0", "angular@1.0.rc", "@user@example.social", "@handle",
        "a@b",
        "order 123456789012", "#12345678901", "4111 1111 1111 1112", "1Z999AA10123456784",
        "ISBN 978-3-16-148410-0",
        "NO93 8601 1117 948", "00:1B:44:11:3A:B7", "std::vector<int>", "1920x1080", "0.123456789",
        "3.14159265358979", "000-12-3456", "666-12-3456", "123-00-4567", "PO Box 12345-6789",
        "100 200 300 400",
        "https://example.com/status/1763798400123456789", "https://example.com/a/0123456789",
    ],
)  # fmt: skip
def test_other_numbers_stay(text: str) -> None:
    """Years, prices, times, versions, order and parcel numbers, and what fails its check digits."""
    assert mask_personal_data(text) == text
    assert mask_personal_data(f"it says {text} here") == f"it says {text} here"


def test_what_people_really_wrote_is_hardly_touched() -> None:
    """In the recorded feedback, which holds no such numbers, nothing is masked."""
    data = RecordedFeedback.from_package()
    texts = [str(entry["body"]) for entry in (*data.reviews, *data.posts)]

    assert len(texts) > 150
    assert [text for text in texts if mask_personal_data(text) != text] == []


def test_several_in_one_text() -> None:
    """Each is masked by its own name, in its place."""
    text = (
        "I'm Jo (jo@example.com, +1 212 555 0123). You charged 4111111111111111 twice from "
        "81.2.69.142!"
    )
    masked = "I'm Jo ([e-mail], [phone]). You charged [card] twice from [IP address]!"

    assert mask_personal_data(text) == masked


@pytest.mark.parametrize(
    "text", ["[phone]", "[e-mail] [card]", "tel [phone] 555-0123", "[IBAN]:212-555-0123"]
)
def test_masks_are_not_masked(text: str) -> None:
    """What stands beside a mask is not taken for more than it was before."""
    assert mask_personal_data(text) == text
