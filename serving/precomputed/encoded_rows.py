"""Encoded rows of answers: JSON that was written before, kept by key within a bound of bytes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence

import orjson

OVERHEAD = 200
"""Bytes that a row takes besides its JSON: its key, and its place in the order."""


class EncodedRows:
    """Keeps encoded rows until they are `most_bytes` together, then drops the one asked for longest ago."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._rows: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, key: Hashable) -> bytes | None:
        """The encoded row of a key, none where it is not kept."""
        with self._lock:
            row = self._rows.get(key)
            if row is not None:
                self._rows.move_to_end(key)
            return row

    def keep(self, key: Hashable, row: bytes) -> None:
        """Keep an encoded row; one that is larger than the bound is not kept."""
        with self._lock:
            self._drop(key)
            self._rows[key] = row
            self.bytes += len(row) + OVERHEAD
            while self.bytes > self.most_bytes:
                self._drop(next(iter(self._rows)))

    def _drop(self, key: Hashable) -> None:
        row = self._rows.pop(key, None)
        if row is not None:
            self.bytes -= len(row) + OVERHEAD

    def rows(
        self, keys: Sequence[Hashable], encode: Callable[[list[int]], list[bytes]]
    ) -> list[orjson.Fragment]:
        """Encoded rows of all keys; `encode` makes those at the positions in `keys` that are not kept."""
        found = [self.get(key) for key in keys]
        missing = [at for at, row in enumerate(found) if row is None]
        if missing:
            for at, row in zip(missing, encode(missing), strict=True):
                found[at] = row
                self.keep(keys[at], row)
        return [orjson.Fragment(row) for row in found if row is not None]
