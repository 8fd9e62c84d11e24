"""The side that is reached over HTTP: inbound hooks, health and metrics; no logic of its own."""
