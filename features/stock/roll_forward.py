"""Stock rolled forward: each SKU's last count, with what was received and sold since, up to the as-of date."""

import pandas as pd

from features.contract.period_calendar import PeriodCalendar
from features.contract.tables import Tables
from features.stock.deliveries import deliveries_since
from features.stock.sales_since import periods_since


def counted_at(stock: pd.DataFrame) -> pd.Series:
    """Day of the last stock count of each SKU, by unique_id."""
    return stock.groupby("unique_id")["as_of"].max().dt.normalize()


def roll_forward(tables: Tables, as_of: pd.Timestamp, calendar: PeriodCalendar) -> pd.DataFrame:
    """The stock table with the last count of each SKU rolled forward: on_hand = (counted + received − sold)⁺.

    Goods received on a day after the count are added, demand of whole periods after it that are over is taken off.
    What cannot be added up is left out: `features.quality.warnings.stock_warnings` names it.

    Returns
    -------
    DataFrame
        `tables.stock` as it is where nothing has come or gone since the counts. Else with the columns counted,
        received_since and sold_since, units, besides: 0 since for earlier counts of a SKU
    """
    stock = tables.stock
    if not len(stock) or not (stock["as_of"] < as_of).any():
        return stock
    days = counted_at(stock)
    deliveries = deliveries_since(tables, days)
    sales = periods_since(tables.demand, days, as_of, calendar)
    received = deliveries[~deliveries["on_count_day"]].groupby("unique_id")["units"].sum()
    sold = sales[sales["whole"]].groupby("unique_id")["y"].sum()
    if not received.any() and not sold.any():
        return stock
    last = ~stock.duplicated("unique_id", keep="last")
    came, went = (stock["unique_id"].map(units).fillna(0.0).where(last, 0.0) for units in (received, sold))
    counted = stock["on_hand"]
    rolled = (counted + came - went).clip(lower=0.0)
    return stock.assign(on_hand=rolled, counted=counted, received_since=came, sold_since=went)
