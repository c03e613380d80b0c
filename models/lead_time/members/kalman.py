"""How a supplier's log lead times move through time: a smooth process per supplier, filtered and smoothed.

g_s(t) is a Gaussian process with the Matérn 3/2 covariance a²(1 + λ|Δ|)e^(−λ|Δ|), λ = √3/ℓ: it changes smoothly, keeps
its direction for a while and comes back to zero in about ℓ days without news. As a state (g, g') it runs through a
Kalman filter and a Rauch–Tung–Striebel smoother (Hartikainen & Särkkä 2010). Amplitude a, length ℓ and the spread τ
that orders of one time share are not chosen: every setting of a small grid is run and weighed by its likelihood for
the supplier, times how common it is among all suppliers (empirical Bayes), "does not move at all" being the first.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from distributions.distribution import Array

_AMPLITUDES = (0.1, 0.2, 0.4, 0.8)
_LENGTHS = (45.0, 150.0, 500.0)  # days
_SHARED = (0.0, 0.1, 0.25, 0.5)
_STILL = 0.5  # prior share of suppliers that do not move
_PRIOR_SUPPLIERS = 8.0  # how many suppliers that prior counts for
_CHUNK = 128  # suppliers at a time: bounds the stored states to some 100 MB
_ROUNDS = 10
_NOTHING = 1e-12


@dataclass(frozen=True)
class DriftSettings:
    """S settings of the process: amplitude, λ (1/days) and shared spread, (S,) each."""

    amplitude: Array
    rate: Array
    shared: Array

    @classmethod
    def grid(cls) -> "DriftSettings":
        """Every combination; those that do not move come first."""
        still = [(0.0, 1.0, shared) for shared in _SHARED]
        moving = [(a, np.sqrt(3) / length, t) for a, length, t in product(_AMPLITUDES, _LENGTHS, _SHARED)]
        return cls(*np.array(still + moving).T)

    def prior(self) -> Array:
        """Weights (S,) before any supplier was seen."""
        still = self.amplitude == 0
        return np.asarray(np.where(still, _STILL / still.sum(), (1 - _STILL) / (~still).sum()), float)


@dataclass(frozen=True)
class Paths:
    """Mean and variance of g at T times for each of G suppliers, (G, T), settings averaged."""

    mean: Array
    variance: Array


def smooth(value: Array, precision: Array, step: float) -> Paths:
    """Paths of g at T evenly spaced times.

    Parameters
    ----------
    value : (G, T), mean of what was seen at that time; anything where nothing was
    precision : (G, T), 1 / variance of that mean were orders independent; 0: nothing seen
    step : days between times
    """
    settings = DriftSettings.grid()
    parts = [
        _run(value[start : start + _CHUNK], precision[start : start + _CHUNK], step, settings)
        for start in range(0, len(value), _CHUNK)
    ]
    likelihood = np.concatenate([part[0] for part in parts])
    weights = _weigh(likelihood, settings.prior())
    means, variances = [], []
    for start, (_, mean, variance) in zip(range(0, len(value), _CHUNK), parts, strict=True):
        w = weights[start : start + _CHUNK]
        average = np.einsum("tgs,gs->gt", mean, w)
        second = np.einsum("tgs,gs->gt", variance + mean**2, w)
        means.append(average)
        variances.append(np.maximum(second - average**2, 0.0))
    return Paths(np.concatenate(means), np.concatenate(variances))


def _weigh(likelihood: Array, prior: Array) -> Array:
    """Posterior weights (G, S) of the settings, their shares among suppliers learned by EM."""
    relative = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    share = prior
    for _ in range(_ROUNDS):
        weights = relative * share
        weights /= weights.sum(axis=1, keepdims=True)
        share = (weights.sum(axis=0) + _PRIOR_SUPPLIERS * prior) / (len(weights) + _PRIOR_SUPPLIERS)
    return np.asarray(weights)


def _run(value: Array, precision: Array, step: float, settings: DriftSettings) -> tuple[Array, Array, Array]:
    """Log-likelihood (G, S), smoothed mean and variance of g (T, G, S) of a chunk of suppliers."""
    G, T = value.shape
    a, lam, tau = settings.amplitude, settings.rate, settings.shared
    decay = np.exp(-lam * step)
    A = decay * (1 + lam * step), decay * step, -decay * lam**2 * step, decay * (1 - lam * step)
    stationary = a**2, np.zeros_like(a), a**2 * lam**2
    spread = _through(A, stationary)
    Q = tuple(p - q for p, q in zip(stationary, spread, strict=True))
    shape = (T, G, len(a))
    kept = {name: np.empty(shape) for name in ("g", "v", "p", "q", "r", "gp", "vp", "pp", "qp", "rp")}
    g, v = np.zeros(shape[1:]), np.zeros(shape[1:])
    p, q, r = (np.broadcast_to(one, shape[1:]).copy() for one in stationary)
    likelihood = np.zeros(shape[1:])
    for t in range(T):
        if t:
            g, v = A[0] * g + A[1] * v, A[2] * g + A[3] * v
            p, q, r = (one + noise for one, noise in zip(_through(A, (p, q, r)), Q, strict=True))
        for name, now in zip(("gp", "vp", "pp", "qp", "rp"), (g, v, p, q, r), strict=True):
            kept[name][t] = now
        seen = precision[:, t] > _NOTHING
        if seen.any():
            noise = 1 / np.maximum(precision[:, t, None], _NOTHING) + tau**2
            total = p + noise
            error = np.where(seen[:, None], value[:, t, None] - g, 0.0)
            on = seen[:, None] / total
            likelihood -= np.where(seen[:, None], np.log(total) + error**2 / total, 0.0) / 2
            g, v = g + p * on * error, v + q * on * error
            p, q, r = p - p * on * p, q - p * on * q, r - q * on * q
        for name, now in zip(("g", "v", "p", "q", "r"), (g, v, p, q, r), strict=True):
            kept[name][t] = now
    return likelihood, *_back(kept, A)


def _through(A: tuple[Array, ...], P: tuple[Array, ...]) -> tuple[Array, ...]:
    """A·P·Aᵀ of symmetric 2 × 2 matrices given by their entries 11, 12, 22."""
    a, b, c, d = A
    p, q, r = P
    return (
        a * a * p + 2 * a * b * q + b * b * r,
        a * c * p + (a * d + b * c) * q + b * d * r,
        c * c * p + 2 * c * d * q + d * d * r,
    )


def _back(kept: dict[str, Array], A: tuple[Array, ...]) -> tuple[Array, Array]:
    """Rauch–Tung–Striebel: mean and variance of g given all observations, (T, G, S) each."""
    a, b, c, d = A
    mean, variance = kept["g"].copy(), kept["p"].copy()
    g, v, p, q, r = (kept[name][-1] for name in ("g", "v", "p", "q", "r"))
    for t in range(len(mean) - 2, -1, -1):
        f = {name: kept[name][t] for name in ("g", "v", "p", "q", "r")}
        n = {name: kept[name][t + 1] for name in ("gp", "vp", "pp", "qp", "rp")}
        # C = P_filtered·Aᵀ·P_predicted⁻¹
        k11, k12 = f["p"] * a + f["q"] * b, f["p"] * c + f["q"] * d
        k21, k22 = f["q"] * a + f["r"] * b, f["q"] * c + f["r"] * d
        determinant = np.maximum(n["pp"] * n["rp"] - n["qp"] ** 2, _NOTHING**2)
        i11, i12, i22 = n["rp"] / determinant, -n["qp"] / determinant, n["pp"] / determinant
        c11, c12 = k11 * i11 + k12 * i12, k11 * i12 + k12 * i22
        c21, c22 = k21 * i11 + k22 * i12, k21 * i12 + k22 * i22
        dg, dv = g - n["gp"], v - n["vp"]
        change = p - n["pp"], q - n["qp"], r - n["rp"]
        g, v = f["g"] + c11 * dg + c12 * dv, f["v"] + c21 * dg + c22 * dv
        moved = _through((c11, c12, c21, c22), change)
        p, q, r = f["p"] + moved[0], f["q"] + moved[1], f["r"] + moved[2]
        mean[t], variance[t] = g, np.maximum(p, 0.0)
    return mean, variance
