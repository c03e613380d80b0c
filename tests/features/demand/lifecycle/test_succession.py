import numpy as np
import pandas as pd
import pytest

from configs.schema import CovariateConfig, DataConfig
from features.contract.tables import DataError, RawTable, Tables, empty_table
from features.demand.lifecycle.adjusted_history import move_history_to_successors
from features.demand.lifecycle.phase_out import phase_out_split
from features.demand.panel_from_tables import make_panel
from features.quality.check import check_tables

WEEKS = pd.date_range("2024-01-01", periods=12, freq="W-MON")
H = 4


def panel(sales, items, **demand_columns):
    """A panel of 12 weeks: id → weekly demand from its first week on; rows of items with `replaces`."""
    rows = [
        (name, ds, float(v)) for name, y in sales.items() for ds, v in zip(WEEKS[-len(y) :], y, strict=True)
    ]
    demand = pd.DataFrame(rows, columns=["unique_id", "ds", "y"])
    demand["in_stock"] = pd.array([True] * len(demand), dtype="boolean")
    table = pd.DataFrame(items)
    for column, values in empty_table("items").items():
        if column not in table:
            table[column] = pd.Series(index=table.index, dtype=values.dtype)
    config = DataConfig(freq="W-MON", covariates=dict.fromkeys(demand_columns, CovariateConfig()))
    return make_panel(Tables(demand=demand.assign(**demand_columns), items=table), config)


def of(panel, values, name):
    return values[panel.unique_ids.tolist().index(name)]


def test_a_successor_that_has_not_sold_yet_gets_the_whole_history_and_all_demand():
    p = panel({"old": [5] * 12}, {"unique_id": ["old", "new"], "replaces": [None, "old"]})
    adjusted = move_history_to_successors(p)
    np.testing.assert_array_equal(of(adjusted, adjusted.y, "new"), [5.0] * 12)
    assert np.isnan(of(adjusted, adjusted.y, "old")).all()
    split = phase_out_split(p, H).apply(np.where(p.unique_ids == "new", 5.0, 9.0)[:, None].repeat(H, 1))
    np.testing.assert_array_equal(of(p, split, "new"), [5.0] * H)
    np.testing.assert_array_equal(of(p, split, "old"), [0.0] * H)


def test_old_and_new_together_keep_the_demand_of_every_period_and_the_old_one_fades():
    sales = {"old": [6] * 9 + [4, 3, 2], "new": [2, 3, 4]}
    p = panel(sales, {"unique_id": ["new"], "replaces": ["old"]})
    adjusted = move_history_to_successors(p)
    np.testing.assert_array_equal(np.nansum(adjusted.y, axis=0), np.nansum(p.y, axis=0))
    np.testing.assert_array_equal(of(adjusted, adjusted.y, "new"), [6.0] * 12)
    split = phase_out_split(p, H).apply(np.full((2, H), 6.0))
    np.testing.assert_allclose(split.sum(axis=0), 6.0)
    np.testing.assert_allclose(of(p, split, "old"), [1.5, 0.75, 0.375, 0.1875])


def test_a_planned_start_keeps_the_demand_with_the_old_one_until_then():
    start = WEEKS[-1] + pd.Timedelta(weeks=3)
    p = panel({"old": [5] * 12}, {"unique_id": ["new"], "replaces": ["old"], "replaces_from": [start]})
    split = phase_out_split(p, H).apply(np.full((2, H), 5.0))
    np.testing.assert_array_equal(of(p, split, "old"), [5, 5, 0, 0])
    np.testing.assert_array_equal(of(p, split, "new"), [0, 0, 5, 5])


def test_chains_and_several_old_ones_end_in_the_last_successor():
    items = {"unique_id": ["b", "c"], "replaces": ["a", "b; x"]}
    p = panel({"a": [1] * 12, "b": [2] * 6, "x": [4] * 12}, items)
    adjusted = move_history_to_successors(p)
    np.testing.assert_array_equal(of(adjusted, adjusted.y, "c"), [5.0] * 6 + [7.0] * 6)
    np.testing.assert_array_equal(np.nansum(adjusted.y, axis=0), np.nansum(p.y, axis=0))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((np.nan, np.nan), (5, 5)),
        ((0.7, np.nan), (7, 3)),
        ((0.3, 0.3), (5, 5)),
        ((0.4, np.nan, np.nan), (4, 3, 3)),
        ((1.0, np.nan, np.nan), (10, 0, 0)),
        ((0.0, 0.0, 0.0, 0.0), (2.5, 2.5, 2.5, 2.5)),
    ],
)
def test_one_replaced_sku_is_split_by_shares_and_what_they_leave_evenly(given, expected):
    names = [f"n{number}" for number in range(len(given))]
    items = {"unique_id": names, "replaces": ["old"] * len(given), "replaces_share": list(given)}
    adjusted = move_history_to_successors(panel({"old": [10] * 12}, items))
    np.testing.assert_allclose([of(adjusted, adjusted.y, name)[0] for name in names], expected)


def test_an_earlier_panel_knows_no_change_that_had_not_begun():
    p = panel({"old": [6] * 12, "new": [2, 3, 4]}, {"unique_id": ["new"], "replaces": ["old"]})
    for weeks, pairs in ((8, 0), (10, 1)):
        then = p.until(weeks)
        assert len(then.succession) == pairs
    assert phase_out_split(p.until(8), H) is None
    np.testing.assert_array_equal(move_history_to_successors(p.until(8)).y, p.y[:, :8])


def test_two_that_have_long_been_selling_change_over_from_now_on():
    frame = pd.DataFrame({"unique_id": np.repeat(["new", "old"], 30), "y": 5.0})
    frame["ds"] = np.tile(pd.date_range("2024-01-01", periods=30, freq="W-MON"), 2)
    frame["in_stock"] = pd.array([True] * 60, dtype="boolean")
    items = empty_table("items").reindex([0]).assign(unique_id="new", replaces="old", replaces_from=pd.NaT)
    p = make_panel(Tables(demand=frame, items=items), DataConfig(freq="W-MON"))
    assert p.succession.start[0] == p.future(1)[0]


def test_the_successor_inherits_the_price_of_the_time_before_it():
    price = [3.0] * 12 + [4.0] * 3
    p = panel({"old": [6] * 12, "new": [2] * 3}, {"unique_id": ["new"], "replaces": ["old"]}, price=price)
    adjusted = move_history_to_successors(p)
    np.testing.assert_array_equal(of(adjusted, adjusted.covariates["price"], "new"), [3.0] * 9 + [4.0] * 3)


def check(items):
    demand = pd.DataFrame({"unique_id": "a", "ds": [f"{d:%Y-%m-%d}" for d in WEEKS], "y": "3"})
    raw = {"demand": RawTable(demand, "demand.csv"), "items": RawTable(pd.DataFrame(items), "items.csv")}
    checked = check_tables(raw, DataConfig(max_bad_share=1.0))
    bad = checked.quarantine.get("items", pd.DataFrame({"unique_id": [], "reason": []}))
    return dict(zip(bad["unique_id"], bad["reason"], strict=True))


def test_the_check_finds_cycles_self_references_and_unknown_ids_and_says_the_fix():
    ids = ["a", "b", "c", "d", "e", "f;g", "h"]
    found = check({"unique_id": ids, "replaces": ["", "c", "b", "d", "nobody", "a", "f;g"]})
    assert sorted(found) == ["b", "c", "d", "e"]
    assert found["d"] == (
        "replaces is d, through which d replaces itself; leave replaces empty in the row of the older SKU"
    )
    assert found["e"] == (
        "replaces is nobody, but no SKU nobody is in items or demand; correct the id, or leave replaces empty"
    )


def test_a_share_beyond_one_is_quarantined():
    found = check({"unique_id": ["b"], "replaces": ["a"], "replaces_share": ["1.5"]})
    assert found == {"b": "replaces_share is 1.5, expected a share between 0 and 1 such as 0.5"}


def test_a_cycle_that_nobody_checked_is_refused():
    with pytest.raises(DataError, match="replaces itself"):
        panel({"a": [1] * 12}, {"unique_id": ["a", "b"], "replaces": ["b", "a"]})
