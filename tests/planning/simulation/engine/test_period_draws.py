"""Demand of periods is drawn as the distributions' quantile functions have it, tails and gaps included."""

import numpy as np
import pytest

from distributions.distribution import Distribution
from planning.simulation.engine.period_draws import period_draws

LEVELS = np.array([0.01, 0.1, 0.5, 0.9, 0.99])
EDGES = np.array([0.0, 1e-6, 0.01, 0.1, 0.3, 0.5, 0.9, 0.99, np.nextafter(0.99, 1), 0.9999, 1.0])


@pytest.fixture
def demand() -> Distribution:
    """Two SKUs of three periods each, the last one certain."""
    values = np.sort(np.random.default_rng(1).gamma(2, 5, (6, len(LEVELS))), axis=1)
    values[5] = 7.0
    return Distribution(LEVELS, values)


def test_draws_are_the_quantiles_of_the_periods_asked_for(demand: Distribution) -> None:
    like = np.array([[0, 2, 2, 1], [1, 0, 2, 2]])
    random = np.random.default_rng(2).random((2, 4, 200 - len(EDGES)))
    chances = np.concatenate([np.broadcast_to(EDGES, (2, 4, len(EDGES))), random], axis=2)
    drawn = period_draws(demand, like, chances)
    for i, k in np.ndindex(like.shape):
        row = demand[[3 * i + like[i, k]]]
        assert drawn[i, k] == pytest.approx(row.quantile(chances[i, k][None])[0], rel=1e-12)


def test_chances_in_single_precision_are_read_as_they_are(demand: Distribution) -> None:
    chances = np.float32([[[0.1, 0.5, 0.9, 0.995]]])
    drawn = period_draws(demand, np.array([[0]]), chances)
    assert drawn[0, 0] == pytest.approx(demand[[0]].quantile(chances[0].astype(float))[0], rel=1e-12)
