"""Spread regression: the expected size of forecast errors of √demand as a log-linear function of its regressors.

E|error| = exp(Xβ), fitted as a quasi-Poisson regression with log link and a ridge toward prior coefficients.
"""

import numpy as np

from features.demand.panel import Array

RIDGE, RIDGE_SKUS = 30.0, 10.0
"""Errors that the prior coefficients are worth, and SKUs where it is known whose the errors are."""

_LOG_BOUNDS = (-6.0, 12.0)


def expected_error(X: Array, coefficients: Array, center: Array) -> Array:
    """Expected size E|error| = exp(Xβ) of errors of √demand, from regressors X (…, P), shape (…).

    At most e times the (root of the) forecast `center`, since a line can run away where nothing was seen.
    """
    log = np.clip(np.einsum("...p,p->...", X, coefficients), *_LOG_BOUNDS)
    return np.asarray(np.minimum(np.exp(log), np.e * (center + 1)))


def prior_coefficients(count: int) -> Array:
    """Coefficients (P,) of the spread where there is nothing to learn from: mostly the SKU's own volatility."""
    prior = np.zeros(count)
    prior[[0, 1, 2, 3]] = np.log(0.8), 0.1, -0.05, 0.7
    return prior


def own_volatility_alone(count: int) -> Array:
    """Coefficients (P,) of a spread that is the SKU's own volatility and depends on nothing that SKUs share."""
    alone = np.zeros(count)
    alone[3] = 1.0
    return alone


def fit_spread_coefficients(X: Array, size: Array, skus: int | None = None, rounds: int = 30) -> Array:
    """Fit coefficients β (P,) of E|error| = exp(Xβ) to error sizes (N,) with regressors X (N, P).

    Quasi-Poisson with log link, by Newton steps, halved until they help. A ridge toward the prior, worth `RIDGE`
    errors, keeps collinear regressors of a few alike SKUs tame. Where the errors are known to be those of `skus` SKUs,
    the ridge is toward each SKU's own volatility alone, and worth `RIDGE_SKUS` SKUs more. Sums are by einsum, since
    BLAS would add in an order that depends on the number of threads.
    """
    prior = prior_coefficients(X.shape[1])
    prior[0] += np.log(
        max(size.mean(), 1e-9) / np.exp(np.clip(np.einsum("np,p->n", X, prior), *_LOG_BOUNDS)).mean()
    )
    weight = np.full(len(prior), RIDGE * max(float(size.mean()), 1e-9))
    weight[0] /= RIDGE
    if skus is not None:
        prior = own_volatility_alone(X.shape[1])
        weight += RIDGE_SKUS / skus * float(size.sum())

    def loss(beta: Array) -> float:
        eta = np.clip(np.einsum("np,p->n", X, beta), *_LOG_BOUNDS)
        return float((np.exp(eta) - size * eta).sum() + (weight * (beta - prior) ** 2).sum() / 2)

    beta, best = prior, loss(prior)
    for _ in range(rounds):
        step = _newton_step(X, size, beta=beta, prior=prior, weight=weight)
        better = next(((b, v) for b in _halved_steps(beta, step) if (v := loss(b)) < best), None)
        if better is None or best - better[1] < 1e-9 * abs(best):
            break
        beta, best = better
    return np.asarray(beta)


def _newton_step(X: Array, size: Array, *, beta: Array, prior: Array, weight: Array) -> Array:
    """Newton step (P,) of the spread regression's ridged quasi-Poisson loss at β."""
    expected = np.exp(np.clip(np.einsum("np,p->n", X, beta), *_LOG_BOUNDS))
    gradient = np.einsum("np,n->p", X, size - expected) - weight * (beta - prior)
    hessian = np.einsum("np,nq->pq", X, X * expected[:, None]) + np.diag(weight)
    return np.asarray(np.linalg.solve(hessian, gradient))


def _halved_steps(beta: Array, step: Array) -> list[Array]:
    """Spread coefficients after the whole Newton step of the regression, half of it, a quarter …; (P,) each."""
    return [beta + step / 2**j for j in range(6)]
