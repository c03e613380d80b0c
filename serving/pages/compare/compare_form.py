"""The form of offers to compare: fields with labels and units, what an address fills in, the request it asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.datastructures import QueryParams

from serving.api.compare.compare_request import MOST_OFFERS, CompareRequest
from serving.api.orders.order_requests import parse_body
from serving.http.problems import Problem


@dataclass(frozen=True)
class Field:
    """A field of the form.

    Attributes
    ----------
    name : in the address, as in the request
    label, unit : what it is
    slide : its slider's step, of numbers that people play with; empty: none
    number : a number is expected
    """

    name: str
    label: str
    unit: str = ""
    slide: str = ""
    number: bool = True


OFFER_FIELDS = (
    Field("name", "supplier", number=False),
    Field("unit_price", "price", "a unit", slide="0.01"),
    Field("lead_time_mean", "lead time", "days", slide="0.5"),
    Field("lead_time_std", "its spread (SD)", "days", slide="0.5"),
    Field("moq", "MOQ", "units", slide="1"),
    Field("order_multiple", "multiple", "units"),
    Field("ordering_cost", "cost of an order", "a line"),
    Field("payment_days", "paid after receipt", "days"),
    Field("rejected_share", "rejected", "share"),
    Field("price_breaks", "price breaks", "100:9.50;500:9.10", number=False),
)
DEMAND_FIELDS = (
    Field("demand_mean", "demand", "units a day", slide="0.5"),
    Field("demand_std", "its spread (SD)", "units a day", slide="0.5"),
)
POLICY_FIELDS = (
    Field("level", "service level", "share", slide="0.005"),
    Field("review_period_days", "review", "days", slide="1"),
    Field("holding_cost_rate", "holding", "share of the price a year", slide="0.01"),
    Field("capital_cost_rate", "money", "share of the price a year", slide="0.01"),
    Field("shortage_cost", "shortage", "a unit short", slide="0.5"),
)
TARGETS = {
    "": "as in the plan",
    "cycle_service_level": "cycles without a stockout",
    "fill_rate": "share of demand met",
    "cost": "least cost",
}

Offers = list[dict[str, str]]

ARTICLE: Offers = [
    {"name": "A", "unit_price": "10.10", "lead_time_mean": "10", "lead_time_std": "2"},
    {"name": "B", "unit_price": "10.00", "lead_time_mean": "15", "lead_time_std": "5"},
]
"""Offers that an empty form begins with: the quick and steady one is dearer."""

BEGIN = {"demand_mean": "20", "demand_std": "8", "level": "0.95", "shortage_cost": "5"}


def entered_offers(query: QueryParams) -> Offers:
    """What stands in the offers of an address, field by field; rows that are empty are left out."""
    columns = {field.name: query.getlist(field.name) for field in OFFER_FIELDS}
    rows = max(len(values) for values in columns.values())
    offers = [
        {name: values[row].strip() if row < len(values) else "" for name, values in columns.items()}
        for row in range(rows)
    ]
    return [offer for offer in offers if any(offer.values())][: MOST_OFFERS + 1]


def entered_rest(query: Mapping[str, str]) -> dict[str, str]:
    """What stands in the other fields of an address: demand, target and costs."""
    names = [field.name for field in (*DEMAND_FIELDS, *POLICY_FIELDS)]
    return {name: query.get(name, "").strip() for name in (*names, "target", "unique_id")}


def read_request(offers: Offers, rest: Mapping[str, str]) -> CompareRequest:
    """The request that a form asks.

    Raises
    ------
    Problem
        422 with the field as the form calls it, what stands in it, and what is expected.
    """
    policy = {name: rest[name] for name in (field.name for field in POLICY_FIELDS) if rest[name]}
    document: dict[str, Any] = {
        "offers": [_numbers(OFFER_FIELDS, offer) for offer in offers],
        "policy": _numbers(POLICY_FIELDS, policy) | ({"target": rest["target"]} if rest["target"] else {}),
    }
    if rest["unique_id"]:
        document["unique_id"] = rest["unique_id"]
    else:
        demand = {name.removeprefix("demand_"): rest[name] for name in ("demand_mean", "demand_std")}
        document["demand"] = {name: _number(text) for name, text in demand.items() if text}
    try:
        return parse_body(orjson.dumps(document), CompareRequest)
    except Problem as problem:
        raise Problem(422, problem.code, _in_words(problem, offers)) from None


def _numbers(fields: Sequence[Field], entered: Mapping[str, str]) -> dict[str, Any]:
    """What is entered in fields as values of a request; without those that are empty."""
    return {
        field.name: _number(entered[field.name]) if field.number else entered[field.name]
        for field in fields
        if entered.get(field.name)
    }


def _number(text: str) -> float | str:
    """Number of a field, a percentage as its share; what is none stays as it is, to be refused with its place."""
    bare = text.replace("−", "-").replace(",", "").strip()
    percent = bare.endswith("%")
    try:
        return float(bare.removesuffix("%")) / (100 if percent else 1)
    except ValueError:
        return text


def _in_words(problem: Problem, offers: Offers) -> str:
    """What is wrong with a form, with the field and the offer as the form calls them."""
    first = (problem.more.get("errors") or [{}])[0]
    place = str(first.get("place", "")).split(".")
    labels = {field.name: field.label for field in (*OFFER_FIELDS, *POLICY_FIELDS)}
    labels |= {"mean": "demand", "std": "the spread of demand"}
    if place[-1] not in labels or not first.get("message"):
        return problem.detail
    whose = ""
    if place[0] == "offers" and len(place) > 2 and int(place[1]) < len(offers):
        whose = f" of {offers[int(place[1])].get('name') or 'offer ' + str(int(place[1]) + 1)}"
    sent = f" is {first['value']}" if "value" in first else ""
    return f"{labels[place[-1]]}{whose}{sent}: {first['message']}"
