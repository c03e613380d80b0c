"""A slow and obvious simulator, one unit at a time, that the engine's compiled days have to agree with."""

import math
from dataclasses import dataclass, field

import numpy as np


@dataclass
class ReferenceLane:
    """One lane in one scenario: what is asked for each day, and how long an order placed on a day takes."""

    demand: list[int]
    lead_days: dict[int, int]
    reorder_point: list[float]
    order_up_to: list[float]
    review: int
    warm_up: int
    opening: int
    moq: int = 0
    multiple: int = 1
    maximum: float = math.inf
    shelf_life: int | None = None
    reject_share: float = 0.0
    lost_sales: bool = False
    price: float = 1.0
    counts: dict[str, float] = field(default_factory=dict)

    def order_size(self, need: float) -> int:
        """The smallest multiple that covers the need and the MOQ, found by trying one after the other."""
        if need <= 0:
            return 0
        largest = 0
        for lots in range(1, 10_000):
            quantity = lots * self.multiple
            if quantity > self.maximum:
                break
            if quantity < self.moq:
                continue
            largest = quantity
            if quantity >= need - 1e-9:
                break
        return largest

    def play(self) -> dict[str, float]:
        names = "demand missed stock_days backorder_days orders ordered spent pipeline_days wasted rejected cycles short_cycles"
        total = dict.fromkeys(names.split(), 0.0)
        shelf = [(0, number) for number in range(self.opening)]  # the day each unit came
        waiting, orders, short = 0, [], False
        for day, asked in enumerate(self.demand):
            today = dict.fromkeys(total, 0.0)
            if self.shelf_life is not None:
                fresh = [unit for unit in shelf if day - unit[0] < self.shelf_life]
                today["wasted"] = len(shelf) - len(fresh)
                shelf = fresh
            if day % self.review == 0:
                at = day // self.review
                position = len(shelf) - waiting + sum(quantity for _, quantity, _ in orders)
                if position < self.reorder_point[at]:
                    quantity = self.order_size(self.order_up_to[at] - position)
                    if quantity:
                        lead = self.lead_days[day]
                        orders.append((day + abs(lead), quantity, lead >= 0))
                        today |= {"orders": 1, "ordered": quantity, "spent": quantity * self.price}
            due = [order for order in orders if order[0] == day]
            orders = [order for order in orders if order[0] != day]
            arrived = sum(quantity for _, quantity, comes in due if comes)
            if arrived:
                today |= {"cycles": 1, "short_cycles": float(short)}
                short = False
                rejected = math.floor(arrived * self.reject_share + 0.5)
                today["rejected"] = rejected
                for _ in range(arrived - rejected):
                    if waiting:
                        waiting -= 1
                    else:
                        shelf.append((day, 0))
            for _ in range(asked):
                today["demand"] += 1
                if shelf:
                    shelf.pop(0)
                    continue
                today["missed"] += 1
                short = True
                waiting += not self.lost_sales
            today["stock_days"] = len(shelf)
            today["backorder_days"] = waiting
            today["pipeline_days"] = sum(quantity for _, quantity, comes in orders if comes)
            if day >= self.warm_up:
                for name, value in today.items():
                    total[name] += value
        return total


def random_lane(rng: np.random.Generator, days: int = 140) -> ReferenceLane:
    """A lane of random terms, demand, delays and policy."""
    review = int(rng.choice([1, 3, 7]))
    reviews = -(-days // review)
    base = rng.integers(0, 40, reviews).astype(float)
    lead = rng.integers(0, 15, reviews)
    lead = np.where(rng.random(reviews) < 0.1, -20, lead)
    perishable = rng.random() < 0.5
    return ReferenceLane(
        demand=rng.poisson(rng.choice([0.3, 2.0, 6.0]), days).tolist(),
        lead_days={v * review: int(lead[v]) for v in range(reviews)},
        reorder_point=base.tolist(),
        order_up_to=(base + rng.integers(0, 30)).tolist(),
        review=review,
        warm_up=int(rng.integers(0, 30)),
        opening=int(rng.integers(0, 40)),
        moq=int(rng.choice([0, 7, 25])),
        multiple=int(rng.choice([1, 6])),
        maximum=float(rng.choice([math.inf, 31.0, 60.0])),
        shelf_life=int(rng.integers(1, 25)) if perishable else None,
        reject_share=float(rng.choice([0.0, 0.2])),
        lost_sales=bool(rng.random() < 0.5),
        price=3.0,
    )
