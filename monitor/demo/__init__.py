"""The demo: four recorded weeks, replayed through the real sources from a local server."""
