"""The plan's main table that other programs read: one row a SKU, with the order, its risk and the reason."""

import numpy as np
import pandas as pd

from configs.formats import days, quantity
from distributions.distribution import Array
from planning.assessment import Assessment
from planning.decision import with_quantity
from planning.lanes.lane_terms import LaneTerms
from planning.orders.joint_orders import JointOrders
from planning.tables.dates import dates_after
from planning.tables.override_columns import override_columns
from planning.tables.reason_codes import CODES, plan_codes
from planning.tables.reason_sentences import reason_sentences
from planning.tables.stock_counts import stock_counts, with_count_notes


def plan_frame(assessment: Assessment, orders: JointOrders | None = None) -> pd.DataFrame:
    """The plan: one row a SKU, those without an answer at the end with empty numbers and the reason why.

    With `orders`, the quantities are those of the suppliers' joint orders; without, what each SKU alone would order. Of
    a SKU bought from two suppliers, as agreed, they are the base supplier's: what tops it up is an order line.

    Returns
    -------
    DataFrame
        unique_id, supplier_id, as_of, on_hand, on_order, cover (units of on_order that are likely to come in
        time), inventory_position, expected_lead_time_demand, safety_stock, reorder_point, order_up_to,
        order_quantity, order_quantity_purchase_units and purchase_unit (the order in the supplier's unit; the
        SKU's own, without a name, where the offer has none), order_by (last safe day to order, NaT where none is
        foreseen), target, target_level and played_service (cycle_service_level, fill_rate or cost; the share aimed
        at; what a played year keeps of it, empty where none was played), stockout_probability (before an order
        placed now can arrive), expected_shortage (units of demand that find
        no stock until then), stockout_date (likelier than not by then, if nothing is ordered),
        expected_cost (holding and shortage, in money, of the review period this order decides), unit_price,
        purchase_price and purchase_currency (what the offer asks for a purchase unit, in its own currency; empty
        where it names no price), reason, codes, override and override_facts (what people set for the SKU and what
        became of it, in sentences and as JSON; empty where nobody did), counted_at, counted, received_since and
        sold_since (how on_hand
        comes about: the count, and units since)
    """
    terms, decision, as_of = assessment.chosen_terms, assessment.decision, assessment.setting.as_of
    codes, counts = plan_codes(assessment, orders), stock_counts(assessment)
    if orders is not None:
        ordered = orders.all_quantities(decision.quantity)
        decision = with_quantity(decision, ordered, terms, assessment.setting)
    sentences = reason_sentences(terms, decision, codes, assessment.setting)
    likely_out = np.where(decision.known, decision.projection.first_day(0.5), np.inf)
    frame = pd.DataFrame(
        {
            "unique_id": assessment.forecast.unique_ids,
            "supplier_id": terms.lanes["supplier_id"].to_numpy(object),
            "as_of": as_of,
            "on_hand": decision.on_hand,
            "on_order": decision.stock.on_order,
            "cover": decision.cover,
            "inventory_position": decision.inventory_position,
            "expected_lead_time_demand": terms.demand.expected,
            "safety_stock": terms.safety_stock,
            "reorder_point": terms.reorder_point,
            "order_up_to": terms.order_up_to,
            "order_quantity": decision.quantity,
            "order_quantity_purchase_units": np.round(decision.quantity / _units_each(terms), 9),
            "purchase_unit": terms.lanes["purchase_unit"].fillna("").to_numpy(object),
            "order_by": dates_after(as_of, decision.wait),
            "target": terms.targets.kind.astype(str),
            "target_level": terms.targets.level,
            "played_service": terms.played_service,
            "stockout_probability": decision.risk,
            "expected_shortage": decision.short,
            "stockout_date": dates_after(as_of, likely_out),
            "expected_cost": decision.cost,
            "unit_price": terms.costs.prices.price(np.nan_to_num(decision.quantity)),
            "purchase_price": _purchase_price(terms, decision.quantity),
            "purchase_currency": terms.lanes["currency"].fillna(assessment.inputs.currency).to_numpy(object),
            "reason": with_count_notes(_with_top_ups(sentences, assessment), counts),
            "codes": codes,
            **override_columns(assessment),
            **counts,
        }
    )
    return pd.concat([frame, _unanswered_rows(assessment, frame)], ignore_index=True)


def _with_top_ups(sentences: list[str], assessment: Assessment) -> list[str]:
    """The plan's reasons (n,), each with what the surge supplier of an agreed pair is asked for today."""
    added, result = assessment.top_ups, list(sentences)
    terms = added.terms
    supplier, days_ahead = terms.lanes["supplier_id"].tolist(), terms.lead_time.mean()
    for k, row in enumerate(added.pairs.sku.tolist()):
        here, point = added.position[k], terms.reorder_point[k]
        asked = (
            f"{quantity(added.quantity[k])} there today" if added.quantity[k] > 0 else "nothing there today"
        )
        known = (
            f"{quantity(here)} will be here within its {days(days_ahead[k])}, reorder point {quantity(point)}"
        )
        said = "stock unknown" if np.isnan(here) else known
        result[row] = f"{result[row].removesuffix('.')}; {supplier[k]} tops up, {asked}: {said}."
    return result


def _units_each(terms: LaneTerms) -> Array:
    """The SKU's own units (n,) in one purchase unit of the plan's lanes; 1 where the offer has none."""
    return np.asarray(terms.lanes["units_per_purchase_unit"].fillna(1.0), float)


def _purchase_price(terms: LaneTerms, quantity: Array) -> Array:
    """Price (n,) of a purchase unit in the offer's currency, for the plan's order of `quantity` (n,) units."""
    price = terms.costs.prices.price(np.nan_to_num(quantity))
    price = price * _units_each(terms) / terms.lanes["exchange_rate"].fillna(1.0).to_numpy(float)
    return np.where(terms.lanes["unit_price"].isna(), np.nan, price)


def _unanswered_rows(assessment: Assessment, plan: pd.DataFrame) -> pd.DataFrame:
    """Rows of the plan, typed as `plan`, for SKUs without an answer: empty numbers and the reason why."""
    unanswered = assessment.unanswered
    rows = plan.iloc[:0].reindex(range(len(unanswered)))
    return rows.assign(
        unique_id=unanswered["unique_id"].to_numpy(object),
        as_of=assessment.setting.as_of,
        reason=("No plan: " + unanswered["reason"].map(CODES) + ".").to_numpy(object),
        codes=unanswered["reason"].to_numpy(object),
    ).astype(plan.dtypes)
