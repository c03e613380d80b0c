import numpy as np
import pandas as pd
import pytest
from purchases import day, table

from distributions.distribution import Distribution
from distributions.parametric import gamma_lead_time
from procurement.requests.buying_options import PurchaseRequest, buying_options
from procurement.requests.stock_elsewhere import stock_by_site


def offer(supplier_id, **more):
    return {"supplier_id": supplier_id, "unique_id": "a", "unit_price": 2.0} | more


def options(offers, days, *, needed=None, quantity=10.0, contracts=(), suppliers=(), limit=None):
    request = PurchaseRequest("a", quantity, "x", day("06-01"), None if needed is None else day(needed))
    known = table("offers", offers)
    each = [gamma_lead_time(float(mean), 1.0) for mean in days]
    levels = gamma_lead_time(5.0, 1.0).levels
    lead_time = Distribution(
        levels, np.concatenate([one.values for one in each]) if each else np.zeros((0, len(levels)))
    )
    return buying_options(
        request,
        known,
        lead_time,
        table("contracts", list(contracts)),
        table("suppliers", list(suppliers)),
        limit=limit,
    )


def test_what_is_in_time_goes_before_what_is_cheap():
    found = options([offer("slow", unit_price=1.0), offer("quick", unit_price=3.0)], [20, 5], needed="06-11")
    assert found["supplier_id"].tolist() == ["quick", "slow"]
    assert found["in_time"].tolist() == pytest.approx([1.0, 0.0], abs=0.01)
    assert found["money"].tolist() == [30.0, 10.0]
    assert "in time with a chance of 0% only" in found["why"][1]


def test_a_contract_goes_before_less_money_and_its_price_holds():
    agreed = {"contract_id": "c", "supplier_id": "s", "unique_id": "a", "price": 2.5}
    found = options([offer("t"), offer("s", unit_price=9.0)], [5, 5], contracts=[agreed])
    assert found["supplier_id"].tolist() == ["s", "t"]
    assert found["unit_price"].tolist() == [2.5, 2.0]
    assert found["why"][0] == "under contract c"
    ended = options(
        [offer("t"), offer("s", unit_price=9.0)], [5, 5], contracts=[agreed | {"valid_to": day("05-31")}]
    )
    assert ended["supplier_id"].tolist() == ["t", "s"]


def test_a_preferred_vendor_goes_before_others_and_then_the_least_money():
    found = options(
        [offer("t"), offer("u", unit_price=1.0), offer("s", preferred=True, unit_price=4.0)], [5, 5, 5]
    )
    assert found["supplier_id"].tolist() == ["s", "u", "t"]


def test_the_quantity_is_what_the_offer_allows():
    offers = [
        offer("m", moq=30),
        offer("k", order_multiple=4),
        offer("x", max_quantity=6),
        offer("n", moq=9, max_quantity=5),
    ]
    found = options(offers, [5] * 4).set_index("supplier_id")
    assert found["quantity"].to_dict() == {"m": 30.0, "k": 12.0, "x": 6.0}
    assert found["why"]["m"] == "sells 30 at least"
    assert found["why"]["x"] == "sells 6 at most"
    assert found["why"]["k"] == "in whole lots 12"
    assert found.index.tolist()[-1] == "x"  # what does not cover it comes last, however cheap


def test_without_a_price_an_approval_may_be_needed():
    found = options([offer("s", unit_price=None)], [5], limit=1000.0).iloc[0]
    assert found["needs_approval"]
    assert found["why"] == "no price is known, needs an approval"


def test_a_price_break_counts_at_the_quantity_that_is_bought():
    found = options([offer("s", price_breaks="10:1.50")], [5])
    assert found["money"][0] == 15.0


def test_an_approval_is_needed_from_the_limit_on():
    assert options([offer("s")], [5], limit=20.0)["needs_approval"].tolist() == [True]
    assert options([offer("s")], [5], limit=20.5)["needs_approval"].tolist() == [False]
    assert options([offer("s")], [5])["needs_approval"].tolist() == [False]


def test_dates_and_flags():
    found = options(
        [offer("s")], [5], suppliers=[{"supplier_id": "s", "is_local": True, "is_diverse": False}]
    ).iloc[0]
    assert found["arrives_by"] == day("06-01") + pd.Timedelta(days=int(np.ceil(found["lead_time_high"])))
    assert found["lead_time_median"] < found["lead_time_high"]
    assert (found["local"], found["diverse"], found["certified"]) == (True, False, False)
    assert np.isnan(found["in_time"])


def test_without_offers_there_are_no_options():
    assert options([], []).empty


def test_stock_at_sites_is_that_of_lots_else_of_the_last_count_of_each_bin():
    lots = table("inventory_lots", [
        {"unique_id": "a", "site": "n", "quantity": 3, "received_at": day("01-01")},
        {"unique_id": "a", "site": "n", "quantity": 4, "received_at": day("02-01")},
        {"unique_id": "a", "site": "s", "quantity": 0, "received_at": day("02-01")},
        {"unique_id": "a", "quantity": 9, "received_at": day("02-01")},
    ])  # fmt: skip
    bins = table("bins", [
        {"unique_id": "a", "site": "n", "bin": "1", "count": 99, "counted_at": day("03-01")},
        {"unique_id": "b", "site": "n", "bin": "1", "count": 5, "counted_at": day("03-01")},
        {"unique_id": "b", "site": "n", "bin": "1", "count": 2, "counted_at": day("03-09")},
        {"unique_id": "b", "site": "n", "bin": "2", "count": 4, "counted_at": day("03-02")},
    ])  # fmt: skip
    found = stock_by_site(lots, bins)
    assert found[["unique_id", "site", "units"]].to_numpy().tolist() == [["a", "n", 7.0], ["b", "n", 6.0]]
    assert pd.isna(found["counted_at"][0])
    assert found["counted_at"][1] == day("03-02")
    assert stock_by_site(lots[:0], bins[:0]).empty
