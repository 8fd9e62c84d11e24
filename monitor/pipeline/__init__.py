"""The path from a source to a card: poll or receive, sanitize, ingest, group, send."""
