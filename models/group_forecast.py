"""Demand of groups of SKUs (a category, a store, all of them), as arrays and as one Parquet file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from models.forecast_store import level_column
from planning.distributions import BACKTEST_LEVELS, Array

FILE = "forecast_groups.parquet"


class GroupForecastError(ValueError):
    """A stored forecast of groups that cannot be read: says the file and what is wrong with it."""


@dataclass(frozen=True)
class GroupForecast:
    """Forecasts of G groups for h periods, at the Q levels 0.05 … 0.95.

    Attributes
    ----------
    level : array (G,) of str, what the groups are made by: `all`, or the column of `items`
    group : array (G,) of str, the value that its SKUs share, "" for those without one
    skus : array (G,), number of SKUs
    starts : array (h + 1,) of datetime64[ns]: the starts of the h periods, then the end of the last
    mean, cumulative_mean : arrays (G, h), the sums of the SKUs' means
    quantiles, cumulative : arrays (G, h, Q), of periods and of the demand of the first k periods together
    """

    level: NDArray[np.object_]
    group: NDArray[np.object_]
    skus: NDArray[np.int64]
    starts: NDArray[np.datetime64]
    mean: Array
    quantiles: Array
    cumulative_mean: Array
    cumulative: Array

    @property
    def levels(self) -> list[str]:
        """The levels there are, in the order of the rows."""
        return list(dict.fromkeys(self.level.tolist()))

    def select(self, rows: NDArray[np.int64]) -> Self:
        """The forecast of some groups."""
        return type(self)(
            self.level[rows], self.group[rows], self.skus[rows], self.starts, self.mean[rows], self.quantiles[rows],
            self.cumulative_mean[rows], self.cumulative[rows],
        )  # fmt: skip

    def frame(self) -> pd.DataFrame:
        """One row per group and period.

        Columns: level, group, skus, k (1 … h), ds and end of the period, mean, q0.05 … q0.95 and, for the sum over
        the first k periods, cumulative_mean, cumulative_q0.05 … cumulative_q0.95.
        """
        count, h = self.mean.shape
        columns = {
            "level": np.repeat(self.level, h),
            "group": np.repeat(self.group, h),
            "skus": np.repeat(self.skus, h),
            "k": np.tile(np.arange(1, h + 1), count),
            "ds": np.tile(self.starts[:-1].astype("datetime64[ns]"), count),
            "end": np.tile(self.starts[1:].astype("datetime64[ns]"), count),
        }
        for prefix, mean, quantiles in (
            ("", self.mean, self.quantiles),
            ("cumulative_", self.cumulative_mean, self.cumulative),
        ):
            columns[f"{prefix}mean"] = mean.ravel()
            columns |= {name: quantiles[:, :, q].ravel() for q, name in enumerate(_names(f"{prefix}q"))}
        return pd.DataFrame(columns)

    def write(self, path: Path) -> None:
        """Write one row per group and period, as `frame`."""
        pq.write_table(pa.Table.from_pandas(self.frame(), preserve_index=False), path)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `write` wrote.

        Raises
        ------
        GroupForecastError
            When the file is no such forecast.
        """
        try:
            return cls._of(pd.read_parquet(path))
        except (OSError, KeyError, ValueError) as error:
            raise GroupForecastError(
                f"{path}: not a stored forecast of groups ({error}); train again"
            ) from None

    @classmethod
    def _of(cls, frame: pd.DataFrame) -> Self:
        h = int(frame["k"].max())
        first = frame.iloc[::h]

        def array(*names: str) -> Array:
            values = frame[list(names)].to_numpy(float)
            return np.asarray(values.reshape(len(first), h, len(names)))

        return cls(
            level=first["level"].to_numpy(object),
            group=first["group"].to_numpy(object),
            skus=first["skus"].to_numpy(np.int64),
            starts=np.append(frame["ds"].to_numpy()[:h], frame["end"].to_numpy()[h - 1 : h]),
            mean=array("mean")[..., 0],
            quantiles=array(*_names("q")),
            cumulative_mean=array("cumulative_mean")[..., 0],
            cumulative=array(*_names("cumulative_q")),
        )


def no_groups(starts: NDArray[np.datetime64]) -> GroupForecast:
    """Return the forecast of no groups."""
    name, count = np.zeros(0, object), np.zeros(0, np.int64)
    mean = np.zeros((0, len(starts) - 1))
    quantiles = np.zeros((*mean.shape, len(BACKTEST_LEVELS)))
    return GroupForecast(name, name, count, starts, mean, quantiles, mean, quantiles)


def _names(prefix: str) -> list[str]:
    return [level_column(level, prefix) for level in BACKTEST_LEVELS]
