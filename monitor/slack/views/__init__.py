"""What Slack shows: one module for each screen."""
