"""What happens to an alert until it is closed: what people do, what timers do, and the audit of both."""
