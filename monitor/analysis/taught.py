"""The team's models, applied to what the other analyzers read."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.analysis.corrections import StageModel
from monitor.analysis.learning import TeamProblemModel
from monitor.domain.feedback import Analysis, Feedback


@dataclass(frozen=True, slots=True)
class ActiveTeamModels:
    """The models of the team that are in use; None where one is not."""

    problem: TeamProblemModel | None = None
    stages: StageModel | None = None

    def apply_to_analysis(self, feedback: Feedback, analysis: Analysis) -> Analysis:
        """Return the analysis with the team's stage and probability."""
        if self.stages is not None:  # first: it was learned beside the shipped probability
            analysis = self.stages.apply_to_analysis(feedback, analysis)
        return (
            analysis if self.problem is None else self.problem.apply_to_analysis(feedback, analysis)
        )
