"""What is asked for: requests of a home's own SKUs and lanes, seeded, so that every run asks for the same."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import orjson

from benchmarks.service.load import get, post
from database.settings import Settings
from serving.state.follower import Follower

DIFFERENT = 30
"""Different requests of each kind, asked in turn."""


@dataclass(frozen=True)
class Ask:
    """One kind of request.

    Attributes
    ----------
    name : as the table has it
    requests : some of them, as bytes
    connections : how many ask at once
    goal : answers a second that are wanted of one core, 0 where there is no goal
    limit : seconds within which 99 of 100 answers, of pages 95, are wanted, 0 where there is none
    """

    name: str
    requests: tuple[bytes, ...]
    connections: int = 8
    goal: float = 0.0
    limit: float = 0.0


def asks(home: Path) -> list[Ask]:
    """All kinds of requests that throughput is measured of."""
    follower = Follower()
    follower.open(Settings(home=home))
    served, random = follower.current(), Random(1)  # noqa: S311 -- a load, no secret
    skus, lanes = list(served.row_of), list(served.lanes_bought.itertuples(index=False, name=None))
    suppliers = sorted(served.supplier_ids)
    follower.close()

    def some(count: int) -> list[str]:
        return random.sample(skus, min(count, len(skus)))

    def pairs(count: int) -> list[dict[str, str]]:
        picked = random.sample(lanes, min(count, len(lanes)))
        return [{"supplier_id": supplier, "unique_id": sku} for supplier, sku in picked]

    def posts(path: str, bodies: list[object]) -> tuple[bytes, ...]:
        return tuple(post(path, orjson.dumps(body)) for body in bodies)

    def many(make: Callable[[], object]) -> list[object]:
        return [make() for _ in range(DIFFERENT)]

    def what_if() -> dict[str, object]:
        sku = random.choice(skus)
        return {"unique_ids": [sku], "stock": [{"unique_id": sku, "on_hand": float(random.randint(0, 99))}]}

    return [
        Ask("/v1/forecast, 1 SKU", posts("/v1/forecast", many(lambda: {"unique_ids": some(1)}))),
        Ask(
            "/v1/forecast, 20 SKUs",
            posts("/v1/forecast", many(lambda: {"unique_ids": some(20)})),
            8,
            1_500,
            0.05,
        ),
        Ask("/v1/forecast, 200 SKUs", posts("/v1/forecast", many(lambda: {"unique_ids": some(200)}))),
        Ask("/v1/lead_time, 20 pairs", posts("/v1/lead_time", many(lambda: {"pairs": pairs(20)})), 8, 500),
        Ask(
            "/v1/lead_time_demand, 20 pairs",
            posts("/v1/lead_time_demand", many(lambda: {"pairs": pairs(20)})),
            8,
            500,
        ),
        Ask("/v1/plan, 1 SKU", posts("/v1/plan", many(lambda: {"unique_ids": some(1)})), 8, 100),
        Ask("/v1/plan, 20 SKUs", posts("/v1/plan", many(lambda: {"unique_ids": some(20)})), 8, 50),
        Ask("/v1/plan, 1 SKU with stock of its own", posts("/v1/plan", many(what_if)), 2),
        Ask("worklist", (get("/"),), 2, 0, 0.15),
        Ask("SKU page", tuple(get(f"/skus/{sku}") for sku in some(DIFFERENT)), 1, 0, 0.15),
        Ask("supplier page", tuple(get(f"/suppliers/{name}") for name in suppliers[:DIFFERENT]), 1, 0, 0.15),
    ]
