"""What the forecasts of all SKUs miss alike is found where their total varies more than its parts."""

import numpy as np
import pytest
from scipy.special import ndtri

from distributions.demand_forecast import DemandForecast
from distributions.levels import BACKTEST_LEVELS, DEMAND_LEVELS
from models.demand.groups.common_error import common_error
from models.demand.groups.group_forecast import GroupForecast

SKUS, MEAN, OWN = 100, 50.0, 10.0
STARTS = np.array(["2024-01-01", "2024-01-08"], "datetime64[ns]")


def normal_quantiles(mean, spread, levels):
    return mean + spread * ndtri(levels)


def of_skus():
    quantiles = np.tile(normal_quantiles(MEAN, OWN, DEMAND_LEVELS), (SKUS, 1, 1))
    return DemandForecast(
        unique_ids=np.array([f"s{i}" for i in range(SKUS)], object),
        starts=STARTS,
        levels=DEMAND_LEVELS,
        mean=np.full((SKUS, 1), MEAN),
        quantiles=quantiles,
        cumulative_mean=np.full((SKUS, 1), MEAN),
        cumulative=quantiles,
        cutoff=STARTS[0],
        demand_class=np.full(SKUS, "smooth", object),
        reason=np.full(SKUS, "", object),
    )


def of_all(spread, level="all", mean=SKUS * MEAN):
    quantiles = normal_quantiles(mean, spread, BACKTEST_LEVELS)[None, None]
    return GroupForecast(
        level=np.array([level], object),
        group=np.array([level], object),
        skus=np.array([SKUS]),
        starts=STARTS,
        mean=np.array([[mean]]),
        quantiles=quantiles,
        cumulative_mean=np.array([[mean]]),
        cumulative=quantiles,
    )


def test_what_the_total_varies_beyond_its_parts_is_common():
    together = np.hypot(np.sqrt(SKUS) * OWN, 0.08 * SKUS * MEAN)
    assert common_error(of_all(together), of_skus()) == pytest.approx(0.08, rel=1e-6)


def test_a_total_as_wide_as_independent_parts_or_narrower_has_none():
    for share in (0.5, 1.0):
        assert common_error(of_all(share * np.sqrt(SKUS) * OWN), of_skus()) == pytest.approx(0.0, abs=1e-6)


def test_without_a_total_or_demand_there_is_none():
    assert common_error(of_all(300.0, level="category"), of_skus()) == 0
    assert common_error(of_all(0.0, mean=0.0), of_skus()) == 0
