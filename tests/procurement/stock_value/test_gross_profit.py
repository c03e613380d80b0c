"""Gross profit: revenue less cost of goods sold, the methods side by side, and totals that are plain sums."""

import numpy as np
import pandas as pd
import pytest

from features.contract.tables import DataError
from procurement.stock_value.cost_layers import METHODS, cost_layers
from procurement.stock_value.gross_profit import (
    gross_profit_by_group,
    gross_profit_by_period,
    gross_profit_by_sku,
    gross_profit_total,
)

DAY = pd.Timestamp
ROWS = [
    # bought at 10, then at 12; 15 sold at 20 in January, 3 at 25 in February
    ("a", "2024-01-01", 10, 10, None),
    ("a", "2024-01-10", 10, 12, None),
    ("a", "2024-01-20", -15, None, 20),
    ("a", "2024-02-20", -3, None, 25),
    ("b", "2024-01-01", 8, 5, None),
    ("b", "2024-02-10", -4, None, 4),
    ("c", "2024-01-01", 8, 5, None),
    ("c", "2024-02-10", -4, None, None),
    ("d", "2024-02-10", 1, 5, None),
]


@pytest.fixture
def movements() -> pd.DataFrame:
    frame = pd.DataFrame(ROWS, columns=["unique_id", "at", "quantity", "unit_cost", "unit_price"])
    return frame.astype({"at": "datetime64[ns]", "quantity": float, "unit_cost": float, "unit_price": float})


def test_profit_is_revenue_less_cost_by_each_method(movements) -> None:
    table = gross_profit_by_sku(cost_layers(movements), movements).set_index("unique_id")
    a = table.loc["a"]
    # revenue 15·20 + 3·25 = 375; FIFO 10·10 + 5·12 + 3·12 = 196; LIFO 10·12 + 5·10 + 3·10 = 200; average 18·11 = 198
    assert (a["units_sold"], a["revenue"]) == (18, 375)
    assert [a[f"cogs_{method}"] for method in METHODS] == pytest.approx([196, 200, 198])
    assert [a[f"gross_profit_{method}"] for method in METHODS] == pytest.approx([179, 175, 177])
    assert a["margin_fifo"] == pytest.approx(179 / 375)
    assert table.loc["b", "gross_profit_lifo"] == 4 * 4 - 4 * 5


def test_a_sale_without_a_price_is_unknown_and_no_sale_has_no_margin(movements) -> None:
    table = gross_profit_by_sku(cost_layers(movements), movements).set_index("unique_id")
    assert np.isnan(table.loc["c", ["revenue", "gross_profit_fifo", "margin_fifo"]].to_numpy(float)).all()
    assert table.loc["c", "cogs_fifo"] == 20
    assert table.loc["d", ["units_sold", "revenue", "gross_profit_fifo"]].tolist() == [0, 0, 0]
    assert np.isnan(table.loc["d", "margin_fifo"])


def test_groups_are_the_sums_of_their_skus_and_name_those_left_out(movements) -> None:
    by_sku = gross_profit_by_sku(cost_layers(movements), movements)
    group = pd.Series({"a": "dry", "c": "dry", "d": None})
    table = gross_profit_by_group(by_sku, group).set_index("group")
    assert table.index.tolist() == ["", "dry"]
    assert table["skus"].tolist() == [2, 2]
    assert table["skus_unknown"].tolist() == [0, 1]
    assert table["revenue"].tolist() == [16, 375]
    assert table["cogs_lifo"].tolist() == [20, 200]
    assert table["gross_profit_lifo"].tolist() == [-4, 175]
    total = gross_profit_total(by_sku).iloc[0]
    assert total["revenue"] == table["revenue"].sum() == 391
    assert total["gross_profit_average"] == pytest.approx(table["gross_profit_average"].sum())
    assert total["margin_lifo"] == pytest.approx(171 / 391)


def test_months_add_up_to_the_total(movements) -> None:
    costed = cost_layers(movements)
    table = gross_profit_by_period(costed, movements)
    assert table["period_start"].tolist() == [DAY("2024-01-01"), DAY("2024-02-01")]
    assert table["units_sold"].tolist() == [15, 7]
    assert table["revenue"].tolist() == [300, 75 + 16]
    assert table["cogs_fifo"].tolist() == [160, 36 + 20]
    assert table["gross_profit_lifo"].tolist() == [300 - 170, 91 - 50]
    total = gross_profit_total(gross_profit_by_sku(costed, movements)).iloc[0]
    for name in ("units_sold", "revenue", "cogs_fifo", "cogs_lifo", "cogs_average"):
        assert table[name].sum() == pytest.approx(total[name])


def test_sales_outside_the_boundaries_are_in_no_period(movements) -> None:
    costed = cost_layers(movements, periods=[DAY("2024-01-20"), DAY("2024-02-20")])
    table = gross_profit_by_period(costed, movements)
    assert table["revenue"].tolist() == [300 + 16]
    assert table["units_sold"].tolist() == [19]


def test_what_goes_back_or_is_written_off_brings_no_revenue(movements) -> None:
    movements = movements.assign(kind=None)
    movements.loc[3, "kind"] = "write_off"
    table = gross_profit_by_sku(cost_layers(movements), movements).set_index("unique_id")
    assert table.loc["a", ["units_sold", "revenue", "cogs_fifo"]].tolist() == [15, 300, 160]


def test_no_movements_have_no_profit(movements) -> None:
    nothing = movements[:0]
    costed = cost_layers(nothing)
    assert gross_profit_by_sku(costed, nothing).empty
    assert gross_profit_by_period(costed, nothing).empty
    assert gross_profit_total(gross_profit_by_sku(costed, nothing)).empty


def test_movements_that_were_not_costed_are_refused(movements) -> None:
    costed = cost_layers(movements)
    with pytest.raises(DataError, match="movements: z was not costed"):
        gross_profit_by_sku(costed, movements.assign(unique_id="z"))
    with pytest.raises(DataError, match="no column 'unit_price'"):
        gross_profit_by_sku(costed, movements.drop(columns="unit_price"))
    with pytest.raises(DataError, match="at least one"):
        gross_profit_by_sku({}, movements)
