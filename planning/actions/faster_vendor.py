"""Move to a faster vendor: where a dearer but quicker offer has the lower total cost."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import days, money, number, price, quantity, signed_number
from planning.actions.action_table import act_by_next_order, action_rows, confidence, worthwhile
from planning.assessment import Assessment
from planning.cost.total_cost import break_even_price
from planning.lanes.current_lane import current_lanes

_QUICKER_DAYS = 1.0


def faster_vendor(assessment: Assessment) -> pd.DataFrame:
    """Propose a faster vendor: compare the total cost a year of the current offer with that of every quicker one.

    The current offer is the preferred one, else that of the supplier of the last order. Worth: its total cost
    less that of the alternative (price, ordering, cycle stock, safety stock, pipeline, expected shortage,
    spoilage).
    """
    terms = assessment.lane_terms
    current, alternative = _pairs(assessment)
    total = terms.total_cost.total
    worth = total[current] - total[alternative]
    rows = worthwhile(assessment, worth, np.ones(len(worth), dtype=bool))
    rows = rows[np.lexsort((alternative[rows], -worth[rows], current[rows]))]
    rows = rows[np.flatnonzero(np.diff(current[rows], prepend=-1))]  # the best alternative of each lane
    current, alternative, worth = current[rows], alternative[rows], worth[rows]
    supplier_id = terms.lanes["supplier_id"].to_numpy(object)
    head = pd.DataFrame(
        {
            "kind": "faster_vendor",
            "unique_id": terms.lanes["unique_id"].to_numpy(object)[current],
            "supplier_id": supplier_id[current],
            "alternative_supplier_id": supplier_id[alternative],
            "subject": "",
            "quantity": terms.order_size[alternative],
            "worth": worth,
            "worth_period": "year",
            "act_by": act_by_next_order(assessment)[terms.lanes["row"].to_numpy()[current]],
            "confidence": confidence(assessment, alternative, uses_shortage=True),
        }
    )
    describe = partial(_describe, assessment.inputs.currency)
    return action_rows(head, _facts(assessment, current, alternative), describe)


def _pairs(assessment: Assessment) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Current lane and quicker lane of the same SKU, every such pair of lanes with an offer."""
    lanes, terms = assessment.lane_terms.lanes, assessment.lane_terms
    usable = lanes["has_offer"].to_numpy(bool) & ~terms.limits.impossible & terms.bought
    sku, days = lanes["row"].to_numpy(), terms.lead_time.mean()
    current = current_lanes(lanes, usable)
    of_sku = np.full(len(assessment.forecast), -1)
    of_sku[sku[current]] = current
    current_of_lane = of_sku[sku]
    quicker = days < days[current_of_lane] - _QUICKER_DAYS
    alternative = np.flatnonzero(usable & (current_of_lane >= 0) & quicker)
    return current_of_lane[alternative], alternative


def _facts(assessment: Assessment, current: NDArray[np.intp], alternative: NDArray[np.intp]) -> pd.DataFrame:
    """Numbers behind the evidence of a faster vendor, one row a pair of lanes."""
    terms = assessment.lane_terms
    price = terms.costs.prices.price(terms.order_size)
    costs, mean, std = terms.total_cost.frame(), terms.lead_time.mean(), terms.lead_time.std()
    total = costs["total"].to_numpy()
    saving = np.zeros(len(total))
    saving[alternative] = total[current] - total[alternative]
    even = break_even_price(terms.costs, terms.steady_state, saving)
    change = costs.iloc[alternative].reset_index(drop=True) - costs.iloc[current].reset_index(drop=True)
    return pd.DataFrame(
        {
            "yearly_demand": terms.demand.yearly[current],
            "total_now": total[current],
            "total_alternative": total[alternative],
            "price_now": price[current],
            "price_alternative": price[alternative],
            "break_even_price": even[alternative],
            "lead_time_now": mean[current],
            "lead_time_alternative": mean[alternative],
            "lead_time_std_now": std[current],
            "lead_time_std_alternative": std[alternative],
            "safety_stock_now": terms.safety_stock[current],
            "safety_stock_alternative": terms.safety_stock[alternative],
        }
    ).join(change.drop(columns="total").add_prefix("change_"))


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of moving to a faster vendor, from the action's row."""
    parts = ("price", "ordering", "cycle_stock", "safety_stock", "pipeline", "shortage", "spoilage")
    changes = [(part.replace("_", " "), getattr(a, f"change_{part}")) for part in parts]
    listed = ", ".join(f"{name} {signed_number(value)}" for name, value in changes if abs(value) >= 0.5)
    evidence = (
        f"{a.alternative_supplier_id} takes {number(a.lead_time_alternative)} ± {days(a.lead_time_std_alternative)}, "
        f"{a.supplier_id} {number(a.lead_time_now)} ± {number(a.lead_time_std_now)}. On {quantity(a.yearly_demand)} "
        f"units a year the costs change by: {listed}; {money(a.worth, currency)} less in all. The move pays up to a "
        f"price of {price(a.break_even_price, currency)} (offered: {price(a.price_alternative)}, paid now: "
        f"{price(a.price_now)})."
    )
    return f"Buy {a.unique_id} from {a.alternative_supplier_id} instead of {a.supplier_id}", evidence
