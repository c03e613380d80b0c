"""The page of offers compared: the form as the address has it, what a year of each costs, and who may be dearer."""

from typing import Any
from urllib.parse import urlencode

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from configs.schema import PolicyConfig
from planning.compare.compare_offers import PARTS, QUANTILES, OfferComparison
from serving.api.compare.compare_answer import compared, split_document
from serving.api.compare.compare_request import MOST_OFFERS
from serving.http.problems import Problem
from serving.pages.compare.compare_form import (
    ARTICLE,
    BEGIN,
    DEMAND_FIELDS,
    OFFER_FIELDS,
    POLICY_FIELDS,
    TARGETS,
    Offers,
    entered_offers,
    entered_rest,
    read_request,
)
from serving.pages.compare.cost_bars import GOODS, WIDTH, cost_bars
from serving.pages.compare.sku_offers import offers_of_sku
from serving.rendering.layout import page_context
from serving.rendering.templates import render_page
from serving.state.follower import follower_of
from serving.state.served import Served

PART_LABELS = {
    GOODS: "dearer goods",
    "ordering": "ordering",
    "stock": "stock held",
    "pipeline": "goods on the way",
    "shortage": "shortage",
    "spoilage": "spoilage",
}
_FEW = 4
"""Offers up to which every pair is shown; of more, each against the cheapest other one."""


def compare_page(request: Request) -> Response:
    """Show offers side by side: the form, what a year of each costs by part, and break-even premiums."""
    follower = follower_of(request)
    offers, rest = _entered(request)
    refused, found = "", None
    try:
        if len(offers) == 1 and not request.query_params.getlist("name"):
            refused = "There is one offer; enter a second one to compare it with"
        else:
            found = compared(follower, read_request(offers, rest))
    except Problem as problem:
        if problem.status != 422:
            raise
        refused = problem.detail
    blank = [] if len(offers) >= MOST_OFFERS else [dict.fromkeys((field.name for field in OFFER_FIELDS), "")]
    more: dict[str, Any] = {
        "offer_fields": OFFER_FIELDS,
        "demand_fields": DEMAND_FIELDS,
        "policy_fields": POLICY_FIELDS,
        "targets": TARGETS,
        "usual": _usual(follower.served),
        "description": ""
        if follower.served is None
        else follower.served.descriptions.get(rest["unique_id"], ""),
        "offers": [*offers, *blank],
        "rest": rest,
        "refused": refused,
        "found": found,
        "shared": f"/compare?{_shared(offers, rest)}",
        **(_shown(found) if found is not None else {}),
    }
    return render_page(
        request, "compare.html", page_context(request) | more, 422 if refused and offers[1:] else 200
    )


def _usual(served: Served | None) -> dict[str, float]:
    """What holds where a field of the policy is left empty."""
    policy = PolicyConfig() if served is None else served.policy
    return {
        name: float(getattr(policy, name)) for name in ("level", "review_period_days", "holding_cost_rate")
    }


def _entered(request: Request) -> tuple[Offers, dict[str, str]]:
    """Offers and the rest as the address has them: of a SKU its own to begin with, and the article's without any."""
    query = request.query_params
    offers, rest = entered_offers(query), entered_rest(query)
    if not offers and rest["unique_id"]:
        offers = offers_of_sku(follower_of(request).current(), rest["unique_id"])[:MOST_OFFERS]
    elif not offers and not query:
        offers, rest = ARTICLE, rest | BEGIN
    complete = [{field.name: offer.get(field.name, "") for field in OFFER_FIELDS} for offer in offers]
    return complete, rest


def _shared(offers: Offers, rest: dict[str, str]) -> str:
    """Query of a link to share what is compared."""
    said = [(name, text) for name, text in rest.items() if text]
    used = [field.name for field in OFFER_FIELDS if any(offer[field.name] for offer in offers)]
    return urlencode([*said, *((name, offer[name]) for offer in offers for name in used)])


def _shown(found: OfferComparison) -> dict[str, Any]:
    """What the page shows of a comparison: offers with their costs, bars, and pairs."""
    costs = found.costs.pivot(index="name", columns="part", values="mean").loc[found.offers["name"]]
    total = found.costs[found.costs["part"] == "total"].set_index("name")
    bars = cost_bars(costs)
    drawn = [
        part for part in PART_LABELS if any(each.part == part for bar in bars.bars.values() for each in bar)
    ]
    table = found.offers.set_index("name").join(costs.add_prefix("cost_"))
    table = table.assign(total_low=total["low"], total_high=total["high"])
    best, names = found.cheapest, found.offers["name"].tolist()
    pairs = found.pairs if len(names) <= _FEW else found.against_best_other()
    return {
        "compared": table.reset_index().to_dict("records"),
        "cheapest": best,
        "bars": bars,
        "bar_width": WIDTH,
        "part_labels": {part: PART_LABELS[part] for part in drawn},
        "parts": [part for part in PARTS if (costs[part].abs() > 0.005).any()],
        "quantiles": QUANTILES,
        "pairs": pairs.to_dict("records"),
        "of_best": _of_best(found).to_dict("records")[0],
        "years": found.years,
        "split": split_document(found),
    }


def _of_best(found: OfferComparison) -> pd.DataFrame:
    """The pair of the cheapest offer and the next best one."""
    table = found.against_best_other()
    return table[table["name"] == found.cheapest]
