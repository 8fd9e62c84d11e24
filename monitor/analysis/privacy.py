"""What a text tells about a person beyond their opinion, masked in what is shown and exported.

Found are e-mail addresses, card numbers, IBANs, IP addresses, US social security numbers and phone
numbers. Whatever has a check digit is checked; phone numbers must be written as people write them.
Years, prices, versions, times, order and parcel numbers stay: a mask that hides these hides what
the customer complains about.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import IPv6Address

#: A number is not part of a word, a longer number, a price, a path or a handle. On its right the
#: same signs may only stand where no digit follows, so that what is masked beside it never frees
#: it: masking twice is masking once.
_LEFT = r"(?<![\w.,/@#$€£¥+-])(?<![\d\]][:=])"
_RIGHT = r"(?!\w|[.,:/@=-]\w)"

_EMAIL = re.compile(
    r"(?<![\w.+@%'-])[\w.+%'-]++@(?P<host>[\w-]{1,63}+(?:\.[\w-]{1,63}+){1,8}+)(?![\w@])"
)
_CARD = re.compile(_LEFT + r"[2-6]\d(?:[ -]?\d){11,17}" + _RIGHT)
_IPV4 = re.compile(_LEFT + r"\d{1,3}(?:\.\d{1,3}){3}" + r"(?!\w|[.,:/@=-][^\W\d]|[.,-]\d)")
_IPV6 = re.compile(r"(?i)" + _LEFT + r"(?:[0-9a-f]{1,4}:){1,7}(?::?[0-9a-f]{1,4}){0,7}" + _RIGHT)
_SSN = re.compile(_LEFT + r"(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}" + _RIGHT)
#: The words after which four small numbers are a version.
_VERSION = re.compile(
    r"(?i)(?:\b(?:v|ver|version|build|release|firmware|patch|updated?|upgraded?)[.:]?(?: to)? ?)\Z"
)

_GAP = r"[ \u00a0./()-]{0,3}"
#: "+49 170 1234567", "+1 (212) 555-0123"; E.164 allows 15 digits:
#: https://www.itu.int/rec/T-REC-E.164 Its sign begins it, so that it may stand right behind a word
#: or another number.
_INTERNATIONAL = re.compile(r"(?<![/@#$€£¥+-])" + rf"\(?\+[1-9](?:{_GAP}\d){{8,14}}" + _RIGHT)
#: "0044 20 7946 0958"
_DIALLED = re.compile(_LEFT + rf"00[1-9]\d?(?:{_GAP}\d){{7,12}}" + _RIGHT)
#: "07700 900123", "(030) 1234567", "06 12 34 56 78"
_NATIONAL = re.compile(_LEFT + rf"\(?0[1-9](?:{_GAP}\d){{7,10}}" + _RIGHT)
#: "(212) 555-0123", "212-555-0123", "1-800-555-0199": https://www.nanpa.com/numbering
_AMERICAN = re.compile(
    _LEFT
    + r"(?:1[ .-])?(?:\([2-9]\d\d\)[ -]?|[2-9]\d\d([ .-]))[2-9]\d\d(?(1)\1|[ .-])\d{4}"
    + _RIGHT
)
#: "my phone is 2125550123", "call 555-0123"
_ANNOUNCED = re.compile(
    r"(?i)(?P<before>(?<!\[)\b(?:(?:tele)?phone|tel|call|mobile|cell|whats "
    r"?app|text|ring|fax|sms)(?:ed)?\b"
    r"[^\d\n\[]{0,20})(?<![\w#$€£¥.,/-])(?:\d{3}[ .-]\d{4}|\d{9,11})" + _RIGHT
)
_OTHER_NUMBER = re.compile(
    r"(?i)\b(?:order|invoice|ticket|ref|reference|case|booking|account|tracking|parcel|id)\b"
)
_DATE = re.compile(r"\(?(?:\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d|(?:19|20)\d\d[-./ ])")

#: Digits that may be something: all that is found but an IPv6 address has six of them near each
#: other.
_WORTH_A_LOOK = re.compile(r"\d(?:\D{0,3}\d){5}")
_NOT_DIGIT = re.compile(r"\D+")

#: Characters of an IBAN by country:
#: https://www.swift.com/standards/data-standards/iban-international-bank-account-number
_IBAN_LENGTHS = {
    15: "NO", 16: "BE", 18: "DK FI FO GL NL SD", 19: "MK SI", 20: "AT BA EE KZ LT LU XK",
    21: "CH CR HR LI LV", 22: "BG BH DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "LY PT ST", 26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM", 28: "AL AZ BY CY DO GT HU LB NI PL SV", 29: "BR EG PS QA UA",
    30: "JO KW MU", 31: "MT SC", 32: "LC", 33: "RU",
}  # fmt: skip
_IBAN = re.compile(
    _LEFT
    + "(?ai:"  # letters and digits of ASCII only
    + "|".join(
        rf"(?:{'|'.join(countries.split())})\d\d(?: ?[a-z0-9]){{{length - 4}}}"
        for length, countries in _IBAN_LENGTHS.items()
    )
    + ")"
    + _RIGHT
)


def mask_personal_data(text: str) -> str:
    """Return the text with masks in place of personal data.

    The masks are `[e-mail]`, `[card]`, `[IBAN]`, `[IP address]`, `[SSN]` and `[phone]`. Masking
    what is masked changes nothing. Takes time in proportion to the length of the text, whatever it
    holds.
    """
    if "@" in text:
        text = _EMAIL.sub(_mask_email, text)
    if text.count(":") > 2:
        text = _IPV6.sub(_mask_ipv6, text)
    if not _WORTH_A_LOOK.search(text):
        return text
    for pattern, masked in _NUMBERS:
        text = pattern.sub(masked, text)
    return text


def _mask_email(found: re.Match[str]) -> str:
    """Mask it where the host is a name, not the version of a package (`left-pad@1.2.0`)."""
    *_, name, top = found["host"].split(".")
    plausible = len(top) > 1 and top.isalpha() and not name.isdigit()
    return "[e-mail]" if plausible else found[0]


def _mask_card(found: re.Match[str]) -> str:
    digits = _keep_digits(found[0])
    groups = [len(group) for group in re.split("[ -]", found[0])]
    is_grouped_so = len(groups) == 1 or (groups[0] == 4 and min(groups[:-1]) >= 4)
    if is_grouped_so and _is_issued_card_number(digits) and _passes_luhn_check(digits):
        return "[card]"
    return found[0]


def _is_issued_card_number(digits: str) -> bool:
    """Return whether cards of this beginning and length exist.

    Source: https://en.wikipedia.org/wiki/Payment_card_number
    """
    match digits[0], len(digits):
        case "4", 13 | 16 | 19:
            return True
        case "5", 16:
            return digits[1] in "0123456789"
        case "2", 16:
            return "2221" <= digits[:4] <= "2720"
        case "3", 14 | 15 | 16:
            return (
                digits[:2]
                in {14: ("30", "36", "38", "39"), 15: ("34", "37"), 16: ("35",)}[len(digits)]
            )
        case "6", 16 | 17 | 18 | 19:
            return True
    return False


def _passes_luhn_check(digits: str) -> bool:
    """Return whether the last digit is the check digit of the others: ISO/IEC 7812-1, annex B."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0


def _mask_iban(found: re.Match[str]) -> str:
    """Mask it where it carries its check digits: ISO 13616."""
    number = found[0].replace(" ", "")
    rearranged = number[4:] + number[:4]
    digits = "".join(str(int(character, 36)) for character in rearranged)
    return "[IBAN]" if int(digits) % 97 == 1 else found[0]


def _mask_ipv4(found: re.Match[str]) -> str:
    """Mask it unless it may be a version.

    An address has at least two parts of two digits and more, and no word before it speaks of a
    version.
    """
    parts = found[0].split(".")
    is_address = all(int(part) < 256 and str(int(part)) == part for part in parts)
    has_long_parts = sum(len(part) > 1 for part in parts) > 1
    names_version = _VERSION.search(found.string, max(0, found.start() - 20), found.start())
    return "[IP address]" if is_address and has_long_parts and not names_version else found[0]


def _mask_ipv6(found: re.Match[str]) -> str:
    try:
        IPv6Address(found[0])
    except ValueError:
        return found[0]
    is_plausible = found[0].count(":") > 2 and any(map(str.isdigit, found[0]))
    return "[IP address]" if is_plausible else found[0]


def _mask_ssn(found: re.Match[str]) -> str:
    return "[SSN]"


def _mask_phone(found: re.Match[str]) -> str:
    """Mask it unless it begins with a date or its parentheses are not closed.

    Without any separator it needs the length of a mobile number.
    """
    number = found[0]
    is_international = number.lstrip("(").startswith("+")
    has_separators = not number.lstrip("(+").isdigit()
    is_mobile = len(number) in (10, 11) and number[1] != "0"
    is_phone = is_international or has_separators or is_mobile
    is_balanced = number.count("(") == number.count(")")
    return "[phone]" if is_phone and is_balanced and not _DATE.match(number) else number


def _mask_announced_phone(found: re.Match[str]) -> str:
    return found[0] if _OTHER_NUMBER.search(found["before"]) else found["before"] + "[phone]"


def _keep_digits(text: str) -> str:
    return _NOT_DIGIT.sub("", text)


#: In this order: what is checked goes before what is only shaped.
_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_IBAN, _mask_iban),
    (_CARD, _mask_card),
    (_SSN, _mask_ssn),
    (_IPV4, _mask_ipv4),
    (_INTERNATIONAL, _mask_phone),
    (_DIALLED, _mask_phone),
    (_AMERICAN, _mask_phone),
    (_NATIONAL, _mask_phone),
    (_ANNOUNCED, _mask_announced_phone),
)
