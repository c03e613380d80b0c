import numpy as np
import pandas as pd
import pytest
from purchases import company, day, order, table

from planning.played_ahead.spend_ahead import SpendAhead
from procurement.spend.spend_lines import spend_lines
from procurement.spend.spend_outlook import budget_outlook, skus_ahead, spend_by_month

AS_OF = pd.Timestamp("2024-03-16")
MONTHS = np.array(["2024-03-16", "2024-04-01", "2024-05-01"], "datetime64[D]")


def ahead(spent, common_error=0.0):
    """Money (k, 3 months, M) of the SKUs a, b, … of supplier s."""
    spent = np.asarray(spent, np.float32)
    k = len(spent)
    return SpendAhead(
        rows=np.arange(k),
        unique_ids=np.array(list("abcdef"[:k]), object),
        supplier_ids=np.array(["s"] * k, object),
        months=MONTHS,
        spent=spent,
        common_error=common_error,
    )


def tables(budgets):
    orders = [
        order("1", "02-10", 10, 1.0),
        order("2", "03-10", 30, 1.0),
        order("3", "03-11", 5, 1.0, unique_id="b"),
    ]
    items = [
        {"unique_id": "a", "category": "x", "department": "d"},
        {"unique_id": "b", "category": "y", "department": "e"},
    ]
    return company(orders, items=items, budgets=budgets)


def outlook(budgets, spent, **more):
    built = tables(budgets)
    lines = spend_lines(built, AS_OF)
    played = ahead(spent, **more)
    return budget_outlook(built.budgets, lines, played, skus_ahead(played, lines, built.items, AS_OF), AS_OF)


TEN = [[[10.0] * 8, [20.0] * 8, [40.0] * 8], [[1.0] * 8, [2.0] * 8, [4.0] * 8]]


@pytest.mark.parametrize(
    ("budget", "spent", "projected"),
    [
        ({"period": "2024-03", "amount": 100}, 35.0, 46.0),  # 10 + 1 in the rest of March
        ({"period": "2024-03", "amount": 100, "category": "x"}, 30.0, 40.0),
        ({"period": "2024-03", "amount": 100, "department": "e"}, 5.0, 6.0),
        ({"period": "2024-03", "amount": 100, "supplier_id": "t"}, 0.0, 0.0),
        ({"period": "2024-02", "amount": 100}, 10.0, 10.0),
        ({"period": "2024-04", "amount": 100}, 0.0, 22.0),
    ],
)
def test_projected_is_what_was_spent_and_what_is_to_come_of_the_scope(budget, spent, projected):
    row = outlook([budget], TEN).iloc[0]
    assert (row["spent"], row["projected"]) == (pytest.approx(spent), pytest.approx(projected))
    assert row["over_chance"] == float(projected > 100)
    assert row["over_by"] == pytest.approx(max(projected - 100, 0.0))


def test_a_week_takes_its_share_of_the_days_of_a_month():
    row = outlook([{"period": "2024-W14", "amount": 10}], TEN).iloc[0]  # 1 … 7 April
    assert row["projected"] == pytest.approx(22.0 * 7 / 30)


def test_chance_and_range_are_those_of_the_scenarios():
    spent = [[[float(n) for n in range(8)], [0.0] * 8, [0.0] * 8]]
    row = outlook([{"period": "2024-03", "amount": 39.5, "category": "x"}], spent).iloc[0]
    assert row["over_chance"] == 0.0
    row = outlook([{"period": "2024-03", "amount": 34.5, "category": "x"}], spent).iloc[0]
    assert row["over_chance"] == pytest.approx(3 / 8)  # 30 + 5, 6, 7
    assert row["projected_low"] < row["projected"] < row["projected_high"]


def test_what_all_forecasts_miss_alike_widens_the_sum():
    alone = ahead(TEN).total()
    alike = ahead(TEN, common_error=0.3).total()
    assert alone.std(axis=1).max() == 0.0
    assert alike.std(axis=1).min() > 0.0
    np.testing.assert_allclose(alike.mean(axis=1), alone.mean(axis=1), rtol=0.1)


def test_the_day_a_budget_is_passed():
    rows = outlook(
        [
            {"period": "2024-03", "amount": 20, "category": "x"},  # passed on the 10th
            {"period": "2024-05", "amount": 22},  # 22 of 44 in the first half of May
            {"period": "2024-05", "amount": 45},
            {"period": "2024-W12", "amount": 1.5},  # 18 … 24 March: 11 of the 16 days left, a share of 7/16
        ],
        TEN,
    ).set_index("amount")
    assert rows["over_on"][20] == day("03-10")
    assert rows["over_on"][22] == day("05-16")
    assert pd.isna(rows["over_on"][45])
    assert day("03-18") <= rows["over_on"][1.5] <= day("03-24")


def test_running_budgets_come_first_by_their_chance():
    budgets = [
        {"period": "2024-01", "amount": 1},
        {"period": "2024-04", "amount": 1},
        {"period": "2024-03", "amount": 100},
        {"period": "2024-03", "amount": 40},
    ]
    table = outlook(budgets, TEN)
    assert table["amount"].tolist() == [40, 100, 1, 1]
    assert table["period"].tolist() == ["2024-03", "2024-03", "2024-04", "2024-01"]
    assert table["state"].tolist() == ["running", "running", "coming", "past"]


def test_months_have_what_was_spent_and_what_is_to_come():
    built = tables(
        [
            {"period": "2024-03", "amount": 70, "department": "d"},
            {"period": "2024-03", "amount": 7, "department": "e"},
        ]
    )
    months = spend_by_month(spend_lines(built, AS_OF), ahead(TEN), built.budgets).set_index("month")
    assert months.index.tolist() == ["2024-02", "2024-03", "2024-04", "2024-05"]
    np.testing.assert_allclose(months["spent"], [10.0, 35.0, np.nan, np.nan])
    np.testing.assert_allclose(months["forecast"], [np.nan, 11.0, 22.0, 44.0])
    np.testing.assert_allclose(months["budget"], [np.nan, 77.0, np.nan, np.nan])
    whole = table(
        "budgets",
        [{"period": "2024/03", "amount": 60}, {"period": "2024-03", "amount": 7, "department": "e"}],
    )
    assert (
        spend_by_month(spend_lines(built, AS_OF), ahead(TEN), whole).set_index("month")["budget"]["2024-03"]
        == 60
    )


def test_a_sku_is_shared_by_those_who_bought_it_in_the_last_year():
    built = company(
        [
            order("1", "02-10", 10, 1.0, department="q"),
            order("2", "02-11", 90, 1.0, department="r"),
            order("0", "2022-02-11", 900, 1.0, department="z"),
        ],
        items=[{"unique_id": "a", "category": "x", "department": "d"}, {"unique_id": "b", "department": "e"}],
    )
    found = skus_ahead(ahead(TEN), spend_lines(built, AS_OF), built.items, AS_OF)
    assert found[["row", "department", "share"]].to_numpy().tolist() == [
        [0, "q", 0.1],
        [0, "r", 0.9],
        [1, "e", 1.0],
    ]
    assert found["category"].tolist()[:2] == ["x", "x"]


def test_what_is_not_played_is_not_projected():
    rows = outlook([{"period": "2024", "amount": 100}, {"period": "2024", "amount": 20}], TEN).set_index(
        "amount"
    )
    assert rows["projected"].isna().all()
    assert pd.isna(rows["over_chance"][100])
    assert rows["over_chance"][20] == 1.0
    assert rows["over_on"][20] == day("03-10")
    assert rows["spent"].tolist() == [45.0, 45.0]
