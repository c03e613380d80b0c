from dataclasses import replace

import numpy as np
import orjson
import pandas as pd
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.levers.lever_plays import LeverPlays
from planning.levers.terms.price_on_volume import price_elasticity, price_on_volume
from planning.planner import Planner

BREAKS = "100:9.50;200:9.025"  # each time twice as much, five per cent less


@pytest.fixture
def bought(make_forecast, make_inputs, lead_times):
    """Plays of a SKU that needs 3,650 units in the coming year, of which so many were ordered in the last one."""

    def run(units: float, *, weeks: int = 52, other: float | None = None) -> LeverPlays:
        ordered = [units] if other is None else [units, other]
        ids = [f"sku{i:05d}" for i in range(len(ordered))]
        terms = {"unit_price": 10.0, "moq": 50, "price_breaks": BREAKS}
        inputs = make_inputs(
            ids, on_hand=[500.0] * len(ids), offers=[offer_row(unique_id=name, **terms) for name in ids]
        )
        table = pd.DataFrame(
            [
                {"unique_id": name, "quantity_ordered": year / 52, "days": -7.0 * (week + 1)}
                for name, year in zip(ids, ordered, strict=True)
                for week in range(weeks)
            ]
        ).assign(supplier_id="far", received_at=pd.NaT, order_id="PO")
        table["ordered_at"] = inputs.as_of + pd.to_timedelta(table["days"], unit="D")
        planner = Planner(
            make_forecast((70.0,) * len(ids), (20.0,) * len(ids), periods=52), lead_times(), PolicyConfig()
        )
        return LeverPlays(planner.assess(replace(inputs, purchase_orders=table)))

    return run


def test_the_companys_breaks_say_how_prices_fall_with_volume(bought):
    assert price_elasticity(bought(2000).assessment) == pytest.approx(-np.log(0.95) / np.log(2), rel=0.01)


def test_twice_the_volume_is_worth_asking_for_the_price_of_twice_as_much(bought):
    action = price_on_volume(bought(1825)).actions.iloc[0]
    # five per cent of 3,650 units at the 9.025 that orders cost already, and of holding them
    assert action["worth"] == pytest.approx(0.05 * 3650 * 9.025, rel=0.08)
    assert "5.0% off 1 SKU" in action["title"]


def test_a_volume_that_stays_or_may_not_rise_gives_no_reason(bought):
    assert price_on_volume(bought(3650)).actions.empty
    assert price_on_volume(bought(3400)).actions.empty
    assert price_on_volume(bought(5000)).actions.empty


def test_a_sku_that_doubles_is_talked_about_where_the_others_of_its_supplier_fall(bought):
    found = price_on_volume(bought(1825, other=5000))
    action = found.actions.iloc[0]
    assert "1 SKU" in action["title"]
    assert [line["unique_id"] for line in orjson.loads(action["facts"])["lines"]] == ["sku00000"]


def test_without_a_whole_year_of_orders_nothing_is_said_to_rise(bought):
    assert price_on_volume(bought(1825, weeks=30)).actions.empty
