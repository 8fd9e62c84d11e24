"""What the team's verdicts teach."""
