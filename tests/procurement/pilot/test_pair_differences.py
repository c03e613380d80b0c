import numpy as np
import pandas as pd
import pytest

from features.contract.tables import DataError
from procurement.pilot.cluster_robust import robust_mean
from procurement.pilot.pair_differences import PairSides, pair_of_unit, pair_sides, pair_values

NAN = np.nan
BEFORE, AFTER = np.array([10.0, 10.0, 20.0, 10.0]), np.array([8.0, 11.0, 18.0, 10.0])
PAIR, SIDE = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])


def two_pairs() -> PairSides:
    return pair_sides(BEFORE, AFTER, PAIR, SIDE)


def estimate(sides: PairSides, scale) -> float:
    weights, values = pair_values(sides, scale)
    assert weights.sum() == pytest.approx(1)
    return float((weights * values).sum())


def test_two_pairs_by_hand() -> None:
    weights, values = pair_values(two_pairs(), "level")
    np.testing.assert_allclose(values, [-3, -2])
    np.testing.assert_allclose(weights, 0.5)
    _, logs = pair_values(two_pairs(), "log")
    np.testing.assert_allclose(logs, [np.log(0.8) - np.log(1.1), np.log(0.9)])
    assert estimate(two_pairs(), "ratio") == pytest.approx(np.log(26 / 30) - np.log(21 / 20))


def test_a_side_of_several_units_is_their_mean_and_weighs_by_the_pilots_units() -> None:
    sides = pair_sides(
        np.array([10.0, 20.0, 5.0, 4.0, 6.0]),
        np.array([12.0, 26.0, 5.0, 3.0, 6.0]),
        np.array([0, 0, 0, 1, 1]),
        np.array([0, 0, 1, 0, 1]),
    )
    weights, values = pair_values(sides, "level")
    np.testing.assert_allclose(values, [4, -1])
    np.testing.assert_allclose(weights, [2 / 3, 1 / 3])
    assert pair_values(sides, "log")[1][0] == pytest.approx((np.log(1.2) + np.log(1.3)) / 2)


def test_a_ratios_error_is_that_of_its_relative_changes_where_all_are_of_one_size() -> None:
    random = np.random.default_rng(1)
    before, after = np.full(80, 100.0), 100 * np.exp(random.normal(0, 0.05, 80))
    pair, side = np.repeat(np.arange(40), 2), np.tile([0, 1], 40)
    sides = pair_sides(before, after, pair, side)
    ratio, log = (robust_mean(*pair_values(sides, scale)) for scale in ("ratio", "log"))
    assert ratio.error == pytest.approx(float(log.error), rel=0.02)
    assert ratio.df == pytest.approx(39, rel=0.01)


def test_a_large_pair_leaves_a_ratio_few_degrees_of_freedom() -> None:
    before = np.array([1000.0, 1000.0] + [10.0] * 18)
    sides = pair_sides(before, before * 1.1, np.repeat(np.arange(10), 2), np.tile([0, 1], 10))
    assert robust_mean(*pair_values(sides, "ratio")).df < 2
    assert robust_mean(*pair_values(sides, "level")).df == pytest.approx(9)


@pytest.mark.parametrize("scale", ["level", "log", "ratio"])
def test_swapped_sides_say_the_opposite(scale) -> None:
    swapped = two_pairs().flipped(np.array([True, True]))
    assert estimate(swapped, scale) == pytest.approx(-estimate(two_pairs(), scale))
    one = two_pairs().flipped(np.array([False, True]))
    np.testing.assert_array_equal(one.before, [[10, 10], [10, 20]])


@pytest.mark.parametrize("scale", ["log", "ratio"])
def test_a_planted_effect_is_found_on_top(scale) -> None:
    planted = estimate(two_pairs().with_effect(-0.2), scale)
    assert planted == pytest.approx(estimate(two_pairs(), scale) + np.log(0.8))


def test_a_planted_effect_falls_on_the_pilots_outcome_after() -> None:
    planted = estimate(two_pairs().with_effect(-0.5), "level")
    assert planted == pytest.approx((-3 - 4 - 2 - 9) / 2)


@pytest.mark.parametrize("scale", ["level", "log", "ratio"])
def test_a_pair_without_one_side_has_no_weight(scale) -> None:
    before = np.array([*BEFORE, 50.0, NAN])
    sides = pair_sides(
        before, np.array([*AFTER, 90.0, 5.0]), np.array([*PAIR, 2, 2]), np.array([*SIDE, 0, 1])
    )
    assert sides.units[2].tolist() == [1, 0]
    weights, _ = pair_values(sides, scale)
    assert weights[2] == 0
    assert estimate(sides, scale) == pytest.approx(estimate(two_pairs(), scale))


@pytest.mark.parametrize("scale", ["level", "log", "ratio"])
def test_without_any_pair_nothing_is_said(scale) -> None:
    sides = pair_sides(np.array([1.0, NAN]), np.array([1.0, 1.0]), np.array([0, 0]), np.array([0, 1]))
    assert np.isnan(pair_values(sides, scale)[0]).all()


def test_a_ratio_to_nothing_is_not_said() -> None:
    sides = pair_sides(BEFORE, np.where(SIDE == 0, 0.0, AFTER), PAIR, SIDE)
    assert np.isnan(robust_mean(*pair_values(sides, "ratio")).estimate)
    assert estimate(sides, "level") == pytest.approx((-11 - 20) / 2)


def test_zeros_in_some_pairs_do_no_harm_to_a_ratio() -> None:
    sides = pair_sides(
        np.array([*BEFORE, 0.0, 0.0]),
        np.array([*AFTER, 0.0, 0.0]),
        np.array([*PAIR, 2, 2]),
        np.array([*SIDE, 0, 1]),
    )
    assert estimate(sides, "ratio") == pytest.approx(estimate(two_pairs(), "ratio"))


def test_periods_go_side_by_side() -> None:
    together = pair_sides(BEFORE, np.stack([AFTER, BEFORE]), PAIR, SIDE)
    np.testing.assert_array_equal(together.after[0], two_pairs().after)
    np.testing.assert_array_equal(together.after[1], [[10, 10], [20, 10]])


def groups(*cells: tuple[str, object, str]) -> pd.DataFrame:
    return pd.DataFrame(cells, columns=["unit", "pair", "group"])


def test_groups_become_numbers() -> None:
    pair, side, names = pair_of_unit(
        groups(("a", 7, "hold_out"), ("b", 3, "pilot"), ("c", 7, "pilot"), ("d", 3, "hold_out"))
    )
    assert (pair.tolist(), side.tolist(), names.tolist()) == ([1, 0, 1, 0], [1, 0, 0, 1], [3, 7])


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (groups(("a", 1, "pilot")), "pair 1 lacks a side"),
        (
            groups(("a", None, "pilot"), ("b", 1, "pilot"), ("c", 1, "hold_out")),
            "a has no pair",
        ),
        (groups(("a", 1, "pilot"), ("a", 1, "hold_out")), "a is in twice"),
        (groups(("a", 1, "pilot"), ("b", 1, "holdout")), "group of b is holdout"),
        (groups(("a", 1, "pilot")).drop(columns="pair"), "no column pair"),
    ],
)
def test_groups_that_are_none_are_said(frame: pd.DataFrame, says: str) -> None:
    with pytest.raises(DataError, match=says):
        pair_of_unit(frame)
