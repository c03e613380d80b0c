"""Partial deliveries: what a first part shows of the remainder of an order."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.lead_time.forecaster import LeadTimeForecaster
from models.lead_time.partial_deliveries import PartialDeliveries

FIRST_DAY = pd.Timestamp("2023-01-02")


def orders_in_parts(orders: int, *, never: float = 0.0, seed: int = 0) -> pd.DataFrame:
    """Closed orders of two suppliers, whose first half came after two thirds of their lead time."""
    random = np.random.default_rng(seed)
    days = np.round(30 * np.exp(0.4 * random.standard_normal(orders)))
    nothing = random.random(orders) < never
    return pd.DataFrame(
        {
            "supplier_id": np.where(np.arange(orders) % 2, "s1", "s2"),
            "unique_id": "a",
            "category": None,
            "ordered_at": FIRST_DAY + pd.to_timedelta(2 * np.arange(orders), "D"),
            "quantity_ordered": 10.0,
            "quantity_received": np.where(nothing, 5.0, 10.0),
            "unit_price": 1.0,
            "is_open": False,
            "age": np.nan,
            "duration": days,
            "part_after": np.maximum(np.round(days * 2 / 3), 1),
            "part_quantity": 5.0,
        }
    )


def waiting(part_after: float, age: float) -> pd.DataFrame:
    """One open order of that age whose first part came after `part_after` days."""
    facts = {"is_open": True, "age": age, "duration": age, "part_after": part_after, "quantity_received": 5.0}
    return orders_in_parts(1).assign(**facts, ordered_at=FIRST_DAY + pd.Timedelta(days=300))


def test_the_rest_comes_in_proportion_to_the_wait_for_the_first_part() -> None:
    model = PartialDeliveries().fit(orders_in_parts(200))
    for days in (8.0, 40.0):
        assert model.predict(waiting(days, days)).quantile(0.5)[0] == pytest.approx(1.5 * days, rel=0.1)


def test_what_never_comes_is_expected_in_the_share_it_was_left_out_before() -> None:
    remainder = PartialDeliveries().fit(orders_in_parts(400, never=0.3)).remainder(waiting(10.0, 12.0))
    assert remainder["none"].iloc[0] == pytest.approx(0.3, abs=0.06)
    assert remainder["share"].iloc[0] == pytest.approx(0.7, abs=0.06)


def test_the_forecaster_uses_the_first_part_of_an_open_order() -> None:
    model = LeadTimeForecaster().fit(orders_in_parts(200, never=0.3))
    late, early = (model.predict(waiting(days, 42.0)).above(42.0).mean()[0] for days in (40.0, 12.0))
    assert late > 55
    assert early < 55
    assert model.deliveries(waiting(40.0, 42.0)).share[0] == pytest.approx(0.7, abs=0.08)


def test_new_orders_come_in_parts_as_often_as_their_supplier_sent_them() -> None:
    orders = orders_in_parts(600)
    whole = (orders["supplier_id"] == "s2") & (np.arange(600) % 3 > 0)
    orders.loc[whole, ["part_after", "part_quantity"]] = np.nan
    new = pd.concat([waiting(np.nan, 1.0)] * 2).assign(supplier_id=["s1", "s2"], quantity_received=0.0)
    parts = PartialDeliveries().fit(orders).first_parts(new)
    assert parts.chance == pytest.approx([0.97, 0.34], abs=0.04)
    assert parts.share == pytest.approx([0.5, 0.5], abs=0.01)
    assert parts.sooner == pytest.approx([2 / 3, 2 / 3], abs=0.04)


def test_a_supplier_that_never_splits_an_order_is_not_expected_to() -> None:
    whole = orders_in_parts(300).assign(supplier_id="s3", part_after=np.nan, part_quantity=np.nan)
    new = waiting(np.nan, 1.0).assign(supplier_id="s3", quantity_received=0.0)
    parts = PartialDeliveries().fit(pd.concat([orders_in_parts(300), whole])).first_parts(new)
    assert parts.chance[0] < 0.05


def test_what_has_begun_has_no_other_first_part() -> None:
    model = PartialDeliveries().fit(orders_in_parts(200))
    part, units = waiting(5.0, 12.0).assign(quantity_received=0.0), waiting(np.nan, 12.0)
    nothing = units.assign(quantity_received=0.0)
    assert [model.first_parts(rows).chance[0] > 0 for rows in (part, units, nothing)] == [False, False, True]


def test_few_orders_in_parts_say_nothing_of_new_ones() -> None:
    assert PartialDeliveries().fit(orders_in_parts(12)).first_parts(waiting(np.nan, 1.0)) is None


def test_a_part_that_came_after_the_snapshot_is_not_used() -> None:
    model = LeadTimeForecaster().fit(orders_in_parts(200, never=0.3))
    unseen, plain = waiting(40.0, 20.0), waiting(np.nan, 20.0)
    np.testing.assert_array_equal(model.predict(unseen).values, model.predict(plain).values)
    assert model.deliveries(unseen).share[0] == 1


def test_few_orders_in_parts_change_nothing() -> None:
    model = LeadTimeForecaster().fit(orders_in_parts(12))
    partly, plain = waiting(40.0, 42.0), waiting(np.nan, 42.0)
    np.testing.assert_array_equal(model.predict(partly).values, model.predict(plain).values)


def test_the_loaded_model_says_the_same(tmp_path: Path) -> None:
    model = PartialDeliveries().fit(orders_in_parts(200, never=0.3))
    model.save(tmp_path)
    loaded, requested = PartialDeliveries.load(tmp_path), waiting(10.0, 12.0)
    np.testing.assert_array_equal(loaded.predict(requested).values, model.predict(requested).values)
    pd.testing.assert_frame_equal(loaded.remainder(requested), model.remainder(requested))
    new = waiting(np.nan, 1.0).assign(quantity_received=0.0)
    assert loaded.first_parts(new).ahead[0] == model.first_parts(new).ahead[0] > 0
