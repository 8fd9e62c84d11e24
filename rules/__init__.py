"""Rules: what they say, how they are read, and which of them hold for a feedback."""
