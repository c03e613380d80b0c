"""Joint orders in the answer of `/v1/plan`: of suppliers from which several of the requested SKUs are bought."""

from typing import Any

import orjson
import pandas as pd

from planning.assessment import Assessment
from planning.orders.joint_orders import joint_orders
from planning.tables.order_lines_table import order_lines_frame
from planning.tables.orders_table import orders_frame
from serving.http.json_encoding import json_records

EACH_ALONE = (
    "plan says what each SKU would order alone; orders has the joint orders of suppliers with several of these SKUs, "
    "by their terms, as if no other SKU were ordered; budgets are in neither: /v1/orders has the plan run's orders"
)
"""What the answer of `/v1/plan` holds, and what it does not."""
_ORDER = (
    "supplier_id", "lines", "units", "goods", "freight", "ordering_cost", "landed", "minimum_met", "waits", "order_on",
    "why",
)  # fmt: skip
_LINE = ("unique_id", "quantity", "unit_price", "goods", "expected_arrival", "origin", "alone", "why")


def joint_documents(assessment: Assessment) -> list[dict[str, Any]]:
    """Return the joint orders of suppliers that several SKUs of an assessment are bought from, with their lines."""
    supplier_id = assessment.chosen_terms.lanes["supplier_id"]
    several = supplier_id.value_counts()
    several = several[several > 1].index
    if not len(several):
        return []
    orders = joint_orders(assessment)
    lines = order_lines_frame(assessment, orders)
    rows = orders_frame(assessment, orders, lines)
    documents = json_records(_said(rows[rows["supplier_id"].isin(several)], _ORDER))
    own = {str(name): frame for name, frame in lines.groupby("supplier_id")}
    for document in documents:
        of_order = own.get(document["supplier_id"], lines.iloc[:0])
        document["lines"] = json_records(_said(of_order, _LINE))
    return documents


def _said(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Columns of joint orders, or of their lines, with the reason as its sentence."""
    why = [orjson.loads(text)["sentence"] for text in frame["why"]]
    return frame[list(columns)].assign(why=why)
