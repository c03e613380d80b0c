"""The textbook's ordering policies (R,S), (s,S) and (s,Q) as functions of the inventory position."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from distributions.distribution import Array


class OrderingPolicy(Protocol):
    """What to order at a review, for all SKUs and scenarios at once."""

    def order_quantity(self, position: Array) -> Array:
        """Units to order (n, M) at the inventory position (n, M), before MOQ and multiple; 0 for no order."""
        ...


@dataclass(frozen=True)
class OrderUpTo:
    """(R, S): at each review order up to S.

    Attributes
    ----------
    level : S, array (n,), units
    """

    level: Array

    def order_quantity(self, position: Array) -> Array:
        """(S − IP)⁺ of an (R, S) policy: units (n, M) at the inventory position IP (n, M)."""
        return np.asarray(np.maximum(self.level[:, None] - position, 0.0))


@dataclass(frozen=True)
class MinMax:
    """(s, S): at a review with IP ≤ s order up to S.

    Attributes
    ----------
    reorder_point, level : s and S, arrays (n,), units
    """

    reorder_point: Array
    level: Array

    def order_quantity(self, position: Array) -> Array:
        """S − IP where IP ≤ s, of an (s, S) policy: units (n, M) at the inventory position IP (n, M)."""
        return np.where(position <= self.reorder_point[:, None], self.level[:, None] - position, 0.0)


@dataclass(frozen=True)
class FixedLot:
    """(s, Q): at a review with IP ≤ s order as few lots of Q as bring it above s.

    Attributes
    ----------
    reorder_point, lot : s and Q > 0, arrays (n,), units
    """

    reorder_point: Array
    lot: Array

    def order_quantity(self, position: Array) -> Array:
        """Q·(⌊(s − IP)/Q⌋ + 1) where IP ≤ s, of an (s, Q) policy: units (n, M) at the inventory position IP (n, M)."""
        below = self.reorder_point[:, None] - position
        lots = np.floor(below / self.lot[:, None]) + 1
        return np.where(below >= 0, lots * self.lot[:, None], 0.0)
