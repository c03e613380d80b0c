"""The answers of `/v1/lead_time` and `/v1/lead_time_demand`: quantiles of lead times and of the demand over them."""

from typing import Any

import numpy as np
import pandas as pd

from distributions.distribution import Distribution
from planning.policy.lead_time_demand import expected_lead_time_demand, lead_time_demand
from serving.api.answer_format import answer_header, answer_rows
from serving.api.request_schemas import LeadTimeDemandRequest, LeadTimeRequest
from serving.http.problems import Problem
from serving.state.lead_times import lead_time_distributions, lead_time_rows
from serving.state.lookup import known_skus, known_suppliers
from serving.state.served import Served


def lead_time_answer(served: Served, request: LeadTimeRequest) -> dict[str, Any]:
    """Answer `/v1/lead_time`: lead-time quantiles of the requested lanes, in days.

    Raises
    ------
    Problem
        404 when none of the suppliers is known.
    """
    rows = lead_time_rows(
        served, [p.supplier_id for p in request.pairs], [p.unique_id for p in request.pairs]
    )
    promised = [p.promised_at for p in request.pairs]
    if any(promised):
        rows = rows.assign(promised_at=pd.to_datetime(pd.Series(promised)))
    known, source, unanswered = known_suppliers(served, rows)
    rows, source = rows[known].reset_index(drop=True), source[known].reset_index(drop=True)
    lead_time = lead_time_distributions(served, rows)
    levels = np.broadcast_to(np.asarray(request.levels), (len(lead_time), len(request.levels)))
    columns = {
        "supplier_id": rows["supplier_id"].tolist(),
        "unique_id": rows["unique_id"].tolist(),
        "source": source["source"].tolist(),
        "n_orders": source["n_orders"].tolist(),
        "promise_weight": source["promise_weight"].tolist(),
        "mean": lead_time.mean().tolist(),
        "sd": lead_time.std().tolist(),
        "quantiles": lead_time.quantile(levels).tolist(),
    }
    return answer_header(served, unanswered) | {
        "levels": list(request.levels),
        "lead_times": answer_rows(columns),
    }


def lead_time_demand_answer(served: Served, request: LeadTimeDemandRequest) -> dict[str, Any]:
    """Answer `/v1/lead_time_demand`: quantiles of demand over lead time plus review period, in units.

    Raises
    ------
    Problem
        404 when no SKU is known, or no supplier of any of them.
    """
    lanes, unanswered = _known_lanes(served, request)
    rows = lead_time_rows(served, lanes["supplier_id"], lanes["unique_id"])
    known, _, unknown = known_suppliers(served, rows)
    lead_time = served.lead_times.predict(rows[known].reset_index(drop=True))
    lanes = lanes[known].reset_index(drop=True)
    return answer_header(served, unanswered + unknown) | _demand_document(served, request, lanes, lead_time)


def _known_lanes(served: Served, request: LeadTimeDemandRequest) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Frame `row, unique_id, supplier_id` of the requested lanes with a known SKU; the others as `unanswered`.

    A lane without a supplier gets the one the plan buys the SKU from.
    """
    rows, unanswered = known_skus(served, [pair.unique_id for pair in request.pairs])
    unknown = {pair["unique_id"] for pair in unanswered}
    lanes = pd.DataFrame(
        {
            "row": rows,
            "unique_id": served.forecast.unique_ids[rows],
            "supplier_id": [pair.supplier_id for pair in request.pairs if pair.unique_id not in unknown],
        }
    )
    lanes["supplier_id"] = lanes["supplier_id"].fillna(lanes["unique_id"].map(served.planned_supplier))
    nobody = lanes["supplier_id"].isna()
    unanswered += [{"unique_id": sku, "reason": "no_supplier"} for sku in lanes.loc[nobody, "unique_id"]]
    lanes = lanes[~nobody].reset_index(drop=True)
    if lanes.empty:
        sku = unanswered[-1]["unique_id"]
        raise Problem(404, "no_supplier", f"nobody is known to supply {sku}; name a supplier_id with it")
    return lanes, unanswered


def _demand_document(
    served: Served, request: LeadTimeDemandRequest, lanes: pd.DataFrame, lead_time: Distribution
) -> dict[str, Any]:
    """Compute lead-time demand of each lane as the answer's rows: mean, sd and quantiles in units."""
    review = request.review_period_days
    review = served.policy.review_period_days if review is None else review
    elapsed, forecast = served.elapsed, served.forecast.select(lanes["row"].to_numpy())
    demand = lead_time_demand(forecast, lead_time, review=review, elapsed=elapsed)
    levels = np.broadcast_to(np.asarray(request.levels), (len(lanes), len(request.levels)))
    columns = {
        "unique_id": lanes["unique_id"].tolist(),
        "supplier_id": lanes["supplier_id"].tolist(),
        "mean": expected_lead_time_demand(forecast, lead_time, review=review, elapsed=elapsed).tolist(),
        "sd": demand.std().tolist(),
        "quantiles": demand.quantile(levels).tolist(),
    }
    return {
        "review_period_days": review,
        "levels": list(request.levels),
        "lead_time_demand": answer_rows(columns),
    }
