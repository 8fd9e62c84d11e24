"""What the team has taught, laid over what the other analyzers read."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.analysis.corrections import StageModel
from monitor.analysis.learning import TeamProblemModel
from monitor.domain.feedback import Analysis, Feedback


@dataclass(frozen=True, slots=True)
class ActiveTeamModels:
    """The models of the team that are used."""

    problem: TeamProblemModel | None = None
    stages: StageModel | None = None

    def apply_to_analysis(self, feedback: Feedback, analysis: Analysis) -> Analysis:
        """The analysis as the team would have it."""
        if self.stages is not None:  # first: it was learned beside the shipped probability
            analysis = self.stages.apply_to_analysis(feedback, analysis)
        return (
            analysis if self.problem is None else self.problem.apply_to_analysis(feedback, analysis)
        )
