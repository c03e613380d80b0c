"""The rows of a job that asks what if: each SKU with the change of its supplier's terms, beside today."""

from typing import Any

import pyarrow as pa

from planning.what_if.outcomes import NUMBERS
from serving.http.json_encoding import json_records
from serving.http.problems import Problem
from serving.service_jobs.job_requests import WhatIfJob
from serving.state.served import Served
from serving.what_if.asked import ask_of_skus
from serving.what_if.change_fields import FIELDS
from serving.what_if.read_change import read_change

_NUMBERS = [(name, pa.float64()) for name in NUMBERS]
_SIDE = pa.struct([("supplier_id", pa.string()), ("target", pa.string()), *_NUMBERS])
WHAT_IF_SCHEMA = pa.schema(
    [
        ("unique_id", pa.string()),
        ("supplier_id", pa.string()),
        ("before", _SIDE),
        ("after", _SIDE),
        ("difference", pa.struct(_NUMBERS)),
        ("unanswered", pa.string()),
    ]
)


def what_if_groups(served: Served, asked: WhatIfJob) -> list[tuple[str | None, list[str]]]:
    """Return the SKUs that a what-if is about by the supplier whose terms are changed; none: nobody supplies them.

    Raises
    ------
    Problem
        422 for a change that cannot be made, or a supplier that nothing is bought from.
    """
    query = change_query(asked)
    groups: dict[str | None, list[str]] = {}
    bought = served.planned_supplier
    for sku in dict.fromkeys(bought if asked.unique_ids is None else asked.unique_ids):
        supplier_id = bought.get(sku)
        if asked.supplier_id is None or supplier_id == asked.supplier_id:
            groups.setdefault(supplier_id, []).append(sku)
    if not groups:
        raise Problem(
            422,
            "invalid_request",
            f"supplier_id: the plan buys none of these SKUs from {asked.supplier_id!r}",
        )
    for supplier_id in groups:
        read_change(query, supplier_id or "", served.as_of)
        break
    return list(groups.items())


def change_query(asked: WhatIfJob) -> dict[str, str]:
    """Return the change of a job as the query of `/v1/what-if` has it.

    Raises
    ------
    Problem
        422 for a field that is unknown.
    """
    known = [field.name for field in FIELDS]
    for name in asked.change:
        if name not in known:
            raise Problem(
                422, "invalid_request", f"change.{name}: no such field; there are {', '.join(known)}"
            )
    return {name: value if isinstance(value, str) else f"{value!r}" for name, value in asked.change.items()}


def what_if_chunk(
    served: Served, asked: WhatIfJob, supplier_id: str | None, skus: list[str]
) -> list[dict[str, Any]]:
    """Return the rows of some SKUs that are bought from one supplier; those without a plan say so."""
    known = [sku for sku in skus if sku in served.row_of]
    sides: dict[str, dict[str, Any]] = {}
    if supplier_id is not None and known:
        found = ask_of_skus(served, known, read_change(change_query(asked), supplier_id, served.as_of))
        if found is not None:
            columns = (found.before, found.after, found.difference[list(NUMBERS)])
            rows = zip(found.before.index, *(json_records(table) for table in columns), strict=True)
            sides = {
                sku: {"before": before, "after": after, "difference": gap} for sku, before, after, gap in rows
            }
    return [
        {
            "unique_id": sku,
            "supplier_id": supplier_id,
            **sides.get(sku, {}),
            "unanswered": _why(served, sku, sides),
        }
        for sku in skus
    ]


def _why(served: Served, sku: str, sides: dict[str, dict[str, Any]]) -> str | None:
    if sku in sides:
        return None
    return "not_planned" if sku in served.row_of else "unknown_sku"
