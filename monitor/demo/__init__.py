"""Four recorded weeks, replayed through the real sources from a server in this package."""
