"""The people's side in Slack: what they click, type and ask there; no logic of its own."""
