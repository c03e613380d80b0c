from dataclasses import replace

import pandas as pd

from features.contract.tables import TABLES, Tables, empty_table
from jobs.plan_decision import with_departments


def table(name, *rows):
    return pd.DataFrame(rows, columns=list(TABLES[name])).astype(empty_table(name).dtypes)


def test_lines_are_given_their_department_where_budgets_are_of_departments():
    order = {"order_id": "po1", "line": "1", "unique_id": "a"}
    tables = Tables(
        purchase_orders=table("purchase_orders", order, order | {"line": "2", "department": "bar"}),
        approvals=table("approvals", {"order_id": "po1", "department": "shop"}),
        budgets=table("budgets", {"period": "2024", "amount": 5.0, "department": "shop"}),
    )
    assert with_departments(tables)["department"].tolist() == ["shop", "bar"]
    without = replace(tables, budgets=table("budgets", {"period": "2024", "amount": 5.0}))
    assert with_departments(without) is tables.purchase_orders
