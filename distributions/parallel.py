"""Work on the rows of many SKUs, chunk by chunk in parallel threads: NumPy lets other threads run while it computes."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from distributions.cancellation import cancellable, current_token

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")
Rows = NDArray[np.intp]

CACHE_ROWS = 8_192
"""Rows that fit a processor's cache with their temporaries, some dozen numbers each."""


def row_chunks(rows: Rows, size: int) -> list[Rows]:
    """Split row numbers `rows` (m,) into chunks of `size`, in their order; the last one may be shorter."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def map_in_threads(work: Callable[[Chunk], Result], chunks: Sequence[Chunk]) -> Iterator[Result]:
    """Results of `work` on each chunk, in their order, computed in parallel threads on all processors.

    Work that was cancelled (`distributions.cancellation`) begins no further chunk.
    """
    token = current_token()

    def checked(chunk: Chunk) -> Result:
        token.check()
        with cancellable(token):  # threads do not know it by themselves
            return work(chunk)

    if len(chunks) < 2:
        yield from map(checked, chunks)
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(checked, chunks)


def row_slices(n: int) -> list[slice]:
    """Slices that cut `n` rows into chunks of `CACHE_ROWS`; one empty slice where there are no rows."""
    return [slice(start, start + CACHE_ROWS) for start in range(0, max(n, 1), CACHE_ROWS)]


def concat_row_slices(work: Callable[[slice], NDArray[np.float64]], n: int) -> NDArray[np.float64]:
    """Array (n, …) put together from `work` on each of the `row_slices` of n rows, computed in parallel threads."""
    return np.concatenate(list(map_in_threads(work, row_slices(n))))
