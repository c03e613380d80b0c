"""Quick answers of `/v1/lead_time` and `/v1/lead_time_demand`: lanes that are known are looked up."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from distributions.distribution import Array, Distribution
from serving.api.answer_format import answer_header, answer_rows
from serving.api.request_schemas import LeadTimeDemandRequest, LeadTimeRequest
from serving.http.json_encoding import encode_json
from serving.precomputed.known_lanes import KnownLanes
from serving.precomputed.precomputed import Precomputed

MOST_LANES_ASKED = 500
"""Lanes of one request that are looked up one by one; more are as quick together, as a table."""


def quick_lead_times(known: Precomputed, request: LeadTimeRequest) -> dict[str, Any] | None:
    """Answer `/v1/lead_time` as `lead_time_answer` does; none where a lane is not known, or promised for a day."""
    if any(pair.promised_at for pair in request.pairs):
        return None
    lanes = known.lanes if len(request.pairs) <= MOST_LANES_ASKED else None
    rows = _rows(lanes, [(pair.supplier_id, pair.unique_id) for pair in request.pairs])
    if lanes is None or rows is None:
        return None

    def encode(missing: list[int]) -> list[bytes]:
        some = [rows[at] for at in missing]
        pairs = [request.pairs[at] for at in missing]
        columns = {
            "supplier_id": [pair.supplier_id for pair in pairs],
            "unique_id": [pair.unique_id for pair in pairs],
            "source": [lanes.source[row] for row in some],
            "n_orders": [lanes.n_orders[row] for row in some],
            "promise_weight": [0.0] * len(some),
            "mean": lanes.mean[some].tolist(),
            "sd": lanes.sd[some].tolist(),
            "quantiles": _at(lanes.lead_time[some], request.levels).tolist(),
        }
        return [encode_json(row) for row in answer_rows(columns)]

    shape = ("lead_time", request.levels)
    return answer_header(known.served, []) | {
        "levels": list(request.levels),
        "lead_times": known.rows.rows([(shape, row) for row in rows], encode),
    }


def quick_lead_time_demand(known: Precomputed, request: LeadTimeDemandRequest) -> dict[str, Any] | None:
    """Answer `/v1/lead_time_demand` as `lead_time_demand_answer` does; none where a lane is not known."""
    served, lanes = known.served, known.lanes if len(request.pairs) <= MOST_LANES_ASKED else None
    pairs = [
        (pair.supplier_id or served.planned_supplier.get(pair.unique_id, ""), pair.unique_id)
        for pair in request.pairs
    ]
    rows = _rows(lanes, pairs)
    if lanes is None or rows is None:
        return None
    known_demand = lanes.demand
    places = known_demand.place[rows]
    review = request.review_period_days
    if (review is not None and review != known_demand.review) or (places < 0).any():
        return None

    def encode(missing: list[int]) -> list[bytes]:
        some = places[missing]
        columns = {
            "unique_id": [pairs[at][1] for at in missing],
            "supplier_id": [pairs[at][0] for at in missing],
            "mean": known_demand.mean[some].tolist(),
            "sd": known_demand.sd[some].tolist(),
            "quantiles": _at(known_demand.demand[some], request.levels).tolist(),
        }
        return [encode_json(row) for row in answer_rows(columns)]

    shape = ("lead_time_demand", request.levels)
    return answer_header(served, []) | {
        "review_period_days": served.policy.review_period_days if review is None else review,
        "levels": list(request.levels),
        "lead_time_demand": known.rows.rows([(shape, row) for row in rows], encode),
    }


def _rows(lanes: KnownLanes | None, asked: Sequence[tuple[str, str | None]]) -> list[int] | None:
    """Rows of the lanes asked for among the known ones; none where one of them is not known."""
    if lanes is None:
        return None
    rows = [lanes.row_of.get(lane, -1) for lane in asked]
    return None if -1 in rows else rows


def _at(distribution: Distribution, levels: tuple[float, ...]) -> Array:
    """Quantiles (n, R) of a distribution at `levels`."""
    return distribution.quantile(np.broadcast_to(np.asarray(levels), (len(distribution), len(levels))))
