"""What keeps the contract but should not be believed: findings about whole tables."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from configs.schema import DataConfig
from features.contract.tables import Tables
from features.quality.checked import TrustWarning
from features.quality.trust_demand import demand_warnings
from features.quality.trust_links import link_warnings
from features.quality.units import price_jumps

_ENOUGH = 20
"""Orders below which a share says nothing."""


def trust_warnings(
    tables: Tables, history: pd.DataFrame, data: DataConfig, freq: str, as_of: pd.Timestamp
) -> tuple[TrustWarning, ...]:
    """All warnings about `tables`: those on orders first, then on demand, then on what is missing between tables.

    `history` is the `features.orders.history.order_history` of the tables on `as_of`.
    """
    return (
        *_order_warnings(tables, history),
        *demand_warnings(tables.demand, data, freq),
        *link_warnings(tables, freq, as_of),
    )


def _order_warnings(tables: Tables, history: pd.DataFrame) -> Iterator[TrustWarning]:
    if not len(tables.purchase_orders):
        return
    closed = history[history["lead_time"].notna()]
    closed = closed.assign(received_at=closed["ordered_at"] + pd.to_timedelta(closed["lead_time"], "D"))
    yield from placeholders(closed)
    yield from overwritten_promises(closed)
    yield from shared_shipments(closed)
    yield from batched_receipts(closed)
    yield from price_units(tables)
    yield from forgotten_orders(history)


def placeholders(closed: pd.DataFrame) -> Iterator[TrustWarning]:
    """Zero lead times of suppliers that otherwise never are that quick."""
    zero = closed["duration"].isna()
    if zero.any():
        yield TrustWarning(
            "placeholder_lead_time",
            "purchase_orders",
            int(zero.sum()),
            len(closed),
            f"{zero.sum():,} of {len(closed):,} received lines have a lead time of zero days that looks like a "
            "placeholder: the supplier's other orders take longer",
            _line(closed[zero]),
            "They are left out of learning; enter the real dates",
        )


def overwritten_promises(closed: pd.DataFrame) -> Iterator[TrustWarning]:
    """Promise dates that equal the outcome too often to have been made beforehand."""
    promised = closed[closed["promised_at"].notna()]
    kept = promised["promised_at"] == promised["received_at"]
    if len(promised) < _ENOUGH or promised["lead_time"].nunique() < 5 or kept.mean() < 0.5:
        return
    yield TrustWarning(
        "overwritten_promises",
        "purchase_orders",
        int(kept.sum()),
        len(promised),
        f"promised_at equals the day of receipt in {kept.sum():,} of {len(promised):,} received lines "
        f"({kept.mean():.0%}): promises seem to be overwritten when goods arrive",
        _line(promised[kept]),
        "Do not read on-time rates from it; give the first promise as promised_at and later ones as repromised_at",
    )


def shared_shipments(closed: pd.DataFrame) -> Iterator[TrustWarning]:
    """Lines that travelled together, so that one delay counts many times; and lines that stand there twice."""
    shipment = ["order_id", "supplier_id", "ordered_at", "received_at"]
    twice = closed.duplicated([*shipment, "unique_id", "quantity_ordered"], keep="first")
    if twice.any():
        yield TrustWarning(
            "duplicated_lines",
            "purchase_orders",
            int(twice.sum()),
            len(closed),
            f"{twice.sum():,} of {len(closed):,} received lines repeat another line of their order: same SKU, "
            "quantity and dates",
            _line(closed[twice]),
            "Remove the copies, or give the sum in one line",
        )
    again = closed.duplicated(shipment, keep="first") & ~twice
    if again.sum() >= max(0.2 * len(closed), _ENOUGH):
        yield TrustWarning(
            "shared_shipments",
            "purchase_orders",
            int(again.sum()),
            len(closed),
            f"{again.sum():,} of {len(closed):,} received lines came with another line of the same order on the "
            "same day: one delay counts many times",
            _line(closed[again]),
            "Where lines travel together, read supplier figures by shipment, not by line",
        )


def batched_receipts(closed: pd.DataFrame) -> Iterator[TrustWarning]:
    """Receipts concentrated on one weekday."""
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
    yield TrustWarning(
        "batched_receipts",
        "purchase_orders",
        count,
        len(closed),
        f"{count:,} of {len(closed):,} receipts are booked {what}: booked in batches, or one delivery day a week",
        f"supplier {worst}: {counts.loc[worst].max():,} of {counts.loc[worst].sum():,} on a "
        f"{counts.loc[worst].idxmax()}",
        "If booked in batches, lead times look up to six days too long; book goods on the day they arrive",
    )


def price_units(tables: Tables) -> Iterator[TrustWarning]:
    """Order lines whose unit price is ×10, ×12, ×100 … the usual one."""
    orders = tables.purchase_orders
    factor, _ = price_jumps(orders)
    jumps = orders[~np.isnan(factor)]
    if len(jumps):
        example = jumps.iloc[0]
        yield TrustWarning(
            "unit_jump_price",
            "purchase_orders",
            len(jumps),
            len(orders),
            f"{len(jumps):,} of {len(orders):,} lines have a unit_price ×10, ×12, ×24, ×100 or ×1000 off the usual "
            "one of their supplier and SKU",
            f"order {example['order_id']} line {example['line']}: {example['unit_price']:g} for {example['unique_id']}",
            "Give price and quantity in the SKU's own unit",
        )


def forgotten_orders(history: pd.DataFrame) -> Iterator[TrustWarning]:
    """Open lines much older than any delivery took."""
    closed = history["lead_time"].dropna()
    if len(closed) < _ENOUGH:
        return
    limit = max(2 * float(closed.quantile(0.99)), float(closed.max()))
    old = history[history["is_open"] & (history["age"] > limit)]
    if len(old):
        yield TrustWarning(
            "forgotten_orders",
            "purchase_orders",
            len(old),
            int(history["is_open"].sum()),
            f"{len(old):,} of {int(history['is_open'].sum()):,} open lines are older than {limit:.0f} days, longer "
            "than any delivery took",
            f"{_line(old)}, open for {old['age'].iloc[0]:.0f} days",
            "Book what arrived and take cancelled lines out; open lines count as stock to come",
        )


def _line(rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    return f"order {first['order_id']} line {first['line']} of supplier {first['supplier_id']}"
