"""Lots on hand stand in place of the layers of the movements, and what that changes is said."""

import numpy as np
import pandas as pd
import pytest

from features.contract.tables import DataError, empty_table
from procurement.stock_value.cost_layers import METHODS, cost_layers
from procurement.stock_value.lots import with_lots

DAY = pd.Timestamp


@pytest.fixture
def costed():
    movements = pd.DataFrame(
        {
            "unique_id": ["a", "a", "b"],
            "at": [DAY("2024-01-01"), DAY("2024-01-05"), DAY("2024-01-02")],
            "quantity": [10.0, 10.0, 4.0],
            "unit_cost": [2.0, 3.0, 7.0],
        }
    )
    sale = pd.DataFrame(
        {"unique_id": ["a"], "at": [DAY("2024-01-08")], "quantity": [-12.0], "unit_cost": [np.nan]}
    )
    return cost_layers(pd.concat([movements, sale], ignore_index=True))


def lot(lot_id: str, quantity: float, unit_cost: float, **facts: object) -> pd.DataFrame:
    row = {
        "unique_id": "a",
        "received_at": DAY("2024-01-05"),
        "expires_at": pd.NaT,
        "site": None,
        "currency": None,
    }
    return pd.DataFrame([{"lot_id": lot_id, "quantity": quantity, "unit_cost": unit_cost} | row | facts])


def test_lots_are_what_is_left_by_every_method_and_the_difference_is_a_revaluation(costed) -> None:
    # sold 12: FIFO leaves 8 @ 3 = 24, LIFO 8 @ 2 = 16; there are really 5 @ 2.5 and 2 of unknown cost, last known 3
    lots = pd.concat(
        [
            lot("L2", 2, np.nan, site="north"),
            lot("L1", 5, 2.5, received_at=DAY("2024-01-01")),
            lot("L0", 0, 9),
        ]
    )
    found = {method: with_lots(costed[method], lots) for method in METHODS}
    for each in found.values():
        assert each.value.tolist() == [12.5 + 6, 28]
        assert each.units.tolist() == [7, 4]
        assert each.layers["lot_id"].tolist() == ["L1", "L2", None]
        assert each.layers["site"].tolist() == [None, "north", None]
        assert each.layers["unit_cost"].tolist() == [2.5, 3, 7]
        came = each.opening_value + each.purchases - each.returned + each.uncosted_cost
        assert came - each.cogs - each.written_off + each.revaluation == pytest.approx(each.value)
    assert found["fifo"].revaluation.tolist() == [18.5 - 24, 0]
    assert found["lifo"].revaluation.tolist() == [18.5 - 16, 0]
    assert (found["fifo"].cogs == costed["fifo"].cogs).all()


def test_without_lots_nothing_changes(costed) -> None:
    each = with_lots(costed["lifo"], empty_table("inventory_lots"))
    pd.testing.assert_frame_equal(each.layers, costed["lifo"].layers)
    assert each.value.tolist() == costed["lifo"].value.tolist()
    assert each.revaluation.tolist() == [0, 0]


def test_a_sku_whose_lots_are_all_empty_has_nothing_left(costed) -> None:
    each = with_lots(costed["fifo"], lot("L1", 0, 2.5))
    assert (each.units[0], each.value[0], each.revaluation[0]) == (0, 0, -24)
    assert each.layers["unique_id"].tolist() == ["b"]


def test_the_order_of_the_lots_does_not_matter(costed) -> None:
    lots = pd.concat([lot("L2", 2, 1), lot("L1", 5, 2.5), lot("L3", 1, 4, received_at=DAY("2023-12-01"))])
    one, other = with_lots(costed["fifo"], lots), with_lots(costed["fifo"], lots[::-1])
    pd.testing.assert_frame_equal(one.layers, other.layers)
    assert one.layers["lot_id"].tolist() == ["L3", "L1", "L2", None]


@pytest.mark.parametrize("wrong", [{"quantity": -1.0}, {"quantity": np.nan}, {"unique_id": "z"}])
def test_lots_that_cannot_be_are_refused(costed, wrong) -> None:
    with pytest.raises(DataError, match="inventory_lots, lot L1"):
        with_lots(costed["fifo"], lot("L1", 5, 2.5).assign(**wrong))
