"""States of approved actions from what offers, orders and receipts show."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from lived_company import what_came
from promises import TERMS, promise

from planning.realised.action_states import state_of
from planning.realised.lane_basis import LEAD_LEVELS

MONDAY = pd.Timestamp("2024-01-01")
NO_OFFERS = pd.DataFrame(columns=["unique_id", "supplier_id"])


def line(day, quantity=100.0, supplier="far", *, took=None, order_id=None, end=140, price=9.0, **more):
    ordered = MONDAY + pd.Timedelta(days=day)
    came = took is not None and day + took <= end
    return {
        "order_id": order_id or f"PO{day}", "line": "1", "supplier_id": supplier, "unique_id": "sku",
        "ordered_at": ordered, "promised_at": pd.NaT, "quantity_ordered": quantity,
        "quantity_received": quantity if came else 0.0, "quantity_open": 0.0 if came else quantity,
        "unit_price": price, "lead_time": float(took) if came else np.nan, "age": np.nan if came else end - day,
        "is_open": not came, "arrived_at": ordered + pd.Timedelta(days=took) if came else pd.NaT,
        "expedited": False, "never_came": 0.0,
    } | more  # fmt: skip


def came(*lines, weeks=20, offers=NO_OFFERS, promises=None):
    found = what_came(MONDAY, {"sku": np.full(7 * weeks, 10.0)}, lines, offers)
    return found if promises is None else replace(found, promises=pd.DataFrame(promises))


def test_a_switch_is_agreed_until_the_first_order_at_the_new_vendor():
    switch = promise("switch_vendor", after=replace(TERMS, supplier_id="near"))
    before = state_of(switch, came(line(1, supplier="near"), line(9), weeks=8))
    assert (before.state, before.in_effect_on) == (
        "agreed",
        None,
    )  # an order of before the decision says nothing
    after = state_of(switch, came(line(9), line(16, 60.0, supplier="near"), weeks=8))
    assert (after.state, after.in_effect_on) == ("in_effect", pd.Timestamp("2024-01-17"))
    assert after.evidence == [
        {"unique_id": "sku", "on": "2024-01-17", "says": "first order at near: PO16 of 60 units"}
    ]


def test_a_switch_lapses_by_the_stated_day_and_is_realised_after_a_year():
    switch = promise("switch_vendor", after=replace(TERMS, supplier_id="near"))
    lapsed = state_of(switch, came(line(9), weeks=20))
    assert (lapsed.state, lapsed.ended_on, lapsed.lapse_by) == (
        "lapsed",
        pd.Timestamp("2024-04-02"),
        pd.Timestamp("2024-04-02"),
    )
    later = state_of(switch, came(line(9), weeks=20), act_by=pd.Timestamp("2024-03-01"))
    assert (later.state, later.lapse_by) == ("agreed", pd.Timestamp("2024-05-30"))
    year = state_of(switch, came(line(16, supplier="near"), weeks=56))
    assert (year.state, year.ended_on) == ("realised", pd.Timestamp("2025-01-16"))


def test_a_lower_moq_shows_by_an_order_below_the_old_one_or_by_the_offer():
    lower = promise("lower_moq", after=replace(TERMS, moq=24.0))
    assert state_of(lower, came(line(9, 100.0), weeks=8)).state == "agreed"
    ordered = state_of(lower, came(line(9, 100.0), line(16, 40.0), weeks=8))
    assert ordered.in_effect_on == pd.Timestamp("2024-01-17")
    assert ordered.evidence[0]["says"] == "PO16 of 40 units, below the old 100"
    offer = pd.DataFrame(
        {"unique_id": ["sku"], "supplier_id": ["far"], "moq": [30.0], "payment_days": [np.nan]}
    )
    offered = state_of(lower, came(weeks=8, offers=offer))
    assert offered.evidence[0]["says"] == "the offer's MOQ is 30, it was 100"


def test_a_lower_price_shows_by_what_orders_cost():
    cheaper = promise("price_on_volume", after=replace(TERMS, unit=8.5, prices=(8.5,)))
    assert state_of(cheaper, came(line(9, price=8.9), weeks=8)).state == "agreed"
    assert state_of(cheaper, came(line(9, price=8.6), weeks=8)).in_effect_on == pd.Timestamp("2024-01-10")


def test_shorter_lead_times_show_by_eight_orders_that_lie_nearer_to_what_was_agreed():
    sla = promise("lead_time_sla", after=replace(TERMS, lead_days=tuple(day - 10 for day in TERMS.lead_days)))
    orders = [line(9 + 7 * n, took=24 + n % 3) for n in range(8)]
    assert state_of(sla, came(*orders[:7], weeks=12)).state == "agreed"
    kept = state_of(sla, came(*orders))
    assert kept.in_effect_on == orders[7]["arrived_at"]
    assert kept.evidence[0]["says"].startswith(
        "8 orders since took −10.1 days against before, with a spread of 0.8"
    )
    late = [
        row | {"arrived_at": row["arrived_at"] + pd.Timedelta(days=11), "lead_time": 35.0} for row in orders
    ]
    broken = state_of(sla, came(*late))
    assert (broken.state, broken.effects) == ("lapsed", ())
    assert broken.evidence[0]["says"].startswith("8 orders since took +0.0 days")


def test_what_only_costs_less_to_order_counts_when_it_is_carried_out_or_the_offer_says_it():
    joined = promise("consolidate_orders", after=replace(TERMS, ordering=2.0))
    assert state_of(joined, came(line(9), weeks=4)).state == "agreed"
    told = promise(
        "consolidate_orders", after=replace(TERMS, ordering=2.0), done_on=date(2024, 1, 9), done_by="ben"
    )
    assert state_of(told, came(line(9), weeks=4)).in_effect_on == pd.Timestamp("2024-01-09")
    offer = pd.DataFrame(
        {
            "unique_id": ["sku"],
            "supplier_id": ["far"],
            "moq": [100.0],
            "payment_days": [np.nan],
            "ordering_cost": [2.0],
        }
    )
    found = state_of(joined, came(weeks=4, offers=offer))
    assert found.evidence[0]["says"] == "an order line costs 2 by the offer, 8 before"


OPEN = {"order_id": "PO1", "line": "1", "units": 100.0, "price": 9.0, "days": [20.0] * len(LEAD_LEVELS)}
DUE = {"due": "2024-01-25", "reduced_to": 40.0, "delay_days": 14.0}


@pytest.mark.parametrize(
    ("kind", "row", "state", "says"),
    [
        ("cancel", {}, "agreed", None),
        ("cancel", {"took": 20}, "lapsed", "PO1/1 came in full: 100 units"),
        ("cancel", {"is_open": False, "quantity_open": 0.0}, "in_effect", "PO1/1: 0 of 100 units come"),
        ("reduce", {"quantity_open": 40.0}, "in_effect", "PO1/1: 40 of 100 units come"),
        ("reduce", {"quantity_open": 80.0}, "agreed", None),
        ("push_back", {"took": 24}, "lapsed", "PO1/1 came on 2024-01-27, due 2024-01-25 before"),
        ("push_back", {"took": 36}, "in_effect", "PO1/1 came on 2024-02-08, due 2024-01-25 before"),
        ("expedite", {"took": 10}, "in_effect", "PO1/1 came on 2024-01-13, due 2024-01-25"),
        ("expedite", {"took": 30}, "lapsed", "PO1/1 came on 2024-02-02, due 2024-01-25"),
    ],
)
def test_what_became_of_an_open_line(kind, row, state, says):
    about = promise(kind, line=OPEN, facts=DUE, worth_period="once")
    weeks = 4 if state == "agreed" else 8
    found = state_of(about, came(line(2, **({"order_id": "PO1"} | row)), weeks=weeks))
    assert found.state == state
    assert [each["says"] for each in found.evidence] == ([] if says is None else [says])


def test_a_line_is_cancelled_where_it_is_gone_and_put_off_where_it_is_promised_anew():
    assert state_of(promise("cancel", line=OPEN), came(weeks=4)).state == "in_effect"
    put_off = promise("push_back", line=OPEN, facts=DUE)
    anew = {"order_id": ["PO1"], "line": ["1"], "repromised_at": [pd.Timestamp("2024-02-05")]}
    open_line = line(2, order_id="PO1")
    assert state_of(put_off, came(open_line, weeks=4)).state == "agreed"
    assert state_of(put_off, came(open_line, weeks=4, promises=anew)).state == "in_effect"


def test_own_numbers_say_how_much_was_to_be_left():
    reduced = came(line(2, order_id="PO1", quantity_open=60.0), weeks=4)
    assert state_of(promise("reduce", line=OPEN, facts=DUE), reduced).state == "agreed"
    assert (
        state_of(promise("reduce", line=OPEN, facts=DUE, agreed={"reduced_to": 60.0}), reduced).state
        == "in_effect"
    )


def test_an_early_order_is_one_within_two_weeks_at_that_supplier():
    early = promise("engage_early", ordered=80.0)
    assert state_of(early, came(line(9, 80.0), weeks=4)).in_effect_on == pd.Timestamp("2024-01-10")
    assert state_of(early, came(line(20, 80.0), weeks=4)).state == "agreed"
    assert state_of(early, came(line(9, 80.0, supplier="near"), weeks=4)).state == "agreed"


def test_what_no_data_can_show_counts_as_carried_out_when_somebody_says_so():
    talk = promise("share_forecast", done_on=date(2024, 1, 9), done_by="ben")
    talk.basis["skus"] = []
    assert state_of(talk, came(weeks=4)).evidence[0]["says"] == "ben says it was carried out"
    lower = promise("lower_moq", after=replace(TERMS, moq=24.0), done_on=date(2024, 1, 9), done_by="ben")
    assert state_of(lower, came(weeks=4)).state == "agreed"  # orders would show it


def test_a_part_of_a_year_has_its_share_of_the_promise_once_todays_stock_is_used_up():
    switch = promise("switch_vendor")  # 265 of 365 in the horizon: paying from day 100 on
    begin = pd.Timestamp("2024-01-10")
    assert switch.until(begin, MONDAY + pd.Timedelta(days=90))[0] == 0
    assert switch.until(begin, MONDAY + pd.Timedelta(days=173))[0] == pytest.approx(73)
    money, low, high = switch.until(begin, MONDAY + pd.Timedelta(days=173))
    assert (money - low, high - money) == pytest.approx((65 * 0.2**0.5, 65 * 0.2**0.5))
    assert promise("cancel", worth_period="once").until(begin, begin)[0] == 365
