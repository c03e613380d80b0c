"""Facts of the state database remembered for seconds, so that not every request reads them anew."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Values by key, each for so many seconds; at most so many keys, the oldest go first."""

    def __init__(
        self, seconds: float, most: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.seconds, self.most, self.clock = seconds, most, clock
        self._lock = threading.Lock()
        self._values: dict[str, tuple[float, Value]] = {}

    def get(self, key: str) -> Value | None:
        """Return what is remembered of a key, none where nothing is or it is too old."""
        found = self._values.get(key)
        if found is None or self.clock() - found[0] > self.seconds:
            return None
        return found[1]

    def put(self, key: str, value: Value) -> None:
        """Remember the value of a key from now on."""
        with self._lock:
            self._values.pop(key, None)
            while len(self._values) >= self.most:
                self._values.pop(next(iter(self._values)))
            self._values[key] = (self.clock(), value)

    def forget(self, key: str) -> None:
        """Forget what is remembered of a key."""
        with self._lock:
            self._values.pop(key, None)
