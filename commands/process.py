"""Settings of the whole process, made before the libraries that read them are imported."""

import ctypes
import gc
import os
import sys

_M_MMAP_MAX, _M_TRIM_THRESHOLD = -4, -1  # of glibc's malloc.h


def settle_process() -> None:
    """Settle the process before it imports anything: threads wait asleep, pandas copies on write, Arrow shares memory.

    Spinning OpenMP threads took five times the time on a machine shared with others. Copy on write is what pandas 3
    does; it takes a fifth off the check of a million order lines.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("PANDAS_COPY_ON_WRITE", "1")
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")


def keep_freed_memory() -> None:
    """Let the process keep the memory it frees, for its next array; no effect outside Linux with glibc.

    Work on whole tables makes and drops arrays of many megabytes by the thousand. Returned and asked for again each
    time, their pages cost a fifth of the processor time of a large plan, for 5 % less memory at its peak.
    """
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "mallopt"):
        library.mallopt(_M_MMAP_MAX, 0)
        library.mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)


def look_for_garbage_rarely() -> None:
    """Have Python look for cycles of unused objects rarely, in a process that does one job and ends.

    A plan makes objects by the million that are all kept, and looking through them again and again took a tenth of a
    large one.
    """
    gc.set_threshold(200_000, 50, 50)
