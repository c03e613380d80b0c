"""Work on many SKUs in chunks, on all processors: NumPy lets threads run while it computes."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")
Rows = NDArray[np.intp]

PART = 8_192
"""Rows that fit a processor's cache with their temporaries, some dozen numbers each."""


def chunks_of(rows: Rows, size: int) -> list[Rows]:
    """`rows` in their order, `size` at a time."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def side_by_side(play: Callable[[Chunk], Result], chunks: Sequence[Chunk]) -> Iterator[Result]:
    """Results of `play` for each chunk, in their order."""
    if len(chunks) < 2:
        yield from map(play, chunks)
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(play, chunks)


def parts_of(n: int) -> list[slice]:
    """`n` rows, `PART` at a time; one empty part where there are none."""
    return [slice(start, start + PART) for start in range(0, max(n, 1), PART)]


def in_parts(play: Callable[[slice], NDArray[np.float64]], n: int) -> NDArray[np.float64]:
    """Array (n, …) put together of `play` for each of `parts_of`."""
    return np.concatenate(list(side_by_side(play, parts_of(n))))
