"""Whether repwatch itself is well: alerts about blind sources, and the watchdog of the program."""
