"""What actions agree on is what plan, deliveries and costs of a past day then have."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.decisions.past_days.agreed import (
    AS_IT_IS,
    agreed_delivery,
    agreed_of,
    can_be_played,
    on_agreed_terms,
)
from benchmarks.decisions.past_days.true_deliveries import Deliveries
from distributions.parametric import gamma_lead_time
from planning.levers.lever_plays import steadier_and_sooner
from planning.realised.lane_basis import LEAD_LEVELS


def lane(mean=20.0, std=5.0, **terms):
    usual = {
        "supplier_id": "S", "review": 7.0, "holding": 2.0, "moq": 40.0, "multiple": 10.0, "ordering": 5.0,
        "payment_days": 14.0, "unit": 8.0, "rejected": 0.04,
        "lead_days": gamma_lead_time(mean, std).quantiles_at(LEAD_LEVELS)[0].tolist(),
    }  # fmt: skip
    return usual | terms


def sku(after):
    return {"unique_id": "a", "before": lane(), "after": after}


def test_only_what_differs_is_agreed():
    assert agreed_of(sku(lane())) == AS_IT_IS
    found = agreed_of(sku(lane(moq=20.0, payment_days=30.0, unit=6.0, rejected=0.01)))
    assert (found.moq, found.payment_days, found.price_ratio, found.rejected) == (20, 30, 0.75, 0.25)
    assert np.isnan([found.order_multiple, found.ordering_cost]).all()
    assert (found.earlier, found.spread) == (0.0, 1.0)
    assert agreed_of(sku(lane(supplier_id="T", moq=1.0))) == AS_IT_IS  # that is its own offer


def test_a_quicker_and_steadier_lead_time_is_found_again():
    found = agreed_of(sku(lane(mean=16.0, std=2.5)))
    assert found.earlier == pytest.approx(4.0, abs=0.2)
    assert found.spread == pytest.approx(0.5, abs=0.03)
    usual = gamma_lead_time(20.0, 5.0)
    agreed = steadier_and_sooner(usual, np.array([found.spread]), np.array([found.earlier]))
    assert agreed.mean()[0] == pytest.approx(16.0, abs=0.2)
    assert agreed.std()[0] == pytest.approx(2.5, abs=0.1)


def test_what_changes_reviews_or_who_pays_for_stock_cannot_be_played():
    assert can_be_played({"skus": [sku(lane(moq=1.0))]})
    assert can_be_played({"skus": [sku(lane(supplier_id="T"))]})
    assert can_be_played({"skus": [{"unique_id": "a", "before": lane(), "line": {"order_id": "1"}}]})
    for other in (lane(review=1.0, moq=1.0), lane(holding=1.0, moq=1.0), lane()):
        assert not can_be_played({"skus": [sku(lane(moq=1.0)), sku(other)]})
    assert not can_be_played({})


def test_offers_have_the_terms_that_were_agreed():
    offers = pd.DataFrame(
        {
            "moq": [40.0, 40.0], "order_multiple": [10.0, 10.0], "ordering_cost": [5.0, 5.0],
            "payment_days": [14.0, np.nan], "unit_price": [8.0, 8.0], "price_breaks": ["100:7;200:6", None],
            "own_moq": [20.0, np.nan], "own_order_multiple": [np.nan, 1.0], "own_ordering_cost": [np.nan, 2.0],
            "own_payment_days": [30.0, np.nan], "own_price_ratio": [0.5, 1.0],
        }
    )  # fmt: skip
    found = on_agreed_terms(offers)
    assert found["moq"].tolist() == [20, 40]
    assert found["order_multiple"].tolist() == [10, 1]
    assert found["ordering_cost"].tolist() == [5, 2]
    assert found["payment_days"].fillna(-1).tolist() == [30, -1]
    assert found["unit_price"].tolist() == [4, 8]
    assert found["price_breaks"].tolist() == ["100:3.5;200:3", None]


def test_a_supplier_delivers_as_agreed():
    of = np.array
    delivery = Deliveries(
        of([2.0, 2.0]), of([12.0, 2.0]), of([5.0, 0.0]), of([32.0, 22.0]), of([4.0, 9.0]), of([4.0, 1.0])
    )
    mean, one = of([20.0, 20.0]), np.ones(2)
    same = agreed_delivery(delivery, mean, 0 * one, one, one)
    assert all((getattr(same, name) == getattr(delivery, name)).all() for name in vars(delivery))
    sooner = agreed_delivery(delivery, mean, 4 * one, 0.5 * one, 0.25 * one)
    # 30 days about a mean of 20: 25 with half the spread, 21 four days sooner; 20 days: 16
    assert sooner.last_day.tolist() == [23, 18]
    assert sooner.first_day.tolist() == [12, 2]
    assert (sooner.rejected.tolist(), sooner.last_units.tolist()) == ([1, 0], [7, 10])
