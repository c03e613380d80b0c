"""A demand forecast as one Parquet file, and as the long frame other programs read."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from configs.errors import DomainError
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from distributions.levels import BACKTEST_LEVELS, level_column

_CUTOFF, _LATER_ENDS = b"purvey.cutoff", b"purvey.later_ends_days"


class ForecastError(DomainError):
    """A stored forecast that cannot be read: says the file and what is wrong with it."""


def write_forecast(forecast: DemandForecast, path: Path) -> None:
    """Write a demand forecast with all its quantile levels to the Parquet file `path`: one row per SKU and period.

    Columns: unique_id, k (1 … h), ds and end of the period, demand_class, reason, mean, q0.005 … q0.995 and, for the
    sum over the first k periods, cumulative_mean, cumulative_q0.005 … cumulative_q0.995. Where demand after the
    horizon is known, also later_mean, in the first row of each SKU the list of the means of these periods.
    """
    table = pa.table(_keys(forecast) | _values(forecast, np.arange(len(forecast.levels))))
    about = {_CUTOFF: str(forecast.cutoff).encode()}
    if forecast.knows_later:
        table = table.append_column("later_mean", _later_lists(forecast))
        about[_LATER_ENDS] = json.dumps(forecast.later_ends_days.tolist()).encode()
    pq.write_table(table.replace_schema_metadata(about), path)


def read_forecast(path: Path, unique_ids: NDArray[np.object_] | None = None) -> DemandForecast:
    """Read the demand forecast, with all its quantile levels, that `write_forecast` wrote; of some SKUs, or of all.

    Raises
    ------
    ForecastError
        When the file is no such forecast.
    """
    try:
        some = None if unique_ids is None else pc.field("unique_id").isin(pa.array(unique_ids))
        table = pq.read_table(path, filters=some)
        about = table.schema.metadata or {}
        later_ends = np.array(json.loads(about.get(_LATER_ENDS, b"[]")), float)
        return _forecast(table, pd.Timestamp(about[_CUTOFF].decode()), later_ends)
    except (OSError, pa.ArrowException, KeyError, ValueError) as error:
        raise ForecastError(f"{path}: not a stored forecast ({error}); train again") from None


def forecast_frame(forecast: DemandForecast) -> pd.DataFrame:
    """The stored demand forecast as a long frame of fewer levels: q0.05 … q0.95, cumulative_q0.05 … of the sum so far.

    Raises
    ------
    ForecastError
        When the forecast does not hold these 19 levels.
    """
    columns = np.searchsorted(forecast.levels, BACKTEST_LEVELS)
    if columns.max() >= len(forecast.levels) or not np.allclose(forecast.levels[columns], BACKTEST_LEVELS):
        raise ForecastError("the forecast does not hold the levels 0.05 … 0.95")
    return pd.DataFrame(_keys(forecast) | _values(forecast, columns))


def _keys(forecast: DemandForecast) -> dict[str, NDArray[np.generic]]:
    """Key columns of the stored forecast, (n · h,) each: SKU, step, period, class and reason."""
    n, h = forecast.mean.shape
    return {
        "unique_id": np.repeat(forecast.unique_ids, h),
        "k": np.tile(np.arange(1, h + 1), n),
        "ds": np.tile(forecast.starts[:-1].astype("datetime64[ns]"), n),
        "end": np.tile(forecast.starts[1:].astype("datetime64[ns]"), n),
        "demand_class": np.repeat(forecast.demand_class, h),
        "reason": np.repeat(forecast.reason, h),
    }


def _values(forecast: DemandForecast, level_rows: NDArray[np.int64]) -> dict[str, Array]:
    """Means and quantiles of periods and of running sums, (n · h,) each; of the levels numbered `level_rows`."""
    columns: dict[str, Array] = {}
    for prefix, mean, quantiles in (
        ("", forecast.mean, forecast.quantiles),
        ("cumulative_", forecast.cumulative_mean, forecast.cumulative),
    ):
        columns[f"{prefix}mean"] = mean.ravel()
        for q in level_rows:
            columns[level_column(forecast.levels[q], f"{prefix}q")] = quantiles[:, :, q].ravel()
    return columns


def _later_lists(forecast: DemandForecast) -> pa.ListArray:
    """Means of the periods after the horizon as lists (n · h,), in the first row of each SKU; the others' are null."""
    n, h = forecast.mean.shape
    ends = np.repeat(np.arange(1, n + 1) * forecast.later_mean.shape[1], h)
    first = np.arange(n * h) % h == 0
    offsets = np.append(0, ends).astype(np.int32)
    return pa.ListArray.from_arrays(
        pa.array(offsets), pa.array(forecast.later_mean.ravel()), mask=pa.array(~first)
    )


def _forecast(table: pa.Table, cutoff: pd.Timestamp, later_ends: Array) -> DemandForecast:
    """The demand forecast, arrays (n, h, …), from the rows of its stored table."""
    h = int(np.max(table["k"].to_numpy()))
    shape = (table.num_rows // h, h)
    names = [name for name in table.column_names if name.startswith("q0.")]

    def text(name: str) -> NDArray[np.object_]:
        return np.array(table[name].slice(0).to_pylist()[::h], object)

    def array(name: str) -> Array:
        return np.asarray(table[name].to_numpy().reshape(shape))

    ds, end = table["ds"].to_numpy()[:h], table["end"].to_numpy()[:h]
    later = np.empty(0)
    if len(later_ends):
        later = table["later_mean"].combine_chunks().flatten().to_numpy()
    return DemandForecast(
        unique_ids=text("unique_id"),
        cutoff=cutoff,
        starts=np.append(ds, end[-1:]),
        levels=np.array([float(name.removeprefix("q")) for name in names]),
        mean=array("mean"),
        quantiles=np.stack([array(name) for name in names], axis=2),
        cumulative_mean=array("cumulative_mean"),
        cumulative=np.stack([array(f"cumulative_{name}") for name in names], axis=2),
        demand_class=text("demand_class"),
        reason=text("reason"),
        later_mean=later.reshape(shape[0], len(later_ends)),
        later_ends_days=later_ends,
    )
