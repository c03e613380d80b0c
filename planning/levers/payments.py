"""Payment terms as levers price them: the same orders, paid for later."""

from dataclasses import replace

import numpy as np

from distributions.distribution import Array
from planning.lanes.lane_terms import LaneTerms


def with_payment(terms: LaneTerms, days: float | Array) -> LaneTerms:
    """The terms with goods paid for so many days, a number or (n,), after their receipt."""
    payment = np.broadcast_to(days, terms.costs.unit.shape).astype(float)
    return replace(terms, costs=replace(terms.costs, payment_days=payment))
