"""The answer of `/v1/plan`: proposed orders, joint ones beside, and with `projection` the stock and arrivals ahead."""

from typing import Any

import numpy as np

from planning.tables.open_orders_table import open_orders_frame
from planning.tables.plan_table import plan_frame
from planning.tables.projection_table import projection_frame
from serving.api.answer_format import answer_header
from serving.api.orders.joint_answer import EACH_ALONE, joint_documents
from serving.api.plan_overrides import overridden_inputs
from serving.api.request_schemas import PlanRequest
from serving.http.json_encoding import json_records
from serving.state.lookup import known_skus
from serving.state.served import Served


def plan_answer(served: Served, request: PlanRequest) -> dict[str, Any]:
    """Answer `/v1/plan`: the proposed orders of the requested SKUs, with the request's own stock, orders and offers.

    Raises
    ------
    Problem
        404 when no SKU is known, 422 when an overriding row could not count.
    PlanningError
        When the overriding numbers cannot be planned with.
    """
    rows, unanswered = known_skus(served, list(dict.fromkeys(request.unique_ids)))
    forecast = served.forecast.select(np.sort(rows))
    inputs = overridden_inputs(served, request, set(forecast.unique_ids))
    assessment = served.planner(forecast).assess(inputs)
    answer = answer_header(served, unanswered + json_records(assessment.unanswered))
    answer |= {"as_of": str(inputs.as_of.date()), "plan": json_records(plan_frame(assessment))}
    answer |= {"orders": joint_documents(assessment), "note": EACH_ALONE}
    if request.projection:
        answer["projection"] = json_records(projection_frame(assessment))
        answer["open_orders"] = json_records(open_orders_frame(assessment))
    return answer
