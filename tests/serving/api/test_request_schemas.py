import json

import pytest
from pydantic import ValidationError

from serving.api.request_schemas import ForecastRequest, PlanRequest

STOCK = {"unique_id": "sku00", "on_hand": 5}
OFFER = {"supplier_id": "east", "unique_id": "sku00", "unit_price": 9.0}
ORDER = {
    "order_id": "new",
    "supplier_id": "north",
    "unique_id": "sku00",
    "ordered_at": "2024-07-14",
    "quantity_open": 5,
}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("{}", "unique_ids"),
        ('{"unique_ids": []}', "unique_ids"),
        ('{"unique_ids": ["a"], "horizon": 0}', "horizon"),
        ('{"unique_ids": ["a"], "levels": [NaN]}', "levels"),
        ('{"unique_ids": ["a"], "levels": [1.0]}', "levels"),
        ('{"unique_ids": ["a"], "horizont": 3}', "horizont"),
        ('{"unique_ids": [3]}', "unique_ids"),
        ('{"unique_ids": [""]}', "unique_ids"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_place(body, place):
    with pytest.raises(ValidationError) as caught:
        ForecastRequest.model_validate_json(body)
    assert caught.value.errors()[0]["loc"][0] == place


def test_a_number_that_is_none_is_refused_in_stock_too():
    body = '{"unique_ids": ["a"], "stock": [{"unique_id": "a", "on_hand": NaN}]}'
    with pytest.raises(ValidationError, match="finite number"):
        PlanRequest.model_validate_json(body)


@pytest.mark.parametrize(
    "overrides",
    [
        {"as_of": "0001-01-01"},
        {"as_of": "9999-12-31"},
        {"as_of": 86400},
        {"as_of": "2024-07-15T00:00:00Z"},
        {"stock": [STOCK | {"on_hand": True}]},
        {"stock": [STOCK | {"on_hand": "5"}]},
        {"stock": [STOCK | {"on_hand": 1e308}]},
        {"offers": [OFFER | {"price_breaks": "10:5;" * 500}]},
        {"offers": [OFFER | {"payment_days": 366}]},
        {"offers": [OFFER | {"payment_days": -366}]},
        {"open_orders": [ORDER | {"ordered_at": "1600-01-01"}]},
        {"open_orders": [ORDER | {"promised_at": "9999-12-31"}]},
    ],
)
def test_days_and_numbers_that_cannot_be_meant_are_refused(overrides):
    with pytest.raises(ValidationError) as caught:
        PlanRequest.model_validate_json(json.dumps({"unique_ids": ["sku00"], **overrides}))
    assert caught.value.errors()[0]["loc"][0] in overrides


@pytest.mark.parametrize("days", [-365, 0, 60.5, 365, None])
def test_goods_may_be_paid_for_a_year_before_or_after_their_receipt(days):
    request = {"unique_ids": ["sku00"], "offers": [OFFER | {"payment_days": days}]}
    offers = PlanRequest.model_validate_json(json.dumps(request)).offers
    assert [offer.payment_days for offer in offers] == [days]
