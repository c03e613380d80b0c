"""Limits of what an assistant may ask: SKUs a call, and calls a minute."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock

from serving.http.problems import Problem

MOST_SKUS = 50
"""SKUs or lanes of one call: what an assistant can still read."""

CALLS_A_MINUTE = 60


class CallLimits:
    """Counts the calls of the last minute; many threads may ask at once."""

    def __init__(
        self,
        *,
        most_skus: int = MOST_SKUS,
        calls_a_minute: int = CALLS_A_MINUTE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.most_skus, self.calls_a_minute = most_skus, calls_a_minute
        self._clock, self._lock = clock, Lock()
        self._calls: deque[float] = deque()

    def count(self, asked: Sequence[object] = ()) -> None:
        """Count one call about these SKUs.

        Raises
        ------
        Problem
            422 when they are too many, 429 when there were too many calls within the last minute.
        """
        if len(asked) > self.most_skus:
            raise Problem(
                422,
                "too_many",
                f"{len(asked)} are asked about, {self.most_skus} is the most in one call; ask in parts",
            )
        with self._lock:
            now = self._clock()
            while self._calls and self._calls[0] <= now - 60:
                self._calls.popleft()
            if len(self._calls) >= self.calls_a_minute:
                wait = 60 - (now - self._calls[0])
                raise Problem(
                    429,
                    "too_often",
                    f"{self.calls_a_minute} calls a minute are the most; ask again in {wait:.0f} s",
                )
            self._calls.append(now)
