"""A clock that only a test moves."""


class Clock:
    """Seconds since 1970, standing still until `forward` is called; servers take it as their
    clock.
    """

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self.now += seconds
