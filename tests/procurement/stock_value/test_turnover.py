"""Stock turnover and days of cover: by hand, and parts that add up to the whole."""

import numpy as np
import pandas as pd
import pytest

from features.contract.tables import DataError
from procurement.stock_value.cost_layers import cost_layers
from procurement.stock_value.turnover import (
    site_parts,
    turnover_by_part,
    turnover_by_sku,
    turnover_total,
    whole_skus,
    year_boundaries,
)

DAY = pd.Timestamp
AS_OF = DAY("2023-12-31")


def moves(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["unique_id", "at", "quantity", "unit_cost"])
    return frame.astype({"at": "datetime64[ns]", "quantity": float, "unit_cost": float})


def opening(**quantity: float) -> pd.DataFrame:
    ids = list(quantity)
    return pd.DataFrame({"unique_id": ids, "quantity": [*quantity.values()], "unit_cost": [2.0] * len(ids)})


@pytest.fixture
def by_sku() -> pd.DataFrame:
    """SKU a: 30 units at 2, 20 sold in the middle; b: 5 units at 2, none sold; c: nothing known of its cost."""
    movements = moves(("a", "2023-07-02", -20, None), ("c", "2023-02-01", 3, None))
    periods = [DAY("2023-01-01"), DAY("2023-07-02"), DAY("2024-01-01")]
    costed = cost_layers(movements, opening(a=30, b=5), periods=periods, methods=["fifo"])["fifo"]
    return turnover_by_sku(costed, pd.Series({"a": 0.5, "b": 0.0}))


def test_turnover_is_cost_of_goods_sold_per_average_value(by_sku: pd.DataFrame) -> None:
    a = by_sku.iloc[0]
    # 60 until the end of the first 182 days, 20 at the end of 183 days with a straight line between: (60·182 + 40·183)/365
    assert a["cogs_year"] == 40
    assert a["average_value"] == pytest.approx((60 * 182 + 40 * 183) / 365)
    assert a["turnover"] == pytest.approx(40 / a["average_value"])
    assert (a["units"], a["value"], a["days_of_cover"], a["daily_cost"]) == (10, 20, 20, 1)


def test_stock_without_demand_has_no_days_of_cover_but_its_units(by_sku: pd.DataFrame) -> None:
    b = by_sku.iloc[1]
    assert np.isnan(b["days_of_cover"])
    assert (b["units_without_demand"], b["value_without_demand"], b["turnover"]) == (5, 10, 0)
    assert by_sku["units_without_demand"].tolist() == [0, 5, 3]


def test_a_sku_without_stock_is_covered_for_no_day() -> None:
    costed = cost_layers(
        moves(("a", "2023-05-01", -4, None)), opening(a=4), periods=year_boundaries(AS_OF), methods=["lifo"]
    )["lifo"]
    row = turnover_by_sku(costed, pd.Series({"a": 3.0})).iloc[0]
    assert (row["days_of_cover"], row["daily_cost"], row["value"]) == (0, 6, 0)


def test_the_year_is_365_days_with_the_months_between() -> None:
    year = year_boundaries(AS_OF)
    assert year[0] == DAY("2023-01-01")
    assert year[-1] == DAY("2024-01-01")
    assert len(year) == 13
    leap = year_boundaries(DAY("2024-03-15 12:00"))
    assert (leap[0], leap[1], leap[-1], len(leap)) == (
        DAY("2023-03-17"),
        DAY("2023-04-01"),
        DAY("2024-03-16"),
        14,
    )
    short = year_boundaries(AS_OF, since=DAY("2023-12-05"))
    assert short.tolist() == [DAY("2023-12-05"), DAY("2024-01-01")]
    assert year_boundaries(AS_OF, since=DAY("2020-01-01")).equals(year)
    assert year_boundaries(AS_OF, since=AS_OF).tolist() == [AS_OF, DAY("2024-01-01")]


def test_less_than_a_year_counts_as_a_year_at_the_same_pace() -> None:
    since = DAY("2023-10-20")  # 73 days, a fifth of a year
    costed = cost_layers(
        moves(("a", "2023-12-31", -6, None)),
        opening(a=10),
        periods=year_boundaries(AS_OF, since),
        methods=["fifo"],
    )["fifo"]
    assert turnover_by_sku(costed, pd.Series({"a": 1.0}))["cogs_year"].tolist() == pytest.approx([5 * 12])


def test_parts_are_sums_of_their_skus_and_add_up_to_the_total(by_sku: pd.DataFrame) -> None:
    table = turnover_by_part(by_sku, whole_skus(pd.Series({"a": "dry", "c": "dry", "z": "wet"}))).set_index(
        "part"
    )
    assert table.index.tolist() == ["", "dry"]
    assert table["skus"].tolist() == [1, 2]
    assert table["skus_unknown"].tolist() == [0, 1]
    assert table["value"].tolist() == [10, 20]
    assert table["units"].tolist() == [5, 10]
    assert table["turnover"].tolist() == pytest.approx([0, by_sku["turnover"][0]])
    assert np.isnan(table["days_of_cover"].iloc[0])
    assert table["days_of_cover"].iloc[1] == 20
    total = turnover_total(by_sku).iloc[0]
    for name in (
        "skus",
        "skus_unknown",
        "units",
        "value",
        "cogs_year",
        "average_value",
        "value_without_demand",
    ):
        assert total[name] == pytest.approx(table[name].sum())
    assert total["days_of_cover"] == 30 / 1
    assert total["turnover"] == pytest.approx(total["cogs_year"] / total["average_value"])


def test_sites_share_a_sku_by_the_value_of_its_lots(by_sku: pd.DataFrame) -> None:
    layers = pd.DataFrame(
        {
            "unique_id": ["a", "a", "b", "a"],
            "site": ["north", "south", None, "north"],
            "quantity": [4.0, 2.0, 5.0, 4.0],
            "unit_cost": [1.0, 6.0, 2.0, 1.0],
        }
    )
    parts = site_parts(layers).set_index(["unique_id", "part"])
    assert parts.loc[("a", "north")].tolist() == pytest.approx([8 / 10, 8 / 20])
    assert parts.loc[("a", "south")].tolist() == pytest.approx([2 / 10, 12 / 20])
    assert parts.loc[("b", "")].tolist() == [1, 1]
    table = turnover_by_part(by_sku, parts.reset_index()).set_index("part")
    assert table["value"].to_dict() == pytest.approx({"": 10, "north": 8, "south": 12})
    assert table["units"].to_dict() == pytest.approx({"": 5, "north": 8, "south": 2})
    assert table["cogs_year"].to_dict() == pytest.approx({"": 0, "north": 16, "south": 24})
    assert table["skus"].sum() == 4  # a at two sites, b and c at none


def test_sites_of_unknown_cost_share_by_units() -> None:
    layers = pd.DataFrame(
        {"unique_id": "a", "site": ["n", "s"], "quantity": [3.0, 1.0], "unit_cost": [np.nan, 2.0]},
        index=[4, 4],
    )
    assert site_parts(layers)["value_share"].tolist() == [0.75, 0.25]
    assert site_parts(layers[:0]).empty


def test_nothing_at_all_has_no_turnover() -> None:
    costed = cost_layers(moves(), periods=year_boundaries(AS_OF), methods=["fifo"])["fifo"]
    table = turnover_by_sku(costed, pd.Series(dtype=float))
    assert table.empty
    assert turnover_total(table).empty


def test_stock_costed_without_periods_is_refused() -> None:
    with pytest.raises(DataError, match="year_boundaries"):
        turnover_by_sku(cost_layers(moves(), opening(a=1))["fifo"], pd.Series({"a": 1.0}))
