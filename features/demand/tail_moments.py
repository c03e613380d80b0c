"""Tail moments: mean and mean square of demand that was at least what was sold, E[D | D ≥ b] and E[D² | D ≥ b]."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammaincc

Array = NDArray[np.float64]

_RARE = 1e-9
"""Chance of demand as high as what was sold below which the distribution says nothing about the tail."""


def tail_moments(
    sold: Array, mean: Array, variance: Array, whole_units: NDArray[np.bool_]
) -> tuple[Array, Array]:
    """Moments of demand above what was sold, E[D | D ≥ b] and E[D² | D ≥ b], each (m,), for b = `sold` > 0.

    Whole units that vary as much as Poisson or more: negative binomial with r = m² / (v − m), p = m / v; from
    d · P(d; r) = m · P(d − 1; r + 1) follows E[D | D ≥ b] = m · P(D_{r+1} ≥ b − 1) / P(D_r ≥ b).
    Otherwise gamma with shape k = m² / v, scale θ = v / m: E[D | D ≥ b] = m · Q(k + 1, b/θ) / Q(k, b/θ), with Q
    the upper incomplete gamma function. Where b is out of all reach, the level has risen: b and one scale more.
    """
    m = np.maximum(mean, 1e-9)
    count = whole_units & (variance > 0.9 * m)
    first, second = np.empty_like(m), np.empty_like(m)
    for chosen, tail in ((count, _negative_binomial), (~count, _gamma)):
        b = np.where(whole_units & ~count, np.maximum(sold - 0.5, 0), sold)[chosen]
        first[chosen], second[chosen] = tail(b, m[chosen], np.maximum(variance, 1e-6 * m**2)[chosen])
    unreached = ~(np.isfinite(first) & (first >= sold))
    above = sold + np.minimum(variance / m, sold)
    return np.where(unreached, above, first), np.where(unreached, above**2, second)


def _negative_binomial(b: Array, m: Array, variance: Array) -> tuple[Array, Array]:
    """E[D | D ≥ b] and E[D² | D ≥ b] of a negative binomial with mean m; NaN where D ≥ b has next to no chance."""
    v = np.maximum(variance, 1.01 * m)
    r, q = m**2 / (v - m), 1 - m / v
    base = betainc(b, r, q)
    one = np.where(b > 1, betainc(np.maximum(b - 1, 1e-9), r + 1, q), 1.0)
    two = np.where(b > 2, betainc(np.maximum(b - 2, 1e-9), r + 2, q), 1.0)
    chance = np.where(base > _RARE, base, np.nan)
    mean = m * one / chance
    return mean, mean + m**2 * (1 + 1 / r) * two / chance


def _gamma(b: Array, m: Array, v: Array) -> tuple[Array, Array]:
    """E[D | D ≥ b] and E[D² | D ≥ b] of a gamma with mean m and variance v; NaN where D ≥ b has next to no chance."""
    k, theta = m**2 / v, v / m
    base = gammaincc(k, b / theta)
    chance = np.where(base > _RARE, base, np.nan)
    mean = m * gammaincc(k + 1, b / theta) / chance
    return mean, m * (m + theta) * gammaincc(k + 2, b / theta) / chance
