import sqlite3

import numpy as np
import pandas as pd
import pytest
from purchases import AS_OF, company, day, order

from procurement.spend.spend_lines import SPEND_LINES, spend_lines


def test_spend_is_what_was_ordered_at_its_price_and_of_lines_that_ended_what_came():
    tables = company(
        [
            order("1", "01-05", 10, 2.0),
            order("2", "02-05", 10, 2.0, status="closed", quantity_received=4),
            order("3", "02-06", 10, 2.0, status="cancelled"),
            order("4", "02-07", 10, None),
            order("5", "02-08", 10, 2.0, status="draft"),
            order("6", "2025-01-01", 10, 2.0),
            order("7", "2024-12-31 18:00", 10, 2.0),
        ]
    )
    lines = spend_lines(tables, AS_OF).set_index("order_id")
    assert lines["amount"].to_dict() == {"1": 20.0, "2": 8.0, "3": 0.0, "4": 0.0, "7": 20.0}
    assert lines["priced"].to_dict() == {"1": True, "2": True, "3": True, "4": False, "7": True}
    assert lines["month"]["7"] == "2024-12"


def test_prices_stand_against_contract_and_lowest_offer_of_the_day():
    tables = company(
        [
            order("1", "01-05", 10, 5.0),
            order("2", "03-05", 10, 5.0, supplier_id="t"),
            order("3", "03-05", 10, 5.0),
        ],
        contracts=[
            {
                "contract_id": "c",
                "supplier_id": "s",
                "unique_id": "a",
                "price": 4.5,
                "valid_from": day("02-01"),
            }
        ],
        offers=[
            {"supplier_id": "s", "unique_id": "a", "unit_price": 5.0},
            {"supplier_id": "u", "unique_id": "a", "unit_price": 4.0, "valid_to": day("02-01")},
            {"supplier_id": "u", "unique_id": "b", "unit_price": 1.0},
        ],
    )
    lines = spend_lines(tables, AS_OF).set_index("order_id")
    np.testing.assert_allclose(lines["over_contract"], [np.nan, np.nan, 5.0])
    assert lines["contracted"].tolist() == [False, False, True]
    assert lines["off_contract"].tolist() == [False, True, False]
    np.testing.assert_allclose(lines["over_lowest"], [10.0, 0.0, 0.0])
    assert lines["contract_id"]["3"] == "c"


def test_an_invoice_of_a_whole_order_is_shared_by_amount():
    tables = company(
        [order("1", "01-05", 10, 3.0), order("1", "01-05", 10, 1.0, line="2"), order("2", "01-06", 1, 1.0)],
        invoices=[
            {"order_id": "1", "amount": 44.0, "at": day("02-01")},
            {"order_id": "1", "line": "2", "amount": 5.0, "at": day("02-02")},
        ],
    )
    lines = spend_lines(tables, AS_OF)
    np.testing.assert_allclose(lines["invoiced"], [33.0, 16.0, np.nan])


def test_of_lines_without_a_price_a_whole_invoice_is_shared_evenly():
    orders = [order("1", "01-05", 10, None), order("1", "01-05", 1, None, line="2")]
    lines = spend_lines(
        company(orders, invoices=[{"order_id": "1", "amount": 8.0, "at": day("02-01")}]), AS_OF
    )
    assert lines["invoiced"].tolist() == [4.0, 4.0]


def test_the_last_approval_says_who_approved():
    tables = company(
        [order("1", "01-05", 10, 3.0), order("2", "01-05", 10, 3.0)],
        approvals=[
            {
                "order_id": "1",
                "requested_by": "ann",
                "approved_by": "bob",
                "at": day("01-04"),
                "department": "d",
            },
            {"order_id": "1", "requested_by": "ann", "approved_by": "eve", "at": day("01-05")},
        ],
        suppliers=[{"supplier_id": "s", "is_certified": True, "is_local": False}],
    )
    lines = spend_lines(tables, AS_OF).set_index("order_id")
    assert lines["approved_by"]["1"] == "eve"
    assert pd.isna(lines["approved_by"]["2"])
    assert lines["department"]["1"] == "d"
    assert lines["certified"].all()
    assert not lines["local"].any()
    assert not lines["diverse"].any()


def test_without_orders_there_are_no_lines_but_all_columns():
    assert list(spend_lines(company([]), AS_OF)) == list(SPEND_LINES)


@pytest.fixture(scope="module")
def demo():
    from examples import demo

    company_tables, _ = demo.make(7)
    return company_tables


def test_totals_of_the_demo_equal_plain_sql_over_its_raw_tables(demo, tmp_path_factory):
    from configs.load import load_config
    from database.sources.data_directory import write_directory
    from database.sources.load_tables import load_tables
    from procurement.spend.spend_cube import SpendCube

    folder = tmp_path_factory.mktemp("demo")
    write_directory(demo, folder)
    checked = load_tables(str(folder), load_config("configs/demo.yaml").data)
    cube = SpendCube.of(spend_lines(checked.tables, checked.as_of))
    raw = sqlite3.connect(":memory:")
    for name in ("purchase_orders", "items", "approvals", "suppliers", "invoices"):
        frame = demo[name].copy()
        for column in frame.select_dtypes("datetime").columns:
            frame[column] = frame[column].dt.strftime("%Y-%m-%d")
        frame.astype(object).where(frame.notna(), None).to_sql(name, raw, index=False)
    money, by = "sum(o.quantity_ordered * o.unit_price)", "group by 1 order by 1"
    source = "from purchase_orders o left join items i using (unique_id)"
    for dimension, column in (
        ("supplier_id", "o.supplier_id"),
        ("unique_id", "o.unique_id"),
        ("category", "i.category"),
        ("department", "o.department"),
        ("site", "o.site"),
        ("month", "substr(o.ordered_at, 1, 7)"),
    ):
        query = f"select {column}, count(distinct o.order_id), count(*), {money} {source} {by}"
        expected = pd.DataFrame(raw.execute(query).fetchall(), columns=["name", "orders", "lines", "amount"])
        found = cube.by(dimension).sort_values("name")[["name", "orders", "lines", "amount"]]
        pd.testing.assert_frame_equal(
            found.reset_index(drop=True), expected, check_dtype=False, check_exact=False, rtol=1e-9
        )
    diverse = (
        f"select {money} from purchase_orders o join suppliers s using (supplier_id) where s.is_diverse = 1"
    )
    assert cube.total()["amount_diverse"] == pytest.approx(raw.execute(diverse).fetchone()[0])
    invoiced = raw.execute("select sum(amount) from invoices").fetchone()[0]
    assert cube.total()["invoiced"] == pytest.approx(invoiced)
