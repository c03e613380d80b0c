"""How old today's stock is: first in, first out, by its last receipts."""

import numpy as np
import pandas as pd
import pytest

from planning.projection.stock_ages import expected_outdating, stock_batches

TODAY = pd.Timestamp("2024-03-01")
IDS = np.array(["a", "b"], object)


def receipts(*rows):
    return pd.DataFrame(
        [
            {
                "unique_id": sku,
                "received_at": TODAY - pd.Timedelta(days=age),
                "quantity_received": units,
                "quantity_rejected": rejected,
            }
            for sku, age, units, rejected in rows
        ],
        columns=["unique_id", "received_at", "quantity_received", "quantity_rejected"],
    )


def batches(table, on_hand=(10.0, 0.0), shelf_life=(20.0, np.nan)):
    found = stock_batches(IDS, np.array(on_hand), np.array(shelf_life), table, TODAY)
    return [(units, days) for units, days in found[0].tolist() if units > 0]


def test_what_is_left_came_last():
    assert batches(receipts(("a", 3, 6, 0), ("a", 9, 8, 0), ("a", 15, 50, 0))) == [(4, 11), (6, 17)]


def test_rejected_units_never_lay_there():
    assert batches(receipts(("a", 3, 6, 2), ("a", 9, 8, 0))) == [(6, 11), (4, 17)]


def test_what_no_receipt_explains_is_as_old_as_the_oldest_known():
    assert batches(receipts(("a", 3, 6, 0)), on_hand=(10.0, 0.0)) == [(6, 17), (4, 17)]


def test_without_receipts_stock_has_half_its_shelf_life_left():
    assert batches(receipts()) == [(10, 10)]
    assert batches(pd.DataFrame({"unique_id": ["a"]})) == [(10, 10)]


def test_stock_beyond_its_shelf_life_is_there_today():
    assert batches(receipts(("a", 40, 30, 0))) == [(10, 1)]


def test_receipts_to_come_and_of_other_skus_do_not_count():
    assert batches(receipts(("a", -2, 6, 0), ("b", 3, 99, 0))) == [(10, 10)]


def test_goods_that_keep_have_no_end():
    found = stock_batches(IDS, np.array([1.0, 7.0]), np.array([5.0, np.nan]), receipts(("b", 3, 4, 0)), TODAY)
    assert found[1, :, 0].sum() == 7
    assert np.isinf(found[1, :, 1]).all()


@pytest.mark.parametrize("seed", range(20))
def test_all_of_the_stock_is_in_the_batches_oldest_first(seed):
    rng = np.random.default_rng(seed)
    rows = [
        ("a", int(rng.integers(0, 40)), float(rng.integers(1, 20)), 0.0) for _ in range(rng.integers(0, 20))
    ]
    on_hand = float(rng.integers(0, 120))
    found = stock_batches(IDS, np.array([on_hand, np.nan]), np.array([20.0, 20.0]), receipts(*rows), TODAY)
    assert found[0, :, 0].sum() == pytest.approx(on_hand)
    assert found[1, :, 0].sum() == 0
    assert (np.diff(found[0, :, 1]) >= 0).all()
    assert (found[0, :, 1] >= 1).all()


def test_of_old_stock_what_does_not_sell_in_time_perishes(make_forecast):
    # ten a day: of 60 units that perish in four days 20 stay unsold, of the 30 behind them, good for six days, ten more
    forecast = make_forecast([70.0], [0.0])
    batches = np.array([[[60.0, 4.0], [30.0, 6.0], [500.0, 40.0]]])
    for interval, units in ((3.0, 0.0), (5.0, 20.0), (7.0, 30.0), (60.0, 190.0)):
        found = expected_outdating(batches, forecast, np.array([interval]), elapsed=0.0)
        assert found == pytest.approx([units])


def test_goods_that_keep_never_perish(make_forecast):
    batches = np.array([[[900.0, np.inf]]])
    assert expected_outdating(batches, make_forecast([70.0], [0.0]), np.array([700.0]), elapsed=0.0) == 0
