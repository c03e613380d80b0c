import numpy as np
import pandas as pd
import pytest

from configs.schema import CovariateConfig, DataConfig
from features.contract.tables import DataError, Tables, empty_table
from features.demand.panel_from_tables import make_panel


def table(table_name, **columns):
    frame = pd.DataFrame(columns)
    empty = empty_table(table_name)
    for column in empty.columns.difference(frame.columns):
        frame[column] = pd.Series(index=frame.index, dtype=empty[column].dtype)
    return frame


def demand(rows, **extra):
    ids, ds, y = zip(*rows, strict=True)
    return table("demand", unique_id=list(ids), ds=pd.to_datetime(list(ds)), y=[float(v) for v in y], **extra)


WEEKS = [("b", "2024-01-01", 1), ("b", "2024-01-22", 4), ("a", "2024-01-15", 7)]


def test_gaps_are_zeros_and_the_time_before_the_first_row_is_unknown():
    panel = make_panel(Tables(demand=demand(WEEKS)), DataConfig(freq="W-MON"))
    assert panel.unique_ids.tolist() == ["a", "b"]
    np.testing.assert_array_equal(panel.y, [[np.nan, np.nan, 7, 0], [1, 0, 0, 4]])
    assert panel.cutoff == pd.Timestamp("2024-01-22")


def test_gaps_are_missing_when_the_config_says_so():
    panel = make_panel(Tables(demand=demand(WEEKS)), DataConfig(freq="W-MON", gaps="missing"))
    np.testing.assert_array_equal(panel.y[1], [1, np.nan, np.nan, 4])


def test_rows_inside_one_period_are_summed_and_one_stockout_marks_the_period():
    rows = [("a", "2024-01-01", 1), ("a", "2024-01-03", 2), ("a", "2024-01-08", 5)]
    frame = demand(rows, in_stock=pd.array([True, False, None], dtype="boolean"))
    panel = make_panel(Tables(demand=frame), DataConfig(freq="W-MON"))
    np.testing.assert_array_equal(panel.y, [[3, 5]])
    np.testing.assert_array_equal(panel.in_stock, [[False, True]])


def test_a_cutoff_hides_later_demand_but_not_covariates_known_in_advance():
    rows = [("a", "2024-01-01", 1), ("a", "2024-01-08", 2), ("a", "2024-01-15", 3)]
    frame = demand(rows, price=[1.0, 2.0, 3.0], traffic=[7.0, 8.0, 9.0])
    data = DataConfig(
        freq="W-MON",
        covariates={"price": CovariateConfig(known_in_advance=True), "traffic": CovariateConfig()},
    )
    panel = make_panel(Tables(demand=frame), data, cutoff=pd.Timestamp("2024-01-08"), horizon=2)
    np.testing.assert_array_equal(panel.y, [[1, 2]])
    np.testing.assert_array_equal(panel.covariates["price"], [[1, 2, 3, np.nan]])
    np.testing.assert_array_equal(panel.covariates["traffic"], [[7, 8, np.nan, np.nan]])


def test_until_is_the_panel_as_it_was():
    rows = [("a", "2024-01-01", 1), ("a", "2024-01-08", 2), ("a", "2024-01-15", 3)]
    frame = demand(rows, price=[1.0, 2.0, 3.0], traffic=[7.0, 8.0, 9.0])
    data = DataConfig(
        freq="W-MON",
        covariates={"price": CovariateConfig(known_in_advance=True), "traffic": CovariateConfig()},
    )
    tables = Tables(demand=frame)
    then = make_panel(tables, data, horizon=1).until(2)
    made = make_panel(tables, data, cutoff=pd.Timestamp("2024-01-08"), horizon=2)
    np.testing.assert_array_equal(then.y, made.y)
    for name in ("price", "traffic"):
        np.testing.assert_array_equal(then.covariates[name], made.covariates[name])


def test_events_reach_everybody_a_category_or_one_sku_and_into_the_future():
    items = table("items", unique_id=["a", "b", "c"], category=["x", "x", "z"])
    events = table(
        "events",
        ds=pd.to_datetime(["2024-01-10", "2024-01-22", "2024-01-29"]),
        name=["fair", "fair", "fair"],
        unique_id=[None, "c", None],
        category=[None, None, "x"],
    )
    panel = make_panel(
        Tables(demand=demand(WEEKS), items=items, events=events), DataConfig(freq="W-MON"), horizon=1
    )
    np.testing.assert_array_equal(panel.events["fair"], [[0, 1, 0, 0, 1], [0, 1, 0, 0, 1], [0, 1, 0, 1, 0]])


def test_items_without_demand_are_new_skus():
    items = table("items", unique_id=["new", "a"], category=["x", "y"])
    items["colour"] = ["red", "blue"]
    panel = make_panel(Tables(demand=demand(WEEKS), items=items), DataConfig(freq="W-MON"))
    assert panel.unique_ids.tolist() == ["a", "b", "new"]
    assert np.isnan(panel.y[2]).all()
    assert panel.static["category"].tolist()[::2] == ["y", "x"]
    assert panel.static["colour"].tolist()[::2] == ["blue", "red"]


def test_the_future_starts_follow_the_calendar_of_months():
    rows = [("a", "2024-01-01", 1), ("a", "2024-02-01", 2)]
    panel = make_panel(Tables(demand=demand(rows)), DataConfig(freq="MS"))
    assert [str(d)[:10] for d in panel.future(2)] == ["2024-03-01", "2024-04-01", "2024-05-01"]


def test_no_demand_before_the_cutoff_is_said():
    with pytest.raises(DataError, match="no row at or before 2023-01-01"):
        make_panel(Tables(demand=demand(WEEKS)), DataConfig(freq="W-MON"), cutoff=pd.Timestamp("2023-01-01"))


def test_a_configured_covariate_that_is_not_there_is_said():
    with pytest.raises(DataError, match="'price'"):
        make_panel(
            Tables(demand=demand(WEEKS)), DataConfig(freq="W-MON", covariates={"price": CovariateConfig()})
        )
