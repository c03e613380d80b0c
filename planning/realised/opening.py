"""What a replay begins with: the stock of its first morning, what is owed, and the orders then on their way."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.realised.lane_basis import LEAD_LEVELS
from planning.realised.what_came import WhatCame
from planning.simulation.engine.common_random_numbers import Luck, name_keys, stratified_levels
from planning.simulation.engine.opening_state import OpeningState

_DAY = pd.Timedelta(days=1)
_LEFT = 0.5
"""Share of its shelf life that stock has left at the beginning."""
_NOT_YET = 365
"""Days from `as_of` after which a line that is still open comes: after the replay, whatever is played."""


@dataclass(frozen=True)
class Arrivals:
    """Order lines on their way when a replay begins: units (k,), days until they arrive (k, M), and prices (k,).

    Negative days: never.
    """

    units: Array
    days: NDArray[np.int64]
    price: Array

    def with_line(self, units: float, days: Array, price: float) -> "Arrivals":
        """The same and one more line, `days` (M,) away; of no units: the same."""
        if units <= 0:
            return self
        every = np.round(days).astype(np.int64)[None]
        return Arrivals(
            np.append(self.units, units), np.concatenate([self.days, every]), np.append(self.price, price)
        )

    def unit_days(self, days: int) -> Array:
        """Unit-days (M,) on their way within the `days` of the replay."""
        return np.asarray((self.units[:, None] * np.clip(self.days, 0, days)).sum(axis=0))

    def within(self, days: int) -> Array:
        """Units (k, M) that arrive within the `days` of the replay."""
        return np.asarray(self.units[:, None] * ((self.days >= 0) & (self.days < days)))


def stock_at(came: WhatCame, sku: dict[str, Any], as_of: pd.Timestamp, begin: pd.Timestamp) -> float:
    """Net stock of a SKU on the morning of `begin`: a count and what came and was sold between it and then."""
    name, net, since = sku["unique_id"], sku["on_hand"] - sku["owed"], as_of
    counted = came.counted_before(name, begin)
    if counted is not None and counted["as_of"] > as_of:
        net, since = float(counted["on_hand"]) - float(counted.get("backorders") or 0.0), counted["as_of"]
    first, last = min(since, begin), max(since, begin)
    lines = came.orders(name)
    between = lines[(lines["arrived_at"] >= first) & (lines["arrived_at"] < last)]
    good = between["quantity_received"].sum() * (1 - sku["before"]["rejected"])
    moved = good - came.sold_between(name, first, last)
    return float(net + moved if since <= begin else net - moved)


def on_the_way(
    came: WhatCame, unique_id: str, begin: pd.Timestamp, *, scenarios: int, but: tuple[str, str] | None
) -> Arrivals:
    """Lines of a SKU placed before `begin` that came on or after it, or are open still, `but` one (order_id, line)."""
    lines = came.orders(unique_id)
    lines = lines[(lines["ordered_at"] < begin) & (lines["is_open"] | (lines["arrived_at"] >= begin))]
    if but is not None:
        lines = lines[~is_line(lines, but)]
    open_now = lines["is_open"].to_numpy(bool)
    units = np.where(open_now, lines["quantity_open"], lines["quantity_received"]).astype(float)
    came_after = ((lines["arrived_at"] - begin) / _DAY).to_numpy(float)
    days = np.where(open_now, (came.as_of - begin) / _DAY + _NOT_YET, came_after)
    every = np.repeat(np.round(np.nan_to_num(days))[:, None], scenarios, axis=1).astype(np.int64)
    return Arrivals(units, every, lines["unit_price"].to_numpy(float))


def is_line(lines: pd.DataFrame, name: tuple[str, str]) -> NDArray[np.bool_]:
    """Which order lines (k,) are the one of this order_id and line."""
    same = (lines["order_id"].astype(str) == name[0]) & (lines["line"].astype(str) == name[1])
    return np.asarray(same, bool)


def drawn_days(line: dict[str, Any], *, elapsed: float, scenarios: int) -> Array:
    """Days (M,) until an open line arrives by its kept distribution, `elapsed` days after that was made; −1: never."""
    key = name_keys(np.array([f"{line['order_id']}/{line['line']}"], object))
    levels = stratified_levels(key, 2, scenarios, Luck.OPEN_ORDER)[0]
    days = np.maximum(np.interp(levels[0], LEAD_LEVELS, line["days"]) - elapsed, 0.0)
    return np.where(levels[1] < float(line.get("never") or 0.0), -1.0, days)


def opening_state(
    net_stock: float,
    arrivals: Arrivals,
    *,
    shelf_life: float,
    first_order: float,
    reviews: int,
    lost_sales: bool,
) -> OpeningState:
    """The opening state of one lane; stock that perishes has half its life left."""
    keeps = np.inf if np.isnan(shelf_life) else max(round(shelf_life * _LEFT), 1)
    k = len(arrivals.units)
    return OpeningState(
        batches=np.array([[[max(net_stock, 0.0), keeps]]]),
        owed=np.array([0.0 if lost_sales else max(-net_stock, 0.0)]),
        first_order=np.array([first_order]),
        line_lane=np.zeros(k, np.intp),
        line_units=arrivals.units,
        line_days=arrivals.days,
        line_counts=np.repeat(arrivals.units[:, None], reviews, axis=1),
    )
