"""Order rules: corrections of the critical fractile, one a demand class, calibrated by replaying past cycles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from configs.errors import PlanningError
from distributions.distribution import Array

_HIGHEST = 1 - 1e-12
"""Fractiles above it, of shortages that cost 10¹² times what stock does, count as this: their odds are infinite."""


@dataclass(frozen=True)
class OrderRules:
    """Corrections of the critical fractile b/(b+h) for the cost target, one a demand class.

    With lost sales and short cycles a plain fractile orders too much of slow movers: what is missed is lost, so a
    shortage does not add to the next order. The correction is a shift of the log-odds, which stays inside (0, 1)
    for any ratio of costs.

    Attributes
    ----------
    shift : demand class → shift of log(α/(1−α)); a class that is not there is not shifted
    """

    shift: Mapping[str, float] = field(default_factory=dict)

    def fractile(self, critical: ArrayLike, demand_class: NDArray[np.object_]) -> Array:
        """Critical fractile (n,) as the order rules correct it, from `critical` (n,) and `demand_class` (n,)."""
        return corrected_fractile(
            critical, np.array([self.shift.get(str(name), 0.0) for name in demand_class])
        )

    def to_json(self) -> dict[str, dict[str, float]]:
        """Order rules as plain data for the bundle."""
        return {"shift": dict(self.shift)}

    @classmethod
    def from_json(cls, data: Mapping[str, Mapping[str, float]]) -> Self:
        """Order rules from what `to_json` gave.

        Raises
        ------
        PlanningError
            When a shift is no finite number.
        """
        shift = {str(name): float(value) for name, value in data.get("shift", {}).items()}
        for name, value in shift.items():
            if not np.isfinite(value):
                raise PlanningError(f"order rules: shift of {name} is {value}, expected a finite number")
        return cls(shift)


def corrected_fractile(level: ArrayLike, shift: ArrayLike) -> Array:
    """Critical fractile as an order rule corrects it: in (0, 1), with log-odds `shift` higher than those of `level`."""
    share = np.minimum(np.asarray(level, float), _HIGHEST)
    odds = share / (1 - share) * np.exp(shift)
    return np.asarray(odds / (1 + odds))
