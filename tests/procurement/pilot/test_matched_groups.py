import numpy as np
import pandas as pd
import pytest

from features.contract.tables import DataError
from procurement.pilot.group_balance import group_balance, standardised_difference
from procurement.pilot.matched_groups import (
    NO_PARTNER,
    NO_SUPPLIER,
    NOT_DRAWN,
    NOT_ELIGIBLE,
    TOO_FAR,
    MatchingRule,
    matched_groups,
)
from procurement.pilot.nearest_pairs import mahalanobis_coordinates, nearest_pairs, scaled_ranks

NAN = np.nan


def skus(values: list[float], **columns: list) -> pd.DataFrame:
    return pd.DataFrame({"unit": [f"s{i:02}" for i in range(len(values))], "log_value": values, **columns})


def company(n: int = 60, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    frame = skus(
        random.normal(3, 1, n).tolist(),
        supplier_id=[f"v{i % 11}" for i in range(n)],
        category=[f"c{i % 3}" for i in range(n)],
        abc_class=["A" if i % 2 else "B" for i in range(n)],
    )
    return frame.assign(demand_cv=random.gamma(2, 0.3, n), lead_time=random.poisson(20, n))


def pairs_of(found) -> set[frozenset[str]]:
    return {frozenset(units) for _, units in found.groups.groupby("pair")["unit"]}


def test_the_nearest_are_paired() -> None:
    found = matched_groups(skus([1.0, 9.0, 1.1, 9.5, 5.0, 5.2]), MatchingRule(), seed=0)
    assert pairs_of(found) == {frozenset(pair) for pair in (("s00", "s02"), ("s01", "s03"), ("s04", "s05"))}
    assert found.groups["pair"].tolist() == [1, 1, 2, 2, 3, 3]
    assert found.groups.groupby("pair")["group"].agg(set).tolist() == [{"pilot", "hold_out"}] * 3
    assert found.left_out.empty


def squared(points: np.ndarray, pairs) -> float:
    return sum(float(((points[i] - points[j]) ** 2).sum()) for i, j in pairs)


def best_matching(points: np.ndarray, left: tuple[int, ...]) -> float:
    if not left:
        return 0.0
    first, rest = left[0], left[1:]
    return min(
        squared(points, [(first, other)])
        + best_matching(points, tuple(each for each in rest if each != other))
        for other in rest
    )


def test_pairs_are_close_to_the_best_there_are() -> None:
    ours, best = 0.0, 0.0
    for seed in range(20):
        points = np.random.default_rng(seed).normal(size=(10, 2))
        pairs, distance = nearest_pairs(points)
        assert sorted(pairs.ravel().tolist()) == list(range(10))
        np.testing.assert_allclose(distance**2, [squared(points, [pair]) for pair in pairs])
        ours, best = ours + squared(points, pairs), best + best_matching(points, tuple(range(10)))
    assert best <= ours + 1e-9
    assert ours < 1.05 * best


def test_on_a_line_neighbours_are_paired() -> None:
    order = np.random.default_rng(0).permutation(60)
    pairs, distance = nearest_pairs(order[:, None].astype(float))
    assert (distance == 1).all()
    assert (order[pairs].min(axis=1) % 2 == 0).all()


def test_of_an_odd_number_the_farthest_is_left() -> None:
    pairs, _ = nearest_pairs(np.array([[0.0], [90.0], [1.0]]))
    assert pairs.tolist() == [[0, 2]]


def test_units_that_are_all_the_same_are_paired_all() -> None:
    pairs, distance = nearest_pairs(np.zeros((100, 2)))
    assert sorted(pairs.ravel().tolist()) == list(range(100))
    assert (distance == 0).all()
    assert nearest_pairs(np.zeros((1, 2)))[0].shape == (0, 2)


def test_what_is_said_twice_counts_once_in_the_distance() -> None:
    random = np.random.default_rng(0)
    x, z = random.normal(size=(2, 30))
    once = mahalanobis_coordinates(np.column_stack([x, z]))
    twice = mahalanobis_coordinates(np.column_stack([x, np.exp(x), z, np.full(30, 7.0)]))
    for points in (once, twice):
        assert points.shape[0] == 30

    def apart(points):
        return np.linalg.norm(points[:, None] - points[None], axis=2)

    np.testing.assert_allclose(apart(once), apart(twice), atol=1e-6)


def test_ranks_are_in_units_of_their_standard_deviation() -> None:
    points = mahalanobis_coordinates(np.arange(5.0)[:, None])
    assert abs(points[1] - points[0])[0] == pytest.approx(1 / np.sqrt(2))


def test_a_missing_characteristic_is_in_the_middle_and_a_trait_of_its_own() -> None:
    ranks = scaled_ranks(np.array([[5.0, 1.0], [NAN, 2.0], [7.0, 2.0]]))
    np.testing.assert_allclose(ranks, [[1 / 3, 1 / 4, 0], [0.5, 2.5 / 4, 1], [2 / 3, 2.5 / 4, 0]])


def test_the_order_of_the_rows_changes_nothing_and_the_seed_only_the_coins() -> None:
    units = company()
    rule = MatchingRule(exact=("category",), only={"abc_class": ["A"]})
    first = matched_groups(units, rule, seed=5)
    again = matched_groups(units.sample(frac=1, random_state=1), rule, seed=5)
    other = matched_groups(units, rule, seed=6)
    for name in ("groups", "balance", "left_out"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(again, name))
    assert pairs_of(first) == pairs_of(other)
    assert first.groups["group"].tolist() == other.groups["group"].tolist()
    assert first.groups["unit"].tolist() != other.groups["unit"].tolist()


def test_coins_are_fair() -> None:
    units = skus([1.0, 1.1])
    first = [matched_groups(units, MatchingRule(), seed=seed).groups["unit"].iloc[0] for seed in range(200)]
    assert 70 <= first.count("s00") <= 130


def test_pairs_are_eligible_and_of_one_stratum() -> None:
    units = company()
    found = matched_groups(units, MatchingRule(exact=("category",), only={"abc_class": ["A"]}), seed=0)
    joined = found.groups.merge(units, on="unit")
    assert (joined["abc_class"] == "A").all()
    assert (joined.groupby("pair")["category"].nunique() == 1).all()
    assert len(found.groups) + len(found.left_out) == len(units)
    reasons = found.left_out.set_index("unit")["reason"]
    assert (reasons[units.loc[units["abc_class"] == "B", "unit"]] == NOT_ELIGIBLE).all()


def test_who_is_left_out_is_said() -> None:
    units = skus([1.0, 1.1, 3.0, 9.0, 5.0], category=["x", "x", "x", "y", None])
    found = matched_groups(units, MatchingRule(exact=("category",)), seed=0)
    assert found.left_out.set_index("unit")["reason"].to_dict() == dict.fromkeys(
        ["s02", "s03", "s04"], NO_PARTNER
    )
    far = matched_groups(skus([1.0, 1.1, 2.0, 2.1, 9.0, 99.0]), MatchingRule(caliper=0.5), seed=0)
    assert far.groups.empty
    assert (far.left_out["reason"] == TOO_FAR).all()
    assert far.balance["after"].isna().all()
    drawn = matched_groups(company(), MatchingRule(pairs=7), seed=0)
    assert drawn.groups["pair"].tolist() == np.repeat(np.arange(1, 8), 2).tolist()
    assert (drawn.left_out["reason"] == NOT_DRAWN).sum() == 46


def test_a_supplier_goes_with_all_its_units() -> None:
    units = company().assign(category="c")
    units.loc[units["unit"] == "s03", "supplier_id"] = None
    found = matched_groups(units, MatchingRule(keep_suppliers_together=True, exact=("category",)), seed=1)
    assert (found.groups.groupby("supplier_id")["group"].nunique() == 1).all()
    assert (found.groups.groupby("pair")["supplier_id"].nunique() == 2).all()
    chosen = units[units["supplier_id"].isin(found.groups["supplier_id"])]
    assert set(chosen["unit"]) == set(found.groups["unit"])
    reasons = found.left_out.set_index("unit")["reason"]
    assert reasons.pop("s03") == NO_SUPPLIER
    assert (reasons == NO_PARTNER).all()  # of eleven suppliers one is left
    assert units[units["unit"].isin(reasons.index)]["supplier_id"].nunique() == 1


def suppliers_in_pairs(units: pd.DataFrame, rule: MatchingRule) -> list[str]:
    groups = matched_groups(units, rule, seed=0).groups
    return groups.groupby("pair")["supplier_id"].agg(lambda ids: "".join(sorted(set(ids)))).tolist()


def test_suppliers_are_matched_in_the_stratum_of_most_of_their_units() -> None:
    units = pd.DataFrame(
        {
            "unit": [f"s{i:02}" for i in range(15)],
            "supplier_id": [*"aaabbbcccdddeee"],
            "log_value": [1.0, 2, 3, 1.1, 2.1, 3.1, 9, 9, 9, 8, 9, 8, 9.5, 9.5, 9.5],
            "category": [*"xxyxyxxxxyyyxyy"],
        }
    )
    rule = MatchingRule(keep_suppliers_together=True, exact=("category",))
    assert suppliers_in_pairs(units, rule) == ["ab", "de"]


def test_suppliers_are_matched_by_how_many_units_they_have() -> None:
    units = skus([1.0] * 14, supplier_id=[*"abbbbbccddddde"])
    units = units[units["supplier_id"] != "c"]
    assert suppliers_in_pairs(units, MatchingRule(keep_suppliers_together=True)) == ["ae", "bd"]


def test_standardised_difference_by_hand() -> None:
    one, other = np.array([[1.0], [3.0]]), np.array([[2.0], [NAN], [2.0]])
    assert standardised_difference(one + 1, other)[0] == pytest.approx(1 / np.sqrt(0.5))
    assert standardised_difference(other, one + 1)[0] == pytest.approx(-1 / np.sqrt(0.5))
    assert standardised_difference(other, other)[0] == 0


def test_balance_by_hand() -> None:
    units = pd.DataFrame({"log_value": [1.0, 3.0, 1.0, 5.0, 9.0], "category": ["x", "y", "x", "x", "y"]})
    pilot, hold_out = np.array([1, 1, 0, 0, 0], bool), np.array([0, 0, 1, 1, 0], bool)
    table = group_balance(units, pilot, hold_out, text=("category",)).set_index("characteristic")
    assert table.loc["log_value", ["pilot", "hold_out"]].tolist() == [2, 3]
    assert table.loc["log_value", "others"] == pytest.approx(5)
    assert table.loc["log_value", "after"] == pytest.approx(-1 / np.sqrt((1 + 4) / 2))
    assert table.loc["log_value", "before"] == pytest.approx((2 - 5) / np.sqrt((1 + 32 / 3) / 2))
    assert table.loc["category x", ["pilot", "hold_out"]].tolist() == [0.5, 1]
    assert table.loc["category x", "after"] == pytest.approx(-0.5 / np.sqrt(0.125))
    assert table["out_of_balance"].tolist() == [True, True, True]


def test_matching_brings_balance_and_what_is_left_is_warned_of() -> None:
    units = company(400, seed=3)
    units["log_value"] += 3.0 * (units["abc_class"] == "A")
    found = matched_groups(units, MatchingRule(only={"abc_class": ["A"]}), seed=0)
    value = found.balance.set_index("characteristic").loc["log_value"]
    assert value["before"] > 1
    assert abs(value["after"]) < 0.1
    assert len(found.warnings) == found.balance["out_of_balance"].sum()
    tilted = matched_groups(skus([1.0, 7.0]), MatchingRule(caliper=9), seed=0)
    assert tilted.warnings == ("log_value differs by ∞ standard deviations between pilot and hold-out",)


@pytest.mark.parametrize(
    ("units", "rule", "says"),
    [
        (skus([1.0, 2.0]).assign(unit="a"), MatchingRule(), "named twice"),
        (skus([1.0, 2.0]), MatchingRule(only={"abc_class": ["A"]}), "no column abc_class"),
        (skus([1.0, 2.0]), MatchingRule(keep_suppliers_together=True), "no column supplier_id"),
        (company(), MatchingRule(exact=("supplier_id",), keep_suppliers_together=True), "drop one"),
        (skus([1.0, np.inf]), MatchingRule(), "log_value of s01 is infinite"),
        (skus([1.0, 2.0]), MatchingRule(pairs=0), "pairs is 0"),
    ],
)
def test_what_cannot_be_matched_is_said(units: pd.DataFrame, rule: MatchingRule, says: str) -> None:
    with pytest.raises(DataError, match=says):
        matched_groups(units, rule, seed=0)


@pytest.mark.parametrize("count", [0, 1])
@pytest.mark.parametrize("together", [False, True])
def test_nobody_and_one_have_no_pairs(count: int, together: bool) -> None:
    rule = MatchingRule(keep_suppliers_together=together)
    found = matched_groups(company().iloc[:count], rule, seed=0)
    assert found.groups.empty
    assert list(found.groups.columns) == ["unit", "supplier_id", "pair", "group", "distance"]
    assert len(found.left_out) == count
