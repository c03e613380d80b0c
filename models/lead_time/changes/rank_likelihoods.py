"""What a supplier's ranks would look like had it become slower or quicker: likelihood ratios on ranks, for any law.

While nothing changes, the rank of an order among those before it is uniform, whatever the law of the lead times. How
ranks would fall had every order taken 30 % longer is read off the supplier's own past: each usual order is made 30 %
longer and ranked among the rest. The ratio of the two laws is a bet on ranks (Vovk, Gammerman & Shafer 2022,
Algorithmic Learning in a Random World): its mean is 1 while nothing changes, and its logarithm is what a
CUSUM should add up. A supplier with two modes is thereby judged by what falls between them, a supplier that scatters
widely by small but many signs. The fewer orders there are to read from, the more the bet is that on a normal law.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from distributions.distribution import Array

CLASSES = 50
"""Equally likely classes of the rank; the last one is "later than 98 %"."""
FACTOR = 1.3
"""Slower is so many times as long, or by one standard deviation of the supplier's usual scatter where that is less."""

_FLAT = 0.03  # share of the bet that is kept back: no rank may be impossible
_OWN = 30.0  # orders after which a supplier's own past weighs as much as the normal law
_LEAST_SPREAD = 0.05  # of the logarithms: whole days and constants have less
_NOTHING = 1e-9  # share of orders without which a row could not be made fair
_BANDWIDTH = 0.5  # of the normal scores
_SCORES = ndtri((np.arange(CLASSES) + 0.5) / CLASSES)
_FAR = 50.0


def _kernel() -> Array:
    """Spread of one rank over all classes, (CLASSES, CLASSES), rows summing to one, uniform ranks staying so.

    N(ρz, 1 − ρ²) with ρ² = 1 − bandwidth² around the normal score z keeps a normal law as it is.
    """
    rho = np.sqrt(1 - _BANDWIDTH**2)
    weight = np.exp(-(((_SCORES - rho * _SCORES[:, None]) / _BANDWIDTH) ** 2) / 2)
    weight *= np.exp(_SCORES**2 / 2)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


_KERNEL = _kernel()


def log_bets(before: Array, usual: NDArray[np.bool_]) -> Array:
    """Log-likelihood ratios by class of the rank, (4, S, CLASSES): slower, quicker, scattered twice and half as wide.

    Parameters
    ----------
    before : array (S, W), lead times in days
    usual : bool array (S, W), those that count
    """
    log = np.where(usual, np.log(np.maximum(before, 0.5)), _FAR)
    log.sort(axis=1)
    n = usual.sum(axis=1)[:, None]
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
    pairs = zip(changed, normal, strict=True)
    bets = [_mixed(_own_bet(log, moved, counts), _fair(np.exp(guess)), n) for moved, guess in pairs]
    return np.log(np.stack(bets))


def _mixed(own: Array, normal: Array, n: NDArray[np.int64]) -> Array:
    """The bet on the law that n orders show, and as far as they are few that on a normal one."""
    share = n / (n + _OWN)
    return np.asarray((1 - _FLAT) * (share * own + (1 - share) * normal) + _FLAT)


def _fair(bet: Array) -> Array:
    return np.asarray(bet / bet.mean(axis=-1, keepdims=True))


def _own_bet(log: Array, moved: Array, counts: NDArray[np.bool_]) -> Array:
    """How much likelier each class is for `moved` than for the sorted `log`, (S, CLASSES)."""
    rows, width = log.shape
    n = counts.sum(axis=1, keepdims=True)
    # row i set 200 i apart makes all rows one rising array, so that one search serves them all
    place = np.arange(rows)[:, None]
    rising, sought = ((values + 4 * _FAR * place).ravel() for values in (log, moved))
    below = (np.searchsorted(rising, sought, "left") + np.searchsorted(rising, sought, "right")) / 2
    chance = (below.reshape(rows, width) - width * place + 0.5) / (n + 1)
    kind = np.clip((chance * CLASSES).astype(int), 0, CLASSES - 1) + CLASSES * place
    share = np.bincount(kind[counts], minlength=rows * CLASSES).reshape(rows, CLASSES) / np.maximum(n, 1)
    return _fair(share @ _KERNEL + _NOTHING)


def heights(bets: Array, patience: Array) -> Array:
    """Height at which a CUSUM of the logarithms `bets` (S, K) raises a false alarm once in `patience` (S,) orders.

    Siegmund (1985): the mean run is (eˣ − x − 1) / |μ| with x = h + 1.166 σ, and μ, σ of one step.
    """
    drift, spread = -bets.mean(axis=-1), bets.std(axis=-1)
    x = np.ones_like(drift)
    for _ in range(8):
        x = np.log1p(x + drift * patience)
    return np.asarray(np.maximum(x - 1.166 * spread, 0.5))
