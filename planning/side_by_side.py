"""Work on many SKUs in chunks, on all processors: NumPy lets threads run while it computes."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Result = TypeVar("Result")
Rows = NDArray[np.intp]


def chunks_of(rows: Rows, size: int) -> list[Rows]:
    """`rows` in their order, `size` at a time."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def side_by_side(play: Callable[[Rows], Result], chunks: Sequence[Rows]) -> Iterator[Result]:
    """Results of `play` for each chunk, in their order."""
    if len(chunks) < 2:
        yield from map(play, chunks)
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(play, chunks)
