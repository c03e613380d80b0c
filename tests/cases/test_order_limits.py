"""What an offer allows is kept: orders are nothing, or at least the MOQ, a multiple and at most the maximum."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from small_company import COUNTED, IDS, SmallCompany


def offer(company: SmallCompany, unique_id: str, **terms: object) -> None:
    """Set terms of the offer of one SKU; the columns that there are none of yet are empty elsewhere."""
    offers = company.tables["offers"]
    for name, value in terms.items():
        if name not in offers:
            offers[name] = None if isinstance(value, str) else np.nan
        offers.loc[offers["unique_id"] == unique_id, name] = value


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"order_multiple": 30, "max_quantity": 20}, "max_quantity is 20.0, below order_multiple 30"),
        ({"moq": 100, "max_quantity": 50}, "max_quantity is 50.0, below moq 100"),
        (
            {"moq": 100, "order_multiple": 60, "max_quantity": 110},
            "no multiple of order_multiple 60 lies from moq 100.0 to max_quantity 110.0: nothing could be ordered",
        ),
    ],
)
def test_an_offer_that_allows_no_quantity_is_refused_by_its_row_and_nothing_is_ordered_through_it(
    small_company: SmallCompany, terms: dict[str, float], sentence: str
) -> None:
    offer(small_company, "A1", **terms)
    assert f"offers.csv row 3: {sentence}" in small_company.check().text
    assert small_company.plan().status == 0
    row = small_company.table().loc["A1"]
    assert row["order_quantity"] == 0
    assert row["reason"].startswith("No order possible from S1: position 30")
    assert "no multiple lies from the offer's MOQ to its maximum" in row["reason"]


def test_an_offer_that_allows_no_quantity_leaves_the_order_to_another(small_company: SmallCompany) -> None:
    offer(small_company, "A3", order_multiple=30, max_quantity=20)
    offers = small_company.tables["offers"]
    offers["lead_time_days"] = np.nan
    other = {"unique_id": "A3", "supplier_id": "S2", "unit_price": 9.0, "order_multiple": 50.0}
    offers.loc[len(offers)] = other | {"lead_time_days": 14.0}
    small_company.plan()
    row = small_company.table().loc["A3"]
    assert (row["supplier_id"], row["order_quantity"]) == ("S2", 50)


def test_offers_that_all_allow_nothing_stop_the_run(small_company: SmallCompany) -> None:
    small_company.tables["offers"] = small_company.tables["offers"].assign(order_multiple=30, max_quantity=20)
    done = small_company.check()
    assert done.status == 1
    assert "6 of 6 rows break a rule" in done.text


def test_without_lots_and_ordering_cost_an_order_ends_at_the_reorder_point(
    small_company: SmallCompany,
) -> None:
    small_company.plan()
    plan = small_company.table()
    assert (plan["order_up_to"] == plan["reorder_point"]).all()
    assert (plan["order_quantity"] == plan["reorder_point"] - plan["on_hand"]).all()


def test_lots_are_rounded_up_once_and_a_maximum_is_never_exceeded(small_company: SmallCompany) -> None:
    small_company.plan()
    need = small_company.table()["order_quantity"]
    assert need.between(26, 119).all()
    offer(small_company, "A0", moq=100, order_multiple=30)  # no multiple: the next one is 120
    offer(small_company, "A1", order_multiple=need["A1"] + 0.5)
    offer(small_company, "A2", max_quantity=25)
    offer(small_company, "A3", order_multiple=20, max_quantity=30)  # of which 20 is the largest allowed
    offer(small_company, "A4", moq=0, order_multiple=0)
    offer(small_company, "A5", order_multiple=0.1, max_quantity=0.3)
    small_company.plan()
    plan = small_company.table()
    ordered = plan["order_quantity"]
    assert ordered["A0"] == 120
    assert ordered["A1"] == need["A1"] + 0.5
    assert (ordered["A2"], ordered["A3"], ordered["A5"]) == (25, 20, 0.3)
    assert ordered["A4"] == need["A4"]
    uncovered = plan.loc["A2", "reorder_point"] - plan.loc["A2", "on_hand"] - 25
    assert (
        f"is less than needed: {uncovered:.0f} up to the reorder point stay uncovered"
        in plan.loc["A2", "reason"]
    )
    assert plan["codes"].str.contains("maximum_binds")[["A2", "A3", "A5"]].all()


def random_terms(seed: int) -> Iterator[tuple[str, dict[str, float]]]:
    """Terms of each SKU's offer, drawn so that some quantity is allowed."""
    rng = np.random.default_rng(seed)
    for unique_id in IDS:
        multiple = float(rng.choice([np.nan, 0, 1, 2.5, 7, 12, 30, 100]))
        moq = float(rng.choice([np.nan, 0, 1, 10, 45, 100, 333]))
        step = multiple if multiple > 0 else 1.0
        least = np.ceil(max(np.nan_to_num(moq), step) / step) * step
        most = float(rng.choice([np.nan, least, least + 0.5 * step, 3 * least]))
        yield unique_id, {"moq": moq, "order_multiple": multiple, "max_quantity": most}


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_terms_an_order_keeps_to_them_and_never_says_that_nothing_is_needed_at_risk(
    small_company: SmallCompany, seed: int
) -> None:
    for unique_id, terms in random_terms(seed):
        offer(small_company, unique_id, **terms)
    small_company.tables["stock"]["on_hand"] = np.random.default_rng(seed).choice(
        [0, 5, 30, 60, 500], len(IDS)
    )
    assert small_company.plan().status == 0
    plan = small_company.table()
    terms = small_company.tables["offers"].set_index("unique_id").loc[plan.index]
    ordered = plan.loc[plan["order_quantity"] > 0, "order_quantity"]
    terms = terms.loc[ordered.index]
    assert len(ordered)
    assert (ordered >= terms["moq"].fillna(0)).all()
    assert (ordered <= terms["max_quantity"].fillna(np.inf)).all()
    multiple = terms["order_multiple"].where(terms["order_multiple"] > 0, 1.0)
    assert np.allclose(ordered % multiple, 0)
    idle = plan[plan["reason"].str.startswith("No order needed")]
    assert (idle["stockout_probability"] <= 0.05).all()


def test_an_open_order_that_may_come_too_late_is_no_reason_to_say_that_nothing_is_needed(
    small_company: SmallCompany,
) -> None:
    line = {"order_id": "late", "line": "1", "supplier_id": "S1", "unique_id": "A0", "quantity_ordered": 200}
    dates = {"ordered_at": COUNTED, "promised_at": COUNTED + pd.Timedelta(days=14)}
    orders = small_company.tables["purchase_orders"].to_dict("records")
    small_company.tables["purchase_orders"] = pd.DataFrame([*orders, line | dates])
    small_company.plan()
    row = small_company.table().loc["A0"]
    assert row["order_quantity"] == 0
    assert row["stockout_probability"] > 0.5
    assert row["reason"].startswith("No further order: position 230")
    assert "stock may run out before what is on order arrives" in row["reason"]


def test_offers_that_are_all_over_are_named_and_leave_the_supplier_of_the_last_order(
    small_company: SmallCompany,
) -> None:
    small_company.tables["offers"]["valid_to"] = None
    offer(small_company, "A2", valid_to="2025-01-31", moq=500)
    check = small_company.check().text
    assert "1 of 6 SKUs have no offer in force on 2025-02-24" in check
    assert "A2 at S1: valid_to 2025-01-31" in check
    small_company.plan()
    row = small_company.table().loc["A2"]
    assert row["supplier_id"] == "S1"
    assert row["order_quantity"] == row["reorder_point"] - 30
    assert "no offer in force; the supplier of the last order is taken" in row["reason"]
