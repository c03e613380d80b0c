"""Move to a faster vendor: where a dearer but quicker offer is cheaper all told."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.actions.proposals import action_rows, confidence, next_order_day, worthwhile
from planning.assessment import Assessment
from planning.cost.total_cost import break_even_price

_QUICKER_DAYS = 1.0


def faster_vendor(assessment: Assessment) -> pd.DataFrame:
    """Compare the total cost a year of the offer bought through now with that of every quicker one.

    The offer bought through now is the preferred one, else the supplier of the last order. Worth: its total cost
    less that of the alternative (price, ordering, cycle stock, safety stock, pipeline, expected shortage,
    spoilage).
    """
    now, other = _pairs(assessment)
    total = assessment.lanes.total.total
    worth = total[now] - total[other]
    rows = worthwhile(assessment, worth, np.ones(len(worth), dtype=bool))
    rows = rows[np.lexsort((other[rows], -worth[rows], now[rows]))]
    rows = rows[np.flatnonzero(np.diff(now[rows], prepend=-1))]
    now, other, worth = now[rows], other[rows], worth[rows]
    lanes, terms = assessment.lanes.lanes, assessment.lanes
    head = pd.DataFrame(
        {
            "kind": "faster_vendor",
            "unique_id": lanes["unique_id"].to_numpy(object)[now],
            "supplier_id": lanes["supplier_id"].to_numpy(object)[now],
            "alternative_supplier_id": lanes["supplier_id"].to_numpy(object)[other],
            "subject": "",
            "quantity": terms.economic[other],
            "worth": worth,
            "worth_period": "year",
            "act_by": next_order_day(assessment)[lanes["row"].to_numpy()[now]],
            "confidence": confidence(assessment, other, uses_shortage=True),
        }
    )
    return action_rows(head, _facts(assessment, now, other), _tell)


def _pairs(assessment: Assessment) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Lane of today and quicker lane of the same SKU, every such pair."""
    lanes, terms = assessment.lanes.lanes, assessment.lanes
    usable = lanes["has_offer"].to_numpy(bool) & ~terms.limits.impossible
    sku = lanes["row"].to_numpy()
    rank = np.where(lanes["preferred"], 2, np.where(lanes["usual"], 1, 0)) * usable
    order = np.lexsort((-rank, sku))
    first = order[np.flatnonzero(np.diff(sku[order], prepend=-1))]
    today = np.full(len(assessment.forecast), -1)
    today[sku[first]] = np.where(rank[first] > 0, first, -1)
    mine, days = today[sku], terms.lead_time.mean()
    other = np.flatnonzero(usable & (mine >= 0) & (days < days[mine] - _QUICKER_DAYS))
    return mine[other], other


def _facts(assessment: Assessment, now: NDArray[np.intp], other: NDArray[np.intp]) -> pd.DataFrame:
    terms = assessment.lanes
    price, demand = terms.costs.prices.price(terms.economic), terms.yearly_demand[now]
    costs, mean, std = terms.total.frame(), terms.lead_time.mean(), terms.lead_time.std()
    total = costs["total"].to_numpy()
    saving = np.zeros(len(total))
    saving[other] = total[now] - total[other]
    change = costs.iloc[other].reset_index(drop=True) - costs.iloc[now].reset_index(drop=True)
    return pd.DataFrame(
        {
            "yearly_demand": demand,
            "total_now": total[now],
            "total_alternative": total[other],
            "price_now": price[now],
            "price_alternative": price[other],
            "break_even_price": break_even_price(terms.costs, terms.flow, saving)[other],
            "lead_time_now": mean[now],
            "lead_time_alternative": mean[other],
            "lead_time_std_now": std[now],
            "lead_time_std_alternative": std[other],
            "safety_stock_now": terms.safety_stock[now],
            "safety_stock_alternative": terms.safety_stock[other],
        }
    ).join(change.drop(columns="total").add_prefix("change_"))


def _tell(a: Any) -> tuple[str, str]:
    parts = ("price", "ordering", "cycle_stock", "safety_stock", "pipeline", "shortage", "spoilage")
    changes = [(part.replace("_", " "), getattr(a, f"change_{part}")) for part in parts]
    listed = ", ".join(f"{name} {value:+,.0f}" for name, value in changes if abs(value) >= 0.5)
    evidence = (
        f"{a.alternative_supplier_id} takes {a.lead_time_alternative:.0f} ± {a.lead_time_std_alternative:.0f} days, "
        f"{a.supplier_id} {a.lead_time_now:.0f} ± {a.lead_time_std_now:.0f}. On {a.yearly_demand:,.0f} units a year "
        f"the costs change by: {listed}; {a.worth:,.0f} less in all. The move pays up to a price of "
        f"{a.break_even_price:,.2f} (offered: {a.price_alternative:,.2f}, paid now: {a.price_now:,.2f})."
    )
    return f"Buy {a.unique_id} from {a.alternative_supplier_id} instead of {a.supplier_id}", evidence
