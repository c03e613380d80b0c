"""Check of one line before it is saved: risk, cost and stock days at a quantity, by the planner with that quantity."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from configs.formats import plain
from database.purchase_orders.records import OrderError
from distributions.distribution import Array
from planning.assessment import Assessment
from planning.cost.lane_costs import cycle_days
from planning.cost.price_breaks import PriceBreaks
from planning.cost.shelf_life import sellable_units, units_until
from planning.decision import with_quantity
from planning.inputs import PlanInputs, numbers_by_sku
from planning.planner import Planner
from planning.tables.dates import dates_after
from serving.orders.proposals import day_or_none, number_or_none, order_lines
from serving.orders.term_checks import Breach, QuantityTerms, broken_terms, price_break_advice
from serving.state.lookup import known_skus
from serving.state.served import Served

_NO_SUPPLIER = "no_supplier"
_NEVER_PLAYED = 1e15
"""`policy.played_from` from which nothing is played: a check needs no reorder point, only what is ahead."""


@dataclass(frozen=True)
class LineCheck:
    """What ordering `quantity` units of a SKU from a supplier today comes to.

    Attributes
    ----------
    goods, landed : money at the price of that quantity; with the line's own ordering cost
    stock_days_now, stock_days_after : days of expected demand that stock lasts, without and with the line
    risk_if_skipped, risk_if_ordered : chance of a stockout before an order of the next review takes effect
    cost : expected holding and shortage cost of the review period that the order decides, money
    breaches, advice : terms that the quantity breaks; a price break within reach
    """

    unique_id: str
    supplier_id: str
    quantity: float
    purchase_unit: str
    purchase_quantity: float
    unit_price: float | None
    price_break: float | None
    goods: float | None
    landed: float | None
    expected_arrival: date | None
    stock_days_now: float | None
    stock_days_after: float | None
    risk_if_skipped: float | None
    risk_if_ordered: float | None
    cost: float | None
    breaches: tuple[Breach, ...]
    advice: Breach | None


def check_line(served: Served, supplier_id: str, unique_id: str, quantity: float) -> LineCheck:
    """Check a quantity of a SKU at a supplier as of the served plan; nothing is stored.

    Raises
    ------
    Problem
        404 when there is no forecast for the SKU.
    OrderError
        When the supplier does not sell it as far as anybody knows, or nothing can be said of it.
    """
    assessment = _assess(served, supplier_id, unique_id)
    terms, decision, ordered = assessment.chosen_terms, assessment.decision, quantity > 0
    units = np.array([quantity])
    cost = with_quantity(decision, units, terms, assessment.setting).cost[0]
    limits = QuantityTerms(
        unique_id=unique_id,
        supplier_id=supplier_id,
        limits=terms.limits,
        prices=terms.costs.prices,
        sellable=_sellable(assessment),
        proposed=_proposed(served, supplier_id, unique_id),
    )
    price, net = terms.costs.prices.price(units)[0], decision.stock.net_stock
    skipped, with_it = _risks(assessment, units)
    unit = terms.lanes["purchase_unit"].iloc[0]
    each = float(terms.lanes["units_per_purchase_unit"].fillna(1.0).iloc[0])
    return LineCheck(
        unique_id=unique_id,
        supplier_id=supplier_id,
        quantity=quantity,
        purchase_unit=str(unit or ""),
        purchase_quantity=round(quantity / each, 9),
        unit_price=number_or_none(price),
        price_break=_price_break(terms.costs.prices, quantity),
        goods=number_or_none(quantity * price),
        landed=number_or_none(quantity * price + terms.costs.ordering[0]) if ordered else 0.0,
        expected_arrival=day_or_none(dates_after(assessment.setting.as_of, terms.lead_time.mean())[0]),
        stock_days_now=_stock_days(assessment, net),
        stock_days_after=_stock_days(assessment, net + units),
        risk_if_skipped=number_or_none(skipped),
        risk_if_ordered=number_or_none(with_it if ordered else skipped),
        cost=number_or_none(cost),
        breaches=tuple(broken_terms(limits, quantity)) if ordered else (),
        advice=price_break_advice(limits, quantity) if ordered else None,
    )


def _sellable(assessment: Assessment) -> float:
    """Units of the checked order that are expected to sell before they perish or the SKU ends; infinite without an end.

    What is there and does not perish, and what is on order, sells first.
    """
    terms, forecast, elapsed = assessment.chosen_terms, assessment.forecast, assessment.setting.elapsed
    rows = np.zeros(1, np.intp)
    shelf_life = numbers_by_sku(assessment.inputs.items, "shelf_life_days", forecast.unique_ids)
    sold = sellable_units(forecast, shelf_life, terms.lead_time.mean(), elapsed=elapsed, rows=rows)
    ending = terms.lanes["buying_days_left"].to_numpy(float)
    sold = np.minimum(sold, units_until(forecast, ending, elapsed=elapsed, rows=rows))
    position = np.maximum(np.nan_to_num(assessment.decision.counted_position), 0.0)
    return float(np.maximum(sold - position, 0.0)[0])


def _risks(assessment: Assessment, units: Array) -> tuple[float, float]:
    """Chance of a stockout before an order of the next review takes effect, as checked: without a line, and with one.

    As the plan's order lines have them (`planning.tables.order_lines_table`).
    """
    terms, decision = assessment.chosen_terms, assessment.decision
    review = cycle_days(assessment.setting.policy)
    skipped = float(decision.projection.risk_before(terms.lead_time, review)[0])
    beyond = float(1 - terms.demand.lead_time_demand.cdf(decision.counted_position + units)[0])
    return skipped, min(max(float(decision.risk[0]), beyond, 0.0), skipped)


def _stock_days(assessment: Assessment, units: Array) -> float | None:
    """Days of expected demand that units of the checked SKU last; none where they outlast all that is forecast."""
    days = assessment.forecast.days_to_use(np.maximum(units, 0.0), elapsed=assessment.setting.elapsed)
    return float(days[0]) if np.isfinite(days[0]) else None


def _price_break(prices: PriceBreaks, quantity: float) -> float | None:
    """Quantity from which the checked line's price holds, none for the base price."""
    starts = prices.starts[0]
    start = float(starts[starts <= quantity].max())
    return start if start > 0 else None


def _assess(served: Served, supplier_id: str, unique_id: str) -> Assessment:
    """Assess the SKU to be checked as bought from this supplier alone, without playing what a check does not need."""
    rows, _ = known_skus(served, [unique_id])
    forecast = served.forecast.select(rows)
    inputs = _bought_from(served.sku_rows.inputs_of([unique_id]), supplier_id)
    policy = served.policy.model_copy(update={"played_from": _NEVER_PLAYED})
    assessment = Planner(forecast, served.lead_times, policy, served.bundle.rules).assess(inputs)
    answered = len(assessment.forecast) > 0
    reason = "" if answered else assessment.unanswered["reason"].iloc[0]
    if reason not in {"", _NO_SUPPLIER}:
        raise OrderError(f"{unique_id} at {supplier_id}: cannot be checked ({reason}); plan it first")
    if not answered or assessment.chosen_terms.lanes["supplier_id"].iloc[0] != supplier_id:
        others = sorted(served.sku_rows.inputs_of([unique_id]).offers["supplier_id"].unique())
        instead = f"choose one of {', '.join(map(str, others))}, or" if others else ""
        raise OrderError(
            f"supplier_id: {supplier_id} has no offer of {unique_id} and never delivered it; {instead} enter one in "
            "offers"
        )
    if assessment.chosen_terms.limits.impossible[0]:
        limits = assessment.chosen_terms.limits
        raise OrderError(
            f"{unique_id} at {supplier_id}: no quantity fits between its MOQ {plain(limits.smallest[0])} and maximum "
            f"{plain(limits.maximum[0])}; correct the offer"
        )
    return assessment


def _bought_from(inputs: PlanInputs, supplier_id: str) -> PlanInputs:
    """Inputs of a check in which only this supplier sells: its offers, or where it has none its past orders."""
    offers = inputs.offers[inputs.offers["supplier_id"] == supplier_id]
    past = inputs.purchase_orders[inputs.purchase_orders["supplier_id"] == supplier_id]
    if offers.empty:
        return replace(inputs, offers=offers, purchase_orders=past)
    return replace(inputs, offers=offers)


def _proposed(served: Served, supplier_id: str, unique_id: str) -> float:
    """Units that the plan proposes of the line to be checked; 0 for none."""
    lines = order_lines(served)
    own = lines[(lines["unique_id"] == unique_id) & (lines["supplier_id"] == supplier_id)]
    return float(own["quantity"].sum())
