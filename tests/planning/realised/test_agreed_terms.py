"""Own numbers hold in the place of those proposed: in the next plan, and in what is played later."""

from dataclasses import replace

import pandas as pd
import pytest
from promises import TERMS, promise

from planning.approved_actions import with_approved_offers
from planning.realised.agreed_terms import agreed_problem, agreed_terms, with_agreed

OFFERS = pd.DataFrame(
    {
        "unique_id": ["sku", "sku", "other"],
        "supplier_id": ["far", "near", "far"],
        "moq": [100.0, 10.0, 100.0],
        "unit_price": [9.0, 8.0, 9.0],
        "price_breaks": ["200:8.5", None, None],
        "payment_days": [None, 30.0, 0.0],
        "preferred": [True, False, True],
    }
)


def approved(kind, *, agreed=None, after=TERMS, **more):
    about = promise(kind, after=after)
    row = {"kind": kind, "unique_id": "sku", "alternative_supplier_id": "near", "agreed": agreed or {}}
    return pd.DataFrame([row | {"basis": about.basis} | more])


def test_an_approved_moq_holds_in_the_next_plan_and_the_one_agreed_in_its_place():
    proposed = with_approved_offers(OFFERS, approved("lower_moq", after=replace(TERMS, moq=18.0)))
    assert proposed["moq"].tolist() == [18.0, 10.0, 100.0]
    agreed = with_approved_offers(
        OFFERS, approved("lower_moq", agreed={"moq": 24}, after=replace(TERMS, moq=18.0))
    )
    assert agreed["moq"].tolist() == [24.0, 10.0, 100.0]
    assert OFFERS["moq"].tolist() == [100.0, 10.0, 100.0]


def test_an_offer_that_was_renewed_since_is_left_alone():
    renewed = OFFERS.assign(moq=[36.0, 10.0, 100.0])
    lower = approved("lower_moq", after=replace(TERMS, moq=18.0))
    assert with_approved_offers(renewed, lower)["moq"].tolist() == [36.0, 10.0, 100.0]


def test_an_agreed_price_moves_its_price_breaks_along():
    cheaper = approved(
        "price_on_volume", agreed={"unit_price": 8.1}, after=replace(TERMS, unit=8.5, prices=(8.5,))
    )
    changed = with_approved_offers(OFFERS, cheaper)
    assert changed["unit_price"].tolist() == [8.1, 8.0, 9.0]
    assert changed["price_breaks"].iloc[0] == "200:7.65"


def test_an_agreed_price_break_begins_where_it_was_agreed_and_only_while_it_is_the_old_one():
    old = replace(TERMS, starts=(0.0, 200.0), prices=(9.0, 8.5))
    moved = {"before": old.facts(), "after": replace(old, starts=(0.0, 120.0)).facts()}
    basis = {"skus": [{"unique_id": "sku"} | moved]}
    row = {"kind": "lower_price_break", "unique_id": "sku", "alternative_supplier_id": "", "agreed": {}}
    lower = pd.DataFrame([row | {"basis": basis}])
    assert with_approved_offers(OFFERS, lower)["price_breaks"].iloc[0] == "120:8.5"
    renewed = OFFERS.assign(price_breaks=["180:8.4", None, None])
    assert with_approved_offers(renewed, lower)["price_breaks"].iloc[0] == "180:8.4"
    basis["skus"][0]["after"] = replace(old, starts=(0.0,), prices=(9.0,)).facts()
    assert agreed_terms(basis, {}) == []  # brackets that are gone were not moved


def test_the_new_vendors_price_is_that_of_the_new_vendor():
    moved = replace(TERMS, supplier_id="near", unit=8.0, prices=(8.0,))
    changed = with_approved_offers(OFFERS, approved("switch_vendor", agreed={"unit_price": 7.8}, after=moved))
    assert changed["unit_price"].tolist() == [9.0, 7.8, 9.0]
    assert changed["preferred"].tolist() == [False, True, True]


def test_payment_days_that_nobody_knew_are_set_where_they_are_still_unknown():
    later = approved("payment_days", after=replace(TERMS, payment_days=45.0))
    assert with_approved_offers(OFFERS, later)["payment_days"].iloc[0] == 45.0


@pytest.mark.parametrize(
    ("kind", "agreed", "problem"),
    [
        ("lower_moq", {"moq": 24.0}, ""),
        ("reduce", {"reduced_to": 40.0}, ""),
        (
            "lower_moq",
            {"reduced_to": 40.0},
            "agreed.reduced_to: of an action lower_moq there is no such number",
        ),
        ("lower_moq", {"moq": -1.0}, "agreed.moq: is -1.0, expected a finite number ≥ 0"),
        ("expedite", {"share_of_time": 2.0}, "agreed.share_of_time: is 2.0, expected a share of 0 to 1"),
        ("chase", {"moq": 1.0}, "agreed.moq: of an action chase there is no such number; there are none"),
    ],
)
def test_numbers_that_an_action_does_not_have_are_refused(kind, agreed, problem):
    assert agreed_problem(kind, agreed).startswith(problem)
    assert bool(agreed_problem(kind, agreed)) == bool(problem)


def test_what_was_agreed_is_what_is_played():
    played = with_agreed(TERMS, {"moq": 24, "unit_price": 4.5, "lead_time_days": 20, "payment_days": 30})
    assert (played.moq, played.unit, played.prices, played.payment_days) == (24.0, 4.5, (4.5,), 30.0)
    assert played.lead_days[len(played.lead_days) // 2] == 20
    assert agreed_terms(promise("lower_moq").basis, {"moq": 3.0}) == []  # it changes no terms
