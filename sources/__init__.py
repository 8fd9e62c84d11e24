"""Places that feedback comes from: one file per kind."""
