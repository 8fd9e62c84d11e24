"""What a rule can ask for: one file per kind of condition."""
