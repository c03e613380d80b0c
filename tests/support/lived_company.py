"""A small company that lives on after a decision, day by day, in plain Python: what it orders, and what that costs.

It knows nothing of the replay that is tested with it: it pays for what it buys, and counts what is left at what it cost.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from planning.realised.lane_basis import LEAD_LEVELS, LaneBasis
from planning.realised.what_came import WhatCame

LINE_COLUMNS = [
    "order_id", "line", "supplier_id", "unique_id", "ordered_at", "promised_at", "quantity_ordered",
    "quantity_received", "quantity_open", "unit_price", "lead_time", "age", "is_open", "arrived_at", "expedited",
    "never_came",
]  # fmt: skip


@dataclass
class Life:
    """What a company did with one SKU over its days: its order lines, and the money that it cost in all."""

    cost: float = 0.0
    lines: list[dict] = field(default_factory=list)


def live(
    unique_id: str,
    terms: Callable[[int], LaneBasis],
    demand: Sequence[float],
    *,
    stock: float,
    luck: np.random.Generator,
    begin: pd.Timestamp,
    coming: Sequence[dict] = (),
    old_unit: float,
    lost_sales: bool = False,
) -> Life:
    """Live day by day: review weekly, order up to S below s within MOQ and multiple, receive, sell, pay.

    Parameters
    ----------
    terms : day → terms in force then
    luck : draws a level for each day, in the same order whatever is done
    coming : lines on their way at the beginning: units, day, price
    """
    life, levels = Life(), luck.uniform(size=len(demand))
    on_way = [(line["day"], line["units"], line["price"]) for line in coming]
    shelf = [(stock, old_unit)] if stock > 0 else []
    owed = 0.0
    for day, wanted in enumerate(demand):
        now = terms(day)
        on_hand = sum(units for units, _ in shelf)
        position = on_hand + sum(units for _, units, _ in on_way) - owed
        if day % round(now.review) == 0 and position < now.reorder_point:
            units = max(now.order_up_to - position, now.moq)
            units = np.ceil(units / now.multiple) * now.multiple if now.multiple else np.ceil(units)
            days = int(np.round(np.interp(levels[day], LEAD_LEVELS, now.lead_days)))
            on_way.append((day + days, units, now.unit))
            life.cost += now.ordering
            life.lines.append(_line(unique_id, now, begin, len(demand), day=day, days=days, units=units))
        for _, units, price in [each for each in on_way if each[0] == day]:
            served = min(owed, units)
            owed -= served
            life.cost += served * price
            if units > served:
                shelf.append((units - served, price))
        on_way = [each for each in on_way if each[0] > day]
        left = wanted
        while left > 1e-9 and shelf:
            units, price = shelf[0]
            taken = min(units, left)
            left -= taken
            life.cost += taken * price
            shelf = [(units - taken, price), *shelf[1:]] if units - taken > 1e-9 else shelf[1:]
        life.cost += now.shortage * left
        if lost_sales:
            life.cost += now.unit * left  # the margin is above what it would have cost
        else:
            owed += left
        life.cost += now.holding / 365 * sum(units for units, _ in shelf)
        if np.isnan(now.payment_days):
            life.cost += now.holding / 365 * sum(units for _, units, _ in on_way)
    return life


def _line(
    unique_id: str, terms: LaneBasis, begin: pd.Timestamp, end: int, *, day: int, days: int, units: float
) -> dict:
    """An order line as the order history has it on the last day."""
    ordered, came = begin + pd.Timedelta(days=day), day + days < end
    return {
        "order_id": f"{unique_id}-{day}",
        "line": "1",
        "supplier_id": terms.supplier_id,
        "unique_id": unique_id,
        "ordered_at": ordered,
        "promised_at": pd.NaT,
        "quantity_ordered": units,
        "quantity_received": units if came else 0.0,
        "quantity_open": 0.0 if came else units,
        "unit_price": terms.unit,
        "lead_time": float(days) if came else np.nan,
        "age": np.nan if came else float(end - day),
        "is_open": not came,
        "arrived_at": ordered + pd.Timedelta(days=days) if came else pd.NaT,
        "expedited": False,
        "never_came": 0.0,
    }


def order_lines(rows: Sequence[dict]) -> pd.DataFrame:
    """Order lines as an order history has them."""
    frame = pd.DataFrame(list(rows), columns=LINE_COLUMNS)
    for name in ("ordered_at", "promised_at", "arrived_at"):
        frame[name] = pd.to_datetime(frame[name])
    return frame.astype(
        {"is_open": bool, "expedited": bool, "quantity_open": float, "quantity_received": float}
    )


def what_came(
    begin: pd.Timestamp, demand: dict[str, np.ndarray], lines: Sequence[dict], offers: pd.DataFrame
) -> WhatCame:
    """What the company's tables show at the end: weekly demand, its order lines, no later count of stock."""
    ids = np.array(sorted(demand), object)
    weeks = len(next(iter(demand.values()))) // 7
    starts = np.array([begin + pd.Timedelta(weeks=week) for week in range(weeks + 1)], "datetime64[ns]")
    return WhatCame(
        as_of=begin + pd.Timedelta(weeks=weeks),
        unique_ids=ids,
        starts=starts,
        demand=np.stack([demand[sku][: 7 * weeks].reshape(weeks, 7).sum(axis=1) for sku in ids]),
        lines=order_lines(lines),
        promises=pd.DataFrame({"order_id": [], "line": [], "repromised_at": pd.to_datetime([])}),
        stock=pd.DataFrame({"unique_id": [], "as_of": pd.to_datetime([]), "on_hand": [], "backorders": []}),
        offers=offers,
    )
