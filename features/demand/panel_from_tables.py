"""The demand panel laid out from the tables: rows of `demand` summed by period, with gaps, stockouts and covariates."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import DataConfig
from features.contract.events import demand_events
from features.contract.frequency import days_per_period, infer_freq, is_listed, period_index
from features.contract.period_calendar import PeriodCalendar, listed_freq
from features.contract.public_holidays import public_holidays
from features.contract.tables import TABLES, DataError, Tables
from features.demand.event_indicators import event_indicators
from features.demand.lifecycle.succession import find_successions
from features.demand.panel import Array, Panel, blank_after

_LONGEST_WITH_HOLIDAYS = 14.0
"""Days of the longest period in which it matters that a holiday falls."""


def make_panel(
    tables: Tables,
    data: DataConfig,
    *,
    freq: str | None = None,
    cutoff: pd.Timestamp | None = None,
    horizon: int = 0,
    until: pd.Timestamp | None = None,
) -> Panel:
    """Lay `demand` (and what `items` and `events` say about it) out as a panel on one calendar.

    Rows inside one period are summed (covariates averaged). A period without a row after a SKU's first one is
    zero demand or missing, as `data.gaps` says. Items without any demand are rows of NaN: new SKUs.

    Parameters
    ----------
    freq : pandas alias of the period starts; none: that of the config, else inferred
    cutoff : last period start to see; none: the last one with demand
    horizon : periods past the end for which known covariates and events are laid out
    until : the day of the forecast; periods over by then without any demand in the tables are unknown; none: there are
        no such periods

    Raises
    ------
    DataError
        When no demand lies at or before the cutoff, or a covariate of the config is not in the table.
    """
    demand = tables.demand
    alias = freq or data.freq or _read_freq(tables)
    seen = _Seen.of(demand, data, cutoff=cutoff, until=until)
    periods = _Periods.of(PeriodCalendar.of(alias, tables.calendar), seen, horizon)
    code, sold = pd.factorize(demand["unique_id"])
    unique_ids = np.array(sorted(set(sold) | set(tables.items["unique_id"])), object)
    grid = _Grid.of(
        len(unique_ids), pd.Index(unique_ids).get_indexer(sold)[code], demand["ds"], periods.calendar
    )
    y, in_stock = _demand(grid, demand, len(periods.ds), data)
    y[:, periods.recorded :] = np.nan
    static = _static(tables.items, unique_ids)
    return Panel(
        unique_ids=unique_ids,
        ds=periods.ds.to_numpy(),
        freq=alias,
        y=y,
        in_stock=in_stock,
        static=static,
        covariates=_covariates(grid, demand, len(periods.ds), data),
        known=tuple(name for name, covariate in data.covariates.items() if covariate.known_in_advance),
        events=event_indicators(
            _events(tables, data, alias, periods), unique_ids, static, periods.calendar, periods.end
        ),
        succession=find_successions(tables.items, unique_ids, y, periods.starts_and_end()),
        calendar=periods.rule if is_listed(alias) else None,
    )


def _read_freq(tables: Tables) -> str:
    """Frequency of the panel's periods as the tables have it: of the calendar they list, or that of the dates."""
    return listed_freq(tables.calendar) if len(tables.calendar) else infer_freq(tables.demand["ds"])


@dataclass(frozen=True)
class _Seen:
    """First and last date of the demand that a panel sees, and the day until which its periods go; none: the last."""

    first: pd.Timestamp
    last: pd.Timestamp
    until: pd.Timestamp | None

    @classmethod
    def of(
        cls,
        demand: pd.DataFrame,
        data: DataConfig,
        *,
        cutoff: pd.Timestamp | None,
        until: pd.Timestamp | None,
    ) -> Self:
        """The span of the rows up to the cutoff, or of all with a quantity; raises DataError when there are none."""
        absent = [name for name in data.covariates if name not in demand.columns]
        if absent:
            raise DataError(f"demand has no column {absent[0]!r}, named under data.covariates in the config")
        seen = demand[demand["y"].notna()] if cutoff is None else demand[demand["ds"] <= cutoff]
        if not len(seen):
            raise DataError("demand has no row" + (f" at or before {cutoff:%Y-%m-%d}" if cutoff else ""))
        return cls(seen["ds"].min(), seen["ds"].max(), until)


@dataclass(frozen=True)
class _Periods:
    """Periods of a panel.

    Attributes
    ----------
    rule : the calendar they are of
    ds : starts of the T periods
    calendar : starts of these and the horizon's
    recorded : number of the T periods up to the last demand; those after it are unknown
    """

    rule: PeriodCalendar
    ds: pd.DatetimeIndex
    calendar: pd.DatetimeIndex
    recorded: int

    @classmethod
    def of(cls, rule: PeriodCalendar, seen: _Seen, horizon: int) -> Self:
        """Periods from the first demand to the last, or to the last that is over on the day of the forecast."""
        recorded = rule.between(seen.first, seen.last)
        ds = recorded
        if seen.until is not None and rule.end(recorded[-1]) < seen.until:
            ds = rule.between(seen.first, seen.until)
            ds = ds if rule.end(ds[-1]) <= seen.until else ds[:-1]
        return cls(rule, ds, ds.union(rule.after(ds[-1], horizon)), len(recorded))

    @property
    def end(self) -> pd.Timestamp:
        """Where the last period of the horizon ends."""
        return self.rule.end(self.calendar[-1])

    def starts_and_end(self) -> NDArray[np.datetime64]:
        """Starts of the T periods, and of the one after the last: shape (T + 1,)."""
        return np.append(self.ds.to_numpy(), self.rule.end(self.ds[-1]).to_datetime64())


@dataclass(frozen=True)
class _Grid:
    """Where each row of a long table falls in an (n, T + horizon) array; rows outside the calendar fall nowhere.

    Attributes
    ----------
    shape : n, T + horizon
    inside : bool array (rows,)
    cell : int array, flat position in the array of each row that is inside
    """

    shape: tuple[int, int]
    inside: NDArray[np.bool_]
    cell: NDArray[np.int64]

    @classmethod
    def of(cls, n: int, sku: NDArray[np.int64], ds: pd.Series, calendar: pd.DatetimeIndex) -> Self:
        """Place rows by SKU (code 0 … n − 1) and date."""
        shape = (n, len(calendar))
        period = period_index(calendar, ds)
        inside = period >= 0
        return cls(shape, inside, sku[inside] * shape[1] + period[inside])

    def total(self, values: Array) -> Array:
        """Sum of the rows of each cell, values that are NaN left out; shape (n, T + horizon)."""
        kept = values[self.inside]
        sums = np.bincount(self.cell, np.nan_to_num(kept), minlength=self.shape[0] * self.shape[1])
        return np.asarray(sums.reshape(self.shape), np.float64)

    def mean(self, values: Array) -> Array:
        """Mean of the rows of each cell, (n, T + horizon); NaN where nothing is known."""
        count = self.total((~np.isnan(values)).astype(float))
        return np.asarray(np.where(count > 0, self.total(values) / np.maximum(count, 1), np.nan))


def _demand(
    grid: _Grid, demand: pd.DataFrame, periods: int, data: DataConfig
) -> tuple[Array, NDArray[np.bool_]]:
    """Quantity demanded `y` with gaps filled as `data.gaps` says, and `in_stock`, each (n, T)."""
    y = demand["y"].to_numpy(float, na_value=np.nan)
    rows = grid.total(np.ones(len(demand)))[:, :periods]
    filled = grid.total((~np.isnan(y)).astype(float))[:, :periods]
    summed = grid.total(y)[:, :periods]
    started = np.cumsum(rows > 0, axis=1) > 0
    no_row = 0.0 if data.gaps == "zero" else np.nan
    values = np.where(filled > 0, summed, np.where((rows == 0) & started, no_row, np.nan))
    out = demand["in_stock"].to_numpy(float, na_value=1.0) == 0
    return values, grid.total(out.astype(float))[:, :periods] == 0


def _events(tables: Tables, data: DataConfig, freq: str, periods: _Periods) -> pd.DataFrame:
    """Events of demand, a row a day: those of the tables, and the public holidays of the config's country.

    Only periods of up to two weeks get them: longer ones have about as many every year.
    """
    events = demand_events(tables.events)
    if data.holidays is None or days_per_period(freq) > _LONGEST_WITH_HOLIDAYS:
        return events
    known = public_holidays(data.holidays, periods.ds[0], periods.end - pd.Timedelta(days=1))
    return pd.concat([events, known.reindex(columns=events.columns).astype(events.dtypes)], ignore_index=True)


def _covariates(grid: _Grid, demand: pd.DataFrame, periods: int, data: DataConfig) -> dict[str, Array]:
    """Mean of each covariate by SKU and period, (n, T + horizon); blank past the end unless known in advance."""
    result = {}
    for name, covariate in data.covariates.items():
        values = grid.mean(demand[name].to_numpy(float, na_value=np.nan))
        result[name] = values if covariate.known_in_advance else blank_after(values, periods)
    return result


def _static(items: pd.DataFrame, unique_ids: NDArray[np.object_]) -> pd.DataFrame:
    """Static features of each SKU from `items`: category, department, description and extra columns."""
    extra = [c for c in items.columns if c not in TABLES["items"]]
    columns = ["category", "department", "description", *extra]
    return items.set_index("unique_id")[columns].reindex(unique_ids).reset_index(drop=True)
