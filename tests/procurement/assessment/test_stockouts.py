"""Stockouts and lost sales of small companies, by hand."""

import numpy as np
import pandas as pd
import pytest

from features.demand.censoring import impute_censored
from procurement.assessment.stockouts import lost_units, neighbours_in_stock, stockouts, stockouts_by_sku

YEAR = 365 / 364
ITEMS = pd.DataFrame({"unique_id": ["a", "b"], "unit_cost": 2.0, "unit_price": 5.0})


def out(demand: pd.DataFrame, unique_id: str, weeks: list[int], y: float = 0.0) -> pd.DataFrame:
    """The demand with weeks of a SKU out of stock, in which `y` was sold."""
    demand = demand.assign(in_stock=True, y=demand["y"].astype(float))
    rows = demand.index[demand["unique_id"] == unique_id][weeks]
    demand.loc[rows, "in_stock"], demand.loc[rows, "y"] = False, y
    return demand


def test_a_stockout_without_a_sale_loses_what_its_neighbours_sold(facts_of, weekly) -> None:
    facts = facts_of(demand=out(weekly(a=10, b=4), "a", [20, 21, 22]), items=ITEMS)
    finding = stockouts(facts)
    assert finding.value("out_share").middle == pytest.approx(3 / 104)
    assert finding.value("lost_units").middle == pytest.approx(30 * YEAR)
    assert finding.value("lost_money").middle == pytest.approx(30 * 3 * YEAR)
    sold = (49 * 10 + 52 * 4) * YEAR
    assert finding.value("lost_share").middle == pytest.approx(30 * YEAR / (30 * YEAR + sold))
    row = finding.tables["by_sku"].iloc[0]
    assert (len(finding.tables["by_sku"]), row["unique_id"], row["periods"], row["periods_out"]) == (
        1,
        "a",
        52,
        3,
    )


def test_a_stockout_with_sales_loses_the_imputation_beyond_them(facts_of, weekly) -> None:
    y = np.random.default_rng(3).poisson(10, 52).astype(float)
    demand = out(weekly(a=y), "a", [30], y=8.0)
    facts = facts_of(demand=demand, items=ITEMS.head(1))
    sold = np.where(np.arange(52) == 30, 8.0, y)[None]
    asked = impute_censored(sold, np.arange(52)[None] != 30, 52)[0, 30]
    assert asked > 10
    assert stockouts(facts).value("lost_units").middle == pytest.approx((asked - 8) * YEAR)


def test_shortage_cost_goes_before_the_margin(facts_of, weekly) -> None:
    facts = facts_of(demand=out(weekly(a=10, b=4), "a", [20]), items=ITEMS.assign(shortage_cost=7.0))
    assert stockouts(facts).value("lost_money").middle == pytest.approx(10 * 7 * YEAR)


def test_without_prices_units_are_lost_and_no_money_is_named(facts_of, weekly) -> None:
    finding = stockouts(facts_of(demand=out(weekly(a=10), "a", [20])))
    assert finding.value("lost_units").middle == pytest.approx(10 * YEAR)
    assert not finding.value("lost_money").known
    assert any("1 SKUs with lost sales have neither" in note for note in finding.notes)


def test_without_flags_it_says_what_to_give(facts_of, weekly) -> None:
    finding = stockouts(facts_of(demand=weekly(a=10)))
    assert finding.figures == ()
    assert "in_stock" in finding.missing


def test_flags_without_any_stockout_are_no_loss(facts_of, weekly) -> None:
    finding = stockouts(facts_of(demand=weekly(a=10).assign(in_stock=True), items=ITEMS.head(1)))
    assert finding.value("out_share").middle == 0
    assert finding.value("lost_money").middle == 0


def test_weeks_before_a_skus_first_row_do_not_count(facts_of, weekly) -> None:
    demand = out(weekly(a=10, b=[4] * 10), "b", [5])
    by_sku, _ = stockouts_by_sku(facts_of(demand=demand))
    assert by_sku.set_index("unique_id")["periods"].to_dict() == {"a": 52, "b": 10}


def test_neighbours_are_four_weeks_on_either_side_in_stock(facts_of, weekly) -> None:
    y = np.arange(52.0)
    panel = facts_of(demand=out(weekly(a=y), "a", [20])).panel
    near = neighbours_in_stock(panel)[0]
    assert near[20] == pytest.approx(np.mean([16, 17, 18, 19, 21, 22, 23, 24]))
    assert near[0] == pytest.approx(np.mean([0, 1, 2, 3, 4]))


def test_out_of_stock_for_longer_the_mean_of_the_year_stands_in(facts_of, weekly) -> None:
    panel = facts_of(demand=out(weekly(a=10), "a", list(range(10, 30)))).panel
    assert neighbours_in_stock(panel)[0, 20] == 10


def test_nothing_is_lost_in_stock_nor_where_more_was_sold_than_asked() -> None:
    asked, sold = np.array([[9.0, 9.0, 9.0, np.nan]]), np.array([[4.0, 4.0, 12.0, 4.0]])
    out_of_stock = np.array([[True, False, True, True]])
    assert lost_units(asked, sold, out_of_stock).tolist() == [[5, 0, 0, 0]]
