"""The drift of a supplier's log lead times: a smooth Gaussian process per supplier by Kalman filter and smoother.

g_s(t) is a Gaussian process with the Matérn 3/2 covariance a²(1 + λ|Δ|)e^(−λ|Δ|), λ = √3/ℓ: it changes smoothly, keeps
its direction for a while and comes back to zero in about ℓ days without news. As a state (g, g') it runs through a
Kalman filter and a Rauch–Tung–Striebel smoother (Hartikainen & Särkkä 2010). Amplitude a, length ℓ and the spread τ
that orders of one time share are not chosen: every setting of a small grid is run and weighed by its likelihood for
the supplier, times how common it is among all suppliers (empirical Bayes), "does not move at all" being the first.
"""

from dataclasses import dataclass
from itertools import product
from typing import NamedTuple, Self

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
    """S settings of the drift process: amplitude, λ (1/days) and shared spread, (S,) each."""

    amplitude: Array
    rate: Array
    shared: Array

    @classmethod
    def grid(cls) -> Self:
        """Settings that Kalman filters run with: all amplitudes × lengths × spreads; those without drift first."""
        still = [(0.0, 1.0, shared) for shared in _SHARED]
        moving = [(a, np.sqrt(3) / length, t) for a, length, t in product(_AMPLITUDES, _LENGTHS, _SHARED)]
        return cls(*np.array(still + moving).T)

    def prior(self) -> Array:
        """Prior weights (S,) of the Kalman filter's drift settings, before any supplier is known."""
        still = self.amplitude == 0
        return np.asarray(np.where(still, _STILL / still.sum(), (1 - _STILL) / (~still).sum()), float)

    def transition(self, step: float) -> "StateMatrix":
        """Kalman transition matrix A of the drift state (g, g') over `step` days."""
        lam, decay = self.rate, np.exp(-self.rate * step)
        return StateMatrix(
            decay * (1 + lam * step), decay * step, -decay * lam**2 * step, decay * (1 - lam * step)
        )

    def stationary(self) -> "DriftCovariance":
        """Stationary covariance of the drift state (g, g'), that without any observation."""
        return DriftCovariance(
            self.amplitude**2, np.zeros_like(self.amplitude), self.amplitude**2 * self.rate**2
        )


class DriftCovariance(NamedTuple):
    """Symmetric 2 × 2 covariances of the state (g, g'): their entries 11, 12 and 22."""

    level: Array
    cross: Array
    slope: Array


class StateMatrix(NamedTuple):
    """2 × 2 matrices on the state (g, g'), by rows."""

    a: Array
    b: Array
    c: Array
    d: Array

    def sandwich(self, cov: DriftCovariance) -> DriftCovariance:
        """Propagated covariance A·P·Aᵀ of the drift state for its covariance P."""
        a, b, c, d = self
        p, q, r = cov
        return DriftCovariance(
            a * a * p + 2 * a * b * q + b * b * r,
            a * c * p + (a * d + b * c) * q + b * d * r,
            c * c * p + 2 * c * d * q + d * d * r,
        )


class DriftState(NamedTuple):
    """Mean of g and g', and their covariance, for each supplier and setting (G, S), or at T times (T, G, S)."""

    g: Array
    v: Array
    cov: DriftCovariance

    @classmethod
    def empty(cls, shape: tuple[int, ...]) -> Self:
        """Room for the Kalman filter's drift states at T times."""
        return cls(np.empty(shape), np.empty(shape), DriftCovariance(*(np.empty(shape) for _ in range(3))))

    def at(self, t: int) -> Self:
        """The Kalman filter's drift states at time t."""
        return type(self)(self.g[t], self.v[t], DriftCovariance(*(entry[t] for entry in self.cov)))

    def store(self, t: int, now: "DriftState") -> None:
        """Store the Kalman filter's drift states at time t."""
        self.g[t], self.v[t] = now.g, now.v
        for entry, value in zip(self.cov, now.cov, strict=True):
            entry[t] = value


@dataclass(frozen=True)
class DriftPaths:
    """Mean and variance of the drift g at T times for each of G suppliers, (G, T), settings averaged."""

    mean: Array
    variance: Array


def smooth_drift(value: Array, precision: Array, step: float) -> DriftPaths:
    """Drift g of each supplier's log lead times at T evenly spaced times, by Kalman smoothing.

    Parameters
    ----------
    value : (G, T), mean of what was observed at that time; anything where nothing was
    precision : (G, T), 1 / variance of that mean were orders independent; 0: nothing observed
    step : days between times
    """
    settings = DriftSettings.grid()
    parts = [
        _filter_and_smooth(value[start : start + _CHUNK], precision[start : start + _CHUNK], step, settings)
        for start in range(0, len(value), _CHUNK)
    ]
    likelihood = np.concatenate([part[0] for part in parts])
    weights = _posterior_weights(likelihood, settings.prior())
    means, variances = [], []
    for start, (_, mean, variance) in zip(range(0, len(value), _CHUNK), parts, strict=True):
        w = weights[start : start + _CHUNK]
        average = np.einsum("tgs,gs->gt", mean, w)
        second = np.einsum("tgs,gs->gt", variance + mean**2, w)
        means.append(average)
        variances.append(np.maximum(second - average**2, 0.0))
    return DriftPaths(np.concatenate(means), np.concatenate(variances))


def _posterior_weights(likelihood: Array, prior: Array) -> Array:
    """Posterior weights (G, S) of drift settings by Kalman likelihoods, shares among suppliers learned by EM."""
    relative = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    share = prior
    for _ in range(_ROUNDS):
        weights = relative * share
        weights /= weights.sum(axis=1, keepdims=True)
        share = (weights.sum(axis=0) + _PRIOR_SUPPLIERS * prior) / (len(weights) + _PRIOR_SUPPLIERS)
    return np.asarray(weights)


def _filter_and_smooth(
    value: Array, precision: Array, step: float, settings: DriftSettings
) -> tuple[Array, Array, Array]:
    """Kalman log-likelihood (G, S), smoothed mean and variance of the drift g (T, G, S) of a chunk of suppliers."""
    suppliers, times = value.shape
    A, stationary = settings.transition(step), settings.stationary()
    noise = [whole - moved for whole, moved in zip(stationary, A.sandwich(stationary), strict=True)]
    shape = (suppliers, len(settings.amplitude))
    predicted, filtered = DriftState.empty((times, *shape)), DriftState.empty((times, *shape))
    start = DriftCovariance(*(np.broadcast_to(entry, shape).copy() for entry in stationary))
    state = DriftState(np.zeros(shape), np.zeros(shape), start)
    likelihood = np.zeros(shape)
    for t in range(times):
        if t:
            grown = zip(A.sandwich(state.cov), noise, strict=True)
            cov = DriftCovariance(*(entry + more for entry, more in grown))
            state = DriftState(A.a * state.g + A.b * state.v, A.c * state.g + A.d * state.v, cov)
        predicted.store(t, state)
        if (precision[:, t] > _NOTHING).any():
            gain, state = _update(state, value[:, t], precision[:, t], settings.shared)
            likelihood -= gain
        filtered.store(t, state)
    return likelihood, *_smooth_backwards(filtered, predicted, A)


def _update(state: DriftState, value: Array, precision: Array, shared: Array) -> tuple[Array, DriftState]:
    """Kalman update by one time's observations (G,): −log-likelihood (G, S) and the filtered state."""
    g, v, (p, q, r) = state
    seen = precision > _NOTHING
    noise = 1 / np.maximum(precision[:, None], _NOTHING) + shared**2
    total = p + noise
    error = np.where(seen[:, None], value[:, None] - g, 0.0)
    on = seen[:, None] / total
    loss = np.where(seen[:, None], np.log(total) + error**2 / total, 0.0) / 2
    cov = DriftCovariance(p - p * on * p, q - p * on * q, r - q * on * q)
    return np.asarray(loss), DriftState(g + p * on * error, v + q * on * error, cov)


def _smooth_backwards(filtered: DriftState, predicted: DriftState, A: StateMatrix) -> tuple[Array, Array]:
    """Rauch–Tung–Striebel smoother: mean and variance of g given all observations, (T, G, S) each."""
    times = len(filtered.g)
    mean, variance = filtered.g.copy(), filtered.cov.level.copy()
    state = filtered.at(times - 1)
    for t in range(times - 2, -1, -1):
        now, ahead = filtered.at(t), predicted.at(t + 1)
        C = _smoother_gain(now.cov, ahead.cov, A)
        dg, dv = state.g - ahead.g, state.v - ahead.v
        change = DriftCovariance(
            *(after - before for after, before in zip(state.cov, ahead.cov, strict=True))
        )
        moved = C.sandwich(change)
        cov = DriftCovariance(*(entry + more for entry, more in zip(now.cov, moved, strict=True)))
        state = DriftState(now.g + C.a * dg + C.b * dv, now.v + C.c * dg + C.d * dv, cov)
        mean[t], variance[t] = state.g, np.maximum(state.cov.level, 0.0)
    return mean, variance


def _smoother_gain(filtered: DriftCovariance, predicted: DriftCovariance, A: StateMatrix) -> StateMatrix:
    """Gain C = P_filtered·Aᵀ·P_predicted⁻¹ of the drift's Kalman smoother."""
    (a, b, c, d), (p, q, r) = A, filtered
    k11, k12 = p * a + q * b, p * c + q * d
    k21, k22 = q * a + r * b, q * c + r * d
    determinant = np.maximum(predicted.level * predicted.slope - predicted.cross**2, _NOTHING**2)
    i11, i22 = predicted.slope / determinant, predicted.level / determinant
    i12 = -predicted.cross / determinant
    return StateMatrix(
        k11 * i11 + k12 * i12, k11 * i12 + k12 * i22, k21 * i11 + k22 * i12, k21 * i12 + k22 * i22
    )
