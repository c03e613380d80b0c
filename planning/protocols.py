"""What planning asks of a lead-time model (one of `models.protocols` can also be fitted and saved) and of tables."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array, Distribution


@dataclass(frozen=True)
class SharedDelay:
    """Correlation of the delays of one supplier's orders: how far they are late together, and when demand is high.

    Attributes
    ----------
    strength : correlation, 0 ≤ ρ < 1, of the normal scores of two orders placed on one day
    days : τ > 0; orders placed g days apart have ρ·exp(−g/τ)
    with_demand : correlation, −1 < r < 1, of an order's normal score with that of its SKU's level of demand
    """

    strength: float = 0.0
    days: float = 28.0
    with_demand: float = 0.0


INDEPENDENT_DELAYS = SharedDelay()
"""Every order is late or early on its own."""


@dataclass(frozen=True)
class NeverComing:
    """Chance of n orders never to come, before their age is known.

    Attributes
    ----------
    share : π, array (n,), 0 < π < 1
    beyond : ε, array (n,), chance that an order which comes takes longer than all experience
    learned : lines were seen that never came; without any, the share is a mere guess
    """

    share: Array
    beyond: Array
    learned: bool

    def __getitem__(self, rows: NDArray[np.intp]) -> "NeverComing":
        return NeverComing(self.share[rows], self.beyond[rows], self.learned)


class LeadTimes(Protocol):
    """A lead-time model as planning uses it: distributions of order lines, and what plans need beside them."""

    @property
    def shared_delay(self) -> SharedDelay:
        """Correlation of the delays of one supplier's orders, by the days between their order dates."""
        ...

    def predict(self, orders: pd.DataFrame) -> Distribution:
        """Lead-time distribution in days of each order line, n rows.

        The columns read are `supplier_id`, `unique_id`, `category`, `ordered_at`, `contract_days`, `promised_at`,
        of open lines `repromised_at`, and covariates.
        """
        ...

    def describe(self, orders: pd.DataFrame) -> pd.DataFrame:
        """Where each lead-time distribution comes from: `source`, `n_orders` and `promise_weight`.

        The source is learned, contract, pooled or unknown. `n_orders` counts the closed orders of the line's supplier;
        `promise_weight`, 0 … 1, is how far the distribution rests on the line's promise.
        """
        ...

    def remaining_share(self, orders: pd.DataFrame) -> Array:
        """Share (n,) of each line's open quantity that is expected to be delivered at all, 0 … 1."""
        ...

    def never_coming(self, orders: pd.DataFrame) -> NeverComing:
        """Chance of each order line (n,) never to come, before its age is known."""
        ...


class PlanTables(Protocol):
    """What planning asks of tables: those of the data contract that its inputs are taken from, wherever kept."""

    @property
    def items(self) -> pd.DataFrame:
        """Items among the plan inputs: what is sold."""
        ...

    @property
    def offers(self) -> pd.DataFrame:
        """Offers among the plan inputs: who sells an item at what terms."""
        ...

    @property
    def stock(self) -> pd.DataFrame:
        """Stock among the plan inputs: what was counted, and when."""
        ...

    @property
    def suppliers(self) -> pd.DataFrame:
        """Suppliers among the plan inputs: who sells."""
        ...

    @property
    def purchase_orders(self) -> pd.DataFrame:
        """Purchase orders among the plan inputs: what was ordered, promised and received."""
        ...
