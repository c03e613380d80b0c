"""The weighted mean of what the pairs of a pilot say, with a cluster-robust standard error and its degrees of freedom.

The estimate is Σ_p a_p d_p with weights that sum to one. Pairs in one cluster may move together: the variance is
Σ_g c_g u_g², u_g = Σ_{p in g} a_p (d_p − estimate), where c_g makes each term unbiased if all pairs varied alike (CR2
of a mean). The degrees of freedom are Satterthwaite's under the same working model: with equal weights and each pair
its own cluster they are P − 1, and the whole is the paired t; where few pairs or clusters carry the weight, fewer.

Source: Bell & McCaffrey, Bias reduction in standard errors for linear regression with multi-stage samples, Survey
Methodology 28 (2002); Imbens & Kolesár, Robust standard errors in small samples, REStat 98 (2016).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from distributions.distribution import Array


@dataclass(frozen=True)
class RobustMean:
    """Estimate, standard error and degrees of freedom, each of shape (…,); NaN errors where one cluster has it all."""

    estimate: Array
    error: Array
    df: Array

    def half_width(self, level: float) -> Array:
        """Half the width of the two-sided interval of that level, in the estimate's unit."""
        return np.asarray(stats.t.ppf((1 + level) / 2, self.df) * self.error, float)

    def p_value(self) -> Array:
        """Two-sided p-value of no effect; where all pairs say the same, 0, or 1 if they say zero."""
        with np.errstate(divide="ignore", invalid="ignore"):
            p = 2 * stats.t.sf(np.abs(self.estimate) / self.error, self.df)
        sure = np.where(self.estimate == 0, 1.0, 0.0)
        return np.asarray(np.where(self.error == 0, sure, p), float)


def robust_mean(weights: Array, values: Array, clusters: NDArray[np.intp] | None = None) -> RobustMean:
    """Weighted mean of `values` (…, P) with weights (…, P) that sum to one, robust to `clusters` (P,).

    None: each pair is its own cluster.
    """
    estimate = (weights * values).sum(axis=-1)
    share, square, said = weights, weights**2, weights * values
    if clusters is not None:
        order = np.argsort(clusters, kind="stable")
        begins = np.flatnonzero(np.diff(clusters[order], prepend=-1))
        share, square, said = (
            np.add.reduceat(each[..., order], begins, axis=-1) for each in (share, square, said)
        )
    total = square.sum(axis=-1, keepdims=True)
    residual = said - share * estimate[..., None]
    norm = square * (1 - 2 * share) + share**2 * total
    factor = np.divide(square, norm, out=np.zeros_like(square), where=norm > 0)
    known = (square > 0).sum(axis=-1) > 1
    error = np.sqrt((factor * residual**2).sum(axis=-1))
    return RobustMean(
        estimate,
        np.where(known, error, np.nan),
        np.where(known, _satterthwaite(share, square, factor), np.nan),
    )


def _satterthwaite(share: Array, square: Array, factor: Array) -> Array:
    """(tr M)² / tr M² of the quadratic form that the variance is, a diagonal plus a matrix of rank two."""
    total = square.sum(axis=-1)
    diagonal = factor * square
    s, r = np.sqrt(factor) * square, np.sqrt(factor) * share
    ss, rr, sr = ((x * y).sum(axis=-1) for x, y in ((s, s), (r, r), (s, r)))
    on_diagonal = -2 * s * r + total[..., None] * r**2
    trace = (diagonal + on_diagonal).sum(axis=-1)
    squared = (diagonal**2 + 2 * diagonal * on_diagonal).sum(axis=-1)
    squared = squared + 2 * (ss * rr + sr**2) + total**2 * rr**2 - 4 * total * sr * rr
    return np.asarray(np.divide(trace**2, squared, out=np.ones_like(trace), where=squared > 0), float)
