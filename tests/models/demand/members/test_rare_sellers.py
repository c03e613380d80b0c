"""Forecasts of rare sellers add up to what they sell: a tenth of the months, in sizes that scatter."""

import numpy as np
import pytest
from panels import panel_of

from configs.schema import BoostingConfig
from features.demand.feature_rows.demand_level import smoothed_level
from models.demand.members.boosting import Boosting
from models.demand.members.seasonal_level import SeasonalLevel, smoothed
from models.demand.members.statistical import Statistical

MONTHS, SKUS, H = 72, 800, 12


def rare_sellers(seed: int) -> np.ndarray:
    """Demand (SKUS, MONTHS): each SKU sells with a chance of its own of .05 to .3, sizes 1 to 20; all sold twice."""
    rng = np.random.default_rng(seed)
    chance = rng.uniform(0.05, 0.3, SKUS)[:, None]
    size = np.maximum(np.round(rng.lognormal(0.8, 0.7, (SKUS, MONTHS))), 1.0)
    y = np.where(rng.random((SKUS, MONTHS)) < chance, size, 0.0)
    return y[(y > 0).sum(axis=1) >= 2]


@pytest.mark.parametrize("seed", [0, 1])
def test_levels_of_rare_sellers_add_up_to_what_they_sell(seed: int) -> None:
    y = rare_sellers(seed)
    ahead = SeasonalLevel(12).mean(panel_of(y, "MS"), H).sum(axis=1) / H
    assert ahead.sum() == pytest.approx(y.mean(axis=1).sum(), rel=0.05)


@pytest.mark.parametrize("seed", [0, 1])
def test_tsb_of_rare_sellers_adds_up_to_what_they_sell(seed: int) -> None:
    y = rare_sellers(seed)
    ahead = Statistical("tsb", 12).mean(panel_of(y, "MS"), H)
    served = ~np.isnan(ahead[:, 0])
    assert served.mean() > 0.9
    assert ahead[served].sum() / H == pytest.approx(y[served].mean(axis=1).sum(), rel=0.08)


def test_boosting_of_rare_sellers_adds_up_to_what_they_sell() -> None:
    y = rare_sellers(0)
    panel = panel_of(y, "MS")
    ahead = Boosting(12, H, BoostingConfig()).fit(panel).mean(panel, H)
    assert ahead.sum() / H == pytest.approx(y.mean(axis=1).sum(), rel=0.12)


def test_a_level_without_its_season_is_demand_over_season() -> None:
    season = np.tile([0.5, 1.5], 40)[None]
    level, before = smoothed(8.0 * season, season)
    assert level == pytest.approx([8.0])
    assert before[0, 1:] == pytest.approx(8.0)
    # the one sale fell into a month whose season it raised to 4: half a unit a month, not an eighth
    y, raised = np.zeros((1, 8)), np.full((1, 8), 4 / 7)
    y[0, 3], raised[0, 3] = 4.0, 4.0
    assert smoothed(y, raised)[0][0] == pytest.approx(0.5, rel=0.15)


def test_the_level_of_a_rare_seller_forgets_by_sales_not_by_periods() -> None:
    often, seldom = np.full(60, 2.0), np.where(np.arange(60) % 10 == 0, 20.0, 0.0)
    level = smoothed_level(np.stack([often, seldom]), np.zeros(2, np.int64), 0.2)
    assert level[0, -1] == pytest.approx(2.0)
    assert level[1, -1] == pytest.approx(2.0, rel=0.3)  # nine months after its last sale
    # of what sells every period the level is exponential smoothing, as it was
    changed = np.concatenate([np.full(30, 2.0), np.full(4, 10.0)])[None]
    weights = 0.8 ** np.arange(34)[::-1]
    expected = (weights * changed[0]).sum() / weights.sum()
    assert smoothed_level(changed, np.zeros(1, np.int64), 0.2)[0, -1] == pytest.approx(expected)
