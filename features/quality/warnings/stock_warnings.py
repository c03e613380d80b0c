"""Warnings about stock that cannot be rolled forward, or only in part, from its count to the as-of date."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from configs.formats import quantity
from features.contract.frequency import days_per_period
from features.contract.period_calendar import PeriodCalendar
from features.contract.tables import Tables
from features.quality.warnings.data_warning import DataWarning, named
from features.stock.deliveries import deliveries_since
from features.stock.roll_forward import counted_at
from features.stock.sales_since import days_not_over, periods_since

ON_COUNT_DAY = "received_on_count_day"
"""The kind of warning that goes with every count on a day with deliveries, right as it may be."""
_RECENT_PERIODS = 8


@dataclass(frozen=True)
class RolledStock:
    """The counted stock of the tables, as it was rolled forward from the last count of each SKU to `as_of`."""

    tables: Tables
    calendar: PeriodCalendar
    as_of: pd.Timestamp

    @property
    def days(self) -> pd.Series:
        """Day of the last count of each SKU, by unique_id."""
        return counted_at(self.tables.stock)


def stock_warnings(rolled: RolledStock) -> Iterator[DataWarning]:
    """Warnings about stock counts: what came and went since that cannot be added up, each with its units."""
    if not len(rolled.tables.stock):
        return
    days = rolled.days
    yield from _different_days(days)
    yield from _deliveries(deliveries_since(rolled.tables, days), len(days))
    if (days < rolled.as_of).any():
        yield from _split_periods(rolled, days)
        yield from _running_period(rolled, days)
    yield from _sold_more_than_there(rolled.tables.stock, len(days))


def _warning(
    kind: str, units: pd.Series, total: int, *, message: str, fix: str, table: str = "stock"
) -> Iterator[DataWarning]:
    """A stock warning about `units` by SKU; none without any. `message` is completed by the units and the SKUs."""
    if not len(units):
        return
    what = message.format(units=quantity(float(units.sum())))
    example = f"{named(units.index[:1])}: {quantity(float(units.iloc[0]))}"
    yield DataWarning(kind, table, len(units), total, f"{what} of {named(units.index)}", example, fix)


def _different_days(days: pd.Series) -> Iterator[DataWarning]:
    """Warning about SKUs that were last counted on different days."""
    first, last = days.min(), days.max()
    if first == last:
        return
    earlier = days[days < last]
    yield DataWarning(
        "counted_on_different_days",
        "stock",
        len(earlier),
        len(days),
        f"{len(earlier):,} of {len(days):,} SKUs were last counted before {last:%Y-%m-%d}; each is rolled forward from "
        "its own count by what was received and sold since",
        f"{earlier.idxmin()}: {first:%Y-%m-%d}",
        "Count all on one day, or make sure that receipts and demand since are complete",
    )


def _deliveries(deliveries: pd.DataFrame, total: int) -> Iterator[DataWarning]:
    """Warnings about deliveries on the day of the count, and those later whose line does not say how much came."""
    units = deliveries.groupby(["unique_id", "on_count_day", "assumed"])["units"].sum().reset_index()
    same_day = units[units["on_count_day"]].groupby("unique_id")["units"].sum()
    yield from _warning(
        ON_COUNT_DAY,
        same_day,
        total,
        message="{units} units were received on the day of the count and are taken to be in it:",
        fix="If they were not counted, date the count a day earlier",
    )
    assumed = units[~units["on_count_day"] & units["assumed"]].set_index("unique_id")["units"]
    yield from _warning(
        "received_without_quantity",
        assumed,
        total,
        message="lines received since the count do not say how much came; all that was ordered is added, {units} units",
        fix="Give quantity_received, or a receipts table",
        table="purchase_orders",
    )


def _split_periods(rolled: RolledStock, days: pd.Series) -> Iterator[DataWarning]:
    """Warnings about demand periods in which stock was counted, and later ones whose demand is unknown."""
    periods = periods_since(rolled.tables.demand, days, rolled.as_of, rolled.calendar)
    split = periods[~periods["whole"]].groupby("unique_id")["y"].sum()
    yield from _warning(
        "counted_within_period",
        split[split > 0],
        len(days),
        message="stock was counted within a demand period, whose sales cannot be divided; none of its {units} units is "
        "taken off the stock",
        fix="Count at the end of a demand period",
    )
    unknown = periods[periods["whole"] & periods["y"].isna()].groupby("unique_id")["ds"].count()
    if len(unknown):
        yield DataWarning(
            "sold_since_unknown",
            "demand",
            len(unknown),
            len(days),
            f"demand since the count is unknown in {int(unknown.sum()):,} periods of {named(unknown.index)}; nothing "
            "is taken off the stock for them",
            "",
            "Give the demand of these periods, or count again",
        )


def _running_period(rolled: RolledStock, days: pd.Series) -> Iterator[DataWarning]:
    """Warning about days since the count in a demand period that is not over: what was sold in them is not known."""
    demand, calendar = rolled.tables.demand, rolled.calendar
    left = days_not_over(demand, days, rolled.as_of, calendar)
    left = left[left > 0]
    if not len(left):
        return
    last = demand["ds"].drop_duplicates().nlargest(_RECENT_PERIODS)
    recent = demand[demand["ds"].isin(last)].groupby("unique_id")["y"].sum() / len(last)
    units = (recent.reindex(left.index).fillna(0.0) * left / days_per_period(calendar.freq)).round(1)
    yield from _warning(
        "sold_since_not_known",
        units[units > 0],
        len(days),
        message=f"{left.max():.0f} days since the count lie in a demand period that is not over; what was sold in "
        "them, about {units} units, is not taken off the stock",
        fix="Count on the day of the plan, or plan as of the end of a period",
    )


def _sold_more_than_there(stock: pd.DataFrame, total: int) -> Iterator[DataWarning]:
    """Warning about SKUs of which more was demanded since the count than was counted and received."""
    if "counted" not in stock:
        return
    more = (
        (stock["sold_since"] - stock["counted"] - stock["received_since"]).groupby(stock["unique_id"]).max()
    )
    yield from _warning(
        "sold_more_than_counted",
        more[more > 0],
        total,
        message="more was demanded since the count than was counted and received, by {units} units",
        fix="Look for receipts that are not booked; the stock counts as 0, the rest as backordered",
    )
