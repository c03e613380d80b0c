import numpy as np
import pandas as pd
import pytest
from scipy import stats

from features.contract.tables import DataError
from procurement.pilot.outcome_panel import NOT_AFTER, NOT_BEFORE, TOO_FEW
from procurement.pilot.pair_differences import ZERO
from procurement.pilot.paired_outcomes import PAIR_LOST, PilotWindow
from procurement.pilot.pilot_effect import pilot_effect
from procurement.pilot.pilot_statement import pilot_statement

NAN = np.nan
SCALES = ("level", "log", "ratio")


@pytest.fixture
def window(weeks) -> PilotWindow:
    return PilotWindow(weeks[4])


def panel_of(outcomes: dict[str, list[float]], weeks: pd.DatetimeIndex) -> pd.DataFrame:
    frame = pd.DataFrame(outcomes, index=weeks).rename_axis("ds").reset_index()
    return frame.melt("ds", var_name="unit", value_name="y").dropna()


@pytest.fixture
def measured(outcomes, groups, window, weeks):
    def measure(scale="level", frame=None, **how):
        return pilot_effect(
            panel_of(outcomes, weeks) if frame is None else frame, groups, window, scale=scale, **how
        )

    return measure


def test_a_level_by_hand(measured) -> None:
    effect = measured()
    assert effect.effect.estimate == pytest.approx(-4)  # of −3, −5 and −4
    assert effect.error == pytest.approx(1 / np.sqrt(3))
    assert effect.df == pytest.approx(2)
    half = stats.t.ppf(0.95, 2) / np.sqrt(3)
    assert (effect.effect.low, effect.effect.high) == (pytest.approx(-4 - half), pytest.approx(-4 + half))
    assert effect.p_value == pytest.approx(2 * stats.t.cdf(-4 * np.sqrt(3), 2))
    assert effect.per_period.estimate == pytest.approx(-12)
    assert effect.total.estimate == pytest.approx(-24)
    assert effect.total.low == pytest.approx(6 * (-4 - half))
    assert effect.percent.estimate == pytest.approx(-12 / 63)


def test_a_ratio_by_hand(measured) -> None:
    effect = measured("ratio")
    change = (51 / 60) / (63 / 60)
    assert effect.effect.estimate == pytest.approx(np.log(change))
    assert effect.percent.estimate == pytest.approx(change - 1)
    assert effect.per_period.estimate == pytest.approx(51 - 51 / change)
    assert effect.total.high == pytest.approx(2 * (51 - 51 / np.exp(effect.effect.high)))
    assert effect.percent.low < effect.percent.estimate < effect.percent.high


def test_logs_by_hand(measured) -> None:
    logs = np.log([0.8, 0.8, 0.9]) - np.log([1.1, 1.05, 31 / 30])
    effect = measured("log")
    assert effect.effect.estimate == pytest.approx(logs.mean())
    assert effect.error == pytest.approx(logs.std(ddof=1) / np.sqrt(3))


def test_the_placebo_before_the_start_by_hand(measured) -> None:
    trends = measured().trends
    assert trends.estimate == pytest.approx(-2 / 3)  # hold-out 3 rose by 2 from its first half to its second
    assert trends.p_value == pytest.approx(2 * stats.t.cdf(-1, 2))
    assert trends.parallel
    assert trends.low < trends.estimate < trends.high


def test_groups_that_drift_apart_are_not_parallel(outcomes, measured, weeks) -> None:
    for name, slope in (("p1", 1.0), ("p2", 1.1), ("p3", 0.9)):
        outcomes[name] = (50 + slope * np.arange(6)).tolist()
    for name in ("h1", "h2", "h3"):
        outcomes[name] = [50.0] * 6
    effect = measured(frame=panel_of(outcomes, weeks))
    assert effect.trends.estimate == pytest.approx(2)
    assert not effect.trends.parallel
    assert "drifted apart" in pilot_statement(effect, outcome="stock value")


def test_the_path_by_hand(measured, weeks) -> None:
    path = measured().path
    assert path["ds"].tolist() == weeks.tolist()
    np.testing.assert_allclose(path["difference"], [-2 / 3, 4 / 3, -2 / 3, 0, -4, -4])
    assert path["after"].tolist() == [False] * 4 + [True] * 2
    assert (path["pairs"] == 3).all()
    np.testing.assert_allclose(path["high"] - path["difference"], path["difference"] - path["low"])
    assert path["high"].iloc[4] - path["difference"].iloc[4] == pytest.approx(
        stats.t.ppf(0.95, 2) / np.sqrt(3)
    )


@pytest.mark.parametrize("scale", SCALES)
def test_the_order_of_the_rows_changes_nothing(measured, outcomes, groups, window, weeks, scale) -> None:
    mixed = panel_of(outcomes, weeks).sample(frac=1, random_state=0)
    again = pilot_effect(mixed, groups.sample(frac=1, random_state=3), window, scale=scale)
    assert again.effect.estimate == pytest.approx(measured(scale).effect.estimate)
    assert again.effect.low == pytest.approx(measured(scale).effect.low)


@pytest.mark.parametrize("scale", ["log", "ratio"])
def test_the_unit_of_measure_changes_money_and_not_shares(measured, outcomes, weeks, scale) -> None:
    times = {name: [1000 * each for each in values] for name, values in outcomes.items()}
    large = measured(scale, panel_of(times, weeks))
    assert large.percent.low == pytest.approx(measured(scale).percent.low)
    assert large.total.estimate == pytest.approx(1000 * measured(scale).total.estimate)


def test_the_window_cuts_both_ends(outcomes, groups, weeks) -> None:
    outcomes = {name: [999.0, *values[1:5], 999.0] for name, values in outcomes.items()}
    cut = PilotWindow(weeks[4], since=weeks[1], until=weeks[4])
    effect = pilot_effect(panel_of(outcomes, weeks), groups, cut, scale="level")
    assert (effect.counts.periods_before, effect.counts.periods_after) == (3, 1)
    assert effect.path["ds"].tolist() == weeks[1:5].tolist()
    assert effect.trends is None
    assert "Too few periods before the start" in pilot_statement(effect, outcome="stock value")


def test_units_that_cannot_count_are_left_out_and_said(outcomes, groups, window, weeks) -> None:
    for pair, name in enumerate(("gone", "new", "thin", "zero"), start=4):
        outcomes |= {name: [5.0] * 6, f"with {name}": [5.0] * 6}
        extra = {"unit": [name, f"with {name}"], "pair": pair, "group": ["pilot", "hold_out"]}
        groups = pd.concat([groups, pd.DataFrame(extra)], ignore_index=True)
    outcomes["gone"] = [5, 5, 5, 5, NAN, NAN]
    outcomes["new"] = [NAN] * 4 + [5, 5]
    outcomes["thin"] = [5, NAN, NAN, NAN, 5, 5]
    outcomes["zero"] = [5, 5, 5, 5, 0, 0]
    frame = panel_of(outcomes, weeks)
    effect = pilot_effect(frame, groups, window, scale="log")
    reasons = effect.counts.left_out.set_index("unit")["reason"].to_dict()
    assert reasons == {
        "gone": NOT_AFTER,
        "new": NOT_BEFORE,
        "thin": TOO_FEW,
        "zero": ZERO,
    } | {f"with {name}": PAIR_LOST for name in ("gone", "new", "thin", "zero")}
    assert (effect.counts.pairs, effect.counts.pilot_units, effect.counts.hold_out_units) == (3, 3, 3)
    assert effect.counts.uneven is False
    level = pilot_effect(frame, groups, window, scale="level")
    assert level.counts.pairs == 4
    assert level.counts.zero_periods == 2
    assert level.effect.estimate == pytest.approx((-12 - 5) / 4)


def test_a_group_that_loses_many_more_units_is_said(groups, outcomes, window, weeks) -> None:
    for pair in range(4, 14):
        outcomes |= {f"p{pair}": [5.0] * 6, f"h{pair}": [5.0] * 6}
        extra = {"unit": [f"p{pair}", f"h{pair}"], "pair": pair, "group": ["pilot", "hold_out"]}
        groups = pd.concat([groups, pd.DataFrame(extra)], ignore_index=True)
        if pair < 10:
            outcomes[f"p{pair}"][4:] = [NAN, NAN]
    effect = pilot_effect(panel_of(outcomes, weeks), groups, window, scale="ratio")
    assert effect.counts.uneven
    assert "One group lost more units" in pilot_statement(effect, outcome="stock value")


def test_missing_weeks_are_counted_and_do_not_bend_the_effect(outcomes, groups, window, weeks) -> None:
    season = np.array([1.0, 2.0, 1.0, 2.0, 1.0, 2.0])
    outcomes = {
        name: (np.array(values[:1] * 4 + values[4:]) * season).tolist() for name, values in outcomes.items()
    }
    whole = pilot_effect(panel_of(outcomes, weeks), groups, window, scale="log")
    outcomes["p1"][1] = outcomes["h2"][2] = outcomes["p3"][5] = NAN
    holed = pilot_effect(panel_of(outcomes, weeks), groups, window, scale="log")
    assert holed.counts.missing_periods == 3
    assert holed.effect.estimate == pytest.approx(whole.effect.estimate, abs=0.005)
    assert holed.path["pairs"].tolist() == [3, 2, 2, 3, 3, 2]
    assert "8% of the periods are missing" in pilot_statement(holed, outcome="stock value")


def test_a_week_with_one_pair_has_no_interval(outcomes, groups, window, weeks) -> None:
    outcomes["p1"][1] = outcomes["h2"][1] = NAN
    path = pilot_effect(panel_of(outcomes, weeks), groups, window, scale="level").path
    assert path["pairs"].iloc[1] == 1
    assert path.loc[1, ["difference", "low", "high"]].isna().all()
    assert path.loc[0, ["difference", "low", "high"]].notna().all()


def test_pairs_of_one_supplier_are_one_cluster(outcomes, groups, window, weeks) -> None:
    frame = panel_of(outcomes, weeks)
    apart = groups.assign(supplier_id=["a", "b", "c", "d", "e", "f"])
    pairs = pilot_effect(frame, groups, window, scale="level")
    alone = pilot_effect(frame, apart, window, scale="level", cluster="supplier")
    assert alone.effect == pairs.effect
    joined = groups.assign(supplier_id=["a", "b", "c", "b", "e", "f"])
    found = pilot_effect(frame, joined, window, scale="level", cluster="supplier")
    assert found.effect.estimate == pairs.effect.estimate
    assert found.df == pytest.approx(1)
    with pytest.raises(DataError, match="joined by shared suppliers"):
        pilot_effect(frame, groups.assign(supplier_id="a"), window, cluster="supplier")
    with pytest.raises(DataError, match="no supplier_id of every unit"):
        pilot_effect(frame, groups, window, cluster="supplier")


def test_what_cannot_be_measured_is_said(outcomes, groups, window, weeks) -> None:
    frame = panel_of(outcomes, weeks)
    with pytest.raises(DataError, match="no period before 2026-01-05"):
        pilot_effect(frame, groups, PilotWindow(weeks[0]))
    with pytest.raises(DataError, match="no period from 2027-01-01 on"):
        pilot_effect(frame, groups, PilotWindow(pd.Timestamp("2027-01-01")))
    with pytest.raises(DataError, match="1 of the pairs have"):
        pilot_effect(frame, groups[:2], window)
    with pytest.raises(DataError, match="0 of the pairs have"):
        pilot_effect(frame, groups.iloc[:0], window)
    with pytest.raises(DataError, match="no period before 2026-02-02;"):
        pilot_effect(frame.iloc[:0], groups, window)
    with pytest.raises(DataError, match="level of the interval is 90"):
        pilot_effect(frame, groups, window, level=90)
    with pytest.raises(DataError, match="y of h1 is negative"):
        pilot_effect(frame.assign(y=frame["y"].where(frame["unit"] != "h1", -1.0)), groups, window)
    with pytest.raises(DataError, match="sum to zero"):
        pilot_effect(frame.assign(y=frame["y"].where(frame["ds"] < window.start, 0.0)), groups, window)


def test_outcomes_below_zero_have_a_level_and_no_share(outcomes, groups, window, weeks) -> None:
    frame = panel_of(outcomes, weeks)
    effect = pilot_effect(frame.assign(y=frame["y"] - 100), groups, window, scale="level")
    assert effect.effect.estimate == pytest.approx(-4)
    assert np.isnan(effect.percent.estimate)


def test_the_statement_says_what_how_much_and_how_sure(measured) -> None:
    says = pilot_statement(measured(), outcome="stock value", currency="EUR")
    assert says.startswith("The pilot lowered stock value: −19.0% (90% interval ")
    assert "−12 EUR a period and −24 EUR over 2 periods" in says
    assert "p = 0.020" in says
    assert "measured on 3 pairs." in says
    assert "ran in parallel" in says
    assert "left out" not in says
    unsure = pilot_statement(measured(level=0.99), outcome="stock value")
    assert unsure.startswith("The pilot did not measurably change stock value: −19.0% (99% interval ")
    assert "−12 a period" in unsure


def test_a_rise_is_a_rise(outcomes, groups, window, weeks) -> None:
    swapped = groups.assign(group=groups["group"].map({"pilot": "hold_out", "hold_out": "pilot"}))
    effect = pilot_effect(panel_of(outcomes, weeks), swapped, window, scale="level")
    assert effect.effect.estimate == pytest.approx(4)
    says = pilot_statement(effect, outcome="fill rate")
    assert says.startswith("The pilot raised fill rate: +")
    assert "+12 a period and +24 over 2 periods" in says
