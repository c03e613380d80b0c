"""Cases: two plans one after the other, and what is said to have changed between them and why."""

import pandas as pd
import pytest
from small_company import SmallCompany

from planning.changes import causes
from planning.changes.plan_changes import NUMBERS, PART_COLUMNS, sku_parts


def moved(company: SmallCompany) -> pd.DataFrame:
    """The table of changes that the last plan wrote, by SKU; its parts sum to the changes."""
    table = company.table("changes").set_index("unique_id", drop=False)
    for number in NUMBERS:
        change = table[number] - table[f"{number}_before"]
        assert table[PART_COLUMNS[number]].sum(axis=1).to_numpy() == pytest.approx(
            change.to_numpy(), abs=1e-6
        )
    return table


def test_only_the_supplier_got_slower(small_company: SmallCompany) -> None:
    assert small_company.plan().status == 0
    assert moved(small_company).empty
    assert "This is the first plan" in small_company.page("/changes")
    before = small_company.table()["reorder_point"]
    lines = small_company.tables["purchase_orders"]
    later = lines.assign(received_at=pd.to_datetime(lines["received_at"]) + pd.Timedelta(days=7))
    small_company.tables["purchase_orders"] = later
    trained = small_company.train()
    assert trained.status == 0, trained.text
    assert small_company.plan().status == 0
    table = moved(small_company)
    assert sorted(table.index) == sorted(before.index)
    for sku, row in table.iterrows():
        assert row["reorder_point_before"] == before[sku]
        parts = sku_parts(row, "reorder_point")
        assert set(parts) <= {causes.LEAD_TIME_MEAN, causes.LEAD_TIME_SPREAD, causes.PLAY}
        assert parts[causes.LEAD_TIME_MEAN] > 5
        assert (row["lead_time_before"], row["lead_time"]) == pytest.approx((14, 21), abs=0.2)
        assert causes.LEAD_TIME_MEAN in sku_parts(row, "order_quantity")
    page = small_company.page(f"/skus/{table.index[0]}")
    assert (
        f"reorder point {before[table.index[0]]:.0f} → {table['reorder_point'].iloc[0]:.0f}: lead time +"
        in page
    )


def test_only_stock_and_then_only_a_lot_changed(small_company: SmallCompany) -> None:
    assert small_company.plan().status == 0
    stock = small_company.tables["stock"]
    small_company.tables["stock"] = stock.assign(on_hand=[30, 30, 30, 10, 0, 400])
    assert small_company.plan().status == 0
    table = moved(small_company)
    assert set(table.index) == {"A3", "A4", "A5"}
    assert (table["reorder_point"] == table["reorder_point_before"]).all()
    for sku, sign in (("A3", 1), ("A4", 1), ("A5", -1)):
        parts = sku_parts(table.loc[sku], "order_quantity")
        assert set(parts) <= {causes.STOCK, causes.SUPPLIER_ORDER}
        assert sign * parts[causes.STOCK] > 0
    assert table.loc["A5", "order_money"] == pytest.approx(-5.0 * table.loc["A5", "order_quantity_before"])
    page = small_company.page("/changes")
    for words in ("SKUs moved 3", "orders up", "stock and orders", "since the plan of 2025-02-24"):
        assert words in page
    small_company.tables["offers"] = small_company.tables["offers"].assign(moq=150)
    assert small_company.plan().status == 0
    table = moved(small_company)
    assert "A0" in table.index
    assert sku_parts(table.loc["A0"], "order_quantity")[causes.LOT] > 0


def test_what_people_set_is_told_as_theirs(small_company: SmallCompany) -> None:
    assert small_company.plan().status == 0
    small_company.tables["overrides"] = pd.DataFrame(
        {
            "kind": ["forecast", "service_level", "hold"],
            "unique_id": ["A0", "A1", "A2"],
            "factor": [2.0, None, None],
            "service_level": [None, 0.999, None],
            "hold_until": [None, None, "2025-04-01"],
            "reason": "a reason that is long enough",
            "author": "ada",
            "created": "2025-02-20",
            "expires": "2025-12-31",
        }
    )
    done = small_company.plan()
    assert done.status == 0, done.text
    table = moved(small_company)
    doubled, safer = (sku_parts(table.loc[sku], "reorder_point") for sku in ("A0", "A1"))
    assert doubled[causes.OVERRIDES] > 30
    assert safer[causes.OVERRIDES] > 5
    for parts in (doubled, safer):
        assert set(parts) <= {causes.OVERRIDES, causes.PLAY}
    held = sku_parts(table.loc["A2"], "order_quantity")
    assert held == pytest.approx({causes.OVERRIDES: -table.loc["A2", "order_quantity_before"]})


def test_a_plan_whose_files_are_gone_or_hold_no_basis_is_told(small_company: SmallCompany) -> None:
    plans = small_company.home / "plans"
    assert small_company.plan().status == 0
    for path in plans.glob("*/decision_basis.parquet"):
        path.unlink()
    stock = small_company.tables["stock"]
    small_company.tables["stock"] = stock.assign(on_hand=0)
    assert small_company.plan().status == 0
    table = moved(small_company)
    assert len(table) == 6
    assert all(set(sku_parts(row, "order_quantity")) == {causes.NOT_SPLIT} for _, row in table.iterrows())
    assert "changes cannot be split into causes; those from now on can" in small_company.page("/changes")
    for path in plans.glob("*/lead_time.parquet"):
        path.write_bytes(b"PAR1")
    done = small_company.plan()
    assert done.status == 0, done.text
    assert moved(small_company).empty
    page = small_company.page("/changes")
    assert "Nothing to compare with" in page
    assert "lead_time.parquet: not readable" in page
