"""The offers of a SKU, as the form of offers to compare begins with them."""

from typing import Any

from configs.formats import missing
from planning.lanes.lane_terms import LaneTerms
from serving.pages.compare.compare_form import Offers
from serving.state.lookup import known_skus
from serving.state.served import Served

_TERMS = ("moq", "order_multiple", "ordering_cost", "payment_days", "rejected_share")
_DIGITS = 4


def offers_of_sku(served: Served, unique_id: str) -> Offers:
    """Offers of a SKU as the plan has them: terms, learned lead times, share rejected; the one in use first.

    Raises
    ------
    Problem
        404 when there is no forecast for it.
    """
    rows, _ = known_skus(served, [unique_id])
    assessment = served.planner(served.forecast.select(rows)).assess(served.sku_rows.inputs_of([unique_id]))
    terms = assessment.lane_terms
    used = set(assessment.chosen_lane.tolist())
    lanes = [lane for lane in range(len(terms.lanes)) if _named(terms, lane) and terms.costs.unit[lane] > 0]
    return [_entered(terms, lane) for lane in sorted(lanes, key=lambda lane: lane not in used)]


def _named(terms: LaneTerms, lane: int) -> bool:
    return not missing(terms.lanes["supplier_id"].iloc[lane])


def _entered(terms: LaneTerms, lane: int) -> dict[str, str]:
    """One offer as it stands in the form."""
    row = terms.lanes.iloc[lane]
    mean, std = float(terms.lead_time.mean()[lane]), float(terms.lead_time.std()[lane])
    texts = {name: _text(row[name]) for name in _TERMS}
    return {
        "name": str(row["supplier_id"]),
        "unit_price": _text(float(terms.costs.unit[lane])),
        "lead_time_mean": _text(max(mean, 0.1)),
        "lead_time_std": _text(std),
        **texts,
        "price_breaks": row["price_breaks"] or "",
    }


def _text(value: Any) -> str:
    """A number as it stands in a field, empty where there is none."""
    return "" if missing(value) else f"{round(float(value), _DIGITS):g}"
