"""Warnings about where demand ends: long before the as-of date, within a period, for some SKUs before the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import DataConfig
from features.contract.frequency import days_per_period
from features.contract.period_calendar import PeriodCalendar
from features.contract.tables import Tables
from features.demand.lifecycle.succession import replaced_ids
from features.quality.warnings.data_warning import DataWarning, named

_DAY = pd.Timedelta(days=1)
_WEEK = 7.0
LEAST_PERIODS, CHANCE = 4, 1e-3
"""Periods without a row, and the chance of so many by the SKU's own rhythm, from which its rows count as ended."""


@dataclass(frozen=True)
class KnownDemand:
    """The demand that is known: the tables, the calendar of their periods, and the day they describe.

    Attributes
    ----------
    partial : starts of periods whose demand had not all come in
    """

    tables: Tables
    calendar: PeriodCalendar
    as_of: pd.Timestamp
    partial: tuple[pd.Timestamp, ...]


def demand_end_warnings(known: KnownDemand, data: DataConfig) -> Iterator[DataWarning]:
    """Warnings about where demand ends, also for a plan: old demand, a partial last period, SKUs that end early."""
    yield from old_demand(known)
    yield from partial_period(known, data)
    yield from ended_skus(known, data)


def old_demand(known: KnownDemand) -> Iterator[DataWarning]:
    """Warning about demand that ends more than a period, and more than a week, before the as-of date."""
    rows = known.tables.demand
    end = known.calendar.end(rows["ds"][rows["y"].notna()].max())
    if (known.as_of - end) / _DAY <= max(_WEEK, days_per_period(known.calendar.freq)):
        return
    last = end - _DAY
    stock = known.tables.stock["as_of"].max()
    day = "the stock was counted" if stock == known.as_of else "the as-of date"
    yield DataWarning(
        "old_demand",
        "demand",
        (known.as_of - last).days,
        (known.as_of - last).days,
        f"demand ends on {last:%Y-%m-%d}, {(known.as_of - last).days:,} days before {day} ({known.as_of:%Y-%m-%d}); "
        "what was asked for since is unknown, and forecasts are the wider for it",
        "",
        "Load the demand of the time since",
    )


def partial_period(known: KnownDemand, data: DataConfig) -> Iterator[DataWarning]:
    """Warning about a last period whose demand is not believed to be all in, and is held as unknown."""
    rows = known.tables.demand
    if data.aggregate is not None or not known.partial:
        return
    start = known.partial[-1]
    count = int((rows["ds"] == start).sum())
    why = "as data.last_period says" if data.last_period == "partial" else "far less than in any before"
    yield DataWarning(
        "partial_period",
        "demand",
        count,
        len(rows),
        f"the demand of the period that starts on {start:%Y-%m-%d} is not all in ({why}); its {count:,} rows count "
        "as unknown",
        "",
        "Export whole periods only, or set data.last_period to whole if it is",
    )


def ended_skus(known: KnownDemand, data: DataConfig) -> Iterator[DataWarning]:
    """Warning about SKUs whose rows end so long before those of others that their own rhythm does not explain it.

    Those that an item replaces are left out: they end on purpose.
    """
    rhythm = _Rhythm.of(known)
    least = max(LEAST_PERIODS, int(np.ceil(_WEEK / days_per_period(known.calendar.freq))))
    ended = (rhythm.silent >= least) & (rhythm.silent > rhythm.longest_hole) & (rhythm.rows >= LEAST_PERIODS)
    ended &= (1 - rhythm.rate) ** rhythm.silent < CHANCE
    ended &= ~np.isin(rhythm.unique_ids, list(_replaced(known.tables)))
    names = rhythm.unique_ids[ended]
    if not len(names):
        return
    counts = "zero demand" if data.gaps == "zero" else "unknown demand"
    other = "set data.gaps to missing" if data.gaps == "zero" else "give rows of 0, or set data.gaps to zero"
    first = int(np.flatnonzero(ended)[0])
    yield DataWarning(
        "ended_skus",
        "demand",
        len(names),
        rhythm.count,
        f"the rows of {len(names):,} of {rhythm.count:,} SKUs ({named(names)}) end long before those of the others; "
        f"since then they count as {counts}",
        f"{names[0]} last has the period from {pd.Timestamp(rhythm.last[first]):%Y-%m-%d}, "
        f"{rhythm.silent[first]:,} before the last",
        f"If the export is unfinished, complete it{', or ' + other if data.gaps == 'zero' else ''}; "
        f"if they are no longer sold, {'nothing need be done' if data.gaps == 'zero' else other}",
    )


@dataclass(frozen=True)
class _Rhythm:
    """How often the SKUs have rows that end at least `LEAST_PERIODS` before the last period, arrays (m,) each.

    Attributes
    ----------
    count : number of all SKUs
    rows, rate : rows, and rows a period, between the SKU's first and last
    longest_hole : most periods in a row without one between them
    last : start of its last period
    silent : periods since
    """

    count: int
    unique_ids: NDArray[np.object_]
    rows: NDArray[np.int64]
    rate: NDArray[np.float64]
    longest_hole: NDArray[np.int64]
    last: NDArray[np.datetime64]
    silent: NDArray[np.int64]

    @classmethod
    def of(cls, known: KnownDemand) -> Self:
        """Rhythm of the SKUs of the demand table, which is sorted by unique_id and ds."""
        demand = known.tables.demand
        recorded = demand["y"].notna().to_numpy()
        ids, ds = demand["unique_id"].to_numpy()[recorded], demand["ds"].to_numpy()[recorded]
        periods = known.calendar.between(pd.Timestamp(ds.min()), pd.Timestamp(ds.max()))
        first = np.flatnonzero(np.append(True, ids[1:] != ids[:-1]))
        rows = np.diff(np.append(first, len(ids)))
        silent = len(periods) - 1 - periods.get_indexer(ds[first + rows - 1])
        some = np.flatnonzero(silent >= LEAST_PERIODS)
        rows, silent = rows[some], silent[some]
        at = np.repeat(first[some] - np.cumsum(rows) + rows, rows) + np.arange(rows.sum())
        period = periods.get_indexer(ds[at])
        begin = np.cumsum(rows) - rows
        step = np.append(0, np.diff(period))
        step[begin] = 1
        return cls(
            count=len(first),
            unique_ids=ids[first[some]],
            rows=rows,
            rate=rows / (period[begin + rows - 1] - period[begin] + 1),
            longest_hole=np.maximum.reduceat(step, begin) - 1 if len(some) else rows,
            last=ds[first[some] + rows - 1],
            silent=silent,
        )


def _replaced(tables: Tables) -> set[str]:
    """SKUs that an item replaces, whose demand ends before that of the others on purpose."""
    known = {*tables.items["unique_id"], *tables.demand["unique_id"].unique()}
    return {name for names in replaced_ids(tables.items["replaces"], known) for name in names}
