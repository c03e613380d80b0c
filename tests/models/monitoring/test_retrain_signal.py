import numpy as np
import pandas as pd
import pytest

from models.monitoring.cusum_charts import DEMAND_ABOVE, YEARS_PER_FALSE_ALARM, run_cusum_charts
from models.monitoring.error_series import latest_forecasts, weekly_scores
from models.monitoring.report import make_monitor_report
from models.monitoring.retrain_signal import retrain_signal

H, CUTOFF = 8, 32
YEAR = 52
START = pd.Timestamp("2022-01-03")


def scores(origins, steps, level, loss):
    """Scores of one class: `level` and `loss` (T,) of each period, forecast at every origin for the steps after it."""
    at = [(o, o + k, k) for o in origins for k in range(1, steps + 1) if o + k < len(level)]
    cutoff, period, k = (np.array(part) for part in zip(*at, strict=True))
    n = np.full(len(at), 100.0)
    return pd.DataFrame(
        {
            "cutoff": START + pd.to_timedelta(7 * cutoff, unit="D"),
            "ds": START + pd.to_timedelta(7 * period, unit="D"),
            "k": k, "demand_class": "smooth", "n": n, "demand": 1000 * np.exp(level[period]), "forecast": 1000.0,
            "scaled_n": n, "scaled_pinball": n * 0.3 * np.exp(loss[period]), "inside_80": 80.0, "inside_90": 90.0,
            "compared": n, "own": 0.3 * n, "rival": 0.4 * n,
        }
    )  # fmt: skip


def company(rng, live, *, spread=0.1, lift=0.0, wider=1.0, tails=None):
    """Scores of a company's backtest and since, its demand off by `spread`; after training demand is `lift` higher."""
    periods = CUTOFF + live + 1
    draw = rng.normal if tails is None else lambda size: rng.standard_t(tails, size)
    after = np.arange(periods) > CUTOFF
    level = draw(size=periods) * spread + np.log1p(lift) * after
    loss = draw(size=periods) * 0.1 + np.log(wider) * after
    backtest = scores(range(0, CUTOFF, 2), H, level[: CUTOFF + 1], loss[: CUTOFF + 1])
    return backtest, scores(range(CUTOFF, periods - 1), 1, level, loss)


def first_alarm(rng, live, **how):
    """Periods until the alarm; infinity when there is none."""
    charted = run_cusum_charts(*company(rng, live, **how), "W-MON")
    alarms = np.flatnonzero(charted.periods["alarm"])
    return alarms[0] + 1 if len(alarms) else np.inf


@pytest.mark.parametrize("tails", [None, 3], ids=["normal", "heavy tails"])
def test_a_steady_company_gets_no_more_false_alarms_than_promised(tails):
    rng = np.random.default_rng(7)
    years, companies = 2, 100
    alarms = sum(np.isfinite(first_alarm(rng, years * YEAR, tails=tails)) for _ in range(companies))
    promised = 1 - np.exp(-years / YEARS_PER_FALSE_ALARM)
    assert alarms / companies <= promised


@pytest.mark.parametrize("change", [{"lift": 0.3}, {"lift": -0.3}, {"wider": 2.0}], ids=str)
def test_a_shift_of_a_third_and_a_doubled_spread_are_found_within_few_periods(change):
    rng = np.random.default_rng(8)
    delays = [first_alarm(rng, 20, **change) for _ in range(40)]
    assert np.median(delays) <= 4
    assert np.mean(np.array(delays) <= 8) >= 0.9


def test_one_wild_period_raises_no_alarm():
    rng = np.random.default_rng(3)
    backtest, live = company(rng, 1, lift=20.0, wider=50.0)
    assert not run_cusum_charts(backtest, live, "W-MON").periods["alarm"].any()


def test_the_message_names_size_time_and_chance_and_the_alarm_stands():
    rng = np.random.default_rng(4)
    backtest, live = company(rng, 6, spread=0.05, lift=0.3)
    signal = retrain_signal(run_cusum_charts(backtest, live, "W-MON"), "W-MON", START)
    assert signal.retrain
    assert signal.message.startswith("Demand of the last 6 weeks was ")
    assert "above forecast; that happens by chance" in signal.message
    assert signal.message.endswith(": retrain.")
    assert [chart.name for chart in signal.charts if chart.alarm] == [DEMAND_ABOVE]
    calm = live.assign(ds=live["ds"] + pd.Timedelta(weeks=6), cutoff=live["cutoff"] + pd.Timedelta(weeks=6))
    later = pd.concat([live, calm.assign(demand=1000.0)])
    again = retrain_signal(run_cusum_charts(backtest, later, "W-MON"), "W-MON", START)
    assert again.retrain
    assert "weeks up to 2022-0" in again.message


def test_without_demand_since_training_the_message_says_that_nothing_has_come_in():
    backtest, live = company(np.random.default_rng(5), 3)
    report = make_monitor_report(
        {"freq": "W-MON", "cutoff": "2022-08-15"}, backtest=backtest, live=live[:0], lead_times=pd.DataFrame()
    )
    assert not report.signal.retrain
    assert report.signal.message.startswith("Nothing has come in")
    assert report.to_json()["periods"] == []


def test_without_a_backtest_the_periods_themselves_are_the_baseline():
    backtest, live = company(np.random.default_rng(6), 60)
    assert not run_cusum_charts(backtest[:0], live, "W-MON").periods["alarm"].any()


def test_of_several_forecasts_of_a_period_the_last_one_counts():
    level = np.zeros(10)
    rows = latest_forecasts(scores([0, 3], 5, level, level))
    assert rows.groupby("cutoff").size().tolist() == [3, 5]
    assert rows["k"].tolist() == [1, 2, 3, 1, 2, 3, 4, 5]


def test_the_first_days_of_a_week_are_not_charted_yet():
    cutoff = pd.Timestamp("2024-06-30")
    backtest = scores([0], 28, np.zeros(29), np.zeros(29))
    ds = pd.date_range(cutoff - pd.Timedelta(days=27), cutoff)
    backtest = backtest.assign(ds=ds, cutoff=ds[0] - pd.Timedelta(days=1))
    three = scores([0], 3, np.full(4, 0.8), np.zeros(4))
    three = three.assign(ds=pd.date_range("2024-07-01", periods=3), cutoff=cutoff)
    facts = {"freq": "D", "cutoff": "2024-06-30"}
    report = make_monitor_report(facts, backtest=backtest, live=three, lead_times=pd.DataFrame())
    assert report.signal.message.startswith("Nothing has come in")
    assert report.by_lead["k"].tolist() == [1, 2, 3]


def test_days_are_charted_by_the_whole_weeks_one_cutoff_has_forecast():
    ds = pd.date_range("2024-01-03", periods=14)  # Wednesday to Tuesday: one whole week within
    days = scores([0], 14, np.zeros(15), np.zeros(15)).assign(ds=ds, cutoff=ds[0] - pd.Timedelta(days=1))
    weeks = weekly_scores(days, "D")
    assert weeks["ds"].tolist() == [pd.Timestamp("2024-01-08")]
    assert weeks[["k", "n", "forecast"]].to_numpy().tolist() == [[2, 700.0, 7000.0]]
