"""Which part of the customers a digest is about: all, a segment such as "country=DE", a persona."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.brand_settings import PersonaSettings
from monitor.digest.persona import keep_persona
from monitor.domain.reading import FeedbackReading
from monitor.domain.segment import resolve_scope, split_segment
from monitor.errors import ConfigError, ConfigProblem
from monitor.store import Transaction


@dataclass(frozen=True, slots=True)
class DigestScope:
    """The feedback whose attribute has a value, or that of a persona; with neither, all of it."""

    attribute: str = ""
    value: str = ""
    persona: PersonaSettings | None = None

    @classmethod
    def from_name(cls, name: str, personas: Sequence[PersonaSettings] = ()) -> DigestScope:
        """Return the scope that people name: empty for everything, "plan=pro", or a persona's name.

        Raises ConfigError for anything else.
        """
        try:
            resolved = resolve_scope(name, [persona.name for persona in personas])
        except ValueError as error:
            raise ConfigError([ConfigProblem("segment or persona", str(error))]) from None
        persona = next((one for one in personas if one.name == resolved), None)
        return cls(persona=persona) if persona else cls(*split_segment(resolved))

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return not self.attribute and self.persona is None

    @property
    def name(self) -> str:
        """What people name it by; empty for everything."""
        if self.persona is not None:
            return self.persona.name
        return f"{self.attribute}={self.value}" if self.attribute else ""

    def keep_readings(
        self, tx: Transaction, readings: Sequence[FeedbackReading]
    ) -> list[FeedbackReading]:
        """Return the readings that belong to it."""
        if self.persona is not None:
            return keep_persona(tx, self.persona, readings)
        if self.is_everything:
            return list(readings)
        return [each for each in readings if each.get_attribute(self.attribute) == self.value]


#: All customers.
EVERYTHING = DigestScope()
