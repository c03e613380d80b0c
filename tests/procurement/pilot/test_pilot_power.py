import numpy as np
import pandas as pd
import pytest

from features.contract.tables import DataError
from procurement.pilot.pilot_power import PilotPlan, pilot_power
from procurement.pilot.placebo_pilots import past_pilots, past_windows, placebo_pilots

PAIRS, PERIODS = 60, 40


def past(phi: float = 0.0, noise: float = 10.0, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Past outcomes of mean 100 with AR(1) noise, and all pairs there are."""
    random = np.random.default_rng(seed)
    y = random.normal(size=(2 * PAIRS, PERIODS))
    for t in range(1, PERIODS):
        y[:, t] = phi * y[:, t - 1] + np.sqrt(1 - phi**2) * y[:, t]
    units = [f"s{i:03}" for i in range(2 * PAIRS)]
    panel = pd.DataFrame(
        {
            "unit": np.repeat(units, PERIODS),
            "ds": np.tile(pd.date_range("2025-01-06", periods=PERIODS, freq="W-MON"), 2 * PAIRS),
            "y": (100 + noise * y).ravel(),
        }
    )
    groups = pd.DataFrame(
        {"unit": units, "pair": np.repeat(np.arange(PAIRS), 2), "group": ["pilot", "hold_out"] * PAIRS}
    )
    return panel, groups


def test_without_serial_correlation_the_error_is_the_textbooks() -> None:
    needs = pilot_power(*past(), PilotPlan(-0.05, (10, 40), 12, (4,), scale="level"), seed=1)
    textbook = 10 * np.sqrt(2 * (1 / 12 + 1 / 4) / np.array([10, 40]))
    np.testing.assert_allclose(needs.grid["error"], textbook, rtol=0.08)
    reach = textbook * (np.array([2.262, 2.023]) + np.array([0.883, 0.851]))  # t of n − 1 at 97.5 and 80 %
    np.testing.assert_allclose(-needs.grid["smallest_amount"], reach, rtol=0.1)
    np.testing.assert_allclose(-needs.grid["smallest_effect"], reach / 100, rtol=0.1)
    assert ((needs.grid["false_alarms"] > 0.025) & (needs.grid["false_alarms"] < 0.075)).all()
    assert (needs.grid["starts"] == 25).all()


def test_shocks_that_last_make_the_error_larger_than_an_iid_formula() -> None:
    plan = PilotPlan(-0.05, (20,), 12, (4,), scale="level")
    iid = 10 * np.sqrt(2 * (1 / 12 + 1 / 4) / 20)
    lasting = pilot_power(*past(phi=0.8), plan, seed=1).grid["error"].iloc[0]
    assert lasting > 1.3 * iid


@pytest.mark.parametrize("scale", ["level", "log", "ratio"])
def test_the_wanted_effect_is_found_where_the_smallest_is_as_large(scale) -> None:
    panel, groups = past()
    plan = PilotPlan(-0.05, (20,), 12, (4,), scale=scale)
    smallest = pilot_power(panel, groups, plan, seed=0).grid["smallest_effect"].iloc[0]
    at_it = pilot_power(panel, groups, PilotPlan(smallest, (20,), 12, (4,), scale=scale), seed=0).grid
    assert at_it["power"].iloc[0] == pytest.approx(0.8, abs=0.01)
    assert smallest == pytest.approx(-0.055, abs=0.012)
    rise = pilot_power(panel, groups, PilotPlan(0.05, (20,), 12, (4,), scale=scale), seed=0).grid
    assert rise["smallest_effect"].iloc[0] == pytest.approx(0.058, abs=0.012)


def test_power_rises_with_pairs_and_periods() -> None:
    grid = pilot_power(*past(), PilotPlan(-0.04, (10, 20, 40), 12, (2, 8), scale="ratio"), seed=0).grid
    for _, each in grid.groupby("after"):
        assert each["power"].is_monotonic_increasing
        assert each["smallest_effect"].is_monotonic_increasing
    for _, each in grid.groupby("pairs"):
        assert each["power"].is_monotonic_increasing
        assert each["error"].is_monotonic_decreasing


def test_the_fewest_pairs_reach_it_and_one_fewer_does_not() -> None:
    panel, groups = past()
    needs = pilot_power(panel, groups, PilotPlan(-0.05, (10,), 12, (4, 8), scale="level"), seed=0)
    four, eight = needs.needed["pairs"]
    assert four == pytest.approx(2 * 100 / 3 * (2.06 + 0.85) ** 2 / 25, abs=4)  # 2σ²(1/12 + 1/4)(t + t)²/δ²
    assert eight < four
    around = PilotPlan(-0.05, (int(four) - 1, int(four)), 12, (4,), scale="level")
    power = pilot_power(panel, groups, around, seed=0).grid["power"]
    assert power[0] < 0.8 <= power[1]
    assert needs.statement == (
        f"An effect of −5.0% is found with power 80% by {four:.0f} pairs over 4 periods "
        f"or {eight:.0f} pairs over 8 periods, after 12 periods before the start."
    )


def test_what_cannot_be_reached_is_said() -> None:
    panel, groups = past()
    needs = pilot_power(panel, groups, PilotPlan(-0.01, (10, 200), 12, (4,), scale="level"), seed=0)
    assert needs.needed["pairs"].isna().all()
    assert needs.needed["power"].iloc[0] < 0.3
    assert needs.statement.startswith(
        "An effect of −1.0% cannot be found with power 80%: all 60 pairs there are reach"
    )
    assert needs.grid.loc[1, ["error", "power", "smallest_effect"]].isna().all()
    long = pilot_power(panel, groups, PilotPlan(-0.1, (10,), 30, (11,), scale="level"), seed=0)
    assert long.statement.startswith("Nothing can be said: 40 periods of the past are known, 41 are needed")
    assert long.grid["starts"].tolist() == [0]
    assert pilot_power(panel, groups, PilotPlan(-0.1, (10,), 30, (10,)), seed=0).grid["starts"].tolist() == [
        1
    ]


def test_no_fall_is_large_enough_where_two_pairs_differ_wildly() -> None:
    panel, groups = past(noise=400.0)
    grid = pilot_power(panel, groups, PilotPlan(-0.1, (2,), 4, (1,), scale="level"), seed=0).grid
    assert np.isnan(grid["smallest_effect"].iloc[0])
    assert grid["power"].iloc[0] < 0.2


def test_the_order_of_the_rows_changes_nothing_and_the_seed_little() -> None:
    panel, groups = past()
    plan = PilotPlan(-0.05, (10,), 12, (4,))
    first = pilot_power(panel, groups, plan, seed=0)
    mixed = pilot_power(
        panel.sample(frac=1, random_state=0), groups.sample(frac=1, random_state=1), plan, seed=0
    )
    pd.testing.assert_frame_equal(first.grid, mixed.grid)
    other = pilot_power(panel, groups, plan, seed=1)
    assert first.grid["error"].iloc[0] != other.grid["error"].iloc[0]
    assert first.grid["error"].iloc[0] == pytest.approx(other.grid["error"].iloc[0], rel=0.15)


def test_pairs_without_a_record_or_with_zeros_do_not_count() -> None:
    panel, groups = past()
    panel = panel[~((panel["unit"] == "s000") & (panel["ds"] > panel["ds"].unique()[20]))]
    panel.loc[panel["unit"] == "s005", "y"] = 0.0
    weeks = np.sort(panel["ds"].unique())
    panel.loc[(panel["unit"] == "s009") & (panel["ds"] >= weeks[36]), "y"] = 0.0
    for scale, last in (("level", PAIRS - 1), ("log", PAIRS - 3)):
        windows = past_windows(past_pilots(panel, groups, scale=scale), 12, 4, scale=scale)
        assert len(windows) == 25
        assert len(windows[-1].units) == last
        assert len(windows[0].units) == (PAIRS if scale == "level" else PAIRS - 1)


def test_placebos_draw_pairs_once_and_flip_fair_coins() -> None:
    panel, groups = past()
    windows = past_windows(past_pilots(panel, groups, scale="level"), 12, 4, scale="level")
    placebos = placebo_pilots(windows, PAIRS, seed=0, draws=400)
    assert placebos.sides.before.shape == (400, PAIRS, 2)
    totals = {round(float(window.before.sum()), 6) for window in windows}
    assert {round(float(each), 6) for each in placebos.sides.before.sum(axis=(1, 2))} <= totals
    estimates = placebos.estimated("level").estimate
    assert abs(estimates.mean()) < 3 * estimates.std() / 20
    assert placebos.mean == pytest.approx(100, abs=1)
    assert placebo_pilots(windows, PAIRS + 1, seed=0) is None
    assert placebo_pilots(windows, 1, seed=0) is None


def test_an_effect_on_the_wrong_side_is_not_found() -> None:
    panel, groups = past(noise=1.0)
    windows = past_windows(past_pilots(panel, groups, scale="ratio"), 12, 4, scale="ratio")
    placebos = placebo_pilots(windows, 20, seed=0, draws=300)
    assert placebos.power("ratio", -0.1, 0.05) == 1
    assert placebos.power("ratio", 0.1, 0.05) == 1
    either = (placebos.estimated("ratio").p_value() < 0.3).mean()
    assert 0 < placebos.power("ratio", 1e-9, 0.3) < 0.8 * either


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"effect": 0.0}, "effect is 0.0"),
        ({"effect": -1.0}, "effect is -1.0"),
        ({"pairs": (1, 5)}, r"pairs are \(1, 5\)"),
        ({"pairs": ()}, "pairs are"),
        ({"before": 0}, "0 periods before"),
        ({"after": (0,)}, r"\(0,\) after"),
        ({"power": 0.04}, "power 0.04 at alpha 0.05"),
        ({"alpha": 0.0}, "at alpha 0.0"),
    ],
)
def test_a_plan_that_makes_no_sense_is_said(change, says) -> None:
    with pytest.raises(DataError, match=says):
        PilotPlan(**({"effect": -0.1, "pairs": (10,), "before": 12, "after": (4,)} | change))


def test_negative_outcomes_have_no_ratio() -> None:
    panel, groups = past(noise=400.0)
    with pytest.raises(DataError, match="is negative; measure on the scale level"):
        pilot_power(panel, groups, PilotPlan(-0.1, (10,), 12, (4,)), seed=0)
