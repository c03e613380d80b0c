"""A department's request read from an address, and what answers it: options, stock at sites, SKUs that match."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from planning.lanes.find_lanes import offers_in_force
from procurement.requests.buying_options import PurchaseRequest, buying_options
from serving.http.problems import Problem
from serving.state.lead_times import lead_time_distributions, lead_time_rows
from serving.state.lookup import spend_of
from serving.state.served import Served

MOST_MATCHES = 10
_MOST_UNITS = 1e12


@dataclass(frozen=True)
class RequestAnswer:
    """What answers a request.

    Attributes
    ----------
    request : as it was read
    options : as `buying_options` has them
    elsewhere : site, units, counted_at of the SKU at the company's own sites
    on_hand : units on hand by the plan; NaN: never counted
    """

    request: PurchaseRequest
    options: pd.DataFrame
    elsewhere: pd.DataFrame
    on_hand: float


def matching_skus(served: Served, words: str) -> pd.DataFrame:
    """SKUs of the plan whose id or description has all the words, at most ten: unique_id, description, category."""
    table = served.skus[["unique_id", "description", "category"]]
    text = (
        table["unique_id"]
        .astype(str)
        .str.cat(table["description"].fillna("").astype(str), sep=" ")
        .str.lower()
    )
    for word in words.lower().split():
        text = text[text.str.contains(word, regex=False)]
    return table.loc[text.index].head(MOST_MATCHES)


def read_request(served: Served, params: Mapping[str, str]) -> PurchaseRequest:
    """Read `unique_id`, `quantity` and `needed_by` of a request on the plan's day.

    Raises
    ------
    Problem
        404 for a SKU that nobody knows, 422 for a quantity or a date that cannot be meant.
    """
    unique_id = params.get("unique_id", "")
    if unique_id not in served.row_of and unique_id not in set(served.inputs.offers["unique_id"]):
        raise Problem(404, "unknown_sku", f"no SKU {unique_id:.60}; /v1/skus lists those of the plan")
    needed = params.get("needed_by", "")
    day = None if not needed else _day(needed)
    if day is not None and day < served.as_of.normalize():
        raise Problem(
            422,
            "invalid_request",
            f"needed_by: {needed:.60} is before the plan's day {served.as_of:%Y-%m-%d}",
        )
    category = served.categories.get(unique_id)
    return PurchaseRequest(
        unique_id=unique_id,
        quantity=_units(params.get("quantity", "")),
        category=None if category is None or pd.isna(category) else str(category),
        asked_at=served.as_of,
        needed_by=day,
    )


def answer_request(served: Served, request: PurchaseRequest) -> RequestAnswer:
    """Everything that answers a request, from the served plan."""
    known, as_of = spend_of(served).procurement, served.as_of
    offers = served.inputs.offers
    offers = offers_in_force(offers[offers["unique_id"] == request.unique_id], as_of).reset_index(drop=True)
    rows = lead_time_rows(served, offers["supplier_id"].tolist(), offers["unique_id"].tolist())
    options = buying_options(
        request,
        offers,
        lead_time_distributions(served, rows),
        known.of_inputs("contracts"),
        served.inputs.suppliers,
        limit=served.policy.procurement.approval_limit,
    )
    sites = known.of_inputs("stock_by_site")
    elsewhere = sites[sites["unique_id"] == request.unique_id].reset_index(drop=True)
    stock = served.inputs.latest_stock().set_index("unique_id")["on_hand"]
    return RequestAnswer(request, options, elsewhere, float(stock.get(request.unique_id, float("nan"))))


def _units(text: str) -> float:
    """Units of a request: a number above 0."""
    try:
        units = float(text)
    except ValueError:
        units = float("nan")
    if not 0 < units < _MOST_UNITS:
        raise Problem(422, "invalid_request", f"quantity: {text!r:.60} is no number of units above 0")
    return units


def _day(text: str) -> pd.Timestamp:
    """Day of a request."""
    try:
        return pd.Timestamp(date.fromisoformat(text))
    except ValueError:
        raise Problem(
            422, "invalid_request", f"needed_by: {text!r:.60} is no day such as 2024-06-30"
        ) from None
