"""What a condition over a window is: one that counts what came before, not the feedback alone."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable
from datetime import timedelta
from typing import ClassVar

from monitor.domain.alert import Clause
from monitor.domain.feedback import Evidence
from monitor.domain.window import WindowHistory, WindowView
from rules.base import Condition


class WindowCondition(Condition):
    """A test of how much there is for which the other conditions of the rule hold, and of what.

    It stands in `all`. A window is never emptied by an alert, lasts over restarts, and counts what
    arrives late where it was written.
    """

    #: whether it is asked each hour too, with the latest feedback in hand: when nothing arrives
    is_asked_hourly: ClassVar[bool] = False
    counts_arrivals: ClassVar[bool] = True
    #: whether it reads the words of what it counts
    reads_words: ClassVar[bool] = False

    @property
    @abstractmethod
    def span(self) -> timedelta:
        """How far before the feedback in hand it looks."""

    @property
    def memory(self) -> timedelta:
        """How far before the hour in hand it learns what is usual; zero where it does not."""
        return timedelta()

    @property
    def alarms_per_month(self) -> float:
        """About how many false alarms it promises in 28 days; 0 where it promises nothing."""
        return 0.0

    @property
    def key(self) -> Hashable:
        """What tells apart conditions that learn different things."""
        return self.kind(), self.describe()

    def learn(self, known: object, history: WindowHistory) -> object:
        """Return what is usual, from all that had arrived before an hour.

        `known` is what was learned before, of an earlier hour, or None: then `history` has all.
        """
        return None

    def check(self, evidence: Evidence) -> Clause | None:
        """Return a clause with the figures, or None; None too where the window is not known."""
        return None if evidence.window is None else self.check_window(evidence.window, evidence)

    def measure(self, evidence: Evidence) -> str:
        """Return the figures that it looked at, for people; empty where they are not known."""
        return "" if evidence.window is None else self.measure_window(evidence.window, evidence)

    @abstractmethod
    def check_window(self, window: WindowView, evidence: Evidence) -> Clause | None:
        """Return why the condition holds, or None."""

    @abstractmethod
    def measure_window(self, window: WindowView, evidence: Evidence) -> str:
        """Return the figures in a few words, whether the condition holds or not."""
