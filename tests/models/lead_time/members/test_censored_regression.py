"""The censored regression against lifelines, and its ridge."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from models.lead_time.members.censored_regression import CensoredSample, censored_normal


def sample(rows: int = 600) -> tuple[np.ndarray, CensoredSample]:
    random = np.random.default_rng(5)
    X = np.column_stack([np.ones(rows), random.standard_normal(rows), random.random(rows) < 0.3]).astype(
        float
    )
    y = X @ [3.0, 0.5, -0.4] + 0.6 * random.standard_normal(rows)
    limit = 3.0 + random.standard_normal(rows)
    return X, CensoredSample(np.minimum(y, limit), y <= limit, random.random(rows) + 0.5)


def test_the_regression_is_that_of_lifelines() -> None:
    lifelines = pytest.importorskip("lifelines")
    X, rows = sample()
    coefficients, sigma = censored_normal(sparse.csr_array(X), rows, ridge=0.0)
    frame = pd.DataFrame(
        {"a": X[:, 1], "b": X[:, 2], "T": np.exp(rows.y), "E": rows.exact, "w": rows.weights}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = lifelines.LogNormalAFTFitter().fit(frame, "T", "E", weights_col="w").params_
    theirs = [fitted["mu_", "Intercept"], fitted["mu_", "a"], fitted["mu_", "b"]]
    np.testing.assert_allclose(coefficients, theirs, atol=2e-3)
    assert sigma == pytest.approx(np.exp(fitted["sigma_", "Intercept"]), abs=2e-3)


def test_the_ridge_halves_the_deviation_of_a_group_of_that_many() -> None:
    X = sparse.csr_array(np.column_stack([np.ones(100_010), np.arange(100_010) < 10]).astype(float))
    random = np.random.default_rng(2)
    y = np.where(np.arange(100_010) < 10, 1.0, 0.0) + 0.1 * random.standard_normal(100_010)
    rows = CensoredSample(y, np.ones(100_010, bool), np.ones(100_010))
    free, _ = censored_normal(X, rows, ridge=0.0)
    shrunk, _ = censored_normal(X, rows, ridge=10.0)
    assert shrunk[1] == pytest.approx(free[1] / 2, rel=0.02)
