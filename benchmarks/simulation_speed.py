"""How fast inventory policies are simulated, beside stockcast: `python -m benchmarks.simulation_speed [--skus N]`.

Three simulations, Purvey's of textbook policies, its engine that plays what a plan decides, and stockcast's, meet the
same demand from the same opening stock under the same policies. Seconds are processor time (others may use the
machine) of playing the year and adding up what it cost; nothing is read or written.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from distributions.distribution import Array
from planning.cost.price_breaks import PriceBreaks
from planning.policy.order_size import OrderLimits
from planning.simulation.engine.demand_paths import DemandPaths
from planning.simulation.engine.lane_play import PlayedLanes, PlayedPolicy, World, play
from planning.simulation.engine.opening_state import OpeningState
from planning.simulation.ordering_policies import MinMax, OrderingPolicy, OrderUpTo
from planning.simulation.simulate import Scenarios, simulate
from planning.simulation.simulation_result import UnitCosts

DAYS = 365
LEAD_TIME = 5
OPENING = pd.Timestamp("2025-12-31")
_PLAYED = 50


@dataclass(frozen=True)
class SimulatedSkus:
    """n SKUs over a year, to measure how fast policies are simulated: their demand, policy parameters and costs.

    Attributes
    ----------
    demand : array (T, n), units a day
    reorder_point, order_up_to, opening_stock : arrays (n,), units
    moq, multiple : arrays (n,), units
    costs : money
    """

    demand: Array
    reorder_point: Array
    order_up_to: Array
    opening_stock: Array
    moq: Array
    multiple: Array
    costs: UnitCosts

    def first(self, n: int) -> "SimulatedSkus":
        """The first `n` of the SKUs, few enough for stockcast, whose simulation is slow."""
        costs = UnitCosts(self.costs.holding[:n], self.costs.shortage[:n], self.costs.ordering[:n])
        return SimulatedSkus(
            self.demand[:, :n],
            self.reorder_point[:n],
            self.order_up_to[:n],
            self.opening_stock[:n],
            self.moq[:n],
            self.multiple[:n],
            costs,
        )


@dataclass(frozen=True)
class PolicyCase:
    """Policy to simulate and time: (s, S) with `reorder_point`, else (R, S); `review` days; lost sales or not."""

    name: str
    review: int
    reorder_point: bool
    lost_sales: bool
    limits: bool


CASES = (
    PolicyCase("(R,S) daily, backorders", 1, reorder_point=False, lost_sales=False, limits=False),
    PolicyCase("(R,S) weekly, lost sales", 7, reorder_point=False, lost_sales=True, limits=False),
    PolicyCase("(s,S) daily, lost sales", 1, reorder_point=True, lost_sales=True, limits=False),
    PolicyCase(
        "(s,S) daily, backorders, MOQ and multiple", 1, reorder_point=True, lost_sales=False, limits=True
    ),
)

Player = Callable[[SimulatedSkus, PolicyCase], Array]
"""What each SKU cost over the year, money (n,)."""


def make_skus(n: int, *, seed: int = 0) -> SimulatedSkus:
    """Make up `n` SKUs to simulate over a year: fast and slow movers, two weeks and more of stock aimed at."""
    rng = np.random.default_rng(seed)
    mean = rng.lognormal(1.0, 1.2, n)
    demand = rng.poisson(mean * rng.gamma(2, 0.5, (DAYS, n))).astype(float)
    point = np.ceil(mean * (LEAD_TIME + 1) + 2 * np.sqrt(mean * (LEAD_TIME + 1)))
    unit = rng.lognormal(1.5, 0.8, n).round(2)
    costs = UnitCosts(unit * 0.25 / DAYS, unit * 0.4, np.full(n, 5.0))
    return SimulatedSkus(
        demand,
        reorder_point=point,
        order_up_to=point + np.ceil(10 * mean),
        opening_stock=point,
        moq=rng.choice([1.0, 6.0, 12.0], n),
        multiple=rng.choice([1.0, 6.0], n),
        costs=costs,
    )


def play_engine(skus: SimulatedSkus, case: PolicyCase) -> Array:
    """Simulate a policy by the engine that plays what a plan decides: cost of each SKU's year (n,), money."""
    n, days = len(skus.opening_stock), len(skus.demand)
    reviews = -(-days // case.review)
    none, for_ever = np.zeros(n), np.full(n, np.inf)
    limits = (
        OrderLimits(skus.moq, skus.multiple, for_ever) if case.limits else OrderLimits(none, none, for_ever)
    )
    lanes = PlayedLanes(
        sku=np.arange(n),
        limits=limits,
        prices=PriceBreaks(np.zeros((n, 1)), np.zeros((n, 1))),
        shelf_life=np.full(n, np.nan),
        rejected=none,
        whole=np.ones(n, bool),
        yearly=none,
        holding=none,
        sellable=for_ever,
        interval=none,
    )
    # orders below s, where a textbook's are placed at s too: units are whole
    point = skus.reorder_point + 1 if case.reorder_point else skus.order_up_to
    levels = (np.broadcast_to(level[:, None], (n, reviews)) for level in (point, skus.order_up_to, none))
    paths = DemandPaths(
        units=np.zeros((n, 0, 1), np.float32),
        by_day=np.ascontiguousarray(skus.demand.T[:, None], np.float32),
        mean=np.zeros((n, 0)),
        calendar=np.zeros((days, 3), np.int64),
    )
    world = World(
        demand=paths,
        lead_days=np.full((n, reviews, 1), LEAD_TIME, np.int16),
        review=case.review,
        warm_up=np.zeros(n, np.int64),
        days=days,
        lost_sales=case.lost_sales,
    )
    opening = OpeningState.of_stock(skus.opening_stock, lanes.shelf_life)
    played = play(lanes, PlayedPolicy(*levels), world, opening)
    counts = np.column_stack([played.stock_days, played.missed, played.orders])
    rates = np.column_stack([skus.costs.holding, skus.costs.shortage, skus.costs.ordering])
    return np.asarray((counts * rates).sum(axis=1))


def play_purvey(skus: SimulatedSkus, case: PolicyCase) -> Array:
    """Simulate a policy by Purvey's simulation of textbook policies: cost of each SKU's year (n,), money."""
    scenarios = Scenarios(skus.demand[:, :, None], np.asarray(LEAD_TIME), skus.opening_stock, case.lost_sales)
    policy: OrderingPolicy = (
        MinMax(skus.reorder_point, skus.order_up_to) if case.reorder_point else OrderUpTo(skus.order_up_to)
    )
    limits = OrderLimits(skus.moq, skus.multiple, np.full(len(skus.moq), np.inf)) if case.limits else None
    played = simulate(scenarios, policy, review=case.review, limits=limits)
    return played.total_cost(skus.costs)[:, 0]


def play_stockcast(skus: SimulatedSkus, case: PolicyCase) -> Array:
    """Simulate a policy by stockcast, the peer to be timed: cost of each SKU's year (n,), money.

    Costs are added up from its event table, its own way being slower.
    """
    from stockcast.core import (
        InventoryStateDataFrame,
        MinimumOrderQuantity,
        OrderingConstraints,
        OrderMultiple,
        SimulationEngine,
    )

    names = [f"s{i:05}" for i in range(len(skus.opening_stock))]
    stock = pd.DataFrame({"unique_id": names, "date": OPENING, "on_hand": skus.opening_stock})
    sold = pd.DataFrame(
        {
            "unique_id": np.tile(names, len(skus.demand)),
            "date": np.repeat(pd.date_range(OPENING, periods=len(skus.demand) + 1)[1:], len(names)),
            "y": skus.demand.ravel(),
        }
    )
    limits = None
    if case.limits:
        by_sku = [dict(zip(names, values.tolist(), strict=True)) for values in (skus.moq, skus.multiple)]
        rules = (MinimumOrderQuantity(by_sku[0], mode="adjust"), OrderMultiple(by_sku[1], mode="adjust"))
        limits = OrderingConstraints(rules)
    result = SimulationEngine().run(
        policy=_stockcast_policy(skus, case, names),
        demand_source=sold,
        freq="D",
        inventory=InventoryStateDataFrame.from_observed(stock),
        order_constraints=limits,
    )
    events = result.to_event_frame()
    grid = events.assign(ordered=events["order_quantity"] > 0).groupby("unique_id")
    sums = grid[["ending_on_hand", "shortage_units", "ordered"]].sum().loc[names].to_numpy(float)
    rates = np.column_stack([skus.costs.holding, skus.costs.shortage, skus.costs.ordering])
    return np.asarray((sums * rates).sum(axis=1))


def _stockcast_policy(skus: SimulatedSkus, case: PolicyCase, names: list[str]) -> object:
    """The policy to simulate as stockcast takes it: (s, S) or order-up-to, fitted to the SKUs' levels."""
    from stockcast.policies import OrderUpToPolicy, ReorderPointPolicy

    known = {"lead_time": LEAD_TIME, "review_period": case.review, "freq": "D"}
    level, point = (
        dict(zip(names, values.tolist(), strict=True)) for values in (skus.order_up_to, skus.reorder_point)
    )
    if case.reorder_point:
        rule = ReorderPointPolicy(**known, policy_type="sS", allow_backorders=not case.lost_sales)
        return rule.fit(reorder_point=point, order_up_to_level=level)
    targets = pd.DataFrame({"unique_id": names, "level": skus.order_up_to})
    plain = OrderUpToPolicy(**known, allow_backorders=not case.lost_sales)
    return plain.fit(targets, target_column="level", forecast_origin=OPENING)


def timed(play: Player, skus: SimulatedSkus, case: PolicyCase, *, rounds: int) -> tuple[float, Array]:
    """Least processor seconds of `rounds` simulations by `play`, and what each SKU cost."""
    best, cost = np.inf, np.empty(0)
    for _ in range(rounds):
        started = time.process_time()
        cost = play(skus, case)
        best = min(best, time.process_time() - started)
    return best, cost


def stockcast_skus(seconds: float) -> float:
    """How many SKUs stockcast simulates in `seconds`: a year of daily (s, S), measured on fifty."""
    started = time.perf_counter()
    play_stockcast(make_skus(_PLAYED), CASES[2])
    return _PLAYED * seconds / (time.perf_counter() - started)


def main(argv: list[str] | None = None) -> None:
    """Time the simulation of every policy by Purvey and by stockcast, and print seconds and costs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulation_speed")
    parser.add_argument("--skus", type=int, default=1_000)
    parser.add_argument("--peer-skus", type=int, help="SKUs that stockcast plays; its seconds are scaled up")
    given = parser.parse_args(argv)
    whole = make_skus(given.skus)
    few = min(given.peer_skus or given.skus, given.skus)
    scaled = "" if few == given.skus else f", scaled from {few}"
    for player in (play_purvey, play_engine, play_stockcast):
        player(whole.first(10), CASES[0])  # imports and first calls count for nobody
    print(
        f"{given.skus} SKUs × {DAYS} days; stockcast's seconds are of one run{scaled}, Purvey's the least of three"
    )
    print(
        f"{'policy':44}{'Purvey s':>10}{'engine s':>10}{'stockcast s':>13}{'times':>8}{'engine':>8}{'cost':>14}"
        f"{'largest difference':>20}"
    )
    for case in CASES:
        own, cost = timed(play_purvey, whole, case, rounds=3)
        engine, played = timed(play_engine, whole, case, rounds=3)
        theirs, other = timed(play_stockcast, whole.first(few), case, rounds=1)
        theirs *= given.skus / few
        gap = max(np.abs(each[:few] - other).max() for each in (cost, played))
        print(
            f"{case.name:44}{own:10.3f}{engine:10.3f}{theirs:13.1f}{theirs / own:8.0f}{theirs / engine:8.0f}"
            f"{cost.sum():14,.0f}{gap:20.1e}",
            flush=True,
        )


if __name__ == "__main__":
    main()
