"""Demand as dense arrays: one row a SKU, one column a period."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import DataConfig
from features.contract.calendar import infer_freq, season_length
from features.contract.tables import TABLES, DataError, Tables
from features.demand.censoring import completed
from features.demand.succession import Succession, succession
from features.orders.supplier_calendar import of_customers

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """n SKUs over T periods, all on one calendar.

    Attributes
    ----------
    unique_ids : array (n,) of str, sorted
    ds : array (T,) of datetime64[ns], period starts, rising
    freq : pandas alias of the period starts
    y : array (n, T), quantity demanded; NaN before a SKU's first row and where missing
    in_stock : bool array (n, T); False: `y` is only a lower bound of the demand
    covariates : name → array (n, T + future), NaN where it was not known at the cutoff
    known : names of the covariates known in advance
    events : name → array (n, T + future) of 0/1
    static : one row per SKU in the order of `unique_ids`: category, department, description, extra columns
    succession : which SKUs take over from which, none: nothing is replaced; `y` is what each sold itself
    """

    unique_ids: NDArray[np.object_]
    ds: NDArray[np.datetime64]
    freq: str
    y: Array
    in_stock: NDArray[np.bool_]
    static: pd.DataFrame
    covariates: dict[str, Array] = field(default_factory=dict)
    known: tuple[str, ...] = ()
    events: dict[str, Array] = field(default_factory=dict)
    succession: Succession | None = None

    def __len__(self) -> int:
        return len(self.unique_ids)

    @property
    def periods(self) -> int:
        """Number of periods T."""
        return len(self.ds)

    @property
    def cutoff(self) -> pd.Timestamp:
        """Start of the last period."""
        return pd.Timestamp(self.ds[-1])

    @cached_property
    def learned(self) -> Array:
        """`y` as models learn from it, (n, T): censored periods hold the demand that was to be expected there."""
        return completed(self.y, self.in_stock, season_length(self.freq))

    def future(self, h: int) -> NDArray[np.datetime64]:
        """Starts of the h periods after the last one, then the end of the last of them: shape (h + 1,)."""
        return np.asarray(pd.date_range(self.cutoff, periods=h + 2, freq=self.freq)[1:])

    def until(self, periods: int) -> Self:
        """The panel as it was after its first `periods` periods (covariates not known in advance are cut).

        SKUs that had not started yet stay, as rows without demand. Successions that had not begun are not known,
        unless their start was planned.
        """
        covariates = {
            name: values if name in self.known else _blank_after(values, periods)
            for name, values in self.covariates.items()
        }
        before = replace(
            self,
            ds=self.ds[:periods],
            y=self.y[:, :periods],
            in_stock=self.in_stock[:, :periods],
            covariates=covariates,
        )
        if self.succession is not None:
            before = replace(before, succession=self.succession.until(before.future(1)[0]))
        # no period of it depends on later ones, and a backtest asks for many origins
        vars(before)["learned"] = self.learned[:, :periods]
        return before


def make_panel(
    tables: Tables,
    data: DataConfig,
    *,
    freq: str | None = None,
    cutoff: pd.Timestamp | None = None,
    horizon: int = 0,
) -> Panel:
    """Lay `demand` (and what `items` and `events` say about it) out on one calendar.

    Rows inside one period are summed (covariates averaged). A period without a row after a SKU's first one is
    zero demand or missing, as `data.gaps` says. Items without any demand are rows of NaN: new SKUs.

    Parameters
    ----------
    freq : pandas alias of the period starts; none: that of the config, else inferred
    cutoff : last period start to see; none: the last one with demand
    horizon : periods past the end for which known covariates and events are laid out

    Raises
    ------
    DataError
        When no demand lies at or before the cutoff, or a covariate of the config is not in the table.
    """
    demand = tables.demand
    absent = [name for name in data.covariates if name not in demand.columns]
    if absent:
        raise DataError(f"demand has no column {absent[0]!r}, named under data.covariates in the config")
    seen = demand[demand["y"].notna()] if cutoff is None else demand[demand["ds"] <= cutoff]
    if not len(seen):
        raise DataError("demand has no row" + (f" at or before {cutoff:%Y-%m-%d}" if cutoff else ""))
    alias = freq or data.freq or infer_freq(demand["ds"])
    offset = pd.tseries.frequencies.to_offset(alias)
    first, last = offset.rollback(seen["ds"].min()), offset.rollback(seen["ds"].max())
    ds = pd.date_range(first, last, freq=alias)
    calendar = ds.union(pd.date_range(last, periods=horizon + 1, freq=alias))
    code, sold = pd.factorize(demand["unique_id"])
    unique_ids = np.array(sorted(set(sold) | set(tables.items["unique_id"])), object)
    grid = _Grid(len(unique_ids), calendar, pd.Index(unique_ids).get_indexer(sold)[code], demand["ds"])
    y, in_stock = _demand(grid, demand, len(ds), data)
    static = _static(tables.items, unique_ids)
    known = tuple(name for name, covariate in data.covariates.items() if covariate.known_in_advance)
    covariates = {}
    for name in data.covariates:
        values = grid.mean(demand[name].to_numpy(float, na_value=np.nan))
        covariates[name] = values if name in known else _blank_after(values, len(ds))
    return Panel(
        unique_ids=unique_ids,
        ds=ds.to_numpy(),
        freq=alias,
        y=y,
        in_stock=in_stock,
        static=static,
        covariates=covariates,
        known=known,
        events=_events(of_customers(tables.events), unique_ids, static, calendar),
        succession=succession(tables.items, unique_ids, y, _with_next(ds, alias)),
    )


class _Grid:
    """Where each row of a long table falls in an (n, T + horizon) array; rows outside fall nowhere."""

    def __init__(
        self, n: int, calendar: pd.DatetimeIndex, rows: NDArray[np.int64], row_ds: pd.Series
    ) -> None:
        self.shape = (n, len(calendar))
        columns = _columns(calendar, row_ds)
        self.inside = columns >= 0
        self.flat = rows[self.inside] * self.shape[1] + columns[self.inside]

    def total(self, values: Array) -> Array:
        """Sum per cell, values that are NaN left out; shape (n, T + horizon)."""
        kept = values[self.inside]
        sums = np.bincount(self.flat, np.nan_to_num(kept), minlength=self.shape[0] * self.shape[1])
        return np.asarray(sums.reshape(self.shape), np.float64)

    def mean(self, values: Array) -> Array:
        """Mean per cell; NaN where nothing is known."""
        count = self.total((~np.isnan(values)).astype(float))
        return np.asarray(np.where(count > 0, self.total(values) / np.maximum(count, 1), np.nan))


def _columns(calendar: pd.DatetimeIndex, ds: pd.Series) -> NDArray[np.int64]:
    """Period of each date, −1 outside the calendar."""
    dates = ds.to_numpy("datetime64[ns]")
    end = (calendar[-1] + calendar.freq).to_datetime64() if calendar.freq is not None else _end(calendar)
    columns = np.searchsorted(calendar.to_numpy(), dates, side="right") - 1
    return np.asarray(np.where(dates < end, columns, -1), np.int64)


def _with_next(ds: pd.DatetimeIndex, freq: str) -> NDArray[np.datetime64]:
    return np.append(ds.to_numpy(), pd.date_range(ds[-1], periods=2, freq=freq)[1].to_datetime64())


def _end(calendar: pd.DatetimeIndex) -> np.datetime64:
    width = calendar[-1] - calendar[-2] if len(calendar) > 1 else pd.Timedelta(days=1)
    return np.datetime64((calendar[-1] + width).to_datetime64())


def _demand(
    grid: _Grid, demand: pd.DataFrame, periods: int, data: DataConfig
) -> tuple[Array, NDArray[np.bool_]]:
    y = demand["y"].to_numpy(float, na_value=np.nan)
    rows = grid.total(np.ones(len(demand)))[:, :periods]
    filled = grid.total((~np.isnan(y)).astype(float))[:, :periods]
    summed = grid.total(y)[:, :periods]
    started = np.cumsum(rows > 0, axis=1) > 0
    no_row = 0.0 if data.gaps == "zero" else np.nan
    values = np.where(filled > 0, summed, np.where((rows == 0) & started, no_row, np.nan))
    out = demand["in_stock"].to_numpy(float, na_value=1.0) == 0
    return values, grid.total(out.astype(float))[:, :periods] == 0


def _static(items: pd.DataFrame, unique_ids: NDArray[np.object_]) -> pd.DataFrame:
    extra = [c for c in items.columns if c not in TABLES["items"]]
    columns = ["category", "department", "description", *extra]
    return items.set_index("unique_id")[columns].reindex(unique_ids).reset_index(drop=True)


def _events(
    events: pd.DataFrame, unique_ids: NDArray[np.object_], static: pd.DataFrame, calendar: pd.DatetimeIndex
) -> dict[str, Array]:
    """Each event's 0/1 array; an event for everybody is one row, broadcast without copies."""
    shape = (len(unique_ids), len(calendar))
    columns = _columns(calendar, events["ds"])
    categories = static["category"].to_numpy(object)
    result: dict[str, Array] = {}
    for name, place in _by_name(events["name"]).items():
        happenings, at = events.iloc[place], columns[place]
        result[name] = _spread(happenings, at, unique_ids, categories, shape)
    return {name: values for name, values in result.items() if values.any()}


def _spread(
    happenings: pd.DataFrame,
    at: NDArray[np.int64],
    unique_ids: NDArray[np.object_],
    categories: NDArray[np.object_],
    shape: tuple[int, int],
) -> Array:
    """One event's array: rows for everybody, for a category or for one SKU."""
    inside = at >= 0
    own = happenings["unique_id"].notna().to_numpy()
    wide = happenings["category"].notna().to_numpy() & ~own
    everybody = np.zeros(shape[1])
    everybody[at[inside & ~own & ~wide]] = 1.0
    if not (inside & (own | wide)).any():
        return np.broadcast_to(everybody, shape)
    values = np.broadcast_to(everybody, shape).copy()
    rows = pd.Index(unique_ids).get_indexer(pd.Index(happenings["unique_id"]))
    values[rows[inside & own & (rows >= 0)], at[inside & own & (rows >= 0)]] = 1.0
    for category in set(happenings["category"][inside & wide]):
        here = at[inside & wide & (happenings["category"] == category).to_numpy()]
        values[np.ix_(categories == category, here)] = 1.0
    return values


def _by_name(names: pd.Series) -> Mapping[str, NDArray[np.int64]]:
    return {str(k): v for k, v in sorted(names.groupby(names.to_numpy()).indices.items())}


def _blank_after(values: Array, periods: int) -> Array:
    result = values.copy()
    result[:, periods:] = np.nan
    return result
