"""What people do in Slack: received, written into the inbox, and carried out."""
