"""The negotiation brief of a supplier as a document: one page for one call."""

from dataclasses import asdict
from typing import Any

from configs.formats import missing
from database.recommendations import Recommendation, RecommendationFilter, list_recommendations
from serving.brief.agenda import agenda, agreed
from serving.brief.asks import asks, gives, terms_of, unit_of_moq
from serving.brief.coming_needs import coming_needs
from serving.brief.supplier_history import orders_at_risk, spend, worst_orders
from serving.http.problems import Problem
from serving.state.business_day import business_day
from serving.state.follower import Follower
from serving.state.lookup import NO_PLAN
from serving.state.served import Served

TERMS = ("lead_time", "lead_time_spread", "moq", "price", "payment_days", "rejected_share")
"""Terms in the order of the brief."""

_MEASURES = {
    "on_time": ("on_time_rate", "on_time_low", "on_time_high"),
    "within_contract": ("contract_rate", "contract_low", "contract_high"),
    "complete": ("fill_rate", "fill_rate_low", "fill_rate_high"),
    "defects": ("defect_rate", "defect_rate_low", "defect_rate_high"),
    "lead_time": ("lead_time_mean", "lead_time_mean_low", "lead_time_mean_high"),
    "lead_time_a_year": ("lead_time_trend", "lead_time_trend_low", "lead_time_trend_high"),
    "prices_a_year": ("price_trend", "price_trend_low", "price_trend_high"),
}
"""Measure of the brief → columns of the scorecard: value, and the ends of its 90 % interval."""

_FACTS = (
    "rank",
    "score",
    "state",
    "since",
    "lead_time_sd",
    "promised",
    "orders",
    "late_open_orders",
    "last_ordered_at",
)


def supplier_brief(follower: Follower, supplier_id: str) -> dict[str, Any]:
    """Return the brief of a supplier: what terms are worth, alternatives, performance, orders, volume, asks, agenda.

    Raises
    ------
    Problem
        404 for an unknown supplier, 503 before the first plan.
    """
    served = follower.current()
    if served.snapshot is None:
        raise Problem(503, "no_plan", NO_PLAN)
    card = served.scorecard[served.scorecard["supplier_id"] == supplier_id]
    if card.empty:
        raise Problem(404, "unknown_supplier", f"no supplier {supplier_id}; /suppliers lists those there are")
    actions = _actions(follower, served, supplier_id)
    terms = terms_of(served.snapshot.term_worth, supplier_id)
    needs, spent = coming_needs(served, supplier_id), spend(served, supplier_id)
    growth = (
        needs.year / spent["last_12_months"] - 1
        if needs is not None and spent["last_12_months"] > 0
        else None
    )
    asked = asks(actions, terms, served.currency)
    row = {str(name): value for name, value in card.iloc[0].items()}
    brief: dict[str, Any] = {
        "supplier_id": supplier_id,
        "name": row["name"] or supplier_id,
        "as_of": str(served.as_of.date()),
        "currency": served.currency,
        "terms": [_term(terms[term]) for term in TERMS if term in terms],
        "moqs": [
            row | {"description": served.descriptions.get(row["unique_id"], row["unique_id"])}
            for row in unit_of_moq(served.snapshot.term_worth, supplier_id)
        ],
        "alternatives": [] if needs is None else needs.alternatives,
        "performance": _performance(row, int(served.scorecard["rank"].notna().sum())),
        "worst_orders": worst_orders(served, supplier_id),
        "open_orders": orders_at_risk(served, supplier_id),
        "spend": spent,
        "needs": None if needs is None else {k: v for k, v in asdict(needs).items() if k != "alternatives"},
        "growth": growth,
        "asks": asked,
        "gives": gives(terms, growth, asked, served.currency),
        "agreed": agreed(actions),
    }
    return brief | {"agenda": agenda(brief)}


def _actions(follower: Follower, served: Served, supplier_id: str) -> list[Recommendation]:
    """Actions with a supplier, those decided in the past among them."""
    where = RecommendationFilter(supplier_id=supplier_id)
    today = business_day(served.run)
    return list_recommendations(follower.engine, where, today=today, proposed=False)


def _term(row: dict[str, Any]) -> dict[str, Any]:
    """What one step better of a term is worth, as the brief has it."""
    names = ("term", "unit", "worth", "worth_low", "worth_high", "level", "skus", "played_share")
    return {name: _plain(row.get(name)) for name in names}


def _performance(card: dict[str, Any], ranked: int) -> dict[str, Any]:
    """The scorecard of the brief: each measure with its range, and how it stands."""
    measures = {
        name: dict(zip(("value", "low", "high"), (_plain(card[column]) for column in columns), strict=True))
        for name, columns in _MEASURES.items()
    }
    facts = {name: _plain(card[name]) for name in _FACTS}
    return facts | {"ranked": ranked, "measures": measures}


def _plain(value: Any) -> Any:
    """A value for JSON: nothing where it is missing, days as `2026-03-02`."""
    if missing(value):
        return None
    return (
        value.date().isoformat()
        if hasattr(value, "date")
        else value.item()
        if hasattr(value, "item")
        else value
    )
