"""Policies played over a year of demand, beside stockcast: `python -m benchmarks.replay [--skus N] [--peer-skus N]`.

Both meet the same demand from the same opening stock under the same policies, and both keep the same clock: receive,
order, serve. Seconds are processor time (both use one processor, and others may use the machine) of playing the
year and adding up what it cost; nothing is read or written.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from distributions.distribution import Array
from planning.policy.order_size import OrderLimits
from planning.simulation.outcome import UnitCosts
from planning.simulation.policies import MinMax, OrderUpTo, Policy
from planning.simulation.simulate import Scenarios, simulate

DAYS = 365
LEAD_TIME = 5
OPENING = pd.Timestamp("2025-12-31")


@dataclass(frozen=True)
class Shop:
    """n SKUs over a year.

    Attributes
    ----------
    demand : array (T, n), units a day
    point, level, start : arrays (n,), reorder point, order-up-to level and opening stock, units
    moq, multiple : arrays (n,), units
    costs : money
    """

    demand: Array
    point: Array
    level: Array
    start: Array
    moq: Array
    multiple: Array
    costs: UnitCosts

    def first(self, n: int) -> "Shop":
        """The first `n` SKUs."""
        costs = UnitCosts(self.costs.holding[:n], self.costs.shortage[:n], self.costs.ordering[:n])
        return Shop(self.demand[:, :n], self.point[:n], self.level[:n], self.start[:n], self.moq[:n],
                    self.multiple[:n], costs)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A way to order: `reorder_point` with (s, S), else (R, S); `review` days; lost sales or backorders; limits."""

    name: str
    review: int
    reorder_point: bool
    lost_sales: bool
    limits: bool


CASES = (
    Case("(R,S) daily, backorders", 1, reorder_point=False, lost_sales=False, limits=False),
    Case("(R,S) weekly, lost sales", 7, reorder_point=False, lost_sales=True, limits=False),
    Case("(s,S) daily, lost sales", 1, reorder_point=True, lost_sales=True, limits=False),
    Case("(s,S) daily, backorders, MOQ and multiple", 1, reorder_point=True, lost_sales=False, limits=True),
)

Player = Callable[[Shop, Case], Array]
"""What each SKU cost over the year, money (n,)."""


def shop(n: int, *, seed: int = 0) -> Shop:
    """Make up a shop of `n` SKUs: fast and slow movers, two weeks and more of stock aimed at."""
    rng = np.random.default_rng(seed)
    mean = rng.lognormal(1.0, 1.2, n)
    demand = rng.poisson(mean * rng.gamma(2, 0.5, (DAYS, n))).astype(float)
    point = np.ceil(mean * (LEAD_TIME + 1) + 2 * np.sqrt(mean * (LEAD_TIME + 1)))
    unit = rng.lognormal(1.5, 0.8, n).round(2)
    costs = UnitCosts(unit * 0.25 / DAYS, unit * 0.4, np.full(n, 5.0))
    return Shop(
        demand, point, point + np.ceil(10 * mean), point, rng.choice([1.0, 6.0, 12.0], n),
        rng.choice([1.0, 6.0], n), costs,
    )  # fmt: skip


def purvey(shop: Shop, case: Case) -> Array:
    """Play with `planning.simulation.simulate`."""
    scenarios = Scenarios(shop.demand[:, :, None], np.asarray(LEAD_TIME), shop.start, case.lost_sales)
    policy: Policy = MinMax(shop.point, shop.level) if case.reorder_point else OrderUpTo(shop.level)
    limits = OrderLimits(shop.moq, shop.multiple, np.full(len(shop.moq), np.inf)) if case.limits else None
    played = simulate(scenarios, policy, review=case.review, limits=limits)
    return played.total_cost(shop.costs)[:, 0]


def stockcast(shop: Shop, case: Case) -> Array:
    """Play with stockcast's engine; the costs are added up from its event table, its own way being slower."""
    from stockcast.core import (
        InventoryStateDataFrame,
        MinimumOrderQuantity,
        OrderingConstraints,
        OrderMultiple,
        SimulationEngine,
    )

    names = [f"s{i:05}" for i in range(len(shop.start))]
    stock = pd.DataFrame({"unique_id": names, "date": OPENING, "on_hand": shop.start})
    sold = pd.DataFrame(
        {
            "unique_id": np.tile(names, len(shop.demand)),
            "date": np.repeat(pd.date_range(OPENING, periods=len(shop.demand) + 1)[1:], len(names)),
            "y": shop.demand.ravel(),
        }
    )
    limits = None
    if case.limits:
        by_sku = [dict(zip(names, values.tolist(), strict=True)) for values in (shop.moq, shop.multiple)]
        rules = (MinimumOrderQuantity(by_sku[0], mode="adjust"), OrderMultiple(by_sku[1], mode="adjust"))
        limits = OrderingConstraints(rules)
    result = SimulationEngine().run(
        policy=_stockcast_policy(shop, case, names), demand_source=sold, freq="D",
        inventory=InventoryStateDataFrame.from_observed(stock), order_constraints=limits,
    )  # fmt: skip
    events = result.to_event_frame()
    grid = events.assign(ordered=events["order_quantity"] > 0).groupby("unique_id")
    sums = grid[["ending_on_hand", "shortage_units", "ordered"]].sum().loc[names].to_numpy(float)
    rates = np.column_stack([shop.costs.holding, shop.costs.shortage, shop.costs.ordering])
    return np.asarray((sums * rates).sum(axis=1))


def _stockcast_policy(shop: Shop, case: Case, names: list[str]) -> object:
    from stockcast.policies import OrderUpToPolicy, ReorderPointPolicy

    known = {"lead_time": LEAD_TIME, "review_period": case.review, "freq": "D"}
    level, point = (dict(zip(names, values.tolist(), strict=True)) for values in (shop.level, shop.point))
    if case.reorder_point:
        rule = ReorderPointPolicy(**known, policy_type="sS", allow_backorders=not case.lost_sales)
        return rule.fit(reorder_point=point, order_up_to_level=level)
    targets = pd.DataFrame({"unique_id": names, "level": shop.level})
    plain = OrderUpToPolicy(**known, allow_backorders=not case.lost_sales)
    return plain.fit(targets, target_column="level", forecast_origin=OPENING)


def timed(play: Player, shop: Shop, case: Case, *, rounds: int) -> tuple[float, Array]:
    """Least processor seconds of `rounds`, and what each SKU cost."""
    best, cost = np.inf, np.empty(0)
    for _ in range(rounds):
        begun = time.process_time()
        cost = play(shop, case)
        best = min(best, time.process_time() - begun)
    return best, cost


def main(argv: list[str] | None = None) -> None:
    """Play, compare and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replay")
    parser.add_argument("--skus", type=int, default=1_000)
    parser.add_argument("--peer-skus", type=int, help="SKUs that stockcast plays; its seconds are scaled up")
    given = parser.parse_args(argv)
    whole = shop(given.skus)
    few = min(given.peer_skus or given.skus, given.skus)
    scaled = "" if few == given.skus else f", scaled from {few}"
    purvey(whole.first(10), CASES[0])
    stockcast(whole.first(10), CASES[0])  # imports and first calls count for nobody
    print(
        f"{given.skus} SKUs × {DAYS} days; stockcast's seconds are of one run{scaled}, Purvey's the least of three"
    )
    print(
        f"{'policy':44}{'Purvey s':>10}{'stockcast s':>13}{'times':>8}{'cost':>14}{'largest difference':>20}"
    )
    for case in CASES:
        own, cost = timed(purvey, whole, case, rounds=3)
        theirs, other = timed(stockcast, whole.first(few), case, rounds=1)
        theirs *= given.skus / few
        gap = np.abs(cost[:few] - other).max()
        print(
            f"{case.name:44}{own:10.3f}{theirs:13.1f}{theirs / own:8.0f}{cost.sum():14,.0f}{gap:20.1e}",
            flush=True,
        )


if __name__ == "__main__":
    main()
