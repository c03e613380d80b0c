"""Trial order: where a SKU was never received from the vendor to switch to, the least lot comes first.

The worth is that of the switch which the trial opens, not that times a chance: how often a trial leads to a switch is
not known before some were made, and the ledger learns it from what trials really brought. Said instead is how often
one must lead to a switch for trials to pay.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import days, money, quantity
from distributions.distribution import Array
from planning.actions.played_worth import PlayedWorth
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.inputs import PlanInputs


def received_before(inputs: PlanInputs, lanes: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether some of the SKU was ever received from the supplier of `lanes` (k,).

    Where nothing is known of a SKU's receipts, from whomever, nothing speaks against it: true.
    """
    orders = inputs.purchase_orders
    received = orders[orders["received_at"].notna()] if "received_at" in orders else orders
    silent = ~lanes["unique_id"].isin(received["unique_id"]).to_numpy(bool)
    return np.asarray(_among(lanes, received) | silent)


def awaited(inputs: PlanInputs, lanes: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether some of the SKU is on its way from the supplier of `lanes` (k,), as after a trial order."""
    return _among(lanes, inputs.open_orders)


def _among(lanes: pd.DataFrame, orders: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether the lanes (k,) are those of some order line."""
    pair = ["unique_id", "supplier_id"]
    found = pd.MultiIndex.from_frame(lanes[pair].astype(object))
    return np.asarray(found.isin(pd.MultiIndex.from_frame(orders[pair].astype(object))), bool)


def trial_facts(
    assessment: Assessment, current: NDArray[np.intp], alternative: NDArray[np.intp], worth: PlayedWorth
) -> pd.DataFrame:
    """What a trial order at the lanes `alternative` (k,) instead of `current` (k,) is and costs, one row each.

    Returns
    -------
    DataFrame
        trial_quantity (the MOQ, without one a review's demand; units), trial_days (of demand), trial_value,
        trial_cost (money more than the same units cost now, with the order's own cost), trials_to_pay (share of such
        trials that must lead to a switch for them to pay within a year: what a trial costs, with a call, over what a
        switch brings beyond its effort)
    """
    terms = assessment.lane_terms
    there, here = terms.select(alternative), terms.select(current)
    least = np.where(there.limits.moq > 0, there.limits.smallest, np.maximum(there.demand.a_cycle, 1.0))
    lot = there.limits.allowed(least)
    value = lot * there.costs.prices.price(lot)
    here_lot = np.maximum(here.order_size, 1e-9)
    usual: Array = lot * here.costs.prices.price(here.order_size) + here.costs.ordering * lot / here_lot
    cost = value + there.costs.ordering - usual
    effort = assessment.setting.policy.effort
    trial = effort.call + np.maximum(cost, 0.0)
    return pd.DataFrame(
        {
            "trial_quantity": lot,
            "trial_days": DAYS_A_YEAR * lot / np.maximum(there.demand.yearly, 1e-9),
            "trial_value": value,
            "trial_cost": cost,
            "trials_to_pay": trial / np.maximum(worth.mean - effort.vendor_switch, 1e-9),
        }
    )


def trial_title(a: Any) -> str:
    """Title of a trial order, from the action's row."""
    return f"Try {a.sku} from {a.alternative}: order {quantity(a.trial_quantity)} before leaving {a.supplier}"


def trial_evidence(currency: str, a: Any) -> str:
    """What the evidence of a switch adds where a trial order comes first, from the action's row."""
    more = (
        f"costs {money(a.trial_cost, currency)} more than here"
        if a.trial_cost >= 0.5
        else "costs no more than here"
    )
    often = f"{max(a.trials_to_pay, 0.01):.0%}"
    return (
        f" Nothing of it was ever received from there: first order {quantity(a.trial_quantity)} units "
        f"({days(a.trial_days)} of demand, {money(a.trial_value, currency)}), which {more} and shows whether quality "
        f"and lead time are as offered. The worth is that of the switch which it opens: it pays where at least "
        f"{often} of such trials lead to one."
    )
