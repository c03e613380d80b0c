"""Sequential ranks of a supplier's orders, and likelihood ratios on ranks had its lead times changed.

While nothing changes, the rank of an order among those before it is uniform, whatever the distribution of the lead
times. How ranks would fall had every order taken 30 % longer is read off the supplier's own past: each reference order
is made 30 % longer and ranked among the rest. The ratio of the two distributions is a likelihood ratio on ranks (Vovk,
Gammerman & Shafer 2022, Algorithmic Learning in a Random World): its mean is 1 while nothing changes, and its
logarithm is what a CUSUM should add up. A supplier with two modes is thereby judged by what falls between them, a
supplier that scatters widely by small but many signs. The fewer orders there are to read from, the more the ratio is
that of a normal distribution.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from distributions.distribution import Array

CLASSES = 50
"""Equally likely classes of the rank; the last one is "later than 98 %"."""
FACTOR = 1.3
"""Slower is so many times as long, or by one standard deviation of the supplier's usual scatter where that is less."""
LEAST_REFERENCE = 8
"""Reference orders to rank among, below which there is no rank."""

_LATEST = 0.98  # with fewer than 50 orders to rank among: later than all of them
_FLAT = 0.03  # share of the likelihood ratio that is held at 1: no rank may be impossible
_OWN = 30.0  # orders after which a supplier's own past weighs as much as the normal distribution
_LEAST_SPREAD = 0.05  # of the logarithms: whole days and constants have less
_NOTHING = 1e-9  # share of orders without which a row could not be normalised
_BANDWIDTH = 0.5  # of the normal scores
_SCORES = ndtri((np.arange(CLASSES) + 0.5) / CLASSES)
_FAR = 50.0


def sequential_ranks(
    x: Array, before: Array, reference: NDArray[np.bool_]
) -> tuple[Array, NDArray[np.bool_]]:
    """Ranks (S,) of lead times `x` (S,) among the `reference` ones of `before` (S, W), 0 … 1, and whether latest.

    u = (r − ½) / (n + 1) with r the rank among n + 1, ties halved. What is later than 98 % of them gets one rank, the
    middle of that stretch, so that an open order need not be waited for. NaN where n < `LEAST_REFERENCE`.
    """
    n = reference.sum(axis=1)
    below = (reference & (before < x[:, None])).sum(axis=1)
    equal = (reference & (before == x[:, None])).sum(axis=1)
    rank = (below + equal / 2 + 0.5) / (n + 1)
    top = np.where(n < 1 / (1 - _LATEST), n / (n + 1), _LATEST)
    latest = (rank > top) & (n >= LEAST_REFERENCE)
    return np.where(n < LEAST_REFERENCE, np.nan, np.where(latest, (1 + top) / 2, rank)), latest


def log_likelihood_ratios(before: Array, reference: NDArray[np.bool_]) -> Array:
    """Log-likelihood ratios by class of the rank, (4, S, CLASSES): slower, quicker, scattered twice and half as wide.

    Parameters
    ----------
    before : array (S, W), lead times in days
    reference : bool array (S, W), those that count
    """
    log = np.where(reference, np.log(np.maximum(before, 0.5)), _FAR)
    log.sort(axis=1)
    n = reference.sum(axis=1)[:, None]
    counts = np.arange(log.shape[1]) < n
    some = np.maximum(n, 1)
    mean = (counts * log).sum(axis=1, keepdims=True) / some
    middle = np.take_along_axis(log, some // 2, axis=1)
    spread = np.sqrt((counts * (log - mean) ** 2).sum(axis=1, keepdims=True) / some)
    spread = np.maximum(spread, _LEAST_SPREAD)
    shift = np.minimum(np.log(FACTOR), spread)
    step = shift / spread
    changed = (log + shift, log - shift, 2 * log - middle, (log + middle) / 2)
    normal = (step * _SCORES, -step * _SCORES, 0.375 * _SCORES**2, -1.5 * _SCORES**2)
    ratios = [
        _blended(_own_ratio(log, moved, counts), _normalised(np.exp(log_ratio)), n)
        for moved, log_ratio in zip(changed, normal, strict=True)
    ]
    return np.log(np.stack(ratios))


def _blended(own: Array, normal: Array, n: NDArray[np.int64]) -> Array:
    """Likelihood ratio that n orders show, blended with that of a normal distribution as far as they are few."""
    share = n / (n + _OWN)
    return np.asarray((1 - _FLAT) * (share * own + (1 - share) * normal) + _FLAT)


def _normalised(ratio: Array) -> Array:
    """Likelihood ratio by class scaled to mean 1, as it must be while nothing changes."""
    return np.asarray(ratio / ratio.mean(axis=-1, keepdims=True))


def _own_ratio(log: Array, moved: Array, counts: NDArray[np.bool_]) -> Array:
    """How much likelier each class of rank is for `moved` than for the sorted `log`, (S, CLASSES)."""
    rows, width = log.shape
    n = counts.sum(axis=1, keepdims=True)
    # row i set 200 i apart makes all rows one rising array, so that one search serves them all
    place = np.arange(rows)[:, None]
    rising, sought = ((values + 4 * _FAR * place).ravel() for values in (log, moved))
    below = (np.searchsorted(rising, sought, "left") + np.searchsorted(rising, sought, "right")) / 2
    rank = (below.reshape(rows, width) - width * place + 0.5) / (n + 1)
    kind = np.clip((rank * CLASSES).astype(int), 0, CLASSES - 1) + CLASSES * place
    share = np.bincount(kind[counts], minlength=rows * CLASSES).reshape(rows, CLASSES) / np.maximum(n, 1)
    return _normalised(share @ _KERNEL + _NOTHING)


def _kernel() -> Array:
    """Spread of one rank over all classes, (CLASSES, CLASSES), rows summing to one, uniform ranks staying so.

    N(ρz, 1 − ρ²) with ρ² = 1 − bandwidth² around the normal score z keeps a normal distribution as it is.
    """
    rho = np.sqrt(1 - _BANDWIDTH**2)
    weight = np.exp(-(((_SCORES - rho * _SCORES[:, None]) / _BANDWIDTH) ** 2) / 2)
    weight *= np.exp(_SCORES**2 / 2)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


_KERNEL = _kernel()
