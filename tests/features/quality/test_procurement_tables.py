"""Contracts, approvals, invoices, lots, usage and bins through the data check, and departments of budgets and orders."""

import json

import pandas as pd
import pytest

from configs.errors import ConfigError
from configs.schema import DataConfig
from features.contract.tables import KEYS, PROCUREMENT_TABLES, REQUIRED, TABLES, RawTable
from features.orders.order_history import order_history
from features.quality.check import check_tables
from features.quality.switched_off import UNUSED

CONFIG = DataConfig(max_bad_share=1.0)
EURO = DataConfig(max_bad_share=1.0, currency="EUR")
MONDAYS = [f"{day:%Y-%m-%d}" for day in pd.date_range("2024-01-01", periods=20, freq="W-MON")]
END = pd.Timestamp("2024-05-20")
GOOD = {
    "contracts": {
        "contract_id": "C1", "supplier_id": "s", "unique_id": "a", "valid_from": "2024-01-01",
        "valid_to": "2024-12-31", "price": "4.5", "lead_time_days": "12", "sla": "0.95", "volume": "500",
    },
    "approvals": {
        "order_id": "po1", "requested_by": "anna.k", "department": "shop", "approved_by": "ben.l", "at": "2024-02-01",
    },
    "invoices": {
        "invoice_id": "I1", "order_id": "po1", "line": "1", "amount": "45", "at": "2024-03-01",
    },
    "inventory_lots": {
        "lot_id": "L1", "unique_id": "a", "received_at": "2024-02-20", "expires_at": "2024-08-20", "quantity": "6",
        "unit_cost": "4.5", "site": "north",
    },
    "usage": {"unique_id": "a", "ds": "2024-04-01", "quantity": "0", "department": "shop", "site": "north"},
    "bins": {
        "site": "north", "bin": "N-1", "unique_id": "a", "counted_at": "2024-05-19", "count": "0", "capacity": "20",
    },
}  # fmt: skip
ORDER = {
    "order_id": "po1", "line": "1", "supplier_id": "s", "unique_id": "a", "ordered_at": "2024-02-01",
    "quantity_ordered": "10", "received_at": "2024-02-20", "quantity_received": "10",
}  # fmt: skip
ITEM = {"unique_id": "a", "category": "tea", "department": "shop"}


def check(config=CONFIG, *, as_of=None, today=None, **tables):
    frames = {"demand": pd.DataFrame({"unique_id": "a", "ds": MONDAYS, "y": "3"})}
    frames |= {
        name: pd.DataFrame(rows if isinstance(rows, list) else [rows]) for name, rows in tables.items()
    }
    raw = {name: RawTable(frame, f"{name}.csv") for name, frame in frames.items()}
    return check_tables(raw, config, as_of=as_of, today=today)


def reasons(checked, table):
    return checked.quarantine[table]["reason"].tolist() if table in checked.quarantine else []


def warned(checked, table):
    return [str(warning) for warning in checked.warnings if warning.table == table]


def test_the_tables_are_of_the_contract_and_stop_nobody():
    assert set(PROCUREMENT_TABLES) == set(GOOD)
    for name in PROCUREMENT_TABLES:
        assert set(REQUIRED[name]) | set(KEYS.get(name, ())) <= set(TABLES[name])
        assert name in UNUSED


@pytest.mark.parametrize("name", PROCUREMENT_TABLES)
def test_a_good_row_is_read_in_its_kinds(name):
    checked = check(purchase_orders=ORDER, items=ITEM, **{name: GOOD[name]})
    assert not checked.quarantine
    frame = getattr(checked.tables, name)
    assert len(frame) == checked.rows(name) == 1
    kinds = {"text": object, "number": float, "date": "datetime64[ns]"}
    for column, kind in TABLES[name].items():
        assert frame[column].dtype == kinds[kind], column
        assert frame[column].notna().all() == (column in GOOD[name]), column
    report = json.loads(json.dumps(checked.report()))
    assert report["tables"][name]["rows"] == 1
    assert warned(checked, name) == []


BAD = [
    ("contracts", {"supplier_id": None}, "supplier_id is empty, expected a text"),
    ("contracts", {"price": "0"}, "price is 0, expected a number > 0 (empty where no price was agreed)"),
    ("contracts", {"sla": "1"}, "sla is 1, expected a share of order lines on time and in full between 0 and 1"),
    ("contracts", {"sla": "0"}, "sla is 0, expected a share of order lines on time and in full between 0 and 1"),
    ("contracts", {"volume": "-1"}, "volume is -1, expected a number ≥ 0"),
    ("contracts", {"lead_time_days": "-1"}, "lead_time_days is -1, expected a number ≥ 0"),
    ("contracts", {"valid_to": "2023-12-31"}, "valid_to is 2023-12-31, before valid_from 2024-01-01"),
    ("contracts", {"category": "tea"}, "unique_id is a and category is tea, expected one of the two, or none"),
    ("approvals", {"order_id": None}, "order_id is empty, expected a text"),
    ("approvals", {"at": "soon"}, "at is soon, expected a date"),
    ("invoices", {"order_id": None}, "order_id is empty, expected a text"),
    ("invoices", {"amount": None}, "amount is empty, expected a number"),
    ("invoices", {"amount": "-inf"}, "amount is -inf, expected a finite number"),
    ("invoices", {"at": None}, "at is empty, expected a date"),
    ("invoices", {"invoice_id": "I\u200b1"}, "zero width space"),
    ("inventory_lots", {"unique_id": None}, "unique_id is empty, expected a text"),
    ("inventory_lots", {"received_at": None}, "received_at is empty, expected a date"),
    ("inventory_lots", {"quantity": "-1"}, "quantity is -1, expected a number ≥ 0"),
    ("inventory_lots", {"quantity": None}, "quantity is empty, expected a number"),
    ("inventory_lots", {"unit_cost": "-1"}, "unit_cost is -1, expected a number ≥ 0"),
    ("inventory_lots", {"expires_at": "2024-02-19"}, "expires_at is 2024-02-19, before received_at 2024-02-20"),
    ("usage", {"unique_id": None}, "unique_id is empty, expected a text"),
    ("usage", {"ds": None}, "ds is empty, expected a date"),
    ("usage", {"quantity": "-1"}, "quantity is -1, expected a number ≥ 0"),
    ("bins", {"site": None}, "site is empty, expected a text"),
    ("bins", {"unique_id": None}, "unique_id is empty, expected a text"),
    ("bins", {"count": "-1"}, "count is -1, expected a number ≥ 0"),
    ("bins", {"count": None}, "count is empty, expected a number"),
    ("bins", {"capacity": "0"}, "capacity is 0, expected a number > 0"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "changed", "reason"), BAD)
def test_a_bad_row_is_quarantined_with_its_reason_and_stops_nobody(name, changed, reason):
    checked = check(**{name: [GOOD[name], GOOD[name] | changed]}, config=DataConfig(max_bad_share=0.0))
    assert any(reason in said for said in reasons(checked, name)), reasons(checked, name)
    assert checked.rows(name) == 1
    assert checked.problem is None


def test_a_table_without_a_required_column_is_left_out_and_named():
    checked = check(invoices={"order_id": "po1", "sum": "5", "at": "2024-03-01"})
    assert checked.tables.invoices.empty
    said = warned(checked, "invoices")
    assert said[0].startswith("invoices: left out: invoices.csv: no column amount, found order_id, sum, at")
    assert "Nothing is said that rests on it" in said[0]


def test_credit_notes_empty_lots_and_ends_that_never_come_are_good():
    checked = check(
        purchase_orders=ORDER,
        invoices=GOOD["invoices"] | {"amount": "-7.5"},
        inventory_lots=GOOD["inventory_lots"] | {"quantity": "0", "expires_at": "9999-12-31"},
        contracts=GOOD["contracts"] | {"valid_to": "9999-12-31", "unique_id": None, "category": "tea"},
    )
    assert not checked.quarantine
    assert checked.tables.invoices["amount"].tolist() == [-7.5]
    assert checked.tables.inventory_lots["expires_at"].isna().all()
    assert checked.tables.contracts["valid_to"].isna().all()
    everything = check(contracts=GOOD["contracts"] | {"unique_id": None})
    assert not everything.quarantine


def test_keys_are_unique_but_invoices_and_usage_may_repeat():
    tables = {name: [GOOD[name], dict(GOOD[name])] for name in PROCUREMENT_TABLES}
    checked = check(purchase_orders=ORDER, **tables)
    rows = {name: checked.rows(name) for name in PROCUREMENT_TABLES}
    assert rows == {
        "contracts": 1, "approvals": 1, "invoices": 2, "inventory_lots": 1, "usage": 2, "bins": 1,
    }  # fmt: skip
    second = [GOOD["approvals"], GOOD["approvals"] | {"approved_by": "carla.m"}]
    assert check(approvals=second).rows("approvals") == 2


def test_what_came_after_the_as_of_day_is_not_seen():
    day = pd.Timestamp("2024-04-01")
    later = {
        "approvals": {"at": "2024-04-02"},
        "invoices": {"at": "2024-04-02"},
        "inventory_lots": {"received_at": "2024-04-02"},
        "usage": {"ds": "2024-04-01"},
        "bins": {"counted_at": "2024-04-02"},
    }
    known = {
        "approvals": {"at": "2024-04-01"},
        "invoices": {"at": "2024-04-01"},
        "inventory_lots": {"received_at": "2024-04-01"},
        "usage": {"ds": "2024-03-31"},
        "bins": {"counted_at": "2024-04-01"},
    }
    tables = {name: [GOOD[name] | known[name], GOOD[name] | later[name]] for name in later}
    checked = check(as_of=day, purchase_orders=ORDER, contracts=GOOD["contracts"], **tables)
    assert not checked.quarantine
    assert {name: checked.rows(name) for name in later} == dict.fromkeys(later, 1)
    assert {name: checked.unseen[name] for name in later} == dict.fromkeys(later, 1)
    assert checked.rows("contracts") == 1


def test_without_an_as_of_day_later_rows_are_unseen_and_move_no_day_and_only_future_ones_are_wrong():
    invoices = [GOOD["invoices"] | {"at": day} for day in ("2024-05-20", "2024-08-01", "2094-08-01")]
    checked = check(purchase_orders=ORDER, invoices=invoices)
    assert checked.as_of == END
    assert (checked.rows("invoices"), checked.unseen["invoices"]) == (1, 2)
    assert not checked.quarantine
    with_today = check(purchase_orders=ORDER, invoices=invoices, today=pd.Timestamp("2024-09-01"))
    assert len(with_today.quarantine["invoices"]) == 1
    assert "at is 2094-08-01, after today (2024-09-01)" in reasons(with_today, "invoices")[0]


def test_approvals_of_orders_not_placed_yet_and_of_drafts_are_not_seen():
    orders = [
        ORDER | {"status": "received"},
        ORDER | {"line": "2", "status": "draft", "received_at": None, "quantity_received": None},
        ORDER | {"order_id": "po2", "ordered_at": "2024-04-10", "received_at": None, "quantity_received": None},
        ORDER | {"order_id": "po3", "status": "draft", "received_at": None, "quantity_received": None},
    ]  # fmt: skip
    approvals = [
        GOOD["approvals"] | {"order_id": name, "at": None} for name in ("po1", "po2", "po3", "elsewhere")
    ]
    early = check(as_of=pd.Timestamp("2024-04-01"), purchase_orders=orders, approvals=approvals)
    assert early.tables.approvals["order_id"].tolist() == ["elsewhere", "po1"]
    late = check(purchase_orders=orders, approvals=approvals)
    assert late.tables.approvals["order_id"].tolist() == ["elsewhere", "po1", "po2"]
    (said,) = warned(late, "approvals")
    assert said.startswith(
        "approvals: 1 of 3 orders of approvals are not in purchase_orders: their approvals are of "
    )
    assert "For example elsewhere. Add them to purchase_orders" in said


def test_money_is_converted_at_the_rate_of_its_day_and_contracts_at_todays():
    rates = [
        {"currency": "USD", "ds": "2024-02-01", "rate": "0.5"},
        {"currency": "USD", "ds": "2024-03-01", "rate": "0.8"},
    ]
    dollars = {name: GOOD[name] | {"currency": "usd"} for name in ("contracts", "invoices", "inventory_lots")}
    checked = check(EURO, purchase_orders=ORDER, rates=rates, **dollars)
    assert checked.tables.contracts["price"].tolist() == [4.5 * 0.8], "the rate of the as-of date"
    assert checked.tables.invoices["amount"].tolist() == [45 * 0.8], "of 1 March"
    assert checked.tables.inventory_lots["unit_cost"].tolist() == [4.5 * 0.5], "of 20 February"
    for name in dollars:
        frame = getattr(checked.tables, name)
        assert frame["currency"].tolist() == ["USD"]
        assert frame["exchange_rate"].tolist() == [0.5 if name == "inventory_lots" else 0.8]


@pytest.mark.parametrize("rates", [[], [{"currency": "USD", "ds": "2024-03-02", "rate": "0.8"}]])
def test_an_invoice_without_a_rate_of_its_day_is_a_bad_row_and_stops_nobody(rates):
    invoices = [GOOD["invoices"], GOOD["invoices"] | {"currency": "USD"}]
    tables = {"rates": rates} if rates else {}
    checked = check(EURO, purchase_orders=ORDER, invoices=invoices, **tables)
    assert reasons(checked, "invoices") == [
        "currency is USD, and no rate of USD on or before 2024-03-01 is known; add it to rates"
    ]
    assert checked.tables.invoices["amount"].tolist() == [45.0]
    assert checked.problem is None


LINKS = [
    ("contracts", {"supplier_id": "t"}, "suppliers of contracts are in no other table"),
    ("contracts", {"unique_id": "b"}, "SKUs of contracts are in no other table"),
    ("contracts", {"unique_id": None, "category": "oil"}, "categories of contracts are those of no item"),
    ("approvals", {"order_id": "po9"}, "orders of approvals are not in purchase_orders"),
    ("invoices", {"order_id": "po9"}, "orders of invoices are not in purchase_orders"),
    ("invoices", {"line": "7"}, "1 of 1 lines of invoices are not in purchase_orders"),
    ("inventory_lots", {"unique_id": "b"}, "SKUs of inventory_lots are in no other table"),
    ("bins", {"unique_id": "b"}, "SKUs of bins have no usage and no demand"),
    ("invoices", {"order_id": "PO1"}, "PO1, which stands in purchase_orders as po1. Spell ids alike"),
    ("approvals", {"department": "Shop"}, "departments are spelled in more ways than one"),
    ("approvals", {"approved_by": "Anna.K"}, "people are spelled in more ways than one"),
    ("bins", {"site": "North"}, "sites are spelled in more ways than one"),
]


@pytest.mark.parametrize(("name", "changed", "sentence"), LINKS)
def test_ids_that_no_other_table_has_or_spells_otherwise_are_named(name, changed, sentence):
    tables = {"usage": GOOD["usage"], name: GOOD[name]}
    sound = check(purchase_orders=ORDER, items=ITEM, **tables)
    assert not any(sentence in text for text in map(str, sound.warnings))
    wrong = check(purchase_orders=ORDER, items=ITEM, **tables | {name: GOOD[name] | changed})
    assert any(sentence in text for text in map(str, wrong.warnings)), [*map(str, wrong.warnings)]


def test_a_budget_of_a_department_that_nothing_is_of_is_named():
    budgets = [{"period": "2024", "amount": "5", "department": name} for name in ("shop", "bar")]
    checked = check(items=ITEM, budgets=budgets)
    assert checked.tables.budgets["department"].tolist() == ["shop", "bar"]
    assert warned(checked, "budgets")[0].startswith(
        "budgets: 1 of 2 departments of budgets are those of no item, order or approval: their budgets bind nothing"
    )
    by_order = check(items=ITEM, budgets=budgets, purchase_orders=ORDER | {"department": "bar"})
    assert warned(by_order, "budgets") == []


def test_what_is_missing_is_said_in_one_sentence_or_by_name():
    none = [sentence for sentence in check().switched_off if "invoices" in sentence]
    assert len(none) == 1
    assert none[0].startswith(
        "no contracts, approvals, invoices, inventory_lots, usage and bins: they would show prices and lead times "
    )
    assert all(f"({name})" in none[0] for name in PROCUREMENT_TABLES)
    some = {name: GOOD[name] for name in PROCUREMENT_TABLES if name not in ("usage", "bins")}
    assert check(**some).switched_off[-1] == (
        "no usage and bins: they would show consumption by department and site (usage); what the sites have to be "
        "restocked with (bins)"
    )
    assert check(**some, bins=GOOD["bins"]).switched_off[-1] == (
        "no usage: it would show consumption by department and site"
    )
    assert not any("usage" in said for said in check(**GOOD).switched_off)


def test_department_and_site_of_orders_are_read_and_may_be_covariates():
    order = ORDER | {"department": "shop", "site": "north"}
    plain = check(purchase_orders=order).tables.purchase_orders
    assert plain[["department", "site"]].iloc[0].tolist() == ["shop", "north"]
    assert not [column for column in plain if column.startswith("covariate:")]
    config = DataConfig(max_bad_share=1.0, order_covariates=("site",))
    checked = check(config, purchase_orders=order)
    assert order_history(checked.tables, END)["covariate:site"].tolist() == ["north"]
    assert checked.tables.purchase_orders["site"].tolist() == ["north"]
    with pytest.raises(ConfigError, match="received_at is known already"):
        check(DataConfig(order_covariates=("received_at",)), purchase_orders=order)
