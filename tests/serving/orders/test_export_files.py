import io
import json
import zipfile
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from order_requests import TODAY, line

from database.purchase_orders.records import PurchaseOrder
from database.schema import utc_now
from serving.http.problems import Problem
from serving.orders.export_files import export_tables, make_file, parse_form
from serving.orders.export_formats import FIELDS, KINDS, SYSTEMS, Always

ITEMS = pd.DataFrame({"unique_id": ["a", "b"], "description": ["Nuts", None]})
SUPPLIERS = pd.DataFrame({"supplier_id": ["acme"], "name": ["=Acme Ltd"]})
SERVED = SimpleNamespace(inputs=SimpleNamespace(items=ITEMS, suppliers=SUPPLIERS))
ORDER = PurchaseOrder(
    order_id="PV-2026-000001",
    supplier_id="acme",
    run_id=1,
    status="exported",
    version=2,
    currency="EUR",
    order_on=TODAY,
    created_by="ada",
    created_at=utc_now(),
    lines=(
        replace(line("a", 50.0), purchase_unit="pack", units_each=10.0),
        line("dropped", 0.0, number=2),
        line("b", 12.5, price=None, number=3),
    ),
)


def tables(system: str) -> dict[str, pd.DataFrame]:
    return export_tables(SERVED, [ORDER], system)


def test_every_column_is_filled_from_a_field_that_there_is():
    for system in SYSTEMS.values():
        for table in system.values():
            assert {source for source in table.columns.values() if not isinstance(source, Always)} <= set(
                FIELDS
            )
            assert len(set(table.columns)) == len(table.columns)


def test_our_own_file_has_a_row_a_line_that_is_ordered():
    own = tables("purvey")["order_lines"]
    assert own["unique_id"].tolist() == ["a", "b"]
    assert own["line"].tolist() == [1, 3]
    assert own["goods"].tolist()[0] == 125.0
    assert own["goods"].isna().tolist() == [False, True]
    assert own["purchase_quantity"].tolist() == [5.0, 12.5]
    assert own["description"].tolist() == ["Nuts", ""]


def test_odoo_and_erpnext_count_the_suppliers_unit_and_its_price():
    lines = tables("odoo")["purchase.order.line"]
    assert lines[["product_qty", "price_unit"]].iloc[0].tolist() == [5.0, 25.0]
    assert lines["order_id"].tolist() == ["PV-2026-000001"] * 2
    items = tables("erpnext")["Purchase Order Item"]
    assert items[["qty", "rate", "conversion_factor"]].iloc[0].tolist() == [5.0, 25.0, 10.0]
    assert len(tables("odoo")["purchase.order"]) == len(tables("erpnext")["Purchase Order"]) == 1


def test_frepple_and_aws_count_the_skus_own_unit_and_every_line_has_an_id_of_its_own():
    frepple, aws = tables("frepple")["purchaseorder"], tables("aws")["inbound_order_line"]
    assert frepple["quantity"].tolist() == aws["quantity_submitted"].tolist() == [50.0, 12.5]
    assert frepple["reference"].tolist() == aws["id"].tolist() == ["PV-2026-000001-1", "PV-2026-000001-3"]
    assert set(frepple["status"]) == {"approved"}


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("kind", KINDS)
def test_each_format_is_a_file_that_can_be_read_and_made_again_to_the_same_rows(system, kind):
    file = make_file(SERVED, [ORDER], system, kind)
    assert file.name.startswith("PV-2026-000001")
    if kind == "json":
        read = {name: pd.DataFrame(rows) for name, rows in json.loads(file.content).items()}
    elif kind == "xlsx":
        read = pd.read_excel(io.BytesIO(file.content), sheet_name=None)
    elif file.name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            read = {name[:-4]: pd.read_csv(archive.open(name)) for name in archive.namelist()}
    else:
        read = {next(iter(SYSTEMS[system])): pd.read_csv(io.BytesIO(file.content))}
    assert {name: list(table.columns) for name, table in read.items()} == {
        name: list(table.columns) for name, table in SYSTEMS[system].items()
    }
    assert sum(len(table) for table in read.values()) == sum(len(table) for table in tables(system).values())


def test_no_text_becomes_a_formula_but_json_has_it_as_it_is():
    assert b"'=Acme Ltd" in make_file(SERVED, [ORDER], "purvey", "csv").content
    rows = json.loads(make_file(SERVED, [ORDER], "purvey", "json").content)["order_lines"]
    assert rows[0]["supplier_name"] == "=Acme Ltd"
    assert (rows[0]["due"], rows[1]["unit_price"]) == ("2026-03-16", None)


@pytest.mark.parametrize(
    ("form", "parsed"),
    [("csv", ("purvey", "csv")), ("odoo.xlsx", ("odoo", "xlsx")), ("purvey.json", ("purvey", "json"))],
)
def test_a_form_is_a_kind_of_file_perhaps_of_a_system(form, parsed):
    assert parse_form(form) == parsed


@pytest.mark.parametrize("form", ["", "pdf", "odoo", "sap.csv", "odoo.pdf", ".csv.csv"])
def test_a_form_that_there_is_not_is_refused(form):
    with pytest.raises(Problem, match="none of csv, xlsx and json"):
        parse_form(form)
