"""Rows of whatever holds n of them: arrays, frames, distributions, and dataclasses of these."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Distribution


def take_rows(value: Any, rows: NDArray[np.intp]) -> Any:
    """`rows` (k,) of an array, frame, distribution or dataclass of these; all else as it is."""
    if isinstance(value, pd.DataFrame):
        return value.iloc[rows].reset_index(drop=True)
    if isinstance(value, np.ndarray | Distribution):
        return value[rows]
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{part.name: take_rows(getattr(value, part.name), rows) for part in fields(value)}
        )
    return value
