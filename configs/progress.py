"""Progress of a long job, told to a callback: what is being done and how much of the whole is behind."""

import time
from collections.abc import Callable

Progress = Callable[[str, float], None]
"""Called with what is being done and the share of the whole that is behind, 0 … 1."""


def no_progress(what: str, done: float) -> None:
    """Progress callback that shows nothing."""


def sub_progress(progress: Progress, start: float, end: float) -> Progress:
    """Progress callback of one part of a job: its 0 … 1 is `start` … `end` of the whole job's `progress`."""
    return lambda what, done: progress(what, start + done * (end - start))


class Stopwatch:
    """Progress callback that passes on what it is told and keeps how many seconds each stage took.

    Attributes
    ----------
    seconds : stage → wall-clock seconds, of the stages that are over
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._stage = ""
        self._begun = time.perf_counter()
        self.seconds: dict[str, float] = {}

    def __call__(self, what: str, done: float) -> None:
        """Begin stage `what` at share `done` of the whole; the stage before is over."""
        now = time.perf_counter()
        if self._stage:
            self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + now - self._begun
        self._stage, self._begun = what, now
        self._progress(what, done)
