"""One polite client for feeds and interfaces."""


class Http:
    """To be built."""
