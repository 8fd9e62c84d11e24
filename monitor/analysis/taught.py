"""What the team has taught, laid over what the other analyzers read."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.analysis.corrections import StageModel
from monitor.analysis.learning import TeamModel
from monitor.domain.feedback import Analysis, Feedback


@dataclass(frozen=True, slots=True)
class Taught:
    """The models of the team that are used."""

    problem: TeamModel | None = None
    stages: StageModel | None = None

    def applied(self, feedback: Feedback, analysis: Analysis) -> Analysis:
        """The analysis as the team would have it."""
        if self.stages is not None:  # first: it was learned beside the shipped probability
            analysis = self.stages.applied(feedback, analysis)
        return analysis if self.problem is None else self.problem.applied(feedback, analysis)
