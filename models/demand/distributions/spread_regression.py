"""Spread regression: the expected size of forecast errors of √demand as a log-linear function of its regressors.

E|error| = exp(Xβ), fitted as a quasi-Poisson regression with log link and a ridge toward prior coefficients.
"""

import numpy as np

from features.demand.panel import Array

RIDGE, RIDGE_SKUS = 30.0, 10.0
"""Errors that the prior coefficients are worth, and SKUs where it is known whose the errors are."""

VOLATILITY = 3
"""Regressor that is the log of a SKU's own volatility."""

LEAST_VOLATILITY = 0.2
"""Errors weigh by one over the SKU's volatility, which counts as at least this: √ of Poisson counts has .4 to .5."""

LARGEST_ERROR = 10.0
"""Volatilities beyond which an error counts as this: a level that was quite wrong once is no spread."""

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
    alone[VOLATILITY] = 1.0
    return alone


def fit_spread_coefficients(X: Array, size: Array, skus: int | None = None, rounds: int = 30) -> Array:
    """Fit coefficients β (P,) of E|error| = exp(Xβ) to error sizes (N,) with regressors X (N, P).

    Quasi-Poisson with log link, by Newton steps, halved until they help. Errors count in units of the SKU's own
    volatility: one that varies much in its unit of measure must not speak for all. A ridge toward the prior, worth
    `RIDGE` errors, keeps collinear regressors of a few alike SKUs tame. Where the errors are known to be those of
    `skus` SKUs, the ridge is toward each SKU's own volatility alone and worth `RIDGE_SKUS` SKUs more, the stronger the
    wider a regressor varies: what it says of a SKU unlike all others would be a guess. Sums are by einsum, since BLAS
    would add in an order that depends on the number of threads.
    """
    scale = np.exp(-np.maximum(X[:, VOLATILITY], np.log(LEAST_VOLATILITY)))
    relative = np.minimum(scale * size, LARGEST_ERROR)
    prior = prior_coefficients(X.shape[1])
    prior[0] += np.log(
        max(size.mean(), 1e-9) / np.exp(np.clip(np.einsum("np,p->n", X, prior), *_LOG_BOUNDS)).mean()
    )
    ridge = np.full(len(prior), RIDGE * max(float(relative.mean()), 1e-9))
    ridge[0] /= RIDGE
    if skus is not None:
        prior = own_volatility_alone(X.shape[1])
        ridge += RIDGE_SKUS / skus * float(relative.sum()) * np.maximum(X.var(axis=0), 1.0)

    def loss(beta: Array) -> float:
        eta = np.clip(np.einsum("np,p->n", X, beta), *_LOG_BOUNDS)
        return float((scale * np.exp(eta) - relative * eta).sum() + (ridge * (beta - prior) ** 2).sum() / 2)

    beta, best = prior, loss(prior)
    for _ in range(rounds):
        expected = scale * np.exp(np.clip(np.einsum("np,p->n", X, beta), *_LOG_BOUNDS))
        step = _newton_step(X, relative - expected, expected, ridge, beta - prior)
        better = next(((b, v) for b in _halved_steps(beta, step) if (v := loss(b)) < best), None)
        if better is None or best - better[1] < 1e-9 * abs(best):
            break
        beta, best = better
    return np.asarray(beta)


def _newton_step(X: Array, missing: Array, expected: Array, ridge: Array, off: Array) -> Array:
    """Newton step (P,) of the spread regression's ridged quasi-Poisson loss.

    `missing` and `expected` (N,): scaled errors less the expected ones, and these; `off` (P,): β less the prior.
    """
    gradient = np.einsum("np,n->p", X, missing) - ridge * off
    hessian = np.einsum("np,nq->pq", X, X * expected[:, None]) + np.diag(ridge)
    return np.asarray(np.linalg.solve(hessian, gradient))


def _halved_steps(beta: Array, step: Array) -> list[Array]:
    """Spread coefficients after the whole Newton step of the regression, half of it, a quarter …; (P,) each."""
    return [beta + step / 2**j for j in range(6)]
