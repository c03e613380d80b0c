"""Answers that need the decision side: lead-time demand and proposed orders."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from distributions.distribution import Distribution
from planning.inputs import PlanInputs
from planning.policy.lead_time_demand import expected_lead_time_demand, lead_time_demand
from planning.tables.plan import plan_frame
from planning.tables.projection import open_orders_frame, projection_frame
from serving.api.forecast import frame_of, header, known_rows, known_suppliers, lead_time_rows, records
from serving.api.overrides import check_brought, day_of
from serving.api.schemas import LeadTimeDemandRequest, Offer, OpenOrder, PlanRequest, StockRow
from serving.http.problems import Problem
from serving.state.served import Served


def lead_time_demand_answer(served: Served, asked: LeadTimeDemandRequest) -> dict[str, Any]:
    """Answer `/v1/lead_time_demand`.

    Raises
    ------
    Problem
        404 when no SKU is known, or no supplier of any of them.
    """
    rows, unanswered = known_rows(served, [pair.unique_id for pair in asked.pairs])
    known = {pair["unique_id"] for pair in unanswered}
    pairs = pd.DataFrame(
        {
            "row": rows,
            "unique_id": served.forecast.unique_ids[rows],
            "supplier_id": [pair.supplier_id for pair in asked.pairs if pair.unique_id not in known],
        }
    )
    pairs["supplier_id"] = pairs["supplier_id"].fillna(pairs["unique_id"].map(served.usual_supplier))
    nobody = pairs["supplier_id"].isna()
    unanswered += [{"unique_id": sku, "reason": "no_supplier"} for sku in pairs.loc[nobody, "unique_id"]]
    pairs = pairs[~nobody].reset_index(drop=True)
    if pairs.empty:
        sku = unanswered[-1]["unique_id"]
        raise Problem(404, "no_supplier", f"nobody is known to supply {sku}; name a supplier_id with it")
    lanes = lead_time_rows(served, pairs["supplier_id"], pairs["unique_id"])
    known_lane, _, unknown = known_suppliers(served, lanes)
    law = served.lead_times.predict(lanes[known_lane].reset_index(drop=True))
    pairs = pairs[known_lane].reset_index(drop=True)
    return header(served, unanswered + unknown) | _demand_over(served, asked, pairs, law)


def _demand_over(
    served: Served, asked: LeadTimeDemandRequest, pairs: pd.DataFrame, law: Distribution
) -> dict[str, Any]:
    review = asked.review_period_days
    review = served.policy.review_period_days if review is None else review
    elapsed = float((served.as_of - pd.Timestamp(served.forecast.starts[0])) / pd.Timedelta(days=1))
    forecast = served.forecast.select(pairs["row"].to_numpy())
    demand = lead_time_demand(forecast, law, review=review, elapsed=elapsed)
    wanted = np.broadcast_to(np.asarray(asked.levels), (len(pairs), len(asked.levels)))
    columns = {
        "unique_id": pairs["unique_id"].tolist(),
        "supplier_id": pairs["supplier_id"].tolist(),
        "mean": expected_lead_time_demand(forecast, law, review=review, elapsed=elapsed).tolist(),
        "sd": demand.std().tolist(),
        "quantiles": demand.quantile(wanted).tolist(),
    }
    return {
        "review_period_days": review,
        "levels": list(asked.levels),
        "lead_time_demand": [dict(zip(columns, v, strict=True)) for v in zip(*columns.values(), strict=True)],
    }


def plan_answer(served: Served, asked: PlanRequest) -> dict[str, Any]:
    """Answer `/v1/plan`.

    Raises
    ------
    Problem
        404 when no SKU is known, 422 when a row brought along could not count.
    PlanningError
        When the numbers brought along cannot be planned with.
    """
    rows, unanswered = known_rows(served, list(dict.fromkeys(asked.unique_ids)))
    forecast = served.forecast.select(np.sort(rows))
    inputs = request_inputs(served, asked, set(forecast.unique_ids))
    assessment = served.assess(forecast, inputs)
    answer = header(served, unanswered + records(assessment.unanswered))
    answer |= {"as_of": str(inputs.as_of.date()), "plan": records(plan_frame(assessment))}
    if asked.projection:
        answer["projection"] = records(projection_frame(assessment))
        answer["open_orders"] = records(open_orders_frame(assessment))
    return answer


def request_inputs(served: Served, asked: PlanRequest, ids: set[str]) -> PlanInputs:
    """Return the tables seen last, of the SKUs `ids`, with what the request brings in their place."""
    as_of = day_of(served, asked)
    check_brought(asked, as_of)
    inputs = replace(served.inputs_of(list(ids)), as_of=as_of)
    if asked.stock is not None:
        brought = frame_of(asked.stock) if asked.stock else pd.DataFrame(columns=list(StockRow.model_fields))
        inputs = replace(inputs, stock=_instead(inputs.stock, brought.assign(as_of=as_of), ids))
    if asked.offers is not None:
        brought = frame_of(asked.offers) if asked.offers else pd.DataFrame(columns=list(Offer.model_fields))
        inputs = replace(inputs, offers=_instead(inputs.offers, brought, ids))
    if asked.open_orders is not None:
        inputs = replace(inputs, open_orders=_instead(inputs.open_orders, _open(served, asked, as_of), ids))
    elif asked.as_of is not None:
        inputs = replace(inputs, open_orders=_aged(inputs.open_orders, as_of))
    return inputs


def _instead(seen: pd.DataFrame, brought: pd.DataFrame, ids: set[str]) -> pd.DataFrame:
    """Rows of `brought` that concern `ids`, with the columns and dtypes of `seen`."""
    new = brought[brought["unique_id"].isin(ids)].reindex(columns=seen.columns)
    wrong = {name: dtype for name, dtype in seen.dtypes.items() if dtype != new[name].dtype}
    return new.astype(wrong).reset_index(drop=True)


def _open(served: Served, asked: PlanRequest, as_of: pd.Timestamp) -> pd.DataFrame:
    rows = asked.open_orders or []
    frame = frame_of(rows) if rows else pd.DataFrame(columns=list(OpenOrder.model_fields))
    frame["ordered_at"] = pd.to_datetime(frame["ordered_at"]).astype("datetime64[ns]")
    frame["promised_at"] = pd.to_datetime(frame["promised_at"]).astype("datetime64[ns]")
    laws = lead_time_rows(served, frame["supplier_id"], frame["unique_id"])
    frame = frame.assign(
        category=laws["category"].to_numpy(object),
        contract_days=laws["contract_days"].to_numpy(float),
        quantity_ordered=frame["quantity_open"],
        is_open=True,
    )
    return _aged(frame, as_of)


def _aged(orders: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Open orders with their age on `as_of`; those placed later are not there yet."""
    age = (as_of - orders["ordered_at"]) / pd.Timedelta(days=1)
    return orders.assign(age=age, duration=age)[age >= 0].reset_index(drop=True)
