import numpy as np
import pandas as pd
import pytest

from configs.schema import DataConfig
from features.contract.tables import RawTable
from features.quality.check import check_tables
from features.quality.periods.partial_period import relative_totals

WEEKS = pd.date_range("2023-01-02", periods=70, freq="W-MON")


def demand(last_share=1.0, *, skus=6, year_before=1.0, sizes=None, seed=3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    y = rng.poisson(20, (skus, len(WEEKS))).astype(float)
    y[:, -1] = np.floor(y[:, -1] * last_share)
    y[:, -53] = np.floor(y[:, -53] * year_before)
    if sizes is not None:
        y *= np.asarray(sizes)[:, None]
    ids = [f"a{i}" for i in range(skus)]
    return pd.DataFrame({"unique_id": np.repeat(ids, len(WEEKS)), "ds": np.tile(WEEKS, skus), "y": y.ravel()})


def partial(frame, **options):
    checked = check_tables({"demand": RawTable(frame, "demand.csv")}, DataConfig(**options))
    known = checked.tables.demand
    assert known["y"][known["ds"].isin(checked.partial)].isna().all()
    assert known["y"][~known["ds"].isin(checked.partial)].notna().all()
    return checked


def test_a_last_week_of_three_days_is_unknown_and_not_a_drop():
    checked = partial(demand(3 / 7))
    assert checked.partial == (WEEKS[-1],)
    assert checked.as_of == WEEKS[-1]
    assert "far less than in any before" in str(checked.demand_end_warnings[0])


@pytest.mark.parametrize("share", [0.85, 1.0, 1.5])
def test_a_week_that_is_a_bit_low_or_high_is_whole(share):
    assert partial(demand(share)).partial == ()


def test_a_drop_at_the_same_time_last_year_is_a_season():
    assert partial(demand(0.4, year_before=0.4)).partial == ()
    assert partial(demand(0.2, year_before=0.7)).partial == (WEEKS[-1],)


def test_one_giant_decides_nothing():
    frame = demand(1.0, sizes=[1e9, 1, 1, 1, 1, 1])
    frame.loc[frame["unique_id"].eq("a0") & frame["ds"].eq(WEEKS[-1]), "y"] = 0.0
    assert partial(frame).partial == ()


def test_one_noisy_sku_alone_cannot_tell():
    assert partial(demand(0.5, skus=1)).partial == ()


def test_an_export_cut_off_among_the_skus_is_partial_too():
    frame = demand()
    cut = frame["ds"].eq(WEEKS[-1]) & frame["unique_id"].isin(["a2", "a3", "a4", "a5"])
    assert partial(frame[~cut]).partial == (WEEKS[-1],)
    assert (
        partial(frame[~cut], gaps="missing").partial == ()
    )  # the others' week is not known, and theirs is whole


def test_the_config_knows_better():
    assert partial(demand(3 / 7), last_period="whole").partial == ()
    assert partial(demand(), last_period="partial").partial == (WEEKS[-1],)


def test_too_short_a_past_tells_nothing():
    frame = demand(3 / 7)
    assert partial(frame[frame["ds"] >= WEEKS[-8]]).partial == ()
    assert partial(frame[frame["ds"] >= WEEKS[-9]]).partial == (WEEKS[-1],)


def test_totals_do_not_change_with_the_units_of_measure():
    y = np.random.default_rng(1).poisson(5, (4, 14)).astype(float)
    np.testing.assert_allclose(relative_totals(y), relative_totals(y * np.array([[1], [1e6], [1e-3], [7]])))


def test_totals_count_a_stockout_and_an_unknown_period_as_unknown():
    y = np.full((2, 14), 4.0)
    y[0, -1] = np.nan
    assert relative_totals(y)[-1] == pytest.approx(1.0)
