"""What runs the poller, the sender, the timers and the other jobs at their times."""
