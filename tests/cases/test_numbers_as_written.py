"""Numbers in sentences and on pages are written as people write them, and ids are no numbers."""

import re

import numpy as np
import pandas as pd
import pytest
from small_company import IDS, SmallCompany

BAD = re.compile(r"-0\b|\d[eE][+-]\d|(?<![\w-])-\d|\d{5,}\.\d|\bnan\b|\binf\b", re.ASCII)
"""What no person writes: -0, 8e-09, a hyphen for a minus, 12345.6, nan."""


def test_an_id_among_further_columns_is_shown_without_a_decimal(small_company: SmallCompany) -> None:
    codes = [1208.0, None, 7.0, 7.0, 7.0, 7.0]  # as a column of numbers with a missing one is exported
    small_company.tables["items"] = small_company.tables["items"].assign(manufacturer_id=codes)
    assert small_company.plan().status == 0
    text = small_company.page("/skus/A0")
    assert re.search(r"manufacturer id\s+1208\s", text)


def test_ids_that_came_as_floats_are_those_without_a_decimal(small_company: SmallCompany) -> None:
    numbers = dict(zip(IDS, ["1200", "1201", "1202", "1203", "1204", "1205"], strict=True))
    for name, table in small_company.tables.items():
        small_company.tables[name] = table.assign(unique_id=table["unique_id"].map(numbers))
    for name in ("stock", "offers"):
        table = small_company.tables[name]
        small_company.tables[name] = table.assign(unique_id=table["unique_id"] + ".0")
    orders = small_company.tables["purchase_orders"]
    orders.assign(unique_id=orders["unique_id"].astype(float)).to_parquet(
        small_company.data / "purchase_orders.parquet"
    )
    del small_company.tables["purchase_orders"]
    done = small_company.check()
    assert done.status == 0
    assert "warnings" not in done.text


@pytest.mark.parametrize("on_hand", [0, 7, 100_000_000])
def test_sentences_and_pages_hold_nothing_that_no_person_writes(
    small_company: SmallCompany, on_hand: int
) -> None:
    demand = small_company.tables["demand"]
    demand.loc[demand["unique_id"] == "A5", "y"] = 0  # never sold
    small_company.tables["stock"] = small_company.tables["stock"].assign(on_hand=on_hand)
    small_company.tables["offers"] = small_company.tables["offers"].assign(moq=600, ordering_cost=5)
    extra = small_company.tables["purchase_orders"].iloc[[0, 30]].assign(
        order_id=["N1", "N2"], received_at=pd.NaT, quantity_received=np.nan, quantity_ordered=500_000,
        ordered_at=pd.Timestamp("2025-02-17"), promised_at=pd.Timestamp("2025-03-20"),
    )  # fmt: skip
    small_company.tables["purchase_orders"] = pd.concat([small_company.tables["purchase_orders"], extra])
    done = small_company.plan()
    assert done.status == 0, done.text
    actions, plan = small_company.table("actions"), small_company.table()
    assert len(actions)
    texts = [*plan["reason"], *actions["title"], *actions["evidence"]]
    assert [text for text in texts if BAD.search(_without_ids(text))] == []
    assert all(" EUR" in text for text in actions["evidence"] if "cost" in text)
    for path in ("/", "/skus", "/skus/A0", "/skus/A5", "/suppliers", "/suppliers/S1"):
        assert BAD.findall(_without_ids(small_company.page(path))) == [], path


def _without_ids(text: str) -> str:
    """The text without dates, order numbers and hashes, which are no numbers."""
    return re.sub(r"\d{4}-\d\d-\d\d|PO\w+-\d+\S*|\b[0-9a-f]{12,}\b|unsafe-\w+", "", text)


def test_a_level_short_of_everything_is_not_called_everything(small_company: SmallCompany) -> None:
    small_company.tables["items"] = small_company.tables["items"].assign(cycle_service_level=0.9998)
    assert small_company.plan().status == 0
    reason = small_company.table().loc["A0", "reason"]
    assert "for a cycle service of 99.98%" in reason


def test_files_hold_plain_numbers(small_company: SmallCompany) -> None:
    small_company.tables["stock"] = small_company.tables["stock"].assign(on_hand=10_000)
    assert small_company.plan().status == 0
    plan = small_company.table()
    assert pd.api.types.is_float_dtype(plan["on_hand"])
    assert "−" not in plan.drop(columns="reason").to_csv()
