"""The textbook desk: normal safety stock around a moving average, with typed-in lead times and economic lots."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from benchmarks.decisions.brute_force import Offer, order_size
from benchmarks.decisions.past_days.cast import TEXTBOOK
from benchmarks.decisions.past_days.company_play import CompanyPlay
from benchmarks.decisions.past_days.replanning import Replanner
from distributions.distribution import Array
from planning.assessment import Assessment

_MEMORY, _SPREAD = 8, 26  # weeks that the mean and the deviation are taken from
LEVEL = 0.95


def textbook_quantity(past: Array, position: float, contract_days: float, terms: dict[str, float]) -> float:
    """Units to order: below s = d·(L+R) + z·σ·√(L+R) up to s and what an economic lot has more than a week's demand.

    Parameters
    ----------
    past : units a week as recorded, the last weeks last
    terms : moq, multiple, maximum, ordering, holding, of the offer
    """
    rate, spread = past[-_MEMORY:].mean(), past[-_SPREAD:].std()
    weeks = contract_days / 7 + 1
    s = rate * weeks + stats.norm.ppf(LEVEL) * spread * np.sqrt(weeks)
    lot = np.sqrt(2 * 52 * rate * terms["ordering"] / terms["holding"]) if terms["holding"] > 0 else 0.0
    if position >= s:
        return 0.0
    offer = Offer(moq=terms["moq"], multiple=terms["multiple"], maximum=terms["maximum"])
    return order_size(offer, float(np.ceil(s + max(lot - rate, 0.0) - position)))


def textbook_quantities(
    replanner: Replanner, terms: Assessment, play: CompanyPlay, kind: NDArray[np.object_], week: int
) -> Array:
    """Units (n,) that the textbook desk orders for its copies."""
    result = np.zeros(len(kind))
    open_now = play.open_lines(7 * week)
    on_order = np.bincount(open_now["copy"], open_now["quantity"] - open_now["received"], len(kind))
    panel = replanner.panel.until(replanner.today.panel.periods + week)
    row = pd.Index(panel.unique_ids).get_indexer(replanner.variants["unique_id"])
    place = terms.forecast.rows(replanner.variants["name"])
    limits, costs, lanes = terms.chosen_terms.limits, terms.chosen_terms.costs, terms.chosen_terms.lanes
    for copy in np.flatnonzero(kind == TEXTBOOK):
        variant = replanner.copies.variant[copy]
        k = place[variant]
        known = {
            "moq": float(limits.moq[k]),
            "multiple": float(limits.multiple[k]),
            "maximum": float(limits.maximum[k]),
            "ordering": float(costs.ordering[k]),
            "holding": float(costs.holding[k]),
        }
        position = float(play.on_hand[copy] + on_order[copy] - play.owed[copy])
        past = np.nan_to_num(panel.y[row[variant]])
        result[copy] = textbook_quantity(past, position, float(lanes["lead_time_days"].iloc[k]), known)
    return result
