"""How tests wait: for what has to come, however long a busy machine takes for it."""

import time
from collections.abc import Callable

#: Seconds after which what has not come never will. A test reaches it only when something is
#: broken, so it says nothing about how fast anything is.
LAST_RESORT = 120


def wait_until(true: Callable[[], bool], seconds: float = LAST_RESORT) -> bool:
    """Return whether something became true before the last resort."""
    end = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < end:
        time.sleep(0.01)
    return found
