"""How suppliers did: what the page and `/v1/suppliers` show. Every rate comes with the number it rests on."""

import numpy as np
import pandas as pd

COLUMNS = [
    "supplier_id",
    "name",
    "orders",
    "open_orders",
    "late_open_orders",
    "promised",
    "on_time_rate",
    "lead_time_mean",
    "lead_time_sd",
    "lead_time_p50",
    "lead_time_p90",
    "promised_days",
    "fill_rate",
    "defect_rate",
    "expedites",
    "spend",
    "last_ordered_at",
]


def scorecard(
    orders: pd.DataFrame, purchase_orders: pd.DataFrame, suppliers: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """One row a supplier, the one with the largest spend first.

    Parameters
    ----------
    orders : frame of `features.orders.order_history` at `as_of`
    purchase_orders, suppliers : tables of the data contract

    Returns
    -------
    DataFrame
        `COLUMNS`: orders, open_orders, expedites (lines); late_open_orders (lines past their promise);
        on_time_rate (share of the `promised` received lines that came by their first promise);
        lead_time_* and promised_days (days, lines received with a usable lead time);
        fill_rate (received / ordered of closed lines), defect_rate (rejected / received), spend (money ordered).
        A rate is NaN where nothing is known.
    """
    lines = _lines(orders, purchase_orders, as_of)
    card = lines.groupby("supplier_id").agg(
        orders=("order_id", "size"),
        open_orders=("is_open", "sum"),
        late_open_orders=("late_open", "sum"),
        promised=("on_time", "count"),
        on_time_rate=("on_time", "mean"),
        lead_time_mean=("days", "mean"),
        lead_time_sd=("days", "std"),
        lead_time_p50=("days", "median"),
        lead_time_p90=("days", lambda days: days.quantile(0.9)),
        promised_days=("promised_days", "median"),
        received=("received", "sum"),
        wanted=("wanted", "sum"),
        rejected=("rejected", "sum"),
        counted=("counted", "sum"),
        expedites=("expedited", "sum"),
        spend=("spend", "sum"),
        last_ordered_at=("ordered_at", "max"),
    )
    card["fill_rate"] = _ratio(card["received"], card["wanted"])
    card["defect_rate"] = _ratio(card["rejected"], card["counted"])
    names = suppliers.drop_duplicates("supplier_id").set_index("supplier_id")["name"]
    card = card.reindex(card.index.union(names.index))
    counts = ["orders", "open_orders", "late_open_orders", "promised", "expedites", "spend"]
    card[counts] = card[counts].fillna(0.0)
    card["name"] = names.reindex(card.index).fillna("")
    card = card.rename_axis("supplier_id").reset_index()
    return card.sort_values(["spend", "supplier_id"], ascending=[False, True], ignore_index=True)[COLUMNS]


def _lines(orders: pd.DataFrame, purchase_orders: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Order lines with what each contributes to the rates; NaN where it says nothing."""
    extra = ["quantity_received", "quantity_rejected", "expedited"]
    booked = purchase_orders.drop_duplicates(["order_id", "line"])
    lines = orders.merge(booked[["order_id", "line", *extra]], on=["order_id", "line"], how="left")
    closed = ~lines["is_open"].astype(bool)
    arrived = lines["ordered_at"] + pd.to_timedelta(lines["lead_time"], unit="D")
    promise = lines["promised_at"]
    received = lines["quantity_received"].where(closed)
    rejected = lines["quantity_rejected"].where(closed)
    return lines.assign(
        days=lines["duration"].where(closed),
        on_time=(arrived <= promise).astype(float).where(closed & promise.notna()),
        promised_days=(promise - lines["ordered_at"]) / pd.Timedelta(days=1),
        late_open=~closed & (promise < as_of),
        received=received,
        wanted=lines["quantity_ordered"].where(received.notna()),
        rejected=rejected,
        counted=received.where(rejected.notna()),
        expedited=lines["expedited"].fillna(value=False).astype(bool),
        spend=lines["quantity_ordered"] * lines["unit_price"],
    )


def _ratio(top: pd.Series, bottom: pd.Series) -> pd.Series:
    return (top / bottom.where(bottom > 0)).astype(float).replace([np.inf, -np.inf], np.nan)
