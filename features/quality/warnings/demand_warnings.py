"""Warnings about demand that should not be believed: gaps, jumps in the unit of measure, mixed frequencies."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import plain
from configs.schema import DataConfig
from features.contract.period_calendar import PeriodCalendar
from features.quality.unit_of_measure import demand_spikes, level_shifts
from features.quality.warnings.data_warning import DataWarning, named


def demand_warnings(demand: pd.DataFrame, data: DataConfig, rule: PeriodCalendar) -> Iterator[DataWarning]:
    """Warnings about `demand` (sorted by unique_id and ds): units, empty periods, gaps, mixed frequencies."""
    yield from unit_warnings(demand)
    known = demand[demand["y"].notna()]
    calendar = rule.between(known["ds"].min(), known["ds"].max())
    period = calendar.get_indexer(known["ds"])
    yield from empty_periods(period, calendar)
    rows = demand[demand["ds"].between(known["ds"].min(), known["ds"].max())]  # unknown demand is no gap
    yield from gaps(rows["unique_id"], calendar.get_indexer(rows["ds"]), data)
    yield from mixed_frequencies(known["unique_id"], period)


def unit_warnings(demand: pd.DataFrame) -> Iterator[DataWarning]:
    """Demand warnings about units: levels and single rows that are ×10, ×12, ×100 … those around them."""
    yield from _shift_warning(level_shifts(demand), demand["unique_id"].nunique())
    spikes = demand[~np.isnan(demand_spikes(demand))]
    if len(spikes):
        first = spikes.iloc[0]
        yield DataWarning(
            "unit_jump_row",
            "demand",
            len(spikes),
            len(demand),
            f"{len(spikes):,} of {len(demand):,} rows are ×10, ×12, ×24 or ×100 the steady rows around them",
            f"{first['unique_id']} on {first['ds']:%Y-%m-%d}: {plain(first['y'])}",
            "If they count in another unit convert them; a promotion belongs in events",
        )


def _shift_warning(shifts: pd.DataFrame, n: int) -> Iterator[DataWarning]:
    """Demand warning about those of n SKUs whose level jumps for good, as `level_shifts` finds them."""
    if len(shifts):
        first = shifts.iloc[0]
        sign = "×" if first["up"] else "÷"
        yield DataWarning(
            "unit_jump_level",
            "demand",
            len(shifts),
            n,
            f"the level of {len(shifts):,} of {n:,} SKUs ({named(shifts['unique_id'].unique())}) jumps by ×10, ×12, "
            "×24, ×100 or ×1000 and stays there",
            f"{first['unique_id']} from {first['ds']:%Y-%m-%d}: about {sign}{first['factor']:g}",
            "If the unit of measure changed, convert the older rows",
        )


def empty_periods(period: NDArray[np.int64], calendar: pd.DatetimeIndex) -> Iterator[DataWarning]:
    """Demand warning about empty periods, in which (almost) no SKU has a row while usually many have."""
    rows = np.bincount(period[period >= 0], minlength=len(calendar))
    # Against the periods around it: an assortment that grows has few SKUs in its first years.
    usual = pd.Series(rows).rolling(13, center=True, min_periods=1).median().to_numpy()
    thin = np.flatnonzero((rows < 0.2 * usual) & (usual >= 5))
    # Daily data of a shop closed on Sundays is no loss of data: those days are empty every week.
    if not len(thin) or len(thin) > 0.12 * len(calendar):
        return
    yield DataWarning(
        "empty_periods",
        "demand",
        len(thin),
        len(calendar),
        f"{len(thin):,} of {len(calendar):,} periods have rows for less than a fifth of the usual number of SKUs",
        f"{calendar[thin[0]]:%Y-%m-%d}: {rows[thin[0]]:,} rows, around it {usual[thin[0]]:,.0f}",
        "Load what is missing; a period in which nothing was recorded is not a period without demand",
    )


def gaps(unique_id: pd.Series, period: NDArray[np.int64], data: DataConfig) -> Iterator[DataWarning]:
    """Demand warning about gaps: periods without a row between a SKU's first and last."""
    span = pd.DataFrame({"id": unique_id.to_numpy(), "p": period}).groupby("id", sort=False)["p"]
    facts = span.agg(["min", "max", "count"])
    missing = facts["max"] - facts["min"] + 1 - facts["count"]
    total, holes = int((facts["max"] - facts["min"] + 1).sum()), int(missing.sum())
    if holes <= 0:
        return
    worst = missing.idxmax()
    irregular = missing[missing > 0].sort_values(ascending=False, kind="stable")
    counted = "zero demand" if data.gaps == "zero" else "unknown demand"
    other = (
        "missing where no row means not recorded"
        if data.gaps == "zero"
        else "zero where no row means no sale"
    )
    yield DataWarning(
        "gaps",
        "demand",
        holes,
        total,
        f"{holes:,} of {total:,} periods between a SKU's first and last have no row, in {(missing > 0).sum():,} of "
        f"{len(facts):,} SKUs ({named(irregular.index)}); they count as {counted}",
        f"{worst}: {missing[worst]:,} of {facts.loc[worst, 'max'] - facts.loc[worst, 'min'] + 1:,} periods",
        f"Set data.gaps to {other}",
    )


def kept_as_unknown(periods: int, rows: int) -> Iterator[DataWarning]:
    """Demand warning about `periods` whose row is in quarantine: their demand counts as unknown, among `rows`."""
    if periods:
        yield DataWarning(
            "kept_as_unknown",
            "demand",
            periods,
            rows,
            f"the demand of {periods:,} {'period' if periods == 1 else 'periods'} whose row is in quarantine is kept "
            "as unknown, not as zero",
            "",
            "Correct the rows",
        )


def mixed_frequencies(unique_id: pd.Series, period: NDArray[np.int64]) -> Iterator[DataWarning]:
    """Demand warning about mixed frequencies: SKUs with a row every second, fourth … period, perhaps sums of these."""
    ids = unique_id.to_numpy()
    same = ids[1:] == ids[:-1]
    steps = pd.DataFrame({"id": ids[1:][same], "step": np.diff(period)[same]})
    if not len(steps) or (steps["step"] <= 1).all():
        return
    grouped = steps.groupby("id", sort=False)["step"]
    middle = grouped.transform("median")
    regular = (steps["step"] == middle).groupby(steps["id"], sort=False).mean()
    facts = grouped.agg(["median", "count"])
    slow = facts[(facts["median"] > 1) & (facts["count"] >= 8) & (regular >= 0.9)]
    if len(slow):
        yield DataWarning(
            "mixed_frequencies",
            "demand",
            len(slow),
            int(unique_id.nunique()),
            f"{len(slow):,} of {unique_id.nunique():,} SKUs ({named(slow.index)}) have a row only every few periods, "
            "regularly: they may hold sums over a longer period",
            f"{slow.index[0]}: every {slow['median'].iloc[0]:g} periods",
            "Give all SKUs in one frequency",
        )
