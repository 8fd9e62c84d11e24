"""journey: the customer's stage, the touchpoint, and what the feedback is about."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from monitor.domain.alert import Clause
from monitor.domain.feedback import Driver, Evidence, Stage, Touchpoint
from rules.base import Condition, ConditionOptions, ensure_sequence, enum_validator, join_with_or


class JourneyOptions(ConditionOptions):
    """Which stages, touchpoints and drivers; all that is given must hold.

    Of each list one is enough.
    """

    #: where the customer is on the way; one is enough
    stage: Annotated[
        tuple[Annotated[Stage, enum_validator(Stage)], ...], BeforeValidator(ensure_sequence)
    ] = ()
    #: where it happened; one is enough
    touchpoint: Annotated[
        tuple[Annotated[Touchpoint, enum_validator(Touchpoint)], ...],
        BeforeValidator(ensure_sequence),
    ] = ()
    #: what it was about; one is enough
    driver: Annotated[
        tuple[Annotated[Driver, enum_validator(Driver)], ...], BeforeValidator(ensure_sequence)
    ] = ()


class JourneyCondition(Condition):
    """Holds where the journey was read and is as asked.

    What is unsure only holds where "unsure" is asked for.
    """

    Options = JourneyOptions
    short = "stage"

    def __init__(self, value: object) -> None:
        self._options = JourneyOptions.model_validate(self.table(value))

    def check(self, evidence: Evidence) -> Clause | None:
        """Return a clause with the stage, touchpoint and drivers asked for, or None."""
        analysis, options = evidence.analysis, self._options
        if options.stage and analysis.stage not in options.stage:
            return None
        if options.touchpoint and analysis.touchpoint not in options.touchpoint:
            return None
        drivers = [driver for driver in analysis.drivers or () if driver in options.driver]
        if options.driver and not drivers:
            return None
        said = []
        if options.stage:
            said.append(f"is at the stage {analysis.stage}")
        if options.touchpoint:
            said.append(f"happened at the touchpoint {analysis.touchpoint}")
        if drivers:
            said.append(f"is about {', '.join(drivers)}")
        return self.clause(" and ".join(said))

    def describe(self) -> str:
        """Return what is asked for: the stages, touchpoints and drivers."""
        options = self._options
        parts = []
        if options.stage:
            parts.append(f"is at the stage {join_with_or(options.stage)}")
        if options.touchpoint:
            parts.append(f"happened at the touchpoint {join_with_or(options.touchpoint)}")
        if options.driver:
            parts.append(f"is about {join_with_or(options.driver)}")
        return " and ".join(parts)
