import numpy as np
import pandas as pd
import pytest

from benchmarks.demand.boosting_peers import (
    HAS_CATBOOST,
    LaggedRows,
    catboost_quantiles,
    histogram_boosting,
    recent_level,
)
from benchmarks.demand.ensemble_peer import (
    MEMBERS,
    OWN_ETS,
    ensemble_with_own_intervals,
    statistical_ensemble,
)
from benchmarks.demand.lightgbm_peer import lags_without_gaps, mlforecast_lightgbm, quantile_boosting
from benchmarks.demand.own_past import own_quantiles, own_seasonal
from benchmarks.demand.peers import (
    CLASSICAL,
    LEVELS,
    LaterPeer,
    QuantileForecast,
    classical,
    fill_gaps,
    forecast_in_turn,
    with_own_intervals,
)
from benchmarks.demand.tuned_peer import tuned_lightgbm
from features.demand.panel import Panel

H = 4

OTHERS = {
    "mlforecast": mlforecast_lightgbm,
    "tuned": lambda panel, h: tuned_lightgbm(panel, h, 0.0),
    "by hand": quantile_boosting,
    "histogram": histogram_boosting,
    "own intervals": with_own_intervals("AutoETS"),
    "ensemble, own intervals": lambda panel, h: ensemble_with_own_intervals(panel, h, {}),
    **({"catboost": catboost_quantiles} if HAS_CATBOOST else {}),
}


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


@pytest.mark.parametrize("name", [*CLASSICAL, *OTHERS])
def test_a_peer_gives_every_sku_finite_quantiles_that_rise(name):
    panel = make()
    forecast = OTHERS[name] if name in OTHERS else classical(name)
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


def test_rows_are_in_units_of_what_was_known_then():
    panel = make(periods=120)
    rows, demand = LaggedRows.of(panel, H), panel.known_demand
    level = recent_level(demand, 52)
    assert level[0, 0] == 0
    assert level[0, 60] == pytest.approx(demand[0, 8:60].mean())
    assert level[1, 50] == pytest.approx(np.nanmean(demand[1, :50])), "stockouts are not in it"
    assert rows.scale == pytest.approx(level[:, 120])
    assert rows.y.mean() == pytest.approx(1.0, abs=0.1)
    changed = make(periods=120)
    changed.y[:, 119] += 1000
    assert len(LaggedRows.of(changed, H).X) == len(rows.X)
    assert (LaggedRows.of(changed, H).ahead != rows.ahead).any()


def test_the_ensemble_is_the_mean_of_what_its_members_said_already():
    panel = make()
    known = {name: classical("SeasonalNaive")(panel, H) for name in MEMBERS[:3]}
    known["SeasonalNaive"] = classical("TSB")(panel, H)
    found = statistical_ensemble(panel, H, known)
    naive, tsb = known["AutoETS"], known["SeasonalNaive"]
    np.testing.assert_allclose(found.mean, 0.75 * naive.mean + 0.25 * tsb.mean)
    np.testing.assert_allclose(found.cumulative, 0.75 * naive.cumulative + 0.25 * tsb.cumulative)


def test_the_ensemble_with_own_intervals_takes_over_what_ets_said_already():
    panel = make()
    zero = QuantileForecast(*(0 * x for x in _arrays(classical("SeasonalNaive")(panel, H))))
    alone = ensemble_with_own_intervals(panel, H, {})
    with_zero = ensemble_with_own_intervals(panel, H, {OWN_ETS: zero})
    ets = with_own_intervals("AutoETS")(panel, H)
    np.testing.assert_allclose(alone.period - with_zero.period, ets.period / 3, atol=1e-9)


def _arrays(forecast):
    return forecast.mean, forecast.period, forecast.cumulative


def test_a_later_peer_sees_what_was_forecast_before_it_and_how_long_that_took():
    panel, seen = make(), {}

    def later(panel, h, forecasts, seconds):
        seen.update(forecasts=set(forecasts), seconds=seconds["TSB"])
        return forecasts["TSB"]

    forecasts, seconds = forecast_in_turn(panel, H, {"TSB": classical("TSB"), "later": LaterPeer(later)})
    assert seen["forecasts"] == {"TSB"}
    assert seen["seconds"] == seconds["TSB"]
    assert forecasts["later"] is forecasts["TSB"]


def test_a_past_without_a_place_of_the_season_has_the_quantiles_of_all():
    panel = make().until(20)
    np.testing.assert_array_equal(own_seasonal(panel, H).period, own_quantiles(panel, H).period)


def test_a_series_of_one_lag_that_nobody_knows_stops_no_boosting():
    """A year that is not over has no year before: all of that lag is unknown."""
    panel = make(periods=51)
    rows = LaggedRows.of(panel, H)
    assert not np.isnan(rows.X).all(axis=0).any()
    assert rows.X.shape[1] == rows.ahead.shape[1] < LaggedRows.of(make(periods=120), H).X.shape[1]
    assert np.isfinite(histogram_boosting(panel, H).period).all()
