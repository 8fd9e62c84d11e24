"""signal: something named that the words say, such as an outage or a wish to leave."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from monitor.domain.alert import Clause
from monitor.domain.feedback import Evidence
from monitor.domain.quoting import quote_words
from monitor.settings import Name
from rules.base import Condition, ConditionOptions, ensure_sequence, join_with_or


class SignalOptions(ConditionOptions):
    """Which signals, by their names; one is enough. A workspace may have names of its own."""

    #: of a [signal](signals.md); one is enough
    name: Annotated[tuple[Name, ...], BeforeValidator(ensure_sequence)]


class SignalCondition(Condition):
    """Holds where one of the signals was found in the customer's own words."""

    Options = SignalOptions
    short = "name"

    def __init__(self, value: object) -> None:
        self._names = SignalOptions.model_validate(self.table(value)).name

    @property
    def signals(self) -> tuple[str, ...]:
        """The names that were asked for."""
        return self._names

    def check(self, evidence: Evidence) -> Clause | None:
        """Return a clause with the signals and the words that show them, or None."""
        found = [signal for signal in evidence.analysis.signals or () if signal.name in self._names]
        if not found:
            return None
        words = tuple(dict.fromkeys(word for signal in found for word in signal.words))
        named = ", ".join(_format_signal_name(signal.name) for signal in found)
        return self.clause(f"shows {named}: {quote_words(words)}", words)

    def describe(self) -> str:
        """Return what is asked for: the signals."""
        return f"shows {join_with_or(tuple(map(_format_signal_name, self._names)))}"


def _format_signal_name(signal: str) -> str:
    """Return the name of a signal, for people."""
    return signal.replace("_", " ")
