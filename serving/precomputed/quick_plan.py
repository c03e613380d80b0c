"""The quick answer of `/v1/plan`: unless something is overridden, what the plan run found for each SKU alone."""

from typing import Any

import orjson

from serving.api.answer_format import answer_header
from serving.api.orders.joint_answer import EACH_ALONE
from serving.api.request_schemas import PlanRequest
from serving.http.json_encoding import encode_json, json_records
from serving.precomputed.precomputed import Precomputed
from serving.state.lookup import known_skus

MOST_SKUS = 500
"""SKUs of one request whose rows are looked up; the joint orders of more are as long in the making as all of it."""


def quick_plan(known: Precomputed, request: PlanRequest) -> dict[str, Any] | None:
    """Answer `/v1/plan` as `plan_answer` does; none where something is overridden, or joint orders are not kept.

    Joint orders depend on which SKUs are asked for together: `keep_joint_orders` has them for the next time.

    Raises
    ------
    Problem
        404 when no SKU is known.
    """
    rows, unanswered = _planned_rows(known, request)
    orders = None if rows is None else _joint_orders(known, rows)
    snapshot = known.served.snapshot
    if rows is None or orders is None or snapshot is None:
        return None

    def encode(missing: list[int]) -> list[bytes]:
        return [encode_json(row) for row in json_records(snapshot.alone.iloc[[rows[k] for k in missing]])]

    left_out = [known.left_out[sku] for sku in sorted(set(request.unique_ids) & known.left_out.keys())]
    return answer_header(known.served, unanswered + left_out) | {
        "plan": known.rows.rows([("plan", row) for row in rows], encode),
        "orders": orders,
        "note": EACH_ALONE,
    }


def keep_joint_orders(known: Precomputed, request: PlanRequest, answer: dict[str, Any]) -> None:
    """Keep the joint orders of an answer of `plan_answer`, for the next time that the same SKUs are asked for."""
    rows, _ = _planned_rows(known, request)
    if rows is not None:
        known.rows.keep(("joint_orders", tuple(rows)), encode_json(answer["orders"]))


def _planned_rows(known: Precomputed, request: PlanRequest) -> tuple[list[int] | None, list[dict[str, Any]]]:
    """Rows of a request's SKUs in the plan's table, and which are unknown; no rows where more than that is asked."""
    overridden = (request.stock, request.open_orders, request.offers) != (None, None, None)
    today = request.as_of is None or request.as_of == known.served.as_of.date()
    small = len(request.unique_ids) <= MOST_SKUS
    if overridden or request.projection or not (today and small and known.alone_row):
        return None, []
    ids = list(dict.fromkeys(request.unique_ids))
    skus, unanswered = known_skus(known.served, ids)
    rows = sorted(known.alone_row.get(sku, -1) for sku in known.served.forecast.unique_ids[skus].tolist())
    return (rows if rows[0] >= 0 else None), unanswered


def _joint_orders(known: Precomputed, rows: list[int]) -> orjson.Fragment | None:
    """Joint orders of the plan's `rows`, as JSON; none where they have not been worked out yet."""
    suppliers = [supplier for row in rows if (supplier := known.alone_supplier[row]) is not None]
    several = len(set(suppliers)) < len(suppliers)
    kept = known.rows.get(("joint_orders", tuple(rows))) if several else b"[]"
    return None if kept is None else orjson.Fragment(kept)
