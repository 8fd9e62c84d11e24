"""Slack: `client` calls it, `views` and `blocks` render, `limits` checks, `notifier` sends."""
