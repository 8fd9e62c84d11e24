"""Cards in Slack: `cards` writes them, `limits` weighs them, `sender` shows them."""
