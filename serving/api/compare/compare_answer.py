"""Offers compared for a request, and the answer of `/v1/sourcing/compare`."""

from dataclasses import asdict, replace
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from configs.errors import PlanningError
from configs.schema import PolicyConfig
from planning.compare.compare_offers import PARTS, QUANTILES, OfferComparison, compare_offers
from planning.compare.compared_demand import ComparedDemand
from serving.api.compare.compare_request import CompareRequest
from serving.api.orders.order_requests import parse_body
from serving.http.json_encoding import encode_json, json_records
from serving.http.problems import Problem
from serving.state.follower import Follower, follower_of
from serving.state.lookup import known_skus

OFFER_NUMBERS = (
    "paid", "lead_time", "order_size", "reorder_point", "order_up_to", "safety_stock", "formula_safety_stock",
    "normal_safety_stock", "target", "level", "service", "fill_rate", "short", "stock", "orders", "shortage_cost",
    "shortage_source",
)  # fmt: skip
"""Numbers of an offer in the answer, as `OfferComparison.offers` has them."""

_OWN = {
    "target": ("cycle_service_level", "fill_rate"),
    "level": ("cycle_service_level", "fill_rate"),
    "holding_cost_rate": ("holding_cost_rate", "holding_cost"),
}
"""Part of a request's policy → columns of the items table that say it of a SKU, for which the request then speaks."""


async def post_compare(request: Request) -> Response:
    """Route `POST /v1/sourcing/compare`: what a year of each offer costs, and who may charge how much more."""
    asked = parse_body(await request.body(), CompareRequest)
    follower = follower_of(request)
    answer = await anyio.to_thread.run_sync(compare_answer, follower, asked)
    return Response(encode_json(answer), media_type="application/json")


def compare_answer(follower: Follower, asked: CompareRequest) -> dict[str, Any]:
    """Answer of a comparison, as a document."""
    found, served = compared(follower, asked), follower.served
    demand = found.offers[["name", "lead_time_demand", *(f"q{p:.2f}" for p in QUANTILES)]]
    costs = {str(name): rows for name, rows in found.costs.groupby("name")}
    offers = []
    for row, of_demand in zip(
        json_records(found.offers[["name", *OFFER_NUMBERS]]), json_records(demand), strict=True
    ):
        own = costs[row["name"]].set_index("part")[["mean", "low", "high"]]
        lead_time_demand = {
            "mean": of_demand["lead_time_demand"],
            "quantiles": {f"{p:.2f}": of_demand[f"q{p:.2f}"] for p in QUANTILES},
        }
        parts = {str(part): own.loc[part].to_dict() for part in (*PARTS, "total")}
        offers.append({**row, "lead_time_demand": lead_time_demand, "costs": parts})
    return {
        "model": None if served is None else served.version,
        "currency": "" if served is None else served.currency,
        "years": found.years,
        "cheapest": found.cheapest,
        "offers": offers,
        "pairs": json_records(found.pairs),
        "split": split_document(found),
    }


def split_document(found: OfferComparison) -> dict[str, Any] | None:
    """Two of the offers taken at once, by name; none where none can be."""
    if found.split is None:
        return None
    names = found.offers["name"].tolist()
    return asdict(found.split) | {"base": names[found.split.base], "surge": names[found.split.surge]}


def compared(follower: Follower, asked: CompareRequest) -> OfferComparison:
    """Compare the offers of a request; before there is a model, on the policy of a new configuration.

    Raises
    ------
    Problem
        404 when the SKU is not known, 422 when an offer cannot be.
    """
    try:
        return compare_offers(
            [offer.offer() for offer in asked.offers], _demand(follower, asked), _policy(follower, asked)
        )
    except PlanningError as error:
        raise Problem(422, "invalid_request", str(error)) from None


def _demand(follower: Follower, asked: CompareRequest) -> ComparedDemand:
    """Demand that a request compares offers on."""
    shortage_cost = asked.policy.shortage_cost
    if asked.demand is not None:
        return ComparedDemand.normal(asked.demand.mean, asked.demand.std, shortage_cost=shortage_cost)
    assert asked.unique_id is not None
    served = follower.current()
    rows, _ = known_skus(served, [asked.unique_id])
    forecast, inputs = served.forecast.select(rows), served.sku_rows.inputs_of([asked.unique_id])
    given = [
        name for name, columns in _OWN.items() if getattr(asked.policy, name) is not None for name in columns
    ]
    inputs = replace(inputs, items=inputs.items.drop(columns=given, errors="ignore"))
    return ComparedDemand.of_sku(forecast, inputs, shortage_cost=shortage_cost)


def _policy(follower: Follower, asked: CompareRequest) -> PolicyConfig:
    """Policy of the plan with what a request says otherwise."""
    policy = PolicyConfig() if follower.served is None else follower.served.policy
    given = asked.policy.model_dump(exclude={"shortage_cost"}, exclude_none=True)
    if asked.demand is not None:
        given.setdefault("capital_cost_rate", None)
    return policy.model_copy(update=given)


COMPARE_RESOURCES = [Route("/v1/sourcing/compare", post_compare, methods=["POST"])]
