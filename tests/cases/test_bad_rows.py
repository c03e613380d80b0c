"""Bad rows: how many stop a run, which do no harm, and what is said of their demand."""

import pandas as pd
import pytest
from small_company import SmallCompany


def bad_stock(company: SmallCompany, rows: int, bad: int) -> None:
    """Only `rows` SKUs have stock, and of `bad` of them it is negative."""
    stock = company.tables["stock"].head(rows).copy()
    stock.loc[stock.index[:bad], "on_hand"] = -1
    company.tables["stock"] = stock


def allow(company: SmallCompany, options: str) -> None:
    company.config.write_text(company.config.read_text() + f"data: {options}\n")


def test_one_duplicate_in_a_table_of_seven_rows_stops_nothing(small_company: SmallCompany) -> None:
    stock = small_company.tables["stock"]
    small_company.tables["stock"] = pd.concat([stock, stock.tail(1).assign(on_hand=99)])
    checked = small_company.check()
    assert checked.status == 0, checked.text
    assert "stock.csv row 8: same unique_id, as_of as row 7; keep one row, or add the two up" in checked.text
    planned = small_company.plan()
    assert planned.status == 0, planned.text
    assert small_company.table().loc["A5", "on_hand"] == 30


@pytest.mark.parametrize(
    ("rows", "bad", "options", "status"),
    [
        (6, 2, "{}", 0),
        (6, 3, "{}", 1),
        (4, 2, "{}", 0),
        (3, 2, "{}", 1),
        (1, 1, "{}", 1),
        (6, 3, "{max_bad_rows: 3}", 0),
        (6, 1, "{max_bad_rows: 0}", 1),
        (6, 1, "{max_bad_share: 0}", 1),
        (6, 3, "{max_bad_share: 0.5}", 0),
        (6, 4, "{max_bad_share: 0.5, max_bad_rows: 5}", 1),
    ],
)
def test_bad_rows_stop_a_run_by_their_share_and_their_number(
    untrained_company: SmallCompany, rows: int, bad: int, options: str, status: int
) -> None:
    bad_stock(untrained_company, rows, bad)
    allow(untrained_company, options)
    checked = untrained_company.check()
    assert checked.status == status, checked.text
    assert (f"stock.csv: {bad} of {rows} rows break a rule, more than the" in checked.text) == bool(status)
    assert "stock.csv row 2: on_hand is -1, expected a number ≥ 0" in checked.text


@pytest.mark.parametrize("name", ["items", "offers", "purchase_orders", "stock"])
def test_a_table_exported_twice_into_one_file_is_read_once(
    untrained_company: SmallCompany, name: str
) -> None:
    table = untrained_company.tables[name]
    untrained_company.tables[name] = pd.concat([table, table], ignore_index=True)
    checked = untrained_company.check()
    assert checked.status == 0, checked.text
    assert f"{name}.csv row {len(table) + 2}: a copy of row 2, which counts; remove it" in checked.text


def test_a_row_that_differs_in_one_column_is_no_copy(untrained_company: SmallCompany) -> None:
    items = untrained_company.tables["items"]
    untrained_company.tables["items"] = pd.concat([items, items.assign(unit_cost=6.0)], ignore_index=True)
    checked = untrained_company.check()
    assert checked.status == 1
    assert "items.csv: 6 of 12 rows break a rule" in checked.text
    assert "same unique_id as row 2" in checked.text


def test_two_equal_rows_of_demand_may_be_two_sales_and_count_as_bad(untrained_company: SmallCompany) -> None:
    demand = untrained_company.tables["demand"]
    untrained_company.tables["demand"] = pd.concat([demand, demand.head(60)], ignore_index=True)
    checked = untrained_company.check()
    assert checked.status == 1
    assert "demand.csv: 60 of 420 rows break a rule" in checked.text


@pytest.mark.parametrize(
    "budgets",
    [
        pd.DataFrame({"period": ["2025-03", "2025-04"], "amount": ["100", "none left"]}),
        pd.DataFrame({"month": ["2025-03"], "eur": ["100"]}),
    ],
    ids=["a bad row", "columns of its own"],
)
def test_a_table_that_nothing_uses_stops_neither_check_nor_plan(
    small_company: SmallCompany, budgets: pd.DataFrame
) -> None:
    small_company.tables["budgets"] = budgets
    for done in (small_company.check(), small_company.plan()):
        assert done.status == 0, done.text
    assert "budgets" in small_company.check().text


def test_a_receipt_after_the_data_names_the_day_that_they_end(untrained_company: SmallCompany) -> None:
    untrained_company.tables["purchase_orders"].loc[0, "received_at"] = pd.Timestamp("2025-03-05")
    assert (
        "received_at is 2025-03-05, more than a period after demand and stock counts end (2025-02-24)"
        in untrained_company.check().text
    )


def test_the_period_of_a_quarantined_row_is_said_to_be_unknown_and_is_no_gap(
    untrained_company: SmallCompany,
) -> None:
    untrained_company.tables["demand"].loc[20:40, "y"] = 20
    untrained_company.tables["demand"].loc[30, "y"] = 20_000
    text = untrained_company.check().text
    assert "y is 20000, about ×1000 the rows around it" in text
    assert "the demand of 1 period whose row is in quarantine is kept as unknown, not as zero" in text
    assert "no row" not in text
    untrained_company.tables["demand"] = untrained_company.tables["demand"].drop(index=[30, 31])
    text = untrained_company.check().text
    assert "2 of 360 periods between a SKU's first and last have no row" in text
    assert "kept as unknown" not in text
