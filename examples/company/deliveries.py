"""Simulated: what becomes of an order line once it is sent, drawn from its supplier's distributions.

Every line ships on its own. Its lead time is drawn; a line that the desk expedites takes six tenths of it.
Some lines come in two parts, the second of which completes the order; some are closed short; some units are rejected.
The first promise is the day of order plus the contract lead time. When a line will be more than two days late, three
suppliers in five say so some days before that promise, and name a day close to the true one.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from examples.company.suppliers import draw_lead_time

Array = NDArray[np.float64]

EXPEDITED_SHARE = 0.6
"""An expedited line's lead time, as a share of what it would have been."""
_ANNOUNCED = 0.6


@dataclass(frozen=True)
class Deliveries:
    """What becomes of k order lines; days count from the first day of the year, arrays have shape (k,).

    `first_day` and `first_quantity` are the part that came ahead (quantity 0: none); `last_day` completes the line
    with `last_quantity`, of which `rejected` are sent back. `repromised_day` is NaN where nothing was announced, and
    nobody knows of it before `announced_day`.
    """

    lead_time: Array
    first_day: Array
    first_quantity: Array
    last_day: Array
    last_quantity: Array
    rejected: Array
    promised_day: Array
    announced_day: Array
    repromised_day: Array


def deliver(
    supplier: pd.DataFrame,
    day: int | Array,
    quantity: Array,
    expedited: NDArray[np.bool_],
    rng: np.random.Generator,
) -> Deliveries:
    """Draw what becomes of lines sent on `day`, or one of (k,) days each, one row of `supplier` for each."""
    k = len(supplier)
    lead = draw_lead_time(supplier, np.broadcast_to(np.asarray(day, float), k), rng)
    lead = np.where(expedited, np.maximum(1.0, np.rint(EXPEDITED_SHARE * lead)), lead)
    short = rng.random(k) < supplier["short"].to_numpy()
    total = np.where(short, np.maximum(1.0, np.floor(quantity * rng.uniform(0.7, 0.95, k))), quantity)
    first_lead = np.maximum(1.0, np.floor(lead * rng.uniform(0.5, 0.9, k)))
    ahead = (rng.random(k) < supplier["partial"].to_numpy()) & (total >= 2) & (first_lead < lead)
    first = np.where(ahead, np.clip(np.rint(total * rng.uniform(0.4, 0.8, k)), 1, total - 1), 0.0)
    rejected = np.minimum(rng.binomial(total.astype(int), supplier["defect"].to_numpy()), total - first)
    contract = supplier["lead_time_days"].to_numpy()
    announced = (lead > contract + 2) & (rng.random(k) < _ANNOUNCED)
    notice = np.minimum(rng.integers(1, 6, k), contract)
    new_promise = np.maximum(contract + 1, lead + np.rint(rng.normal(0, 1.5, k)))
    return Deliveries(
        lead_time=lead,
        first_day=day + first_lead,
        first_quantity=first,
        last_day=day + lead,
        last_quantity=total - first,
        rejected=rejected,
        promised_day=day + contract,
        announced_day=day + contract - notice,
        repromised_day=np.where(announced, day + new_promise, np.nan),
    )
