"""Bookings that can be worked out by hand."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from lived_company import what_came
from promises import TERMS, promise

from planning.realised.action_states import state_of
from planning.realised.book_actions import book_actions
from planning.realised.lane_basis import LEAD_LEVELS
from planning.realised.lane_replay import _same_luck

MONDAY = pd.Timestamp("2024-01-01")


def offer(**terms):
    known = {"unique_id": "sku", "supplier_id": "far", "moq": 100.0, "payment_days": 14.0}
    return pd.DataFrame([known | terms])


def paid_later(**more):
    before = replace(TERMS, payment_days=14.0)
    found = promise("payment_days", after=replace(TERMS, payment_days=30.0), **more)
    found.basis["skus"][0]["before"] = before.facts()
    return found


def test_a_later_payment_brings_what_the_money_costs_for_the_units_bought_since():
    came = what_came(MONDAY, {"sku": np.full(140, 10.0)}, [], offer(payment_days=30.0))
    (booking,) = book_actions([paid_later(done_on=date(2024, 1, 3), done_by="ben")], came)
    bought = 10 * 138 - 280  # from the decision on, less what lay there
    assert booking.realised == pytest.approx(bought * 0.8 * 16 / 365, rel=0.02)
    assert booking.parts == {"goods": 0, "ordering": 0, "shortage": 0, "useless": 0} | {
        "stock": booking.parts["stock"]
    }


def test_since_when_an_offer_holds_is_known_from_its_first_day_or_from_who_saw_it_first():
    table = offer(payment_days=30.0, valid_from=pd.Timestamp("2024-01-20"))
    came = what_came(MONDAY, {"sku": np.full(140, 10.0)}, [], table)
    assert state_of(paid_later(), came).in_effect_on == pd.Timestamp("2024-01-20")
    later = offer(payment_days=30.0)
    unknown = what_came(MONDAY, {"sku": np.full(140, 10.0)}, [], later)
    assert state_of(paid_later(), unknown).in_effect_on == unknown.as_of
    word = {"done_on": date(2024, 1, 9), "done_by": "ben"}
    lower = promise("lower_moq", after=replace(TERMS, moq=24.0), **word)
    cheaper = promise("consolidate_orders", after=replace(TERMS, ordering=2.0), **word)
    for about, table in (
        (lower, offer(moq=24.0)),
        (cheaper, offer(ordering_cost=2.0)),
        (paid_later(**word), later),
    ):
        told = state_of(about, what_came(MONDAY, {"sku": np.full(140, 10.0)}, [], table))
        assert told.in_effect_on == pd.Timestamp("2024-01-09")
    assert state_of(paid_later(seen={"sku": "2024-02-05"}), unknown).in_effect_on == pd.Timestamp(
        "2024-02-05"
    )


def test_the_ways_part_at_the_last_order_that_was_still_placed_as_before():
    later = paid_later(done_on=date(2024, 1, 3), done_by="ben")
    came = what_came(MONDAY, {"sku": np.full(140, 10.0)}, [], offer(payment_days=30.0))
    days = [pd.Timestamp("2024-01-10"), pd.Timestamp("2024-01-17"), pd.Timestamp("2024-02-14")]
    rows = pd.DataFrame(
        {"unique_id": "sku", "supplier_id": "near", "ordered_at": days, "order_id": "PO", "line": "1"}
    )
    lines = pd.concat([came.lines, rows]).assign(is_open=False, quantity_received=0.0, quantity_ordered=50.0)
    lines["arrived_at"] = lines["ordered_at"] + pd.Timedelta(days=7)
    lines[["lead_time", "quantity_open"]] = 7.0, 0.0
    seen = replace(later, done_on=None, seen={"sku": "2024-02-01"})
    (booking,) = book_actions([seen], replace(came, lines=lines))
    assert booking.measured_from == pd.Timestamp("2024-01-18")


def test_an_order_takes_by_the_old_lead_time_what_it_took_by_the_agreed_one():
    old = tuple(np.linspace(10, 30, len(LEAD_LEVELS)).tolist())
    agreed = tuple(day / 2 for day in old)
    levels = np.array([[0.1, 0.5, 0.9]])
    for took, expected in ((5.0, 10), (10.0, 20), (15.0, 30)):
        days = _same_luck(np.full((1, 3), took), levels, agreed, old)
        assert days == pytest.approx(expected, abs=1.5)
        assert np.all(np.diff(days) >= 0)


def test_a_forecast_that_was_shared_is_said_to_be_not_measurable_and_why():
    lower = replace(TERMS, reorder_point=TERMS.reorder_point - 10)
    talk = promise("share_forecast", after=lower, done_on=date(2024, 1, 9), done_by="ben")
    (booking,) = book_actions([talk], what_came(MONDAY, {"sku": np.full(140, 10.0)}, [], offer()))
    assert booking.state.in_effect_on == pd.Timestamp("2024-01-09")
    assert np.isnan(booking.realised)
    assert booking.not_measured.startswith(
        "not measurable: how late orders would have been in times of high demand"
    )
