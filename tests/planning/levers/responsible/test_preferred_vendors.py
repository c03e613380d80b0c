from dataclasses import replace

import pandas as pd
import pytest
from plan_rows import offer_row

from planning.levers.responsible.preferred_vendors import off_preferred_frame

OFFERS = [
    offer_row(preferred=True, price_breaks="100:8.5"),
    offer_row(supplier_id="near", unit_price=10.0, preferred=False),
]


@pytest.fixture(scope="module")
def bought(assess):
    def table(*lines):
        found = assess(offers=OFFERS, items={"unit_cost": 9.0, "unit_price": 15.0, "category": "cake"})
        orders = pd.DataFrame(lines).assign(
            unique_id="sku00000", ordered_at=lambda t: pd.to_datetime(t["on"])
        )
        return off_preferred_frame(replace(found, inputs=replace(found.inputs, purchase_orders=orders)))

    return table


def line(supplier_id, units, price, on="2023-06-01", **more):
    row = {"supplier_id": supplier_id, "quantity_ordered": units, "unit_price": price, "on": on}
    return row | {"status": None} | more


def test_what_went_elsewhere_cost_more_than_the_preferred_offer_asks(bought):
    table = bought(line("far", 200, 8.5), line("near", 50, 10.0), line("near", 120, 10.0))
    assert len(table) == 1
    row = table.iloc[0]
    assert (row["category"], row["supplier_id"], row["preferred_supplier_id"]) == ("cake", "near", "far")
    assert (row["skus"], row["lines"], row["spend"]) == (1, 2, 1700)
    assert row["category_spend"] == 1700 + 1700
    # 50 at 9 and, beyond the break, 120 at 8.50
    assert row["extra_cost"] == pytest.approx(50 * 1.0 + 120 * 1.5)


def test_what_was_cheaper_elsewhere_is_said_with_its_sign(bought):
    assert bought(line("near", 50, 8.0))["extra_cost"][0] == pytest.approx(-50)


def test_only_lines_of_the_last_year_that_were_not_cancelled_count(bought):
    table = bought(
        line("near", 50, 10.0),
        line("near", 70, 10.0, on="2022-01-01"),
        line("near", 90, 10.0, status="cancelled"),
    )
    assert table["spend"].tolist() == [500]


def test_all_bought_as_preferred_leaves_nothing_to_say(bought):
    assert bought(line("far", 200, 8.5)).empty
