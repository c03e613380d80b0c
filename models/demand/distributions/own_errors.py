"""Own errors: a normal around a SKU's own trend, as wide as that has missed the SKU's past, beside what all SKUs say.

Where series are long and smooth, that is as good as what is learned from the errors of all, and wrong elsewhere: the
two averaged are better than either. How far is learned as it is of boosted quantiles (`quantile_blend`).
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy.special import ndtri

from features.demand.panel import Array
from models.demand.distributions.quantile_boosting import BOOSTED_LEVELS, Float32Array
from models.demand.members.trend import OwnErrors

DEFAULT_SHARE = 0.2
"""How far distributions move toward those of own errors where no backtest says more."""

DEFAULT_FACTOR, LEAST_ERRORS = 1.3, 60.0
"""How much further errors lie than the past's where nothing is known, and the errors that this is worth."""

FACTOR_BOUNDS = (1.0, 3.0)

_MEDIAN_ERROR = float(ndtri(0.75))
"""Median |error| of a standard normal."""


@dataclass(frozen=True)
class OwnErrorFactors:
    """How much further a trend misses the future than its SKU's past, by steps ahead, (h,) each.

    Constants and seasons were fitted to the past, and the further ahead, the more that flatters.
    """

    period: Array
    sums: Array

    @classmethod
    def learn(cls, errors: OwnErrors, missed: OwnErrors) -> Self:
        """From what trends have `missed` out of sample, (…, h), demand less forecast, and what `errors` they expected.

        The median of the ratio, which one SKU that was relaunched does not set.
        """
        return cls(_factors(missed.period, errors.period), _factors(missed.sums, errors.sums))

    @classmethod
    def default(cls, h: int) -> Self:
        """Without a backtest."""
        return cls(*np.full((2, h), DEFAULT_FACTOR))

    def to_json(self) -> dict[str, Any]:
        """The factors as plain lists."""
        return {"period": self.period.tolist(), "sums": self.sums.tolist()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read factors as `to_json` wrote them."""
        return cls(np.array(values["period"]), np.array(values["sums"]))


def _factors(missed: Array, expected: Array) -> Array:
    """Median |missed| / expected by step (h,), in units of a normal's, shrunk to the default."""
    h = missed.shape[-1]
    usable = ~np.isnan(missed) & (np.nan_to_num(expected) > 0)
    ratio = np.where(usable, np.abs(missed) / np.where(usable, expected, 1.0), np.nan).reshape(-1, h)
    count = usable.reshape(-1, h).sum(axis=0)
    known = count > 0
    factors = np.full(h, DEFAULT_FACTOR)
    if known.any():
        factors[known] = np.nanmedian(ratio[:, known], axis=0) / _MEDIAN_ERROR
    shrunk = (count * factors + LEAST_ERRORS * DEFAULT_FACTOR) / (count + LEAST_ERRORS)
    return np.asarray(np.clip(shrunk, *FACTOR_BOUNDS))


def own_error_quantiles(center: Array, errors: Array, factors: Array) -> Float32Array:
    """Quantiles (…, h, A) at `BOOSTED_LEVELS` of a normal around trends `center` (…, h); NaN where there are none.

    Parameters
    ----------
    errors : array (…, h), root mean squared errors of the past
    factors : array (h,) or longer, how much further the future is missed
    """
    wide = (errors * factors[: errors.shape[-1]])[..., None] * ndtri(BOOSTED_LEVELS)
    return np.asarray(np.maximum(center[..., None] + wide, 0.0), np.float32)
