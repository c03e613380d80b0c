"""Safety stock held against need: the textbook's number, and what is too much and too little by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from procurement.assessment.company_facts import CompanyFacts
from procurement.assessment.safety_stock_held import safety_stock_by_sku, safety_stock_held

DAYS = 60
FIRST = pd.Timestamp("2024-03-01")
CONTINUOUS = {"policy": {"review_period_days": 0}}
NEED = 100.747  # √(6 · 25 + 2500 · 4), of DESIGN.md


@pytest.fixture
def textbook(facts_of, lines):
    """Demand of 50 ± 5 a day, a lead time of 6 ± 2 days, at 2 a unit, `on_hand` units."""

    def make(on_hand: float, options: dict | None = None) -> CompanyFacts:
        step = 5 * np.sqrt((DAYS - 1) / DAYS)
        y = 50 + np.where(np.arange(DAYS) % 2, step, -step)
        demand = pd.DataFrame({"unique_id": "a", "ds": pd.date_range(FIRST, periods=DAYS), "y": y})
        stock = pd.DataFrame(
            {"unique_id": ["a"], "as_of": FIRST + pd.Timedelta(days=DAYS), "on_hand": on_hand}
        )
        return facts_of(
            options or CONTINUOUS,
            demand=demand,
            items=pd.DataFrame({"unique_id": ["a"], "unit_cost": 2.0}),
            purchase_orders=lines([4.0, 8.0] * 4, first="2022-03-07"),
            stock=stock,
        )

    return make


def test_the_need_is_the_textbooks(textbook) -> None:
    facts = textbook(100)
    assert facts.safety_stock(0.90)[0] == pytest.approx(129.113, abs=1e-3)
    assert facts.skus.loc[0, ["lead_time", "lead_time_std"]].tolist() == [6, 2]
    assert facts.skus.loc[0, "lead_time_from"] == "lane"


def test_the_review_period_lengthens_what_is_protected(textbook) -> None:
    facts = textbook(100, {"policy": {"review_period_days": 7}})
    assert facts.safety_stock(0.90)[0] == pytest.approx(ndtri(0.9) * np.sqrt(13 * 25 + 2500 * 4))


def test_what_lies_beyond_half_a_lot_is_held_and_the_rest_of_the_need_is_too_little(textbook) -> None:
    # without orders in the year the lot is a day's demand, half of it 25 units
    finding = safety_stock_held(textbook(100))
    assert finding.value("held").middle == pytest.approx(150)
    for level, name in ((0.90, "90"), (0.95, "95"), (0.98, "98")):
        need = 2 * ndtri(level) * NEED
        assert finding.value(f"need_{name}").middle == pytest.approx(need, rel=1e-5)
        assert finding.value(f"too_little_{name}").middle == pytest.approx(need - 150, rel=1e-5)
        assert finding.value(f"too_much_{name}").middle == 0
    assert finding.tables["too_much"].empty
    assert finding.tables["too_little"]["difference"].tolist() == pytest.approx(
        [150 - 2 * ndtri(0.95) * NEED], rel=1e-5
    )


def test_more_than_the_need_is_too_much(textbook) -> None:
    finding = safety_stock_held(textbook(525))
    assert finding.value("held").middle == pytest.approx(1000)
    assert finding.value("too_much_95").middle == pytest.approx(1000 - 2 * ndtri(0.95) * NEED, rel=1e-5)
    assert finding.value("too_little_98").middle == 0


def test_less_than_half_a_lot_is_no_safety_stock(textbook) -> None:
    assert safety_stock_by_sku(textbook(10))["held"].tolist() == [0]


def test_a_sku_of_few_periods_is_not_judged(facts_of, weekly, lines) -> None:
    facts = facts_of(
        demand=weekly(a=[10] * 7, b=10),
        items=pd.DataFrame({"unique_id": ["a", "b"], "unit_cost": 2.0}),
        purchase_orders=lines([6.0] * 8),
        stock=pd.DataFrame({"unique_id": ["a", "b"], "as_of": "2024-01-01", "on_hand": 5}),
    )
    # a has too few weeks, b neither orders nor a contract
    assert safety_stock_by_sku(facts)["held"].isna().tolist() == [True, False]
    assert "lead_time_days" in safety_stock_held(facts).missing


def test_without_stock_it_says_what_to_give(facts_of, weekly) -> None:
    assert "no stock" in safety_stock_held(facts_of(demand=weekly(a=7))).missing
