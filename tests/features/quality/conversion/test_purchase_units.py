"""Offers in purchase units are brought into the SKU's own."""

import numpy as np
import pandas as pd

from features.quality.conversion.purchase_units import in_own_units, scaled_price_breaks

OFFERS = pd.DataFrame(
    {
        "unit_price": [50.0, 5.0, np.nan],
        "moq": [3.0, 3.0, np.nan],
        "order_multiple": [2.0, np.nan, np.nan],
        "max_quantity": [np.nan, 40.0, 4.0],
        "price_breaks": ["5:45;10:40", "5:4.5", None],
        "units_per_purchase_unit": [10.0, np.nan, 6.0],
    }
)


def test_quantities_are_multiplied_and_prices_divided_in_rows_with_a_purchase_unit() -> None:
    own = in_own_units(OFFERS)
    assert own["unit_price"].tolist()[:2] == [5.0, 5.0]
    assert own["moq"].tolist()[:2] == [30.0, 3.0]
    assert own["max_quantity"].tolist()[1:] == [40.0, 24.0]
    assert own["price_breaks"].tolist() == ["50:4.5;100:4", "5:4.5", None]


def test_an_order_is_a_whole_number_of_purchase_units() -> None:
    multiple = in_own_units(OFFERS)["order_multiple"]
    assert multiple[0] == 20.0
    assert np.isnan(multiple[1])
    assert multiple[2] == 6.0


def test_a_multiple_of_zero_purchase_units_is_one_of_them() -> None:
    assert in_own_units(OFFERS.assign(order_multiple=0.0))["order_multiple"].tolist() == [10.0, 0.0, 6.0]


def test_offers_without_any_purchase_unit_are_the_same_object() -> None:
    plain = OFFERS.assign(units_per_purchase_unit=np.nan)
    assert in_own_units(plain) is plain


def test_price_breaks_have_no_exponent_and_unreadable_ones_stay() -> None:
    texts = ["100000:0.0001", "many", None]
    scaled = scaled_price_breaks(texts, quantity=np.full(3, 1000.0), price=np.full(3, 0.001))
    assert scaled.tolist() == ["100000000:0.0000001", "many", None]
