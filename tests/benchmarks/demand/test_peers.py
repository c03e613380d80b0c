import numpy as np
import pandas as pd
import pytest

from benchmarks.demand.lightgbm_peer import lags_without_gaps, mlforecast_lightgbm, quantile_boosting
from benchmarks.demand.peers import CLASSICAL, LEVELS, QuantileForecast, classical, fill_gaps
from features.demand.panel import Panel

H = 4


def make(n=6, periods=70, seed=0):
    """Weekly Poisson demand of rising levels; SKU 1 has a stockout, 2 a gap, 3 started late, 4 yesterday, 5 never."""
    rng = np.random.default_rng(seed)
    y = rng.poisson(np.arange(2, 2 + n)[:, None] * 3.0, (n, periods)).astype(float)
    in_stock = np.ones(y.shape, bool)
    y[1, 40:43], in_stock[1, 40:43] = 0.0, False
    y[2, 50] = np.nan
    y[3, :45] = np.nan
    y[4, :-1] = np.nan
    y[5] = np.nan
    promotion = (rng.random((n, periods + H)) < 0.1).astype(float)
    return Panel(
        unique_ids=np.array([f"s{i}" for i in range(n)], object),
        ds=pd.date_range("2022-01-03", periods=periods, freq="W-MON").to_numpy(),
        freq="W-MON",
        y=y,
        in_stock=in_stock,
        static=pd.DataFrame({"category": ["a", "b"] * (n // 2), "description": ["x"] * n}),
        covariates={"promotion": promotion},
        known=("promotion",),
    )


@pytest.mark.parametrize("name", [*CLASSICAL, "mlforecast", "by hand"])
def test_a_peer_gives_every_sku_finite_quantiles_that_rise(name):
    panel = make()
    others = {"mlforecast": mlforecast_lightgbm, "by hand": quantile_boosting}
    forecast = others[name] if name in others else classical(name)
    forecasts = forecast(panel, H)
    assert forecasts.mean.shape == (len(panel), H)
    assert np.isfinite(forecasts.mean).all()
    for values in (forecasts.period, forecasts.cumulative):
        assert values.shape == (len(panel), H, len(LEVELS))
        assert np.isfinite(values).all()
        assert (values >= 0).all()
        assert (np.diff(values, axis=2) >= 0).all()
    # the first SKU sells six a week, the third twelve: a forecast knows them apart
    assert 3 < forecasts.mean[0].mean() < 9 < forecasts.mean[2].mean() < 18
    if name != "by hand":  # which says what SKUs sell of which nothing is known
        assert forecasts.period[5].max() == 0


def test_peers_see_neither_stockouts_nor_gaps_as_zeros():
    panel = make()
    assert fill_gaps(panel)[1, 40:43].min() > 0
    assert fill_gaps(panel)[2, 50] == (panel.y[2, 49] + panel.y[2, 51]) / 2
    assert np.isnan(fill_gaps(panel)[5]).all()
    # what fills a lag knows only what came before: the target after the gap must not show in it
    later = make()
    later.y[1, 43:] += 100
    assert (lags_without_gaps(panel)[1, 40:43] == lags_without_gaps(later)[1, 40:43]).all()


def test_the_spread_of_a_sum_grows_as_independent_errors_do():
    mean = np.full((1, 4), 10.0)
    period = 10.0 + np.array([-4.0, -3.0, -1.0, 0.0, 1.0, 3.0, 4.0])[None, None, :].repeat(4, axis=1)
    forecasts = QuantileForecast.of_periods(mean, period)
    assert forecasts.cumulative[0, 3].tolist() == [32.0, 34.0, 38.0, 40.0, 42.0, 46.0, 48.0]


def test_lightgbm_uses_what_is_planned_for_the_weeks_ahead():
    rng = np.random.default_rng(1)
    panel = make(n=6, periods=90)
    promotion = (rng.random((6, 90 + H)) < 0.3).astype(float)
    y = rng.poisson(10.0, (6, 90)) * (1 + 3 * promotion[:, :90])
    ahead = promotion.copy()
    ahead[:, 90:] = np.arange(H) % 2
    planned = Panel(
        panel.unique_ids,
        panel.ds,
        panel.freq,
        y,
        np.ones(y.shape, bool),
        panel.static,
        {"promotion": ahead},
        ("promotion",),
    )
    forecasts = mlforecast_lightgbm(planned, H)
    assert (forecasts.mean[:, 1::2] > 1.5 * forecasts.mean[:, ::2]).mean() > 0.8
