"""What happens to an alert until it is closed: actions of people, timers, and the timers' audit."""
