from datetime import date

from serving.admission.work_cost import (
    LARGE,
    LEAST_OF_TYPED,
    forecast_cost,
    lead_time_cost,
    plan_cost,
    route_cost,
)
from serving.api.request_schemas import (
    ForecastRequest,
    LeadTimeRequest,
    OpenOrder,
    PlanRequest,
    PromisedPair,
    StockRow,
)


def orders(count):
    return [
        OpenOrder(
            order_id=str(n), supplier_id="s", unique_id="a", ordered_at=date(2024, 1, 1), quantity_open=1.0
        )
        for n in range(count)
    ]


def test_a_plan_costs_more_with_skus_orders_stock_and_a_projection():
    one = PlanRequest(unique_ids=["a"])
    more = [
        PlanRequest(unique_ids=["a", "b"]),
        PlanRequest(unique_ids=["a"], open_orders=orders(3)),
        PlanRequest(unique_ids=["a"], stock=[StockRow(unique_id="a", on_hand=1.0)]),
        PlanRequest(unique_ids=["a"], projection=True),
    ]
    assert all(plan_cost(request) > plan_cost(one) for request in more)


def test_a_plan_with_tens_of_thousands_of_open_orders_is_large_and_one_of_twenty_skus_is_not():
    assert plan_cost(PlanRequest(unique_ids=["a"], open_orders=orders(40_000))) > LARGE
    assert plan_cost(PlanRequest(unique_ids=[f"{n}" for n in range(20)])) < LARGE


def test_forecasts_and_lead_times_cost_by_what_is_asked_for():
    few, many = (ForecastRequest(unique_ids=["a"] * n) for n in (1, 100))
    assert forecast_cost(many) > forecast_cost(few)
    assert forecast_cost(few) > forecast_cost(ForecastRequest(unique_ids=["a"], levels=(0.5,)))
    few, many = (LeadTimeRequest(pairs=[PromisedPair(supplier_id="s")] * n) for n in (1, 100))
    assert lead_time_cost(many) > lead_time_cost(few)


def test_pages_cost_by_their_path_and_what_is_sent_by_its_size():
    assert route_cost("/static/purvey.css", 0) < route_cost("/suppliers", 0) < route_cost("/skus/a", 0)
    assert route_cost("/v1/decisions", 2**20) > route_cost("/v1/decisions", 0)


def test_the_least_that_a_typed_call_costs_is_what_the_smallest_one_does():
    assert LEAST_OF_TYPED["/v1/plan"] == plan_cost(PlanRequest(unique_ids=["a"]))
    smallest = lead_time_cost(LeadTimeRequest(pairs=[PromisedPair(unique_id="a", supplier_id="s")]))
    assert 0.99 * smallest < LEAST_OF_TYPED["/v1/lead_time"] <= smallest
    assert LEAST_OF_TYPED["/v1/lead_time_demand"] == LEAST_OF_TYPED["/v1/lead_time"]
