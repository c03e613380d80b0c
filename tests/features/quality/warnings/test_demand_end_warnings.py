import numpy as np
import pandas as pd
import pytest

from configs.schema import DataConfig


def ids_of(sound_demand, names):
    return pd.concat([sound_demand(name) for name in names], ignore_index=True)


def test_old_demand_is_counted_in_days_before_the_stock_count(warnings_of, sound_demand, weeks):
    day = weeks[-1] + pd.Timedelta(days=7 + 97)
    stock = pd.DataFrame({"unique_id": ["a"], "as_of": [day], "on_hand": [3.0]})
    assert "98 days before the stock was counted" in warnings_of(stock=stock)["old_demand"].message


@pytest.mark.parametrize(("days", "told"), [(7, False), (8, True)])
def test_a_stock_count_within_a_period_after_demand_is_usual(warnings_of, weeks, days, told):
    day = weeks[-1] + pd.Timedelta(days=7 + days)
    stock = pd.DataFrame({"unique_id": ["a"], "as_of": [day], "on_hand": [3.0]})
    assert ("old_demand" in warnings_of(stock=stock)) is told


def test_skus_that_end_before_the_others_are_named(warnings_of, sound_demand, weeks):
    demand = ids_of(sound_demand, "abcdefgh")
    early = demand["unique_id"].isin(list("cdefgh")) & (demand["ds"] > weeks[40])
    found = warnings_of(demand=demand[~early])["ended_skus"]
    assert (found.count, found.total) == (6, 8)
    assert "(c, d, e, f, g and 1 more)" in found.message
    assert "count as zero demand" in found.message
    assert found.example == "c last has the period from 2023-10-09, 19 before the last"
    missing = warnings_of(DataConfig(gaps="missing"), demand=demand[~early])["ended_skus"]
    assert "count as unknown demand" in missing.message


@pytest.mark.parametrize(("periods", "told"), [(3, False), (4, True)])
def test_a_few_periods_less_are_no_end(warnings_of, sound_demand, weeks, periods, told):
    demand = ids_of(sound_demand, "ab")
    early = demand["unique_id"].eq("b") & (demand["ds"] > weeks[-1 - periods])
    assert ("ended_skus" in warnings_of(demand=demand[~early])) is told


def test_a_slow_seller_has_not_ended(warnings_of, sound_demand, weeks):
    slow = sound_demand("b")[np.arange(60) % 9 == 0]  # its last row is five periods before the end
    demand = pd.concat([sound_demand("a"), slow])
    assert slow["ds"].max() == weeks[-6]
    assert "ended_skus" not in warnings_of(demand=demand)


def test_a_pause_as_long_as_before_is_no_end(warnings_of, sound_demand, weeks):
    demand = ids_of(sound_demand, "ab")
    seasonal = demand["unique_id"].eq("b") & ((demand["ds"] > weeks[49]) | demand["ds"].isin(weeks[10:20]))
    assert "ended_skus" not in warnings_of(demand=demand[~seasonal])
    longer = seasonal | (demand["unique_id"].eq("b") & demand["ds"].eq(weeks[49]))
    assert "ended_skus" in warnings_of(demand=demand[~longer])


def test_a_replaced_sku_ends_on_purpose(warnings_of, sound_demand, weeks):
    demand = ids_of(sound_demand, "ab")
    early = demand["unique_id"].eq("a") & (demand["ds"] > weeks[40])
    items = pd.DataFrame({"unique_id": ["a", "b"], "replaces": [None, "a"]})
    assert "ended_skus" not in warnings_of(demand=demand[~early], items=items)
