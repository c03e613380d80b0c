"""Carrying cost by its parts: shares of the value, in the proportion of the rates where a SKU has its own."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from configs.errors import PlanningError
from procurement.stock_value.carrying_cost import (
    PARTS,
    CarryingRates,
    carrying_cost,
    carrying_cost_by_group,
    carrying_cost_total,
)

RATES = CarryingRates(capital=0.10, storage=0.06, shrinkage=0.02, obsolescence=0.04)
VALUE = pd.Series({"a": 1_000.0, "b": 500.0, "c": np.nan, "d": 0.0})


def test_the_parts_sum_up_to_the_cost_of_the_value() -> None:
    assert RATES.total == pytest.approx(0.22)
    row = carrying_cost(VALUE, RATES).iloc[0]
    assert row[[*PARTS, "carrying_cost"]].tolist() == pytest.approx([100, 60, 20, 40, 220])


def test_a_skus_own_rate_is_the_sum_and_the_parts_keep_their_proportion() -> None:
    own = pd.Series({"b": 0.11, "a": np.nan})
    table = carrying_cost(VALUE, RATES, own).set_index("unique_id")
    assert table["rate"].tolist() == pytest.approx([0.22, 0.11, 0.22, 0.22])
    assert table.loc["b", [*PARTS, "carrying_cost"]].tolist() == pytest.approx([25, 15, 5, 10, 55])
    assert table.loc["a", "carrying_cost"] == pytest.approx(220)
    assert table.loc["c", [*PARTS, "carrying_cost"]].isna().all()
    assert table.loc["d", "carrying_cost"] == 0


def test_groups_and_total_are_sums_and_name_what_is_unknown() -> None:
    by_sku = carrying_cost(VALUE, RATES, pd.Series({"b": 0.11}))
    table = carrying_cost_by_group(by_sku, pd.Series({"a": "dry", "b": "dry"})).set_index("group")
    assert table.loc["dry", ["skus", "skus_unknown", "value", "carrying_cost"]].tolist() == pytest.approx(
        [2, 0, 1_500, 275]
    )
    assert table.loc["dry", "rate"] == pytest.approx(275 / 1_500)
    assert table.loc["", ["skus", "skus_unknown", "value", "carrying_cost"]].tolist() == [2, 1, 0, 0]
    assert np.isnan(table.loc["", "rate"])
    total = carrying_cost_total(by_sku).iloc[0]
    assert total[list(PARTS)].sum() == pytest.approx(total["carrying_cost"])
    assert total["carrying_cost"] == pytest.approx(table["carrying_cost"].sum())
    assert total["skus_unknown"] == 1


def test_no_stock_costs_nothing() -> None:
    table = carrying_cost(VALUE[:0], RATES)
    assert table.empty
    assert carrying_cost_total(table).empty


@pytest.mark.parametrize("rates", [{"capital": -0.1}, {"storage": np.nan}, dict.fromkeys(PARTS, 0.0)])
def test_rates_that_cannot_be_are_refused(rates) -> None:
    with pytest.raises(PlanningError, match="carrying rates"):
        replace(RATES, **rates)


def test_a_negative_rate_of_a_sku_is_refused() -> None:
    with pytest.raises(PlanningError, match=r"items b: holding_cost_rate is -0\.1"):
        carrying_cost(VALUE, RATES, pd.Series({"b": -0.1}))
