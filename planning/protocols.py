"""What planning asks of a lead-time model (one of `models.protocols` can also be fitted and saved) and of tables."""

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

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


@dataclass(frozen=True)
class FirstParts:
    """First parts of n orders that may come in two: how likely, how much of the order, and how much sooner.

    Attributes
    ----------
    chance : array (n,), of an order to come in parts, 0 … 1
    share : array (n,), of what is open, that the first part of such an order brings
    sooner : array (n,), days until it comes by the days until the rest has, 0 < sooner ≤ 1
    """

    chance: Array
    share: Array
    sooner: Array

    def __len__(self) -> int:
        return len(self.chance)

    def __getitem__(self, rows: NDArray[np.intp]) -> "FirstParts":
        return FirstParts(self.chance[rows], self.share[rows], self.sooner[rows])

    @property
    def ahead(self) -> Array:
        """Share (n,) of what is open that is expected to come ahead of the rest."""
        return self.chance * self.share

    @classmethod
    def whole(cls, n: int) -> Self:
        """Of `n` orders that come whole."""
        return cls(np.zeros(n), np.ones(n), np.ones(n))

    def with_one_whole(self) -> Self:
        """These, and behind them an order that comes whole."""
        return type(self)(
            np.append(self.chance, 0.0), np.append(self.share, 1.0), np.append(self.sooner, 1.0)
        )


@dataclass(frozen=True)
class Deliveries:
    """How much of n open orders is expected to be delivered, and in how many parts.

    Attributes
    ----------
    share : of what is open, expected to come of an order that comes (a number or (n,)); the rest of a part delivery
        may not
    never : chance of each order never to come, before its age is known; none: all come
    first_parts : of orders of which nothing has come yet; none: all come whole
    """

    share: ArrayLike = 1.0
    never: NeverComing | None = None
    first_parts: FirstParts | None = None


ALL_COME = Deliveries()
"""Every open order is delivered in full, and whole."""


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

    def deliveries(self, orders: pd.DataFrame) -> Deliveries:
        """How much of each open order line, n rows, is expected to be delivered: its share, in parts or never."""
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
