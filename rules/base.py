"""What a condition is: one file, one class, its options beside it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BeforeValidator, Field, model_validator

from monitor.domain.alert import Clause
from monitor.domain.facts import NO_NEEDED_FACTS, NeededFacts
from monitor.domain.feedback import Evidence, Glance
from monitor.domain.workspace import Workspace
from monitor.errors import suggest_nearest
from monitor.settings import Section
from rules.query import Query

EnumT = TypeVar("EnumT", bound=StrEnum)


class ConditionOptions(Section):
    """The keys of a condition's table; at least one is needed."""

    @classmethod
    def allowed_keys(cls) -> tuple[str, ...]:
        """Return the keys as they are written in a rule."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())

    @model_validator(mode="after")
    def _check_not_empty(self) -> ConditionOptions:
        if not self.model_fields_set:
            raise ValueError(
                f"at least one of these keys is needed: {', '.join(self.allowed_keys())}"
            )
        if any(getattr(self, name) in (None, ()) for name in self.model_fields_set):
            raise ValueError("an empty value says nothing; leave its key out")
        return self


class Condition(ABC):
    """One test of evidence; its kind is the name of the file that implements it.

    A condition keeps nothing but its options: the same evidence always gets the same answer, and
    threads may share it.
    """

    Options: ClassVar[type[ConditionOptions]]
    #: the key that a value without a table stands for; empty where a table is needed
    short: ClassVar[str] = ""
    #: whether it counts what arrived in the time that its option `within` says: no source may then
    #: be polled less often than that
    counts_arrivals: ClassVar[bool] = False

    @abstractmethod
    def __init__(self, value: object) -> None:
        """Take the value as it stands in the rule.

        Raises ValueError for a wrong one; pydantic's ValidationError is such an error.
        """

    @classmethod
    def kind(cls) -> str:
        """Return the name under which rules know it."""
        return cls.__module__.rpartition(".")[2]

    @classmethod
    def table(cls, value: object) -> dict[str, Any]:
        """Return the value as a table, a short form written out; raises ValueError for others."""
        if isinstance(value, Mapping):
            return dict(value)
        if not cls.short:
            first_key = cls.Options.allowed_keys()[0]
            raise ValueError(f"a table is needed: {{ {cls.kind()} = {{ {first_key} = ... }} }}")
        return {cls.short: value}

    @property
    def needs(self) -> Query | None:
        """A query that `Analysis.words` satisfies wherever the condition holds, if there is one.

        The engine reads a text once for all rules, and asks a condition only where its query holds.
        """
        return None

    def rules_out(self, glance: Glance) -> bool:
        """Return whether the condition cannot hold, by what is read of a feedback at a glance.

        History is read whole only where no condition of `all` rules it out.
        """
        return False

    @property
    def signals(self) -> tuple[str, ...]:
        """The names of the signals that it asks for.

        Names that nobody looks for are reported as mistakes.
        """
        return ()

    @property
    def facts(self) -> NeededFacts:
        """The facts beyond the feedback itself that it looks at; only these are loaded."""
        return NO_NEEDED_FACTS

    def find_gaps(self, workspace: Workspace) -> Sequence[str]:
        """Return what the configuration lacks for the condition ever to hold, a line for each.

        Each is reported as a mistake.
        """
        return ()

    @abstractmethod
    def check(self, evidence: Evidence) -> Clause | None:
        """Return why the condition holds for the evidence.

        None where it does not, or where that cannot be known.
        """

    @abstractmethod
    def describe(self) -> str:
        """Return what the condition asks for, in a few words that continue "the feedback ..."."""

    def measure(self, evidence: Evidence) -> str:
        """Return the figures that it looked at, for people, whether it holds or not.

        Empty where the clause says all there is.
        """
        return ""

    def clause(self, said: str, words: Sequence[str] = ()) -> Clause:
        """Return the clause that `check` answers with when the condition holds."""
        return Clause(self.kind(), said, tuple(words))


def enum_validator(names: type[EnumT]) -> BeforeValidator:
    """Return a validator that takes one of the names; its error suggests the nearest name."""
    allowed = [name.value for name in names]

    def parse_value(value: object) -> object:
        if isinstance(value, str) and value in allowed:
            return value
        raise ValueError(f"unknown value {value!r}; {suggest_nearest(str(value), allowed)}")

    return BeforeValidator(parse_value)


def ensure_sequence(value: object) -> object:
    """Return a single value as a tuple of one; a list or a tuple as it is."""
    return value if isinstance(value, (list, tuple)) else (value,)


def join_with_or(values: Sequence[str]) -> str:
    """Return the values for people: "a", "a or b", "a, b or c"."""
    return " or ".join(filter(None, (", ".join(values[:-1]), *values[-1:])))


Texts = Annotated[
    tuple[Annotated[str, Field(strict=True, min_length=1)], ...], BeforeValidator(ensure_sequence)
]
