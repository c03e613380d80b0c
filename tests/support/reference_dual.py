"""A slow and obvious simulator of one SKU with two suppliers, unit by unit, that the dual-source kernel has to match."""

import math
from dataclasses import dataclass

import numpy as np
from reference_simulator import ReferenceLane


@dataclass
class ReferenceSupplier:
    """One of the two: its offer's limits, what it rejects, its policy and its lead times."""

    offer: ReferenceLane  # for order_size
    reorder_point: list[float]
    order_up_to: list[float]
    lead_days: list[int]
    interval: float


@dataclass
class ReferencePair:
    """A SKU with a base and a surge supplier."""

    demand: list[int]
    base: ReferenceSupplier
    surge: ReferenceSupplier
    review: int
    a_day: float
    warm_up: int
    counts_from: float
    shelf_life: int | None
    lost_sales: bool

    def play(self) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
        suppliers = {"base": self.base, "surge": self.surge}
        total = dict.fromkeys(["demand", "missed", "stock_days", "wasted", "cycles", "short_cycles"], 0.0)
        names = ["orders", "ordered", "spent", "pipeline_days", "received", "rejected"]
        bought = {name: dict.fromkeys(names, 0.0) for name in suppliers}
        keeps = math.inf if self.shelf_life is None else self.shelf_life
        opening = max(self.base.order_up_to[0], self.surge.order_up_to[0])
        shelf = [keeps] * max(int(opening), 0)
        waiting, orders, short, carried = 0, [], False, {"base": 0.5, "surge": 0.5}
        for day, asked in enumerate(self.demand):
            now = dict.fromkeys(total, 0.0)
            each = {name: dict.fromkeys(names, 0.0) for name in suppliers}
            if self.shelf_life is not None:
                fresh = [end for end in shelf if day < end]
                now["wasted"], shelf = len(shelf) - len(fresh), fresh
            if day % self.review == 0:
                at = day // self.review
                for name in ("surge", "base"):
                    supplier = suppliers[name]
                    on_order = [
                        units
                        for _, units, source, placed in orders
                        if name == "base" or source == "surge" or day - placed >= self.counts_from
                    ]
                    position = len(shelf) - waiting + sum(on_order)
                    if self.shelf_life is not None:
                        supplier.offer.a_day, supplier.offer.interval = self.a_day, supplier.interval
                        position -= supplier.offer.outdating(shelf, day)
                    if position < supplier.reorder_point[at]:
                        units = supplier.offer.order_size(supplier.order_up_to[at] - position)
                        if units:
                            orders.append((day + supplier.lead_days[at], units, name, day))
                            each[name] |= {
                                "orders": 1,
                                "ordered": units,
                                "spent": units * supplier.offer.price,
                            }
            due = [order for order in orders if order[0] == day]
            orders = [order for order in orders if order[0] != day]
            if due:
                now |= {"cycles": 1, "short_cycles": float(short)}
                short, good = False, 0
                for name, supplier in suppliers.items():
                    arrived = sum(units for _, units, source, _ in due if source == name)
                    carried[name] += arrived * supplier.offer.reject_share
                    rejected = math.floor(carried[name]) if arrived else 0
                    carried[name] -= rejected
                    each[name] |= {"received": arrived, "rejected": rejected}
                    good += arrived - rejected
                served = min(waiting, good)
                waiting -= served
                shelf += [day + keeps] * (good - served)
            for _ in range(asked):
                now["demand"] += 1
                if shelf:
                    shelf.pop(0)
                    continue
                now["missed"] += 1
                short = True
                waiting += not self.lost_sales
            now["stock_days"] = len(shelf)
            for name in suppliers:
                each[name]["pipeline_days"] = sum(units for _, units, source, _ in orders if source == name)
            if day >= self.warm_up:
                for key, value in now.items():
                    total[key] += value
                for name, counted in each.items():
                    for key, value in counted.items():
                        bought[name][key] += value
        return total, bought


def random_pair(rng: np.random.Generator, days: int = 140) -> ReferencePair:
    """A SKU with two suppliers of random terms, delays and policies."""
    review = int(rng.choice([1, 3, 7]))
    reviews = -(-days // review)

    def supplier(longest: int) -> ReferenceSupplier:
        offer = ReferenceLane(
            demand=[], lead_days={}, reorder_point=[], order_up_to=[], review=review, a_day=0.0, interval=0.0,
            warm_up=0, opening=0, moq=int(rng.choice([0, 7, 25])), multiple=int(rng.choice([1, 6])),
            maximum=float(rng.choice([math.inf, 31.0])), reject_share=float(rng.choice([0.0, 0.2, 0.03])),
            price=float(rng.choice([2.0, 3.0])),
        )  # fmt: skip
        point = rng.integers(0, 40, reviews).astype(float)
        up_to = point + rng.integers(0, 30)
        lead = rng.integers(1, longest, reviews)
        return ReferenceSupplier(
            offer, point.tolist(), up_to.tolist(), lead.tolist(), float(rng.choice([3.0, 10.5]))
        )

    return ReferencePair(
        demand=rng.poisson(rng.choice([0.3, 2.0, 6.0]), days).tolist(),
        base=supplier(25),
        surge=supplier(8),
        review=review,
        a_day=float(rng.choice([0.2, 2.0, 5.0])),
        warm_up=int(rng.integers(0, 30)),
        counts_from=float(rng.integers(0, 20)),
        shelf_life=int(rng.integers(1, 25)) if rng.random() < 0.5 else None,
        lost_sales=bool(rng.random() < 0.5),
    )
