"""Simulated suppliers of the change benchmark: the distributions of their lead times, and what changes in them."""

from collections.abc import Callable

import numpy as np
from scipy.special import gammainc, ndtr

from distributions.distribution import Array

DAYS: Array = np.arange(1.0, 601.0)
Cdf = Callable[[Array], Array]


def lognormal(cv: float) -> Cdf:
    """Distribution function of a simulated supplier's lognormal lead time, mean 30 days, CV `cv`."""
    s = np.sqrt(np.log1p(cv**2))
    return lambda days: np.asarray(ndtr((np.log(np.maximum(days, 1e-9) / 30) + s**2 / 2) / s), float)


def gamma(cv: float) -> Cdf:
    """Distribution function of a simulated supplier's gamma lead time, mean 30 days, CV `cv`."""
    return lambda days: np.asarray(gammainc(1 / cv**2, np.maximum(days, 0.0) / (30 * cv**2)), float)


def two_mode(days: Array) -> Array:
    """Distribution function of a simulated supplier's lead time with two modes, mean 30 days.

    25 days, and one in four 45, each ± 15 %; coefficient of variation .34.
    """
    return np.asarray(0.75 * ndtr((days / 25 - 1) / 0.15) + 0.25 * ndtr((days / 45 - 1) / 0.15))


DISTRIBUTIONS: dict[str, Cdf] = {
    "lognormal CV .2": lognormal(0.2), "lognormal CV .3": lognormal(0.3), "lognormal CV .5": lognormal(0.5),
    "gamma CV .3": gamma(0.3), "two modes": two_mode,
}  # fmt: skip
CHANGES: dict[str, Callable[[Array], Array]] = {
    "+30 % mean": lambda days: days / 1.3,
    "-30 % mean": lambda days: days / 0.7,
    "x2 SD": lambda days: 30 + (days - 30) / 2,
}
"""What a lead time would have been without the change."""


def whole_days(cdf: Cdf, before: Callable[[Array], Array]) -> Array:
    """Probabilities P(L = l) of simulated lead times in whole days `DAYS`, which took before(l) without the change."""
    edges = cdf(before(DAYS[:-1] + 0.5))
    return np.diff(np.concatenate([[0.0], edges, [1.0]]))


def draw(pmf: Array, rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    """Draw simulated suppliers' lead times in whole days from the probabilities `pmf` of `DAYS`."""
    return np.asarray(1.0 + np.searchsorted(np.cumsum(pmf)[:-1], rng.random(shape), side="right"))
