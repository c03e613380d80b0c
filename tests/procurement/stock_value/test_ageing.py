"""Age of stock by class, and lots that will not have sold by their expiry."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.contract.tables import DataError
from procurement.stock_value.ageing import AGE_CLASSES, age_of_stock, age_totals, near_expiry

AS_OF = pd.Timestamp("2024-06-30")


def lots_of(rows: list[tuple], columns: list[str]) -> pd.DataFrame:
    """Lots by the given columns; `age` and `left` are days before and after the as-of day, None for unknown."""
    frame = pd.DataFrame(rows, columns=columns)
    for name, column, sign in (("age", "received_at", -1), ("left", "expires_at", 1)):
        days = frame[name].astype(float) if name in frame else np.nan
        frame[column] = AS_OF + pd.to_timedelta(pd.Series(days, index=frame.index) * sign, unit="D")
    for name, default in (("unique_id", "a"), ("lot_id", None), ("site", None), ("unit_cost", 2.0)):
        frame[name] = frame.get(name, default)
    return frame.astype({"quantity": float, "unit_cost": float})


@pytest.mark.parametrize(
    ("age", "named"),
    [
        (0, "0_30"), (30, "0_30"), (31, "31_60"), (60, "31_60"), (61, "61_90"), (90, "61_90"), (91, "91_180"),
        (180, "91_180"), (181, "181_365"), (365, "181_365"), (366, "over_365"), (None, "unknown"),
    ],
)  # fmt: skip
def test_both_ends_of_a_class_are_in_it(age, named) -> None:
    row = age_of_stock(lots_of([(age, 5)], ["age", "quantity"]), AS_OF).iloc[0]
    assert {each for each in AGE_CLASSES if row[f"units_{each}"] > 0} == {named}
    assert (row[f"units_{named}"], row[f"value_{named}"], row["value"]) == (5, 10, 10)


def test_the_hour_of_a_receipt_does_not_make_it_a_day_older() -> None:
    lots = lots_of([(30, 5)], ["age", "quantity"])
    lots["received_at"] += pd.Timedelta(hours=23)
    assert age_of_stock(lots, AS_OF + pd.Timedelta(hours=1))["units_0_30"].tolist() == [5]


def test_classes_of_a_sku_add_up_and_ages_are_those_of_its_units() -> None:
    lots = lots_of(
        [("b", 400, 1, 7), ("a", 10, 6, 1), ("a", 40, 2, 4), ("a", None, 3, 2), ("a", 9, 0, 5)],
        ["unique_id", "age", "quantity", "unit_cost"],
    )
    table = age_of_stock(lots, AS_OF)
    assert table["unique_id"].tolist() == ["a", "b"]
    assert table["units"].tolist() == [11, 1]
    assert table["value"].tolist() == [6 + 8 + 6, 7]
    assert table["mean_age_days"].tolist() == [(6 * 10 + 2 * 40) / 8, 400]
    assert table["oldest_days"].tolist() == [40, 400]
    for name in ("units", "value"):
        assert table[[f"{name}_{each}" for each in AGE_CLASSES]].sum(axis=1).tolist() == table[name].tolist()
    totals = age_totals(table).set_index("age_class")
    assert totals["value"].tolist() == [6, 8, 0, 0, 0, 7, 6]
    assert totals["skus"].tolist() == [1, 1, 0, 0, 0, 1, 1]
    assert totals["share"].tolist() == pytest.approx([6 / 27, 8 / 27, 0, 0, 0, 7 / 27, 6 / 27])


def test_a_lot_of_unknown_cost_makes_its_class_unknown_and_is_not_in_the_totals() -> None:
    lots = lots_of([(10, 6, np.nan), (40, 2, 4)], ["age", "quantity", "unit_cost"])
    table = age_of_stock(lots, AS_OF)
    assert table["value"].isna().all()
    assert table["units_0_30"].tolist() == [6]
    assert table["value_0_30"].isna().all()
    assert age_totals(table)["value"].sum() == 8


def test_stock_from_after_the_day_is_refused() -> None:
    with pytest.raises(DataError, match="stock of a was received on 2024-07-01, after 2024-06-30"):
        age_of_stock(lots_of([(-1, 5)], ["age", "quantity"]), AS_OF)


def test_no_lots_have_no_age_and_do_not_expire() -> None:
    lots = lots_of([(1, 5)], ["age", "quantity"])[:0]
    assert age_of_stock(lots, AS_OF).empty
    assert age_totals(age_of_stock(lots, AS_OF))["value"].sum() == 0
    assert near_expiry(lots, pd.Series({"a": 1.0}), AS_OF).empty


def test_a_lot_that_just_sells_on_its_last_day_is_not_listed() -> None:
    lots = lots_of([(10, 100)], ["left", "quantity"])
    assert near_expiry(lots, pd.Series({"a": 10.0}), AS_OF).empty
    row = near_expiry(lots, pd.Series({"a": 9.5}), AS_OF).iloc[0]
    assert (row["status"], row["unsold_units"], row["unsold_value"], row["days_left"]) == (
        "will_expire",
        5,
        10,
        10,
    )
    assert row["expires_at"] == AS_OF + pd.Timedelta(days=10)


def test_lots_are_sold_in_the_order_in_which_they_expire() -> None:
    # 5 a day: L1 (40, 6 days) sells 30, 10 are left; L2 (20, 8 days) sells 10 in the 2 days since, 10 are left;
    # L3 (10, 12 days) sells in 2 of 4 days; L4 (50, 14 days) sells 20 in the 4 days that remain, 30 are left
    lots = lots_of(
        [("L4", 14, 50), ("L1", 6, 40), ("L3", 12, 10), ("L2", 8, 20), ("L5", None, 900)],
        ["lot_id", "left", "quantity"],
    )
    table = near_expiry(lots, pd.Series({"a": 5.0, "b": 1.0}), AS_OF)
    assert table["lot_id"].tolist() == ["L1", "L2", "L4"]
    assert table["unsold_units"].tolist() == [10, 10, 30]
    assert table["unsold_value"].tolist() == [20, 20, 60]


@pytest.mark.parametrize(("left", "status"), [(-3, "expired"), (0, "expired"), (1, "will_expire")])
def test_an_expired_lot_sells_nothing_and_keeps_nobody_waiting(left, status) -> None:
    lots = lots_of([("L1", left, 40), ("L2", 4, 45)], ["lot_id", "left", "quantity"])
    table = near_expiry(lots, pd.Series({"a": 10.0}), AS_OF).set_index("lot_id")
    assert table.loc["L1", "status"] == status
    # with a day left L1 sells 10 of its 40, and L2 30 in the 3 days after; else L2 sells 40 in 4 days
    assert table["unsold_units"].to_dict() == ({"L1": 30, "L2": 15} if left == 1 else {"L1": 40, "L2": 5})
    assert table.loc["L1", "days_left"] == left


def test_a_sku_without_demand_sells_nothing() -> None:
    lots = lots_of([("a", 10, 4), ("b", 20, 3)], ["unique_id", "left", "quantity"])
    assert near_expiry(lots, pd.Series({"b": 0.0}), AS_OF)["unsold_units"].tolist() == [4, 3]


LOTS = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(-3, 20), st.integers(1, 40), st.integers(1, 3)),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=50)
@given(LOTS, st.integers(0, 8))
def test_the_walk_is_that_of_a_shelf_played_day_by_day(rows, demand) -> None:
    lots = lots_of(
        [(f"L{k}", *row) for k, row in enumerate(rows)], ["lot_id", "unique_id", "left", "quantity", "age"]
    )
    left = {f"L{k}": float(row[2]) for k, row in enumerate(rows)}
    for sku in "ab":
        queue = sorted((row[1], -row[3], f"L{k}") for k, row in enumerate(rows) if row[0] == sku)
        for day in range(20):
            wanted = float(demand)
            for expires, _, name in queue:
                if expires > day:
                    taken = min(wanted, left[name])
                    left[name] -= taken
                    wanted -= taken
    table = near_expiry(lots[::-1], pd.Series({"a": float(demand), "b": float(demand)}), AS_OF)
    found = table.groupby("lot_id")["unsold_units"].sum().to_dict()
    assert found == pytest.approx({name: units for name, units in left.items() if units > 0})
