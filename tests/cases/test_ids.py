"""Ids as companies have them: spelled in two ways, spoilt on their way, or looking like something else."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pandas as pd
import pytest
from clients import person_client
from small_company import IDS, SmallCompany

from database.settings import Settings
from serving.state.follower import Follower

Rename = Callable[[str], str]


def rename(company: SmallCompany, table: str, column: str, spell: Rename) -> None:
    company.tables[table][column] = company.tables[table][column].map(spell)


@pytest.mark.parametrize(
    ("spell", "shown", "difference"),
    [
        (str.lower, "s1", "case"),
        (lambda name: f"0{name[1:]}", "S1", "case"),
        (lambda name: f"{name[0]} {name[1]}", "S 1", "blanks"),
        (lambda name: f"{name[0]}\u00a0{name[1]}", r"'S\xa01'", "blanks"),
        (lambda name: "\uff33\uff11", r"'\uff33\uff11'", "Unicode form"),
    ],
    ids=["case", "other", "blank", "no-break blank", "full width"],
)
def test_a_supplier_spelled_otherwise_in_orders_than_in_offers_is_named(
    untrained_company: SmallCompany, spell: Rename, shown: str, difference: str
) -> None:
    rename(untrained_company, "purchase_orders", "supplier_id", spell)
    checked = untrained_company.check()
    assert checked.status == 0
    if shown == "S1":  # 01 is another supplier
        assert "spelled" not in checked.text
        return
    assert "1 of 1 suppliers are spelled in more ways than one" in checked.text
    assert f"{shown} in purchase_orders, which differ in {difference}. Spell ids alike" in checked.text


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("007", "7", "007 in offers, 7 in purchase_orders, which differ in leading zeros"),
        (
            "Caf\u00e9",
            "Cafe\u0301",
            r"'Caf\xe9' in offers, 'Cafe\u0301' in purchase_orders, which differ in Unicode form",
        ),
        ("S 1", "s1", "S 1 in offers, s1 in purchase_orders, which differ in blanks and case"),
    ],
)
def test_two_spellings_of_one_supplier_are_named_with_what_differs(
    untrained_company: SmallCompany, one: str, other: str, how: str
) -> None:
    untrained_company.tables["offers"]["supplier_id"] = one
    untrained_company.tables["purchase_orders"]["supplier_id"] = other
    assert how in untrained_company.check().text


def test_an_id_in_two_spellings_within_one_table_is_named(untrained_company: SmallCompany) -> None:
    rename(untrained_company, "purchase_orders", "supplier_id", lambda name: name)
    untrained_company.tables["purchase_orders"].loc[::3, "supplier_id"] = "s1"
    assert "S1 in offers, s1 in purchase_orders" in untrained_company.check().text
    untrained_company.tables["offers"]["supplier_id"] = "S2"
    assert "s1 and S1 in purchase_orders, which differ in case" in untrained_company.check().text


def test_ids_of_different_things_are_not_taken_for_spellings_of_one(untrained_company: SmallCompany) -> None:
    untrained_company.tables["offers"]["supplier_id"] = [f"S{i}" for i in range(6)]
    untrained_company.tables["items"]["category"] = ["A", "A1", "A10", "B-1", "B_1", "B"]
    checked = untrained_company.check()
    assert checked.status == 0
    assert "spelled" not in checked.text


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"unique_id": "A9"}, "1 of 1 SKUs of events have no demand and no row in items: their events change nothing"),
        ({"unique_id": "a1"}, "For example a1, which stands in demand as A1"),
        ({"category": "C"}, "categories of events are those of no item: their events change nothing. For example C, which stands in items as c"),
        ({"supplier_id": "S9"}, "suppliers of events are in no other table: their shutdowns change nothing. For example S9"),
        ({"region": "south"}, "regions of events are those of no supplier: their shutdowns change nothing. For example south, which stands in suppliers as South"),
    ],
)  # fmt: skip
def test_an_event_for_something_that_is_not_there_is_named(
    untrained_company: SmallCompany, row: dict[str, str], message: str
) -> None:
    tables = untrained_company.tables
    tables["suppliers"] = pd.DataFrame({"supplier_id": ["S1"], "region": ["South"]})
    tables["events"] = pd.DataFrame([{"ds": "2025-03-03", "name": "fair", **row}])
    text = untrained_company.check().text
    assert message in text
    assert "spelled" not in text  # which the warning of the link says already


def test_an_event_called_in_two_ways_and_a_stock_row_of_nobody_are_named(
    untrained_company: SmallCompany,
) -> None:
    tables = untrained_company.tables
    tables["events"] = pd.DataFrame(
        {"ds": ["2024-11-29", "2025-11-28"], "name": ["Black Friday", "black friday"]}
    )
    tables["stock"] = pd.concat([tables["stock"], tables["stock"].head(1).assign(unique_id="A9")])
    text = untrained_company.check().text
    assert "Black Friday and black friday in events, which differ in case" in text
    assert (
        "1 of 7 SKUs of stock have no demand and no row in items: nothing is planned for them. For example A9"
        in text
    )


@pytest.mark.parametrize(
    ("spoilt", "message"),
    [
        (
            "A1\u200b",
            r"demand.csv row 70: unique_id is 'A1\u200b', with U+200B (zero width space) in it; remove it",
        ),
        (
            "\u200fA1",
            r"demand.csv row 70: unique_id is '\u200fA1', with U+200F (right-to-left mark) in it; remove it",
        ),
        ("A\n1", r"unique_id is 'A\n1', with a line break in it; remove it"),
        ("A\t1", r"unique_id is 'A\t1', with a tab in it; remove it"),
        ("A1\x07", r"unique_id is 'A1\x07', with U+0007 (control character) in it; remove it"),
        ("A\u31641", r"unique_id is 'A\u31641', with U+3164 (hangul filler) in it; remove it"),
        ("Caf\ufffd", "in which a character was lost; export the file as UTF-8"),
        ("5.90123E+12", "unique_id is 5.90123E+12, a number that a spreadsheet has shortened"),
        ("..", "unique_id is .., which is no name of a web page; give another id"),
        ("x" * 300, "300 characters long; give the id alone"),
    ],
)
def test_an_id_that_hides_or_lost_something_is_quarantined_with_its_row(
    untrained_company: SmallCompany, spoilt: str, message: str
) -> None:
    demand = untrained_company.tables["demand"]
    demand.loc[68, "unique_id"] = spoilt  # in line 70, of A1
    checked = untrained_company.check()
    assert checked.status == 0, checked.text
    assert re.search(r"demand +359 ", checked.text)
    assert message in checked.text
    hidden = "remove it" in message
    kept = "the demand of 1 period whose row is in quarantine is kept as unknown" in checked.text
    # of the SKU that is seen the period is unknown; nobody knows whose the others are, and a gap is said
    assert kept == hidden
    assert ("A1: 1 of 60 periods" in checked.text) != hidden


def test_an_id_with_something_hidden_that_is_nobody_elses_makes_no_sku(small_company: SmallCompany) -> None:
    small_company.tables["demand"].loc[68, "unique_id"] = "A9\u200b"
    checked = small_company.check()
    assert r"unique_id is 'A9\u200b', with U+200B (zero width space) in it" in checked.text
    assert "kept as unknown" not in checked.text
    planned = small_company.plan()
    assert planned.status == 0, planned.text
    assert sorted(small_company.table().index) == list(IDS)


@pytest.mark.parametrize(("length", "rows"), [(255, 360), (256, 359)])
def test_an_id_has_255_characters_at_most(untrained_company: SmallCompany, length: int, rows: int) -> None:
    untrained_company.tables["demand"].loc[68, "unique_id"] = "x" * length
    assert re.search(rf"demand +{rows} ", untrained_company.check().text)


@pytest.mark.parametrize("name", ["👩‍🔧", "نامه‌ها", "क्‍ष", "naïve", "日本", "1E5", "…", "-", "A.1"])
def test_what_people_see_in_an_id_is_left_alone(untrained_company: SmallCompany, name: str) -> None:
    for table in untrained_company.tables.values():
        table["unique_id"] = table["unique_id"].replace("A1", name)
    checked = untrained_company.check()
    assert checked.status == 0
    assert "quarantined unique_id" not in checked.text
    assert "warnings" not in checked.text


def test_a_receipt_of_an_order_spelled_otherwise_says_how_it_stands_there(
    untrained_company: SmallCompany,
) -> None:
    orders = untrained_company.tables["purchase_orders"]
    receipts = orders[["order_id", "line", "received_at"]].assign(quantity=40)
    receipts.loc[5, "order_id"] = receipts.loc[5, "order_id"].lower()
    receipts.loc[7, "line"] = "01"
    receipts.loc[9, "order_id"] = "PO-none"
    untrained_company.tables["receipts"] = receipts
    text = untrained_company.check().text
    assert (
        "receipts.csv row 7: no order_id poa0-5 line 1 in purchase_orders.csv; it stands there as POA0-5 line 1"
        in text
    )
    untrained_company.tables["receipts"] = receipts.drop(index=5)
    assert (
        "no order_id POA0-7 line 01 in purchase_orders.csv; it stands there as POA0-7 line 1"
        in untrained_company.check().text
    )
    untrained_company.tables["receipts"] = receipts.drop(index=[5, 7])
    assert "no order_id PO-none line 1 in purchase_orders.csv; add it" in untrained_company.check().text


def test_a_replaced_sku_spelled_otherwise_is_asked_for(untrained_company: SmallCompany) -> None:
    untrained_company.tables["items"]["replaces"] = [None, "a0", None, "A2;zz", None, None]
    text = untrained_company.check().text
    assert "replaces is a0, but no SKU a0 is in items or demand; is it A0? Correct the id" in text
    untrained_company.tables["items"]["replaces"] = [None, None, None, "A2;zz", None, None]
    assert "no SKU zz is in items or demand; correct the id" in untrained_company.check().text


def test_numbers_of_parquet_and_texts_of_csv_are_the_same_ids(untrained_company: SmallCompany) -> None:
    numbers = {name: 100 + place for place, name in enumerate(IDS)}
    for table in untrained_company.tables.values():
        table["unique_id"] = table["unique_id"].map(numbers)
    untrained_company.write()
    for name, kind in (("demand", "int64"), ("stock", "float64")):
        table = untrained_company.tables.pop(name)
        (untrained_company.data / f"{name}.csv").unlink()
        table.astype({"unique_id": kind}).to_parquet(untrained_company.data / f"{name}.parquet")
    checked = untrained_company.check()
    assert checked.status == 0, checked.text
    assert "warnings" not in checked.text


WILD = ("NA", "../x", "<b>1</b>", "=1+1", "a;b,\"c'", "😀 #?&")
"""Real ids: of Namibia, a path, markup, a formula, all separators, and what has a meaning in addresses."""


@pytest.fixture
def wild_company(untrained_company: SmallCompany) -> SmallCompany:
    company = untrained_company
    for table in company.tables.values():
        table["unique_id"] = table["unique_id"].map(dict(zip(IDS, WILD, strict=True)))
        if "supplier_id" in table:
            table["supplier_id"] = "nan"
    company.tables["suppliers"] = pd.DataFrame({"supplier_id": ["nan"], "name": ["=NULL"], "region": ["NA"]})
    script = "<script>alert(1)</script>"
    company.tables["items"] = company.tables["items"].assign(
        category="None", description=script, replaces=None
    )
    company.tables["items"].loc[0, "replaces"] = WILD[4]
    return company


def test_ids_that_look_like_something_else_go_all_the_way(wild_company: SmallCompany) -> None:
    for verb in (wild_company.check, wild_company.train, wild_company.plan):
        done = verb()
        assert done.status == 0, done.text
    plan = wild_company.table()
    assert set(plan.index) == set(WILD)
    assert set(plan["supplier_id"]) == {"nan"}
    assert plan.loc["NA", "order_quantity"] > plan.loc["<b>1</b>", "order_quantity"]  # it replaces another
    follower = Follower()
    follower.open(Settings(home=wild_company.home))
    client = person_client(follower, headers={"accept": "text/html"})
    listed = client.get("/skus").text
    for name in WILD:
        address = f"/skus/{quote(name, safe='')}"
        assert f'href="{address}"' in listed
        page = client.get(address)
        assert page.status_code == 200, name
        assert "<b>1</b>" not in page.text
        assert "<script>alert" not in page.text
        drawings = re.findall(r'(?:src|href)="(/drawings[^"]*)"', page.text)
        assert drawings
        assert {client.get(drawing).status_code for drawing in drawings} == {200}, name
    assert client.get("/suppliers/nan").status_code == 200
    assert "'=NULL" in client.get("/suppliers.csv").text
    follower.close()
