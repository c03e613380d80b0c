"""How a long job says where it is."""

import time
from collections.abc import Callable

Progress = Callable[[str, float], None]
"""Called with what is being done and the share of the whole that is behind, 0 … 1."""


def silent(what: str, done: float) -> None:
    """Say nothing."""


def part(progress: Progress, start: float, end: float) -> Progress:
    """Return a progress whose 0 … 1 is `start` … `end` of another one's."""
    return lambda what, done: progress(what, start + done * (end - start))


class Stopwatch:
    """A progress that passes on what it is told and keeps how long each stage took."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._what = ""
        self._since = time.perf_counter()
        self.seconds: dict[str, float] = {}

    def __call__(self, what: str, done: float) -> None:
        """Begin stage `what`; the one before is over."""
        now = time.perf_counter()
        if self._what:
            self.seconds[self._what] = self.seconds.get(self._what, 0.0) + now - self._since
        self._what, self._since = what, now
        self._progress(what, done)
