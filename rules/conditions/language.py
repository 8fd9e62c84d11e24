"""language: which language the feedback is in."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from monitor.domain.alert import Clause
from monitor.domain.feedback import Evidence
from rules.base import Condition, ConditionOptions, ensure_sequence, join_with_or


@cache
def _language_names() -> Mapping[str, str]:
    """Return the English name of each language by its code, as CLDR has them."""
    from babel import Locale  # loaded late: few rules name a language

    names: Mapping[str, str] = Locale("en").languages
    return {code: name for code, name in names.items() if code.isalpha() and len(code) <= 3}


def _validate_code(code: str) -> str:
    """Return a code that there is; raises ValueError with the nearest one."""
    if code in _language_names():
        return code
    raise ValueError(f"no language has the code {code!r}; {_suggest_code(code)}")


def _suggest_code(written: str) -> str:
    """Return a hint for somebody who wrote a country too, or the name of a language."""
    names = _language_names()
    primary = written.replace("_", "-").partition("-")[0].strip().lower()
    if primary in names:
        return f"did you mean {primary!r}?"
    codes = {name.lower(): code for code, name in names.items() if len(code) == 2}
    nearest = get_close_matches(written.lower(), codes, n=1)
    return f"did you mean {codes[nearest[0]]!r}?" if nearest else 'write one like "de" or "pt"'


class LanguageOptions(ConditionOptions):
    """Which languages; one is enough."""

    #: two letters as in ISO 639-1: de, fr, pt; a country is no part of it
    code: Annotated[
        tuple[
            Annotated[str, Field(strict=True, min_length=1), AfterValidator(_validate_code)], ...
        ],
        BeforeValidator(ensure_sequence),
    ]


class LanguageCondition(Condition):
    """Holds where the language was told, and is one of those asked for.

    It is what the words themselves tell; a text too short for that is in the language that its
    source declares. Where neither tells it never holds. It holds for languages that are not scored.
    """

    Options = LanguageOptions
    short = "code"

    def __init__(self, value: object) -> None:
        self._codes = LanguageOptions.model_validate(self.table(value)).code

    def check(self, evidence: Evidence) -> Clause | None:
        """Return a clause with the language, or None."""
        code = evidence.analysis.language
        if not code or code not in self._codes:
            return None
        return self.clause(f"is in {_language_names()[code]}")

    def describe(self) -> str:
        """Return what is asked for: the languages."""
        return f"is in {join_with_or([_language_names()[code] for code in self._codes])}"
