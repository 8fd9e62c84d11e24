"""Who acts: a person of the team, a rule, a source, or the program itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """What kind of actor it is; the value is the prefix in the stored form."""

    SLACK = "user"  #: a Slack member or user group; the id is Slack's own
    CLI = "cli"  #: a person on the command line; the id is their name
    RULE = "rule"
    SOURCE = "source"
    SYSTEM = "system"  #: the program itself; it has no id
    UNKNOWN = ""  #: stored by a newer version; the id is the whole stored form


#: Actors that are people of the team.
_PEOPLE = frozenset({ActorKind.SLACK, ActorKind.CLI})
#: Kinds that are stored as `kind:id`.
_PREFIXED = frozenset({ActorKind.SLACK, ActorKind.CLI, ActorKind.RULE, ActorKind.SOURCE})


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts on an alert, holds it, or gives a verdict.

    `str(actor)` is the form that is stored and exported: "user:U123", "cli:anna", "rule:crash",
    "source:reddit", "system".
    """

    kind: ActorKind
    id: str = ""

    @classmethod
    def parse(cls, text: str) -> Actor:
        """Read an actor from its stored form; `str` of it is `text` again, whatever `text` is.

        A form that this version does not know becomes an actor of kind UNKNOWN: it is no person of
        the team, and nothing of it is lost.
        """
        if text == ActorKind.SYSTEM:
            return SYSTEM
        prefix, colon, name = text.partition(":")
        if colon and prefix in _PREFIXED:
            return cls(ActorKind(prefix), name)
        return cls(ActorKind.UNKNOWN, text)

    @classmethod
    def parse_optional(cls, text: str) -> Actor | None:
        """Read an actor from its stored form; None for an empty text, which stands for nobody."""
        return cls.parse(text) if text else None

    @classmethod
    def slack(cls, member_id: str) -> Actor:
        """Return the Slack member or user group with this id."""
        return cls(ActorKind.SLACK, member_id)

    @classmethod
    def cli(cls, name: str) -> Actor:
        """Return the person of this name on the command line."""
        return cls(ActorKind.CLI, name)

    @classmethod
    def rule(cls, rule_id: str) -> Actor:
        """Return the rule with this id."""
        return cls(ActorKind.RULE, rule_id)

    @classmethod
    def source(cls, source_id: str) -> Actor:
        """Return the source with this id."""
        return cls(ActorKind.SOURCE, source_id)

    @property
    def is_person(self) -> bool:
        """Whether this is a person of the team, and no rule, source or timer."""
        return self.kind in _PEOPLE

    @property
    def is_slack_group(self) -> bool:
        """Whether this is a Slack user group, by its id: https://api.slack.com/types/usergroup"""
        return self.kind is ActorKind.SLACK and self.id.startswith("S")

    @property
    def display_name(self) -> str:
        """The name or id without its prefix; "repwatch" for the program itself.

        Of an UNKNOWN actor what follows the first colon, where there is one.
        """
        match self.kind:
            case ActorKind.SYSTEM:
                return "repwatch"
            case ActorKind.UNKNOWN:
                return self.id.partition(":")[2] or self.id
            case _:
                return self.id

    def __str__(self) -> str:
        match self.kind:
            case ActorKind.SYSTEM | ActorKind.UNKNOWN:
                return self.id or str(self.kind)
            case _:
                return f"{self.kind}:{self.id}"


#: The program itself: its timers, its own checks.
SYSTEM = Actor(ActorKind.SYSTEM)
