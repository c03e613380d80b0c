"""What a played year of suppliers' orders comes to: money by its parts, service, and terms that were broken."""

from dataclasses import dataclass, field

import numpy as np

from distributions.distribution import Array
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.lanes.lane_terms import LaneTerms
from planning.orders.order_state import OrderState

PARTS = (
    "lines", "orders", "freight", "holding", "goods", "waste", "shortage", "asked", "met", "sent",
)  # fmt: skip
"""Ordering cost of lines and of orders, freight, holding, goods bought, goods perished, shortage, demand and what of it
was met (at cost), and orders sent."""
ORDERING_AND_HOLDING = ("lines", "orders", "freight", "holding")


@dataclass
class Counted:
    """What is counted of M scenarios.

    Attributes
    ----------
    parts : array (M,) of each of `PARTS`
    broken : orders below their minimum, and lines that their offer does not allow
    """

    scenarios: int
    parts: dict[str, Array] = field(default_factory=dict)
    broken: int = 0

    def __post_init__(self) -> None:
        self.parts = {name: np.zeros(self.scenarios) for name in PARTS}

    def orders(self, quantity: Array, terms: LaneTerms, state: OrderState) -> None:
        """Count what orders of `quantity` (n·M,) cost, and whether any breaks a term."""
        suppliers, count = state.suppliers, len(state.suppliers)
        price = np.nan_to_num(terms.costs.prices.price(quantity))
        value = np.bincount(state.supplier, quantity * price, count).astype(float)
        units = np.bincount(state.supplier, quantity, count).astype(float)
        loads = [np.bincount(state.supplier, quantity * load, count) for load in np.nan_to_num(state.loads).T]
        share = (np.column_stack(loads) / suppliers.capacity).max(axis=1)
        goes = units > 0
        self._add("lines", (quantity > 0) * terms.costs.ordering)
        self._add("orders", np.where(goes, suppliers.ordering_cost, 0.0))
        self._add("freight", suppliers.freight_of(value, share))
        self._add("sent", goes.astype(float))
        self._add("goods", quantity * price)
        self.broken += int((goes & ~suppliers.minimum_met(value, units)).sum())
        self.broken += int((np.abs(quantity - terms.limits.allowed(quantity)) > 1e-6).sum())

    def day(self, terms: LaneTerms, *, wanted: Array, met: Array, left: Array, spoiled: Array) -> None:
        """Count a day: what was wanted and met, is left and has perished, (n·M,) units each."""
        costs = terms.costs
        self._add("holding", costs.holding / DAYS_A_YEAR * left)
        self._add("waste", costs.unit * spoiled)
        self._add("shortage", costs.shortage * (wanted - met))
        self._add("asked", costs.unit * wanted)
        self._add("met", costs.unit * met)

    def total(self, names: tuple[str, ...]) -> Array:
        """Money (M,) of some parts together."""
        return np.asarray(sum(self.parts[name] for name in names))

    @property
    def fill_rate(self) -> Array:
        """Share (M,) of demand, at cost, that was met from the shelf."""
        return self.parts["met"] / self.parts["asked"]

    def _add(self, name: str, values: Array) -> None:
        """Add values of rows, those of one scenario after the other, to a part."""
        self.parts[name] += values.reshape(self.scenarios, -1).sum(axis=1)
