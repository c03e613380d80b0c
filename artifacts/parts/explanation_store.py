"""The explanation of a forecast, what its means are made of, as one Parquet file."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from configs.errors import DomainError
from models.demand.attribution.explanation import KEYS, Explanation


class ExplanationError(DomainError):
    """A stored explanation that cannot be read: says the file and what is wrong with it."""


def write_explanation(explanation: Explanation, path: Path) -> None:
    """Write the explanation of a forecast to `path`: one row per SKU and period, as `Explanation.frame`."""
    pq.write_table(pa.Table.from_pandas(explanation.frame(), preserve_index=False), path)


def read_explanation(path: Path) -> Explanation:
    """Read the explanation of a forecast that `write_explanation` wrote.

    Raises
    ------
    ExplanationError
        When the file is no such explanation.
    """
    try:
        frame = pd.read_parquet(path)
        parts = tuple(str(name) for name in frame.columns[len(KEYS) :])
        h = len(frame) // max(frame["unique_id"].nunique(), 1)
        units = frame[list(parts)].to_numpy(float).reshape(-1, h, len(parts))
        starts = np.append(frame["ds"].to_numpy()[:h], frame["end"].to_numpy()[h - 1 : h])
        return Explanation(frame["unique_id"].to_numpy(object)[::h], starts, parts, units)
    except (OSError, KeyError, ValueError, ZeroDivisionError) as error:
        raise ExplanationError(f"{path}: not a stored explanation ({error}); train again") from None
