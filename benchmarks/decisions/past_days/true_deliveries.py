"""True deliveries: what becomes of the demo's order lines, drawn from its suppliers' true distributions.

As `examples.company.deliveries` has it: a lead time of its own, at times in two parts, at times closed short, some
units rejected. Luck belongs to the SKU, its supplier, the week and the draw, so that two ways of acting meet the same.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from distributions.distribution import Array
from examples.company.sales import START
from examples.company.suppliers import draw_lead_time, order_wait

_TRIES = 2_000
_SHORT, _AHEAD, _FIRST = (0.70, 0.95), (0.5, 0.9), (0.4, 0.8)


@dataclass(frozen=True)
class Deliveries:
    """What becomes of k order lines: days from the first day of the play, and units, arrays (k,)."""

    sent_day: Array
    first_day: Array
    first_units: Array
    last_day: Array
    last_units: Array
    rejected: Array


@dataclass(frozen=True)
class WeekLuck:
    """Luck of all lanes that may order on one day, L lanes and K draws, arrays (L, K), but `wait` and `defect` (L,)."""

    wait: Array
    lead: Array
    delivered_share: Array
    first_lead: Array
    first_share: Array
    reject: Array
    defect: Array

    def deliver(
        self, day: int, quantity: Array, lane: NDArray[np.intp], draw: NDArray[np.intp]
    ) -> Deliveries:
        """Deliveries of order lines placed on `day` of the play for `quantity` units (k,)."""
        lead, share = self.lead[lane, draw], self.delivered_share[lane, draw]
        total = np.where(share < 1, np.maximum(1.0, np.floor(quantity * share)), quantity)
        first_lead = np.maximum(1.0, np.floor(lead * self.first_lead[lane, draw]))
        part = self.first_share[lane, draw]
        ahead = (part > 0) & (total >= 2) & (first_lead < lead)
        first = np.where(ahead, np.clip(np.rint(total * part), 1, np.maximum(total - 1, 1)), 0.0)
        rejected = np.minimum(
            stats.binom.ppf(self.reject[lane, draw], total, self.defect[lane]), total - first
        )
        sent = day + self.wait[lane]
        return Deliveries(sent, sent + first_lead, first, sent + lead, total - first - rejected, rejected)


def week_luck(suppliers: pd.DataFrame, day: pd.Timestamp, draws: int, seed: list[int]) -> WeekLuck:
    """Luck of lanes whose suppliers are the rows of `suppliers` (L,), should they order on the day."""
    rng, n = np.random.default_rng(seed), len(suppliers)
    of_year = (day - START).days
    wait = order_wait(suppliers, of_year)
    each = suppliers.loc[suppliers.index.repeat(draws)].reset_index(drop=True)
    lead = draw_lead_time(each, np.repeat(of_year + wait, draws), rng).reshape(n, draws)
    partial, short = (suppliers[name].to_numpy(float)[:, None] for name in ("partial", "short"))
    closed_short = rng.random((n, draws)) < short
    delivered = np.where(closed_short, rng.uniform(*_SHORT, (n, draws)), 1.0)
    in_parts = rng.random((n, draws)) < partial
    return WeekLuck(
        wait=wait,
        lead=lead,
        delivered_share=delivered,
        first_lead=rng.uniform(*_AHEAD, (n, draws)),
        first_share=np.where(in_parts, rng.uniform(*_FIRST, (n, draws)), 0.0),
        reject=rng.random((n, draws)),
        defect=suppliers["defect"].to_numpy(float),
    )


def days_until_arrival(suppliers: pd.DataFrame, orders: pd.DataFrame, draws: int, seed: list[int]) -> Array:
    """Days (m, K) until open orders arrive: the true distribution, given that they have not come yet.

    Of an order older than any that was drawn nobody knows; it comes within the days that it is late again.
    """
    result = np.empty((len(orders), draws))
    known = suppliers.set_index("supplier_id")
    for row, order in enumerate(orders.itertuples(index=False)):
        rng = np.random.default_rng([*seed, row])
        of_supplier = known.loc[[order.supplier_id] * _TRIES].reset_index()
        day = np.full(_TRIES, float(min(max((order.ordered_at - START).days, 0), 363)))
        left = draw_lead_time(of_supplier, day, rng) - order.age
        left = left[left >= 0]
        result[row] = rng.choice(left, draws) if len(left) else rng.integers(1, 8, draws)
    return result
