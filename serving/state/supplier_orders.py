"""Order lines of one supplier as its page and brief show them: lead times, open orders with their arrival, quarters."""

from typing import Any

import numpy as np
import pandas as pd

from distributions.distribution import Distribution
from features.orders.order_history import arrived_at
from planning.projection.open_orders import expected_deliveries, make_pipeline
from planning.tables.dates import dates_after
from serving.state.lead_times import lead_time_distributions, lead_time_rows
from serving.state.served import Served

MAX_QUARTERS = 8
MAX_OPEN_ORDERS = 50


def supplier_lead_time(served: Served, supplier_id: str) -> tuple[np.ndarray, Distribution, str]:
    """Lead times on a supplier's page: its closed orders' in days; the distribution of its next order's; its source."""
    orders = served.orders_of(supplier_id)
    days = orders.loc[~orders["is_open"].astype(bool), "duration"].to_numpy(float)
    rows = lead_time_rows(served, [supplier_id], [None])
    return (
        days,
        lead_time_distributions(served, rows),
        str(served.lead_times.describe(rows)["source"].iloc[0]),
    )


def arrivals_of_open_orders(served: Served, orders: pd.DataFrame) -> pd.DataFrame:
    """Open order lines on a supplier's page: days by which each has arrived with 5, 50 and 95 %, the next one first.

    The days are those of an order that comes; `never_probability` is the chance that it does not, `late_probability`
    that it comes after its promise, or never.
    """
    rows = orders[orders["is_open"].astype(bool)].reset_index(drop=True)
    if rows.empty:
        return rows
    # As plans see them.
    pipeline = make_pipeline(
        rows,
        np.zeros(len(rows), np.int64),
        served.lead_times.predict,
        deliveries=expected_deliveries(rows, served.lead_times),
    )
    arrival = {
        name: dates_after(served.as_of, np.ceil(pipeline.remaining.quantile(p)))
        for name, p in (("low", 0.05), ("expected", 0.5), ("high", 0.95))
    }
    columns = ["order_id", "line", "unique_id", "quantity_open", "ordered_at", "promised_at", "age"]
    left = ((pd.to_datetime(pipeline.orders["promised_at"]) - served.as_of) / pd.Timedelta(days=1)).to_numpy(
        float
    )
    late = 1 - (1 - pipeline.never) * pipeline.remaining.cdf(np.maximum(np.nan_to_num(left), 0.0))
    late = np.where(np.isnan(left), np.nan, np.where(left < 0, 1.0, late))
    frame = pipeline.orders[columns].assign(
        **arrival, never_probability=pipeline.never, late_probability=late
    )
    return frame.sort_values(["expected", "order_id", "line"], ignore_index=True)


def orders_by_quarter(orders: pd.DataFrame) -> list[dict[str, Any]]:
    """Mean, SD and 90 % point of lead times and the on-time rate of closed orders, by quarter of ordering."""
    closed = orders[~orders["is_open"].astype(bool) & orders["duration"].notna()]
    arrived = arrived_at(closed)
    on_time = (arrived <= closed["promised_at"]).astype(float).where(closed["promised_at"].notna())
    grouped = closed.assign(on_time=on_time).groupby(closed["ordered_at"].dt.to_period("Q"))
    table = grouped.agg(
        orders=("order_id", "size"),
        mean=("duration", "mean"),
        sd=("duration", "std"),
        p90=("duration", lambda d: d.quantile(0.9)),
        on_time=("on_time", "mean"),
    ).tail(MAX_QUARTERS)
    found: list[dict[str, Any]] = table.rename_axis("quarter").reset_index().to_dict("records")
    return found


def order_tables(served: Served, supplier_id: str) -> dict[str, Any]:
    """Tables of orders on a supplier's page: the open ones, the closed ones by quarter; how many SKUs it offers."""
    assert served.snapshot is not None
    orders, offers = served.orders_of(supplier_id), served.snapshot.offers
    return {
        "open_orders": arrivals_of_open_orders(served, orders).head(MAX_OPEN_ORDERS).to_dict("records"),
        "quarters": orders_by_quarter(orders),
        "skus": int(offers.loc[offers["supplier_id"] == supplier_id, "unique_id"].nunique()),
    }
