"""What is forecast of a SKU before it has a past teaches nothing about how wrong its forecasts are."""

import numpy as np
from panels import panel_of

from configs.schema import DemandConfig
from models.demand.backtest.origin_forecasts import without_past
from models.demand.backtest.rolling_origins import Origins
from models.demand.forecaster import DemandForecaster

H = 4


def panel(y):
    return panel_of(y, "QS")


def test_a_sku_has_no_past_until_its_first_known_period_was_seen():
    some = panel([[np.nan, np.nan, 3, 4, np.nan, 5], [1, np.nan, 2, 3, 4, 5], [np.nan] * 6])
    found = without_past(some, Origins(np.array([1, 2, 3, 5]), np.zeros(4, int)))
    assert found.T.tolist() == [[True, True, False, False], [False] * 4, [True] * 4]


def relative_spread(y):
    """Width of the 80 % interval over the mean, of the last SKU's first and last step."""
    known = panel(y)
    model = DemandForecaster(DemandConfig(members=("level", "trend")), H, threads=1).fit(known)
    ahead = model.predict(known, H)
    low, high = (ahead.quantiles[-1, :, np.searchsorted(ahead.levels, q)] for q in (0.1, 0.9))
    return ((high - low) / ahead.mean[-1])[[0, -1]]


def test_a_late_beginner_is_as_sure_as_if_its_company_had_begun_with_it():
    rng = np.random.default_rng(0)
    late = np.r_[np.full(30, np.nan), 100_000 * (1 + 0.03 * rng.normal(size=22))]
    alone = relative_spread(late[None, 30:])
    assert (alone < 0.25).all()
    assert (np.abs(relative_spread(late[None]) - alone) < 0.05).all(), (
        "the years before it are not an error of its own"
    )
    others = 40 * (1 + 0.03 * rng.normal(size=(3, 52)))
    beside = relative_spread(np.vstack([others, late]))
    assert (beside < 1.2).all(), "nor is the whole of what it sells, where others are smaller"
