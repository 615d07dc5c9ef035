"""What the machine gives this process."""

import os


def usable_cores() -> int:
    """The cores that this process may use; where the system does not say, those that there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
