"""Warnings about purchase orders: lead times, promises, receipts and prices that should not be believed."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from configs.formats import plain, quantity
from features.orders.beyond_experience import beyond_experience
from features.orders.order_history import arrived_at
from features.orders.promises import look_overwritten
from features.quality.unit_of_measure import price_jumps
from features.quality.warnings.data_warning import DataWarning

_ENOUGH = 20
"""Orders below which a share says nothing."""


def order_warnings(purchase_orders: pd.DataFrame, history: pd.DataFrame) -> Iterator[DataWarning]:
    """Warnings about purchase orders: dates, promises, shipments, prices and open lines not to be believed.

    `history` is the `features.orders.order_history.order_history` of the tables on the as-of date.
    """
    if not len(purchase_orders):
        return
    closed = history[history["lead_time"].notna()]
    closed = closed.assign(received_at=arrived_at(closed))
    yield from placeholders(closed)
    yield from overwritten_promises(closed)
    yield from shared_shipments(closed)
    yield from batched_receipts(closed)
    yield from price_units(purchase_orders)
    yield from forgotten_orders(history)


def placeholders(closed: pd.DataFrame) -> Iterator[DataWarning]:
    """Warning about placeholder lead times: zero days of suppliers that otherwise never are that quick."""
    zero = closed["duration"].isna()
    if zero.any():
        yield DataWarning(
            "placeholder_lead_time",
            "purchase_orders",
            int(zero.sum()),
            len(closed),
            f"{zero.sum():,} of {len(closed):,} received lines have a lead time of zero days that looks like a "
            "placeholder: the supplier's other orders take longer",
            _line(closed[zero]),
            "They are left out of learning; enter the real dates",
        )


def overwritten_promises(closed: pd.DataFrame) -> Iterator[DataWarning]:
    """Warning about promise dates that equal the date of receipt too often to have been made beforehand."""
    promised = closed[closed["promised_at"].notna()]
    if not look_overwritten(promised):
        return
    equal = promised["promised_at"] == promised["received_at"]
    yield DataWarning(
        "overwritten_promises",
        "purchase_orders",
        int(equal.sum()),
        len(promised),
        f"promised_at equals the day of receipt in {equal.sum():,} of {len(promised):,} received lines "
        f"({equal.mean():.0%}): promises seem to be overwritten when goods arrive",
        _line(promised[equal]),
        "Do not read on-time rates from it; give the first promise as promised_at and later ones as repromised_at",
    )


def shared_shipments(closed: pd.DataFrame) -> Iterator[DataWarning]:
    """Warnings about order lines that stand there twice, and about lines that one shipment brought together."""
    shipment = ["order_id", "supplier_id", "ordered_at", "received_at"]
    twice = closed.duplicated([*shipment, "unique_id", "quantity_ordered"], keep="first")
    yield from _duplicated_lines(closed, twice)
    again = closed.duplicated(shipment, keep="first") & ~twice
    if again.sum() >= max(0.2 * len(closed), _ENOUGH):
        yield DataWarning(
            "shared_shipments",
            "purchase_orders",
            int(again.sum()),
            len(closed),
            f"{again.sum():,} of {len(closed):,} received lines came with another line of the same order on the "
            "same day: one delay counts many times",
            _line(closed[again]),
            "Where lines travel together, read supplier figures by shipment, not by line",
        )


def _duplicated_lines(closed: pd.DataFrame, twice: pd.Series) -> Iterator[DataWarning]:
    """Warning about the received lines `twice` that repeat another line of their order."""
    if twice.any():
        yield DataWarning(
            "duplicated_lines",
            "purchase_orders",
            int(twice.sum()),
            len(closed),
            f"{twice.sum():,} of {len(closed):,} received lines repeat another line of their order: same SKU, "
            "quantity and dates",
            _line(closed[twice]),
            "Remove the copies, or give the sum in one line",
        )


def batched_receipts(closed: pd.DataFrame) -> Iterator[DataWarning]:
    """Warning about receipts booked in batches: concentrated on one weekday."""
    if len(closed) < _ENOUGH or closed["lead_time"].nunique() < 5:
        return
    weekday = closed["received_at"].dt.day_name()
    counts = pd.crosstab(closed["supplier_id"], weekday)
    share = counts.max(axis=1) / counts.sum(axis=1)
    overall = weekday.value_counts(normalize=True)
    suspects = share[(counts.sum(axis=1) >= _ENOUGH) & (share >= 0.6)]
    if overall.iloc[0] >= 0.5:
        count, what = int((weekday == overall.index[0]).sum()), f"on a {overall.index[0]}"
    elif len(suspects):
        count = int(counts.loc[suspects.index].max(axis=1).sum())
        what = f"on one weekday by {len(suspects)} of {len(counts)} suppliers"
    else:
        return
    worst = suspects.idxmax() if len(suspects) else counts.sum(axis=1).idxmax()
    yield DataWarning(
        "batched_receipts",
        "purchase_orders",
        count,
        len(closed),
        f"{count:,} of {len(closed):,} receipts are booked {what}: booked in batches, or one delivery day a week",
        f"supplier {worst}: {counts.loc[worst].max():,} of {counts.loc[worst].sum():,} on a "
        f"{counts.loc[worst].idxmax()}",
        "If booked in batches, lead times look up to six days too long; book goods on the day they arrive",
    )


def price_units(orders: pd.DataFrame) -> Iterator[DataWarning]:
    """Warning about order lines whose unit price is ×10, ×12, ×100 … the usual one."""
    factor, _ = price_jumps(orders)
    jumps = orders[~np.isnan(factor)]
    if len(jumps):
        example = jumps.iloc[0]
        yield DataWarning(
            "unit_jump_price",
            "purchase_orders",
            len(jumps),
            len(orders),
            f"{len(jumps):,} of {len(orders):,} lines have a unit_price ×10, ×12, ×24, ×100 or ×1000 off the usual "
            "one of their supplier and SKU",
            f"order {example['order_id']} line {example['line']}: {plain(example['unit_price'])} for "
            f"{example['unique_id']}",
            "Give price and quantity in the SKU's own unit",
        )


def forgotten_orders(history: pd.DataFrame) -> Iterator[DataWarning]:
    """Warning about open order lines far older than any delivery took."""
    old = history[beyond_experience(history)]
    if len(old):
        yield DataWarning(
            "forgotten_orders",
            "purchase_orders",
            len(old),
            int(history["is_open"].sum()),
            f"{len(old):,} of {int(history['is_open'].sum()):,} open lines, {quantity(old['quantity_open'].sum())} "
            "units, are open far longer than any delivery of their supplier took",
            f"{_line(old)}, open for {old['age'].iloc[0]:.0f} days",
            "Book what arrived and give cancelled lines the status cancelled; plans hardly count on them",
        )


def _line(rows: pd.DataFrame) -> str:
    """How a warning names the first of some order lines."""
    first = rows.iloc[0]
    return f"order {first['order_id']} line {first['line']} of supplier {first['supplier_id']}"
