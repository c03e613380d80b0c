"""Settled memory: what stays as long as the process is taken out of its search for garbage.

A worker holds hundreds of thousands of objects of the champion, its plan and imported modules. To look through them for
cycles stops the event loop for tens of milliseconds, every few seconds under load.
"""

import gc
import sys


class SettledMemory:
    """Settles what is there now: when something new is served, and when modules were imported with a first request."""

    def __init__(self) -> None:
        self._modules = 0

    def settle(self) -> None:
        """Collect the garbage there is, and never look through what is left again."""
        gc.collect()
        gc.freeze()
        self._modules = len(sys.modules)

    def settle_new_modules(self) -> None:
        """Settle where modules were imported since: a bounded number of times, since garbage of that moment stays."""
        if len(sys.modules) > self._modules:
            self.settle()
