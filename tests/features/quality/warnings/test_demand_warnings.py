import numpy as np
import pandas as pd
import pytest

from configs.schema import DataConfig


@pytest.mark.parametrize("factor", [10, 12, 100])
def test_a_level_that_jumps_for_good_is_a_change_of_unit(warnings_of, sound_demand, factor):
    found = warnings_of(demand=sound_demand(y=np.where(np.arange(60) < 30, 40.0, 40.0 * factor)))[
        "unit_jump_level"
    ]
    assert (found.count, found.total) == (1, 1)
    assert f"about ×{factor}" in found.example


@pytest.mark.parametrize("factor", [10, 12, 100])
def test_a_single_row_in_another_unit_is_found(warnings_of, sound_demand, factor):
    found = warnings_of(demand=sound_demand(y=np.where(np.arange(60) == 30, 40.0 * factor, 40.0)))[
        "unit_jump_row"
    ]
    assert found.count == 1
    assert "a on 2023-07-31" in found.example


def test_a_doubling_is_no_change_of_unit(warnings_of, sound_demand):
    assert warnings_of(demand=sound_demand(y=np.where(np.arange(60) < 30, 40.0, 80.0))) == {}


def test_a_slow_seller_that_sells_a_dozen_is_no_change_of_unit(warnings_of, sound_demand):
    assert warnings_of(demand=sound_demand(y=np.where(np.arange(60) == 30, 12.0, 1.0))) == {}


@pytest.mark.parametrize(("gaps", "counted"), [("zero", "zero demand"), ("missing", "unknown demand")])
def test_gaps_are_counted_with_what_the_config_makes_of_them(warnings_of, sound_demand, gaps, counted):
    holes = sound_demand().drop(index=[5, 6, 20])
    found = warnings_of(DataConfig(gaps=gaps), demand=holes)["gaps"]
    assert (found.count, found.total) == (3, 60)
    assert counted in found.message


def test_a_week_without_any_rows_is_lost_data(warnings_of, sound_demand, weeks):
    many = pd.concat([sound_demand(f"s{i}") for i in range(8)], ignore_index=True)
    found = warnings_of(demand=many[many["ds"] != weeks[30]])["empty_periods"]
    assert (found.count, found.total) == (1, 60)
    assert found.example == f"{weeks[30]:%Y-%m-%d}: 0 rows, around it 8"


def test_a_sku_with_a_row_every_fourth_week_may_hold_sums_of_months(warnings_of, sound_demand):
    slow = sound_demand("b")[::4]
    found = warnings_of(demand=pd.concat([sound_demand(), slow], ignore_index=True))["mixed_frequencies"]
    assert (found.count, found.total) == (1, 2)
    assert found.example == "b: every 4 periods"
