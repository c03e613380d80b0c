"""A forecast of groups of SKUs as one Parquet file."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from configs.errors import DomainError
from distributions.distribution import Array
from distributions.levels import quantile_columns
from models.demand.groups.group_forecast import GroupForecast

GROUP_FORECAST_FILE = "forecast_groups.parquet"


class GroupForecastError(DomainError):
    """A stored forecast of groups that cannot be read: says the file and what is wrong with it."""


def write_group_forecast(forecast: GroupForecast, path: Path) -> None:
    """Write the forecast of groups of SKUs to `path`: one row per group and period, as `GroupForecast.frame`."""
    pq.write_table(pa.Table.from_pandas(forecast.frame(), preserve_index=False), path)


def read_group_forecast(path: Path) -> GroupForecast:
    """Read the forecast of groups of SKUs that `write_group_forecast` wrote.

    Raises
    ------
    GroupForecastError
        When the file is no such forecast.
    """
    try:
        return _group_forecast(pd.read_parquet(path))
    except (OSError, KeyError, ValueError) as error:
        raise GroupForecastError(f"{path}: not a stored forecast of groups ({error}); train again") from None


def _group_forecast(frame: pd.DataFrame) -> GroupForecast:
    """Arrays (G groups, h periods, …) from the stored rows of a forecast of groups."""
    h = int(frame["k"].max())
    first = frame.iloc[::h]

    def array(*names: str) -> Array:
        values = frame[list(names)].to_numpy(float)
        return np.asarray(values.reshape(len(first), h, len(names)))

    return GroupForecast(
        level=first["level"].to_numpy(object),
        group=first["group"].to_numpy(object),
        skus=first["skus"].to_numpy(np.int64),
        starts=np.append(frame["ds"].to_numpy()[:h], frame["end"].to_numpy()[h - 1 : h]),
        mean=array("mean")[..., 0],
        quantiles=array(*quantile_columns("q")),
        cumulative_mean=array("cumulative_mean")[..., 0],
        cumulative=array(*quantile_columns("cumulative_q")),
    )
