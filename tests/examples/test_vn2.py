from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from configs.load import load_config
from database.sources.load_tables import load_tables
from examples import vn2
from features.contract.tables import DataError

SALES = "Store,Product,2024-04-01,2024-04-08\n0,7,3.0,0.0\n1,7,1.0,2.0\n"
IN_STOCK = "Store,Product,2024-04-01,2024-04-08\n0,7,True,False\n1,7,True,True\n"
STATE = "Store,Product,End Inventory,In Transit W+1,In Transit W+2\n0,7,0,4,5\n1,7,2,0,1\n"
MASTER = (
    "Store,Product,ProductGroup,Division,Department,DepartmentGroup,StoreFormat,Format\n"
    "0,7,301202,3012,30,11,1,13\n1,7,301202,3012,30,11,2,13\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sales.csv").write_text(SALES)
    (tmp_path / "in_stock.csv").write_text(IN_STOCK)
    (tmp_path / "initial_state.csv").write_text(STATE)
    (tmp_path / "master.csv").write_text(MASTER)
    return tmp_path


def test_a_series_is_a_store_and_a_product_with_its_stockouts_flagged(folder: Path) -> None:
    demand = vn2.tables(vn2.read(folder))["demand"]
    assert demand["unique_id"].tolist() == ["0_7", "0_7", "1_7", "1_7"]
    assert demand["y"].tolist() == [3, 0, 1, 2]
    assert demand["in_stock"].tolist() == [True, False, True, True]


def test_units_in_transit_arrive_at_the_start_of_the_first_and_second_week_to_come(folder: Path) -> None:
    tables = vn2.tables(vn2.read(folder))
    orders = tables["purchase_orders"].set_index(["unique_id", "promised_at"])["quantity_ordered"]
    assert tables["stock"]["as_of"].unique() == [pd.Timestamp("2024-04-15")]
    assert orders.to_dict() == {
        ("0_7", pd.Timestamp("2024-04-15")): 4,
        ("0_7", pd.Timestamp("2024-04-22")): 5,
        ("1_7", pd.Timestamp("2024-04-22")): 1,
    }
    under_way = tables["purchase_orders"].eval("promised_at - ordered_at")
    assert (under_way == pd.Timedelta(days=14)).all()
    assert tables["purchase_orders"]["received_at"].isna().all()


def test_later_weeks_in_files_of_their_own_are_put_behind(folder: Path) -> None:
    (folder / "Week 1 - Sales.csv").write_text(
        "Store,Product,2024-04-08,2024-04-15\n0,7,0.0,6.0\n1,7,9.0,4.0\n"
    )
    tables = vn2.tables(vn2.read(folder))
    demand = tables["demand"].set_index(["unique_id", "ds"])
    assert demand.loc[("1_7", "2024-04-15"), "y"] == 4
    assert demand.loc[("1_7", "2024-04-08"), "y"] == 9, "the later file knows better"
    assert demand.loc[("1_7", "2024-04-01"), "y"] == 1
    assert pd.isna(demand.loc[("1_7", "2024-04-15"), "in_stock"]), "no flag was given for that week"
    assert tables["stock"]["as_of"].unique() == [pd.Timestamp("2024-04-22")]


def test_a_state_of_another_week_than_the_last_is_refused(folder: Path) -> None:
    (folder / "initial_state.csv").rename(folder / "Week 0 - 2024-04-01 - State.csv")
    with pytest.raises(DataError, match="state of the week 2024-04-01, but sales end with 2024-04-08"):
        vn2.read(folder)


def test_a_series_without_a_state_is_named(folder: Path) -> None:
    (folder / "initial_state.csv").write_text("\n".join(STATE.splitlines()[:2]))
    with pytest.raises(DataError, match="state: no row for Store_Product 1_7"):
        vn2.tables(vn2.read(folder))


def test_sales_without_week_columns_are_refused(folder: Path) -> None:
    (folder / "sales.csv").write_text("Store,Product,total\n0,7,3\n")
    with pytest.raises(DataError, match="no column named by a week's Monday"):
        vn2.read(folder)


def test_the_shared_files_pass_the_contract_whole(raw: Callable[[str], Path], tmp_path: Path) -> None:
    vn2.main([str(raw("vn2")), str(tmp_path)])
    checked = load_tables(str(tmp_path), load_config(Path("configs/vn2.yaml")).data)
    assert not checked.quarantine
    assert checked.freq == "W-MON"
    last = checked.tables.demand["ds"].max()
    assert checked.as_of == last + pd.Timedelta(days=7)
    assert checked.tables.offers["lead_time_days"].eq(14).all()
    assert checked.tables.items["holding_cost"].eq(0.2).all()
    assert checked.tables.items["shortage_cost"].eq(1.0).all()
