"""The lane a SKU is bought through: the preferred offer, else the cheapest, without a change of mind every week."""

import pytest
from plan_rows import offer_row

from configs.schema import EffortConfig, PolicyConfig
from planning.planner import Planner


@pytest.fixture
def chosen(make_forecast, make_inputs, lead_times):
    """Supplier chosen for 70 a week last bought from `far` at 9, where `near`, as quick, asks `price`."""

    def run(price, *, effort=0.0, preferred=None, last="far"):
        forecast = make_forecast([70.0], [20.0], periods=60)
        offers = [
            offer_row(supplier_id=name, unit_price=asked, preferred=preferred == name)
            for name, asked in (("far", 9.0), ("near", price))
        ]
        past = [{"supplier_id": last, "unique_id": forecast.unique_ids[0], "ordered_at": "2023-11-01"}]
        inputs = make_inputs(forecast.unique_ids, on_hand=[100.0], offers=offers, purchase_orders=past)
        policy = PolicyConfig(effort=EffortConfig(vendor_switch=effort), played_from=1e9)
        model = lead_times({"far": (14.0, 3.0), "near": (14.0, 3.0)})
        return Planner(forecast, model, policy).assess(inputs).chosen_terms.lanes["supplier_id"].iloc[0]

    return run


def test_the_cheaper_offer_is_chosen_where_the_difference_is_worth_a_switch(chosen):
    # 3,640 units a year: a tenth of a unit of money is 364 a year and the capital in stock
    assert chosen(8.9, effort=300.0) == "near"
    assert chosen(8.9, effort=500.0) == "far"


def test_a_trifle_is_no_reason_to_change(chosen):
    assert chosen(8.95) == "far"
    assert chosen(8.85) == "near"


def test_who_was_changed_to_is_the_one_that_stays(chosen):
    assert chosen(9.05, last="near") == "near"


def test_a_preferred_offer_holds_whatever_it_costs(chosen):
    assert chosen(5.0, preferred="far") == "far"
