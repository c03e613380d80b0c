"""A worker ends with its supervisor, even one that is killed: else it would hold the port, and nobody could serve."""

import ctypes
import logging
import os
import signal
import sys

SUPERVISOR = "PURVEY_SUPERVISOR"
"""Environment variable with the process id of the supervisor, set by `purvey serve`."""

_PR_SET_PDEATHSIG = 1  # of Linux's prctl.h

log = logging.getLogger("purvey.serving")


def end_with_supervisor() -> None:
    """Have the kernel end this worker when its supervisor dies; at once where it is dead already.

    No effect outside Linux, nor where nobody says who supervises, nor in the supervisor itself.
    """
    supervisor = os.environ.get(SUPERVISOR, "")
    if sys.platform != "linux" or not supervisor.isdigit() or int(supervisor) == os.getpid():
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(supervisor):  # it died before the kernel knew
        log.error("the supervisor, process %s, is gone; this worker ends", supervisor)
        os._exit(1)
