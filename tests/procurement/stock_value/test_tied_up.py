"""What safety stock, cycle stock, excess and pipeline tie up, and what of the stock on hand they do not explain."""

import numpy as np
import pandas as pd
import pytest

from features.contract.tables import DataError
from procurement.stock_value.tied_up import TIED_UP, tied_up, tied_up_total, typical_order_quantity

DAY = pd.Timestamp


@pytest.fixture
def plan() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unique_id": ["a", "b", "c"],
            "on_hand": [100.0, 10.0, np.nan],
            "safety_stock": [20.0, -5.0, np.nan],
            "reorder_point": [50.0, 8.0, np.nan],
            "order_up_to": [80.0, 18.0, np.nan],
            "order_quantity": [0.0, 12.0, np.nan],
        }
    )


@pytest.fixture
def excess() -> pd.DataFrame:
    return pd.DataFrame({"unique_id": ["a", "a"], "status": ["aged", "excess"], "most_needed": [85.0, 85.0]})


@pytest.fixture
def flow() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unique_id": ["a", "b"],
            "daily_demand": [3.0, 0.5],
            "lead_time_days": [14.0, 10.0],
            "order_quantity": [40.0, np.nan],
        }
    )


def test_each_part_has_its_units_and_their_value(plan, excess, flow) -> None:
    row = tied_up(plan, excess, pd.Series({"a": 2.0, "b": 3.0}), flow).iloc[0]
    # safety 20, cycle 40/2, excess 100 − 85, pipeline 3·14; 100 − 20 − 20 − 15 = 45 lie between the mean and the most
    assert [row[f"{part}_units"] for part in TIED_UP] == [20, 20, 15, 42]
    assert [row[f"{part}_value"] for part in TIED_UP] == [40, 40, 30, 84]
    assert (row["unexplained_units"], row["unexplained_value"]) == (45, 90)


def test_without_a_typical_order_it_is_the_larger_of_the_levels_gap_and_todays(plan, excess, flow) -> None:
    table = tied_up(plan, excess, pd.Series({"a": 2.0, "b": 3.0}), flow.assign(order_quantity=np.nan))
    assert table["cycle_units"].tolist()[:2] == [(80 - 50) / 2, 12 / 2]


def test_a_negative_safety_stock_ties_nothing_up_and_less_than_the_policy_holds_is_negative(
    plan, excess, flow
) -> None:
    row = tied_up(plan.assign(on_hand=[100.0, 2.0, 0.0]), excess, pd.Series({"b": 3.0}), flow).iloc[1]
    assert (row["safety_units"], row["excess_units"], row["unexplained_units"]) == (0, 0, 2 - 6)
    assert row["unexplained_value"] == -12


def test_what_is_not_known_is_empty_and_counted(plan, excess, flow) -> None:
    table = tied_up(plan, excess, pd.Series({"a": 2.0}), flow)
    unknown = table.iloc[2]
    assert unknown[[f"{part}_units" for part in (*TIED_UP, "unexplained")]].isna().all()
    total = tied_up_total(table).set_index("part")
    assert total["value"].to_dict() == {
        "safety": 40,
        "cycle": 40,
        "excess": 30,
        "pipeline": 84,
        "unexplained": 90,
    }
    assert total["skus_unknown"].tolist() == [2] * 5


def test_no_plan_ties_nothing_up(plan, excess, flow) -> None:
    table = tied_up(plan[:0], excess[:0], pd.Series(dtype=float), flow[:0])
    assert table.empty
    assert tied_up_total(table)["value"].sum() == 0


def test_a_missing_column_is_named(plan, excess, flow) -> None:
    with pytest.raises(DataError, match="flow has no column 'lead_time_days'"):
        tied_up(plan, excess, pd.Series({"a": 2.0}), flow.drop(columns="lead_time_days"))


def test_the_typical_order_is_the_median_line_of_the_last_year() -> None:
    orders = pd.DataFrame(
        {
            "unique_id": ["a", "a", "a", "a", "a", "b"],
            "ordered_at": [DAY(day) for day in
                           ("2023-01-01", "2023-01-02", "2023-06-01", "2023-12-31", "2024-01-02", "2023-06-01")],
            "quantity_ordered": [900.0, 10.0, 20.0, 60.0, 900.0, 7.0],
        }
    )  # fmt: skip
    assert typical_order_quantity(orders, DAY("2024-01-01")).to_dict() == {"a": 20, "b": 7}
