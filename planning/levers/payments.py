"""Payment terms as levers price them: later payment at what money costs, in plays of the same orders."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.assessment import Assessment
from planning.lanes.lane_terms import LaneTerms


def capital_share(assessment: Assessment, skus: NDArray[np.intp]) -> Array:
    """Share (k,) of the holding cost of some SKUs that is the cost of money; at most all of it.

    `policy.capital_cost_rate` over H / price. A day later with a payment saves money, but no shelf and no waste.
    """
    costs = assessment.chosen_terms.costs
    holding, unit = costs.holding[skus], costs.unit[skus]
    capital = assessment.setting.policy.capital_cost_rate * unit
    return np.minimum(np.divide(capital, holding, out=np.ones(len(unit)), where=holding > 0), 1.0)


def with_payment(terms: LaneTerms, days: float | Array) -> LaneTerms:
    """The terms with goods paid for so many days, a number or (n,), after their receipt."""
    payment = np.broadcast_to(days, terms.costs.unit.shape).astype(float)
    return replace(terms, costs=replace(terms.costs, payment_days=payment))
