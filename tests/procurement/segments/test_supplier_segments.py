import pandas as pd
import pytest
from purchases import company, order

from planning.levers.lever_catalog import LEVERS
from procurement.segments.supplier_segments import supplier_segments
from procurement.segments.treatments import TREATMENTS, fit_of
from procurement.spend.spend_lines import spend_lines

AS_OF = pd.Timestamp("2024-12-31")


def table(orders, offers=(), suppliers=(), dependable=None):
    built = company(orders, offers=list(offers), suppliers=list(suppliers))
    known = pd.Series(dependable or {}, dtype=object)
    lines = spend_lines(built, AS_OF)
    return supplier_segments(lines, built.offers, built.suppliers, known, AS_OF).set_index("supplier_id")


ORDERS = [
    order("1", "06-01", 90, 1.0),  # only s has a
    order("2", "06-01", 80, 1.0, supplier_id="t", unique_id="b"),
    order("3", "06-01", 6, 1.0, supplier_id="u", unique_id="c"),
    order("4", "06-01", 4, 1.0, supplier_id="v", unique_id="d"),
]
OTHERS = [
    {"supplier_id": "x", "unique_id": "b"},
    {"supplier_id": "x", "unique_id": "d"},
    {"supplier_id": "y", "unique_id": "d"},
]


def test_the_four_segments_by_spend_and_by_who_else_has_it():
    found = table(ORDERS, OTHERS)
    assert found["segment"].to_dict() == {
        "s": "strategic",
        "t": "leverage",
        "u": "bottleneck",
        "v": "routine",
    }
    assert found["sourcing"].to_dict() == {"s": "single", "t": "dual", "u": "single", "v": "several"}
    assert found["spend_share"]["s"] == pytest.approx(0.5)
    assert found["treatment"]["v"] == TREATMENTS["routine"].text


def test_an_offer_that_has_ended_is_no_alternative():
    over = [{"supplier_id": "x", "unique_id": "a", "valid_to": pd.Timestamp("2019-12-31")}]
    later = [{"supplier_id": "x", "unique_id": "a", "valid_from": pd.Timestamp("2025-02-01")}]
    for offers in (over, later):
        assert table(ORDERS, [*OTHERS, *offers])["single_share"]["s"] == 1.0


def test_an_erratic_supplier_is_riskier_by_a_quarter():
    orders = [order("1", "06-01", 30, 1.0), order("2", "06-01", 70, 1.0, unique_id="b")]
    other = [{"supplier_id": "x", "unique_id": "b"}]
    assert table(orders, other)["risk"]["s"] == pytest.approx(0.3)
    assert table(orders, other)["segment"]["s"] == "leverage"
    erratic = table(orders, other, dependable={"s": "erratic"})
    assert erratic["risk"]["s"] == pytest.approx(0.55)
    assert erratic["segment"]["s"] == "strategic"


def test_where_a_supplier_is_from():
    found = table(
        ORDERS, suppliers=[{"supplier_id": "s", "is_local": True}, {"supplier_id": "t", "is_local": False}]
    )
    assert found["origin"].to_dict() == {"s": "local", "t": "elsewhere", "u": "not known", "v": "not known"}


def test_without_orders_there_are_no_segments():
    assert table([]).empty


def test_every_kind_of_a_treatment_is_a_lever_and_on_one_side_only():
    for treatment in TREATMENTS.values():
        assert treatment.fits | treatment.against <= set(LEVERS)
        assert not treatment.fits & treatment.against


def test_whether_an_action_fits():
    assert fit_of("switch_vendor", "strategic") == "against"
    assert fit_of("switch_vendor", "leverage") == "fits"
    assert fit_of("expedite", "strategic") == ""
    assert fit_of("switch_vendor", None) == ""
