"""Maximum-likelihood linear regression with right-censored, normal errors and a ridge penalty."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import log_ndtr

from distributions.distribution import Array

_STEPS = 50
_TOLERANCE = 1e-10
_ACCURACY = 1e-6  # of a Newton step; the next one corrects the remainder
_JITTER = 1e-8


@dataclass(frozen=True)
class CensoredSample:
    """Right-censored responses of n rows: y (n,), whether each is exact or a lower bound (n,), weights (n,)."""

    y: Array
    exact: NDArray[np.bool_]
    weights: Array


@dataclass(frozen=True)
class _Likelihood:
    """Penalised censored likelihood: design [y, −X] (n, P + 1), its transpose, the sample and the penalty (P + 1,)."""

    A: sparse.csr_array
    At: sparse.csr_array
    sample: CensoredSample
    penalty: Array

    def objective(self, theta: Array) -> float:
        """Penalised censored log-likelihood at θ = (1/σ, β/σ)."""
        z = self.A @ theta
        row = np.where(self.sample.exact, np.log(theta[0]) - z**2 / 2, log_ndtr(-z))
        return float((self.sample.weights * row).sum() - (self.penalty * theta**2).sum() / 2)

    def newton_step(self, theta: Array) -> Array:
        """Newton step at θ: the solution of (negative Hessian) · step = gradient."""
        z, exact, weights = self.A @ theta, self.sample.exact, self.sample.weights
        hazard = normal_hazard(z)
        events = float(weights[exact].sum())
        gradient = self.At @ (np.where(exact, -z, -hazard) * weights) - self.penalty * theta
        gradient[0] += events / theta[0]
        curvature = np.where(exact, 1.0, hazard * (hazard - z)) * weights
        diagonal = self.penalty + _JITTER
        diagonal[0] += events / theta[0] ** 2
        scale = np.asarray(self.At.power(2) @ curvature) + diagonal
        return _conjugate_gradients(
            lambda v: self.At @ (curvature * (self.A @ v)) + diagonal * v, np.asarray(gradient), scale
        )


def normal_hazard(z: Array) -> Array:
    """Hazard of the standard normal, φ(z) / (1 − Φ(z)): the score of a response censored at z, same shape."""
    return np.asarray(np.exp(-(z**2) / 2 - np.log(2 * np.pi) / 2 - log_ndtr(-z)))


def censored_normal(X: sparse.csr_array, sample: CensoredSample, ridge: float) -> tuple[Array, float]:
    """Fit the censored regression y = Xβ + σε, ε ~ N(0, 1): coefficients β (P,) and σ; some y are lower bounds only.

    Maximises Σ w·[log φ(z) − log σ] over the exact rows + Σ w·log(1 − Φ(z)) over the censored ones
    − ½·ridge·|β/σ|² (the first coefficient, the intercept, is free), z = (y − Xβ)/σ. In the parameters
    (1/σ, β/σ) this is concave (Olsen 1978, Econometrica 46), so Newton's steps find the one maximum from
    anywhere. `ridge` counts in orders: a group of that many orders keeps half of its own deviation.

    Each step is solved by conjugate gradients on the sparse design: thousands of groups cost no dense matrix, and
    no threaded library takes part, so the same bits come out with any number of threads.
    """
    penalty = np.full(X.shape[1] + 1, ridge)
    penalty[:2] = 0.0
    A = sparse.csr_array(sparse.hstack([sparse.csr_array(sample.y[:, None]), -X], format="csr"))
    likelihood = _Likelihood(A, sparse.csr_array(A.T), sample, penalty)
    theta = np.zeros(X.shape[1] + 1)
    spread = max(float(np.std(sample.y)), 1e-2)
    theta[:2] = 1 / spread, float(np.mean(sample.y)) / spread
    value = likelihood.objective(theta)
    for _ in range(_STEPS):
        theta, reached = _ascend(likelihood, theta, value)
        done = reached - value <= _TOLERANCE * (1 + abs(reached))
        value = reached
        if done:
            break
    return theta[1:] / theta[0], float(1 / theta[0])


def _ascend(likelihood: _Likelihood, theta: Array, value: float) -> tuple[Array, float]:
    """Point and objective after one Newton step on the likelihood, halved until it gains."""
    step = likelihood.newton_step(theta)
    for halvings in range(30):
        candidate = theta + step / 2**halvings
        if candidate[0] > 0 and (reached := likelihood.objective(candidate)) >= value:
            return candidate, reached
    return theta, value


def _conjugate_gradients(product: Callable[[Array], Array], b: Array, diagonal: Array) -> Array:
    """Solve product(x) = b for a positive definite product, preconditioned by its diagonal."""
    x, residual = np.zeros_like(b), b.copy()
    direction = residual / diagonal
    rho = float((residual * direction).sum())
    goal = rho * _ACCURACY**2
    for _ in range(4 * len(b) + 50):
        if rho <= goal:
            break
        image = product(direction)
        length = rho / float((direction * image).sum())
        x += length * direction
        residual -= length * image
        scaled = residual / diagonal
        rho, before = float((residual * scaled).sum()), rho
        direction = scaled + rho / before * direction
    return x
