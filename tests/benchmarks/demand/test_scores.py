import numpy as np
import pandas as pd
import pytest

from benchmarks.demand.data_sets import CUTOFFS_BACK, scored_demand
from benchmarks.demand.peers import LEVELS, QuantileForecast
from benchmarks.demand.scores import (
    CutoffForecasts,
    mean_scores,
    score_contenders,
    scores_by_group,
    tie_split_coverage,
    win_share,
)
from features.demand.panel import Panel

N, PERIODS, H = 40, 30, 2


@pytest.fixture(scope="module")
def scores():
    """History 0, 4, 0, 4 … moves by four a week; then come 10 and 20, the second censored for the first SKU."""
    y = np.tile([0.0, 4.0], (N, PERIODS // 2))
    before = Panel(
        unique_ids=np.array([f"s{i:02}" for i in range(N)], object),
        ds=pd.date_range("2022-01-03", periods=PERIODS, freq="W-MON").to_numpy(),
        freq="W-MON",
        y=y,
        in_stock=np.ones(y.shape, bool),
        static=pd.DataFrame({"category": ["x"] * N}),
    )
    actual = np.tile([10.0, 20.0], (N, 1))
    actual[0, 1] = np.nan
    exact = QuantileForecast.of_periods(
        np.tile([10.0, 20.0], (N, 1)), np.tile([[[10.0]], [[20.0]]], (1, 1, 7)).reshape(1, H, 7).repeat(N, 0)
    )
    low = QuantileForecast.of_periods(np.full((N, H), 8.0), np.full((N, H, 7), 8.0))
    return CutoffForecasts(before, actual, {"exact": exact, "low": low}).scores()


def row(scores, kind, step, contender, sku=5):
    return scores[
        (scores["kind"] == kind)
        & (scores["step"] == step)
        & (scores["contender"] == contender)
        & (scores["unique_id"] == sku)
    ].iloc[0]


def test_a_forecast_that_is_right_loses_nothing(scores):
    for kind in ("period", "sum"):
        right = row(scores, kind, 0, "exact")
        assert right[["sql", "pinball", "mase", "rmsse", "bias"]].tolist() == [0.0] * 5
        assert right[["cover80", "cover90", "below_0.05"]].tolist() == [1.0] * 3


def test_losses_agree_with_the_formulas(scores):
    low, levels = row(scores, "period", 0, "low"), LEVELS.mean()
    # eight where ten and twenty came: short of 2 and 12, in units of a weekly move of 4
    assert low["pinball"] == pytest.approx(levels * (2 + 12) / 2)
    assert low["sql"] == pytest.approx(levels * 7 / 4)
    assert low["mase"] == pytest.approx(7 / 4)
    assert low["rmsse"] == pytest.approx(np.sqrt((4 + 144) / 2) / 4)
    assert low["bias"] == pytest.approx(-7)
    assert low["cover90"] == 0


def test_sums_and_steps_have_their_own_figures(scores):
    assert row(scores, "period", 2, "low")["pinball"] == pytest.approx(LEVELS.mean() * 12)
    # ten and thirty against eight and sixteen
    assert row(scores, "sum", 0, "low")["bias"] == pytest.approx(-(2 + 14) / 2)
    assert row(scores, "sum", 2, "low")["demand"] == 30


def test_a_censored_period_is_not_scored(scores):
    assert row(scores, "period", 0, "low", sku=0)["n"] == 1
    assert not ((scores["unique_id"] == 0) & (scores["step"] == 2)).any()


def test_figures_of_all_weigh_by_demand_and_by_period(scores):
    whole = scores[(scores["kind"] == "period") & (scores["step"] == 0) & (scores["contender"] == "low")]
    demand, error = 10 * N + 20 * (N - 1), 2 * N + 12 * (N - 1)
    found = mean_scores(whole)
    assert found["wql"] == pytest.approx(2 * LEVELS.mean() * error / demand)
    assert found["bias"] == pytest.approx(-error / demand)
    assert found["rows"] == N


def test_the_summary_goes_by_class_step_and_cutoff(scores):
    groups = {(r["kind"], r["group"]) for r in scores_by_group(scores) if r["contender"] == "low"}
    assert {
        ("period", "all"),
        ("sum", "all"),
        ("period", "step 2"),
        ("period", "cutoff 2022-07-25"),
    } <= groups
    assert any(group.startswith("class ") for _, group in groups)


def test_who_is_nearer_wins_and_ties_are_shared(scores):
    whole = scores[(scores["kind"] == "period") & (scores["step"] == 0)]
    assert win_share(whole, "exact", "low") == 1.0
    assert win_share(whole, "low", "low") == 0.5


def test_whole_units_cover_evenly_what_they_say_where_closed_intervals_cover_more():
    rng = np.random.default_rng(0)
    levels = np.round(np.arange(1, 200) / 200, 3)
    quantiles = np.repeat(np.quantile(rng.poisson(0.8, 400_000), levels)[None, :], 4000, axis=0)
    y = rng.poisson(0.8, 4000).astype(float)
    at = np.searchsorted(levels, [0.1, 0.9])
    closed = (quantiles[:, at[0]] <= y) & (y <= quantiles[:, at[1]])
    assert closed.mean() > 0.9
    assert tie_split_coverage(levels, quantiles, y, 0.8).mean() == pytest.approx(0.8, abs=0.015)


def half_empty_shelf() -> tuple[Panel, pd.DataFrame]:
    """Ten a week of one SKU and five of the next until both sell out of four in the last week."""
    ds = pd.date_range("2022-01-03", periods=40, freq="W-MON")
    y = np.tile([[10.0], [5.0]], (1, 40))
    y[:, -1] = 4.0
    in_stock = np.ones(y.shape, bool)
    in_stock[:, -1] = False
    names = np.array(["a", "b"], object)
    panel = Panel(names, ds.to_numpy(), "W-MON", y, in_stock, pd.DataFrame({"category": ["x", "x"]}))
    truth = pd.DataFrame({"unique_id": "a", "ds": ds[-2:], "y": [10.0, 30.0]})
    return panel, truth


def test_what_customers_wanted_is_scored_where_it_is_known():
    panel, truth = half_empty_shelf()
    assert scored_demand(panel, truth)[0, -3:].tolist() == [10.0, 10.0, 30.0]
    assert np.isnan(scored_demand(panel, truth)[1, -1]), "of the other SKU nobody knows"
    assert np.isnan(scored_demand(panel, None)[:, -1]).all()


def test_a_forecast_is_judged_by_the_weeks_that_sold_out(monkeypatch):
    panel, truth = half_empty_shelf()
    monkeypatch.setitem(CUTOFFS_BACK, "shelf", (2,))

    def ten_and_five(before: Panel, h: int) -> QuantileForecast:
        assert np.isnan(before.known_demand).sum() == 0, "the cutoff is before the week that sold out"
        assert before.periods == 38
        mean = np.tile([[10.0], [5.0]], (1, h))
        return QuantileForecast.of_periods(mean, np.repeat(mean[..., None], 7, axis=2))

    for known, demand, short in ((truth, 10 + 30, 20.0), (None, 10, 0.0)):
        scores = score_contenders("shelf", panel, {"ten": ten_and_five}, truth=known)
        a = scores[(scores["kind"] == "period") & (scores["step"] == 0) & (scores["unique_id"] == 0)].iloc[0]
        assert a["demand"] == demand
        assert a["bias"] * a["n"] == -short
