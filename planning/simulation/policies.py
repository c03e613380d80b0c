"""The textbook's ordering policies as functions of the inventory position, for all SKUs and scenarios at once."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from distributions.distribution import Array


class Policy(Protocol):
    """What to order at a review."""

    def wanted(self, position: Array) -> Array:
        """Units wanted (n, M) at the inventory position (n, M), before MOQ and multiple; 0 for no order."""
        ...


@dataclass(frozen=True)
class OrderUpTo:
    """(R, S): at each review order up to S.

    Attributes
    ----------
    level : S, array (n,), units
    """

    level: Array

    def wanted(self, position: Array) -> Array:
        """(S − IP)⁺."""
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

    def wanted(self, position: Array) -> Array:
        """S − IP where IP ≤ s."""
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

    def wanted(self, position: Array) -> Array:
        """Q·(⌊(s − IP)/Q⌋ + 1) where IP ≤ s."""
        below = self.reorder_point[:, None] - position
        lots = np.floor(below / self.lot[:, None]) + 1
        return np.where(below >= 0, lots * self.lot[:, None], 0.0)
