"""Everything known and decided about the SKUs on one day: their lanes, open orders, terms and today's decision."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import PolicyConfig
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Distribution
from distributions.parallel import map_in_threads, row_slices
from planning.decision import OrderDecision, decide
from planning.inputs import PlanInputs, latest_stock, numbers_by_sku, whole_units
from planning.lanes.choose_lane import choose_lanes
from planning.lanes.find_lanes import find_lanes, lead_time_rows
from planning.lanes.lane_terms import LaneTerms, PlanSetting, make_terms
from planning.policy.order_rules import OrderRules
from planning.projection.open_orders import Pipeline, arrive_together, make_pipeline
from planning.projection.stock_status import StockStatus
from planning.protocols import LeadTimes


@dataclass(frozen=True)
class Assessment:
    """Assessment of n SKUs that can be planned: lanes, terms, open orders and today's decision.

    Attributes
    ----------
    setting : policy, rules, day of the decision
    inputs : the tables
    forecast : demand of the n SKUs
    lane_terms : terms of all lanes; `lane_terms.lanes["row"]` is the SKU's row here
    lead_time_sources : `describe` of the lead-time model for each lane
    chosen_lane : array (n,), row of each SKU's chosen lane in `lane_terms`
    chosen_terms : terms of the chosen lanes
    pipeline : open orders
    decision : today's decision
    unanswered : unique_id and reason code of SKUs that are not here
    """

    setting: PlanSetting
    inputs: PlanInputs
    forecast: DemandForecast
    lane_terms: LaneTerms
    lead_time_sources: pd.DataFrame
    chosen_lane: NDArray[np.intp]
    chosen_terms: LaneTerms
    pipeline: Pipeline
    decision: OrderDecision
    unanswered: pd.DataFrame


def assess(
    forecast: DemandForecast,
    lead_times: LeadTimes,
    inputs: PlanInputs,
    policy: PolicyConfig,
    rules: OrderRules,
) -> Assessment:
    """Assess every SKU of the forecast: lanes, lead times, terms, open orders, decision.

    Raises
    ------
    PlanningError
        When an input cannot be planned with.
    """
    inputs.check(forecast)
    elapsed = float((inputs.as_of - pd.Timestamp(forecast.starts[0])) / pd.Timedelta(days=1))
    setting = PlanSetting(policy=policy, rules=rules, as_of=inputs.as_of, elapsed=elapsed)
    found = _answered_lanes(forecast, lead_times, inputs)
    lanes, skus = found.lanes, np.unique(found.lanes["row"].to_numpy(np.intp))
    known = forecast if len(skus) == len(forecast) else forecast.select(skus)
    lanes["row"] = np.searchsorted(skus, lanes["row"].to_numpy(np.intp))
    lanes["whole"] = whole_units(known, inputs)[lanes["row"].to_numpy()]
    terms = make_terms(lanes, known, found.lead_time, inputs.items, setting)
    chosen_lane = choose_lanes(terms)
    chosen_terms = terms.select(chosen_lane)
    stock = _stock(known, lead_times, inputs)
    return Assessment(
        setting=setting,
        inputs=inputs,
        forecast=known,
        lane_terms=terms,
        lead_time_sources=found.sources,
        chosen_lane=chosen_lane,
        chosen_terms=chosen_terms,
        pipeline=stock.pipeline,
        decision=decide(chosen_terms, known, stock, setting),
        unanswered=found.unanswered,
    )


@dataclass(frozen=True)
class _AnsweredLanes:
    """Lanes to assess with their lead-time distribution and its source, and the SKUs left without any lane."""

    lanes: pd.DataFrame
    lead_time: Distribution
    sources: pd.DataFrame
    unanswered: pd.DataFrame


def _answered_lanes(forecast: DemandForecast, lead_times: LeadTimes, inputs: PlanInputs) -> _AnsweredLanes:
    """Lanes that can be assessed, since they have a lead time, with that lead time, and the SKUs left without one."""
    lanes = find_lanes(forecast.unique_ids, inputs)
    supplied = lanes[lanes["supplier_id"].notna()].reset_index(drop=True)
    rows = lead_time_rows(supplied, inputs.as_of)
    parts = list(map_in_threads(lambda part: lead_times.predict(rows.iloc[part]), row_slices(len(rows))))
    lead_time = Distribution(parts[0].levels, np.concatenate([part.values for part in parts]))
    sources = lead_times.describe(rows)
    finite = np.isfinite(lead_time.values).all(axis=1)
    answered = np.flatnonzero(finite & (sources["source"] != "unknown").to_numpy(bool))
    with_answer, answers = (frame.iloc[answered].reset_index(drop=True) for frame in (supplied, sources))
    return _AnsweredLanes(
        lanes=with_answer,
        lead_time=lead_time[answered],
        sources=answers,
        unanswered=_unanswered(forecast, inputs, supplied, with_answer),
    )


def _unanswered(
    forecast: DemandForecast, inputs: PlanInputs, supplied: pd.DataFrame, answered: pd.DataFrame
) -> pd.DataFrame:
    """SKUs left out of the assessment, unique_id and reason code: no supplier, lead time or forecast."""
    ids = pd.Series(forecast.unique_ids, dtype=object)
    left_out = ids[~ids.isin(answered["unique_id"])]
    code = np.where(left_out.isin(supplied["unique_id"]), "no_lead_time", "no_supplier").astype(object)
    stocked = inputs.stock["unique_id"].drop_duplicates()
    unknown = stocked[~stocked.isin(forecast.unique_ids)].to_numpy(object)
    no_forecast = np.full(len(unknown), "no_forecast", dtype=object)
    return pd.DataFrame(
        {
            "unique_id": np.concatenate([left_out.to_numpy(object), unknown]),
            "reason": np.concatenate([code, no_forecast]),
        }
    )


def _stock(forecast: DemandForecast, lead_times: LeadTimes, inputs: PlanInputs) -> StockStatus:
    """Stock status of the assessed SKUs: stock as last counted, and the open orders."""
    count, ids = latest_stock(inputs.stock, inputs.as_of), forecast.unique_ids
    return StockStatus(
        on_hand=numbers_by_sku(count, "on_hand", ids),
        backorders=numbers_by_sku(count, "backorders", ids),
        pipeline=_pipeline(forecast, lead_times, inputs),
    )


def _pipeline(forecast: DemandForecast, lead_times: LeadTimes, inputs: PlanInputs) -> Pipeline:
    """Pipeline of the assessed SKUs: their open orders with the distribution of their arrival."""
    orders = inputs.open_orders
    sku = forecast.rows(orders["unique_id"]) if len(orders) else np.empty(0, dtype=np.int64)
    still_open = orders["quantity_open"].to_numpy(float) > 0
    lines = np.flatnonzero((sku >= 0) & still_open)
    known = orders.iloc[lines].reset_index(drop=True)
    split = len(known) > 0 and bool(known.duplicated(["order_id", "unique_id"]).any())
    return make_pipeline(
        known,
        sku[lines],
        lead_times.predict,
        delivered_share=lead_times.remaining_share(known) if len(known) else 1.0,
        lines_together=split and arrive_together(inputs.purchase_orders),
        shared_delay=lead_times.shared_delay,
    )
