"""The VN2 game: receive, sell, order; eight weeks, six orders, two full weeks of lead time.

It can be played from any week of the history. Demand of a week in which the real shop was out of stock is not
known: in such a week nothing is sold and nothing scored, for every contender alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from examples.vn2 import HOLDING_COST, SHORTAGE_COST, read
from features.demand.panel import Array

WEEKS = 8
ORDERS = 6


@dataclass(frozen=True)
class GameHistory:
    """History of the VN2 game: the raw files, and the same demand as an array.

    Attributes
    ----------
    raw : what `examples.vn2.read` returns
    demand : array (n, T), units; NaN in weeks out of stock
    week_of_year : array (T + WEEKS,), ISO weeks, running on beyond the history
    """

    raw: dict[str, pd.DataFrame]
    demand: Array
    week_of_year: NDArray[np.int64]

    @classmethod
    def of(cls, folder: Path) -> "GameHistory":
        """Read the history of the VN2 game from the raw files of `folder`."""
        raw = read(folder)
        weeks = [column for column in raw["sales"].columns if column[:2] == "20"]
        flags = raw["in_stock"].set_index(["Store", "Product"]).reindex(_keys(raw["sales"]))
        demand = np.where(flags[weeks].to_numpy(bool), raw["sales"][weeks].to_numpy(float), np.nan)
        calendar = pd.date_range(weeks[0], periods=len(weeks) + WEEKS, freq="W-MON")
        return cls(raw, demand, calendar.isocalendar().week.to_numpy(np.int64))

    def start(self, week: int) -> pd.Timestamp:
        """Monday of week number `week`."""
        return pd.Timestamp(self.weeks[week])

    @property
    def unique_ids(self) -> list[str]:
        """STORE_PRODUCT of the n series, in the order of `demand`."""
        return [f"{store}_{product}" for store, product in _keys(self.raw["sales"])]

    @property
    def weeks(self) -> list[str]:
        """The T week columns, as named in the files."""
        return [column for column in self.raw["sales"].columns if column[:2] == "20"]

    def raw_at(self, week: int, stock: "GameStock") -> dict[str, pd.DataFrame]:
        """The raw files of the VN2 game as they would have looked when the first `week` weeks were over."""
        columns = ["Store", "Product", *self.weeks[:week]]
        state = _keys(self.raw["sales"]).to_frame(index=False)
        state["End Inventory"] = stock.on_hand
        state["In Transit W+1"] = stock.next_week
        state["In Transit W+2"] = stock.week_after
        files = {name: self.raw[name][columns] for name in ("sales", "in_stock")}
        return {**files, "state": state, "master": self.raw["master"]}


@dataclass(frozen=True)
class GameStock:
    """Units per series at the end of a week: on hand, arriving at the start of the next and of the week after."""

    on_hand: Array
    next_week: Array
    week_after: Array

    @property
    def position(self) -> Array:
        """On hand and on order, (n,)."""
        return np.asarray(self.on_hand + self.next_week + self.week_after)


@dataclass(frozen=True)
class GameScore:
    """Score of a played window: units left, missed and sold in all scored weeks, and the stock at its end."""

    left: float
    missed: float
    sold: float
    end: GameStock

    @property
    def cost(self) -> float:
        """0.2 a unit left, 1.0 a unit missed."""
        return HOLDING_COST * self.left + SHORTAGE_COST * self.missed

    @property
    def fill_rate(self) -> float:
        """Share of demand served from stock."""
        return self.sold / max(self.sold + self.missed, 1e-9)


OrderRule = Callable[[int, GameStock], Array]
"""(weeks seen, stock) → units to order per series; they arrive at the start of the third week from now."""


def play_game(
    history: GameHistory, first: int, stock: GameStock, order: OrderRule, *, orders: int = ORDERS
) -> GameScore:
    """Play the VN2 game for `WEEKS` weeks from week number `first`; after `orders` orders none can arrive in time."""
    left = missed = sold = 0.0
    for step in range(WEEKS):
        placed = np.zeros(len(stock.on_hand))
        if step < orders:
            placed = np.maximum(np.round(order(first + step, stock)), 0.0)
        demand = history.demand[:, first + step]
        known = ~np.isnan(demand)
        available = stock.on_hand + stock.next_week
        sales = np.minimum(available, np.nan_to_num(demand))
        stock = GameStock(available - sales, stock.week_after, placed)
        left += float(stock.on_hand[known].sum())
        missed += float((demand - sales)[known].sum())
        sold += float(sales.sum())
    return GameScore(left, missed, sold, stock)


def _keys(frame: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[["Store", "Product"]])
