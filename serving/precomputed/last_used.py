"""What was made for the requests before: the last some of it, kept by key."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any


class LastUsed:
    """Keeps the `most` things asked for last."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What is kept under a key, made now where there is nothing; what cannot be made is not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()  # not under the lock: others' need not wait for it
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return made
