"""A company's own columns may be called whatever they like: no name collides with those of the frames inside."""

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from small_company import CONFIG, SmallCompany

from features.contract.tables import TABLES

ROOT = Path(__file__).resolve().parents[2]
BY_HAND = [
    "index",
    "level_0",
    "h",
    "y_x",
    "covariate:category",
    "Unnamed: 0",
    "0",
    "clock",
    "__name__",
    "ünïcode",
    "a b",
]


def column_names(*packages: str) -> list[str]:
    """Every name by which code of the packages takes or makes a column, as far as it stands there as a text."""
    found: set[str] = set()
    for path in (path for package in packages for path in sorted((ROOT / package).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Subscript):
                found |= {part.value for part in ast.walk(node.slice) if isinstance(part, ast.Constant)}
            elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("assign", "agg", "rename"):
                found |= {keyword.arg for keyword in node.keywords if keyword.arg}
            elif isinstance(node, ast.Dict):
                found |= {key.value for key in node.keys if isinstance(key, ast.Constant)}
    names = {name for name in found if isinstance(name, str) and name.isidentifier()}
    return sorted(names | set(BY_HAND))


INSIDE = column_names(
    "features", "models", "planning", "suppliers", "artifacts", "jobs", "training", "serving"
)
OF_DEMAND = column_names("features/demand/feature_rows", "models/demand/attribution")
OF_ORDERS = column_names("features/orders")


def with_columns(table: pd.DataFrame, name: str, names: list[str], value: object) -> pd.DataFrame:
    """The table with a column of each of the names that is none of the contract's."""
    free = [column for column in names if column not in TABLES[name]]
    return pd.concat([table, pd.DataFrame(value, table.index, free)], axis=1)


def configure(company: SmallCompany, **data: object) -> None:
    config = yaml.safe_load(CONFIG) | {"data": data}
    company.config.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")


def test_the_names_of_the_frames_inside_are_found() -> None:
    asked_for = {
        "category",
        "supplier_id",
        "duration",
        "h",
        "y",
        "level",
        "ds",
        "cutoff",
        "index",
        "unique_id",
        "age",
    }
    assert asked_for | {"is_open", "contract_days", "memory", "row", "arrived_at"} <= set(INSIDE)
    assert {"category", "duration"} <= set(OF_ORDERS)
    assert {"level", "season"} <= set(OF_DEMAND)


def test_a_plan_is_the_same_whatever_other_columns_the_tables_have(small_company: SmallCompany) -> None:
    assert small_company.plan().status == 0
    plan = small_company.table()
    for name, table in small_company.tables.items():
        small_company.tables[name] = with_columns(table, name, INSIDE, "x")
    planned = small_company.plan()
    assert planned.status == 0, planned.text
    pd.testing.assert_frame_equal(small_company.table(), plan)


def test_covariates_may_have_any_name_of_the_frames_inside(untrained_company: SmallCompany) -> None:
    company, random = untrained_company, np.random.default_rng(1)
    demand, orders, items = (company.tables[name] for name in ("demand", "purchase_orders", "items"))
    company.tables["demand"] = with_columns(demand, "demand", OF_DEMAND, 1.0).assign(
        level=random.uniform(1, 2, len(demand)), season=random.integers(0, 2, len(demand))
    )
    company.tables["purchase_orders"] = with_columns(orders, "purchase_orders", INSIDE, "x").assign(
        category=np.where(np.arange(len(orders)) % 2, "air", "sea"),
        duration=random.uniform(1, 9, len(orders)),
    )
    company.tables["items"] = with_columns(items, "items", INSIDE, "x")
    configure(
        company,
        covariates={
            name: {"known_in_advance": name == "season"} for name in OF_DEMAND if name not in TABLES["demand"]
        },
        order_covariates=[name for name in OF_ORDERS if name not in TABLES["purchase_orders"]],
    )
    for verb in (company.check, company.train, company.plan):
        done = verb()
        assert done.status == 0, done.text
    assert (company.table()["order_quantity"] > 0).all()
    explained = pd.read_parquet(company.out / "explanation.parquet")
    assert explained.columns.is_unique
    assert {"level", "level_covariate", "season_covariate"} <= set(explained)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"covariates": {"y": {}}}, "data.covariates: y is a column of demand itself"),
        ({"covariates": {"in_stock": {}}}, "data.covariates: in_stock is a column of demand itself"),
        ({"covariates": {"prize": {}}}, "demand.csv: no column prize (the config names it), found unique_id, ds, y"),
        ({"covariates": {" ": {}}}, "data.covariates: a covariate without a name"),
        ({"order_covariates": ["quantity_received"]}, "data.order_covariates: quantity_received is known already"),
        ({"order_covariates": ["mode"]}, "purchase_orders.csv: no column mode (the config names it)"),
        ({"order_covariates": ["mode", "mode"]}, "data.order_covariates: mode is named twice"),
    ],
)  # fmt: skip
def test_a_name_that_can_be_no_covariate_is_refused(
    untrained_company: SmallCompany, data: dict[str, object], message: str
) -> None:
    configure(untrained_company, **data)
    refused = untrained_company.check()
    assert refused.status == 1
    assert message in refused.text


def test_order_covariates_without_orders_are_refused(untrained_company: SmallCompany) -> None:
    del untrained_company.tables["purchase_orders"]
    configure(untrained_company, order_covariates=["mode"])
    refused = untrained_company.check()
    assert refused.status == 1
    assert "data.order_covariates names mode, but there is no table purchase_orders" in refused.text
