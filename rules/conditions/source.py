"""source: where the feedback comes from."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from monitor.domain.alert import Clause
from monitor.domain.feedback import Evidence, Glance, Kind
from monitor.settings import Name
from rules.base import Condition, ConditionOptions, ensure_sequence, enum_validator, join_with_or


class SourceConditionOptions(ConditionOptions):
    """Which sources, by their ids, and which kinds of feedback; all that is given must hold.

    Ids are those in the configuration.
    """

    #: of a source in `config.toml`; one is enough
    id: Annotated[tuple[Name, ...], BeforeValidator(ensure_sequence)] = ()
    #: what the feedback is; one is enough
    kind: Annotated[
        tuple[Annotated[Kind, enum_validator(Kind)], ...], BeforeValidator(ensure_sequence)
    ] = ()


class SourceCondition(Condition):
    """Holds where the feedback comes from one of the sources, and is of one of the kinds."""

    Options = SourceConditionOptions
    short = "id"

    def __init__(self, value: object) -> None:
        self._options = SourceConditionOptions.model_validate(self.table(value))

    def check(self, evidence: Evidence) -> Clause | None:
        """Return a clause with the kind and the source, or None."""
        feedback, options = evidence.feedback, self._options
        if options.id and feedback.source_id not in options.id:
            return None
        if options.kind and feedback.kind not in options.kind:
            return None
        return self.clause(f"is a {feedback.kind} from {feedback.source_id}")

    def rules_out(self, glance: Glance) -> bool:
        """Return whether it comes from none of the sources."""
        return bool(self._options.id) and glance.source_id not in self._options.id

    def describe(self) -> str:
        """Return what is asked for: the kinds and the sources."""
        kinds, ids = self._options.kind, self._options.id
        what = f"is a {join_with_or(kinds)}" if kinds else "comes"
        return f"{what} from {join_with_or(ids)}" if ids else what
