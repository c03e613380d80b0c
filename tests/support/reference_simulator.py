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
    a_day: float
    interval: float
    warm_up: int
    opening: int
    moq: int = 0
    multiple: int = 1
    maximum: float = math.inf
    shelf_life: int | None = None
    reject_share: float = 0.0
    carried_reject: float = 0.5  # part of a unit that is still to be rejected when the play begins
    lost_sales: bool = False
    price: float = 1.0
    batches: list[tuple[int, int]] = field(default_factory=list)  # units, and the day on which they perish
    owed: int = 0
    first_order: int | None = None
    open_orders: list[tuple[int, int, list[float]]] = field(
        default_factory=list
    )  # units, day (−1 never), counted
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

    def outdating(self, shelf: list[float], day: int) -> float:
        """Units that perish unsold within the interval, if so many sell a day: unit by unit, the oldest first."""
        gone = 0.0
        for number, end in enumerate(shelf, start=1):
            if end - day <= self.interval:
                gone = max(gone, number - self.a_day * (end - day))
        return gone

    def play(self) -> dict[str, float]:
        names = "demand missed stock_days backorder_days orders ordered spent pipeline_days wasted rejected cycles short_cycles left"
        total = dict.fromkeys(names.split(), 0.0)
        keeps = math.inf if self.shelf_life is None else self.shelf_life
        shelf = [keeps for _ in range(self.opening)]  # the day on which each unit perishes, oldest first
        shelf += [end for units, end in self.batches for _ in range(units)]
        waiting, orders, short, carried = self.owed, [], False, self.carried_reject
        still_open = list(self.open_orders)
        for day, asked in enumerate(self.demand):
            today = dict.fromkeys(total, 0.0)
            if self.shelf_life is not None:
                fresh = [end for end in shelf if day < end]
                today["wasted"] = len(shelf) - len(fresh)
                shelf = fresh
            if day % self.review == 0:
                at = day // self.review
                position = len(shelf) - waiting + sum(quantity for _, quantity, _ in orders)
                position += sum(counted[at] for _, _, counted in still_open)
                if self.shelf_life is not None:
                    position -= self.outdating(shelf, day)
                quantity = 0
                if day == 0 and self.first_order is not None:
                    quantity = self.first_order
                elif position < self.reorder_point[at]:
                    quantity = self.order_size(self.order_up_to[at] - position)
                if quantity:
                    lead = self.lead_days[day]
                    orders.append((day + abs(lead), quantity, lead >= 0))
                    today |= {"orders": 1, "ordered": quantity, "spent": quantity * self.price}
            due = [order for order in orders if order[0] == day]
            orders = [order for order in orders if order[0] != day]
            arrived = sum(quantity for _, quantity, comes in due if comes)
            arrived += sum(units for units, on, _ in still_open if on == day)
            still_open = [line for line in still_open if line[1] != day]
            if arrived:
                today |= {"cycles": 1, "short_cycles": float(short)}
                short = False
                carried += arrived * self.reject_share
                rejected = math.floor(carried)
                carried -= rejected
                today["rejected"] = rejected
                for _ in range(arrived - rejected):
                    if waiting:
                        waiting -= 1
                    else:
                        shelf.append(day + keeps)
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
            today["pipeline_days"] += sum(units for units, on, _ in still_open if on >= 0)
            if day >= self.warm_up:
                for name, value in today.items():
                    total[name] += value
        total["left"] = len(shelf) - waiting + today["pipeline_days"]
        return total


def random_lane(rng: np.random.Generator, days: int = 140) -> ReferenceLane:
    """A lane of random terms, demand, delays and policy."""
    review = int(rng.choice([1, 3, 7]))
    reviews = -(-days // review)
    base = rng.integers(0, 40, reviews).astype(float)
    lead = rng.integers(0, 15, reviews)
    lead = np.where(rng.random(reviews) < 0.1, -20, lead)
    perishable = rng.random() < 0.5
    shelf_life = int(rng.integers(1, 25))
    started = rng.random() < 0.6
    return ReferenceLane(
        demand=rng.poisson(rng.choice([0.3, 2.0, 6.0]), days).tolist(),
        lead_days={v * review: int(lead[v]) for v in range(reviews)},
        reorder_point=base.tolist(),
        order_up_to=(base + rng.integers(0, 30)).tolist(),
        review=review,
        a_day=float(rng.choice([0.2, 2.0, 5.0])),
        interval=float(rng.choice([3.0, 10.5, 20.0])),
        warm_up=int(rng.integers(0, 30)),
        opening=0 if perishable else int(rng.integers(0, 40)),
        moq=int(rng.choice([0, 7, 25])),
        multiple=int(rng.choice([1, 6])),
        maximum=float(rng.choice([math.inf, 31.0, 60.0])),
        shelf_life=shelf_life if perishable else None,
        reject_share=float(rng.choice([0.0, 0.2, 0.03])),
        lost_sales=bool(rng.random() < 0.5),
        price=3.0,
        batches=[(int(rng.integers(0, 9)), day + 1) for day in range(min(3, shelf_life))]
        if perishable
        else [],
        owed=int(rng.integers(0, 9)) if started else 0,
        first_order=int(rng.integers(0, 30)) if rng.random() < 0.3 else None,
        open_orders=[
            (int(rng.integers(1, 30)), int(rng.integers(-1, 19)), (rng.random(reviews) * 20).tolist())
            for _ in range(int(rng.integers(0, 4)) if started else 0)
        ],
    )
