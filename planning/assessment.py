"""Everything known about the SKUs on one day: their lanes, open orders, terms and today's decision."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import PolicyConfig
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Distribution
from distributions.parallel import parts_of, side_by_side
from planning.decision import OrderDecision, decide
from planning.inputs import PlanInputs, lanes, numbers, stock_at
from planning.lanes.choose import choose_lanes
from planning.lanes.terms import LaneTerms, PlanSetting, make_terms
from planning.policy.order_rules import OrderRules
from planning.projection.open_orders import Pipeline, arrive_together, make_pipeline
from planning.protocols import LeadTimes


@dataclass(frozen=True)
class Assessment:
    """n SKUs that can be planned, with their lanes.

    Attributes
    ----------
    setting : policy, rules, moment
    inputs : the tables
    forecast : demand of the n SKUs
    lanes : terms of all lanes; `lanes.lanes["row"]` is the SKU's row here
    lane_sources : `describe` of the lead-time model for each lane
    chosen : array (n,), each SKU's lane
    terms : terms of the chosen lanes
    pipeline : open orders
    decision : today's decision
    unanswered : unique_id and reason code of SKUs that are not here
    """

    setting: PlanSetting
    inputs: PlanInputs
    forecast: DemandForecast
    lanes: LaneTerms
    lane_sources: pd.DataFrame
    chosen: NDArray[np.intp]
    terms: LaneTerms
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
    """Work out the assessment of every SKU of the forecast.

    Raises
    ------
    PlanningError
        When an input cannot be planned with.
    """
    inputs.check(forecast)
    setting = PlanSetting(
        policy=policy,
        rules=rules,
        as_of=inputs.as_of,
        elapsed=float((inputs.as_of - pd.Timestamp(forecast.starts[0])) / pd.Timedelta(days=1)),
    )
    ways, lead_time, sources, missing = _answered_lanes(forecast, lead_times, inputs)
    skus = np.unique(ways["row"].to_numpy(np.intp))
    known = forecast if len(skus) == len(forecast) else forecast.select(skus)
    ways["row"] = np.searchsorted(skus, ways["row"].to_numpy(np.intp))
    ways["whole"] = whole_units(known, inputs)[ways["row"].to_numpy()]
    terms = make_terms(ways, known, lead_time, inputs.items, setting)
    chosen = choose_lanes(terms)
    mine = terms.select(chosen)
    pipeline = _pipeline(known, lead_times, inputs)
    count = stock_at(inputs.stock, inputs.as_of)
    ids = known.unique_ids
    stock = (numbers(count, "on_hand", ids), numbers(count, "backorders", ids))
    decision = decide(mine, known, stock, pipeline, setting)
    return Assessment(setting, inputs, known, terms, sources, chosen, mine, pipeline, decision, missing)


def whole_units(forecast: DemandForecast, inputs: PlanInputs) -> NDArray[np.bool_]:
    """SKUs (n,) that are counted in whole units: their forecast is, or their stock and open orders are."""
    ids = forecast.unique_ids
    forecast_whole = (forecast.cumulative == np.round(forecast.cumulative)).all(axis=(1, 2))
    on_hand = numbers(stock_at(inputs.stock, inputs.as_of), "on_hand", ids)
    broken = inputs.open_orders
    if len(broken):
        broken = broken[broken["quantity_open"] != broken["quantity_open"].round()]
    in_parts = pd.Series(ids, dtype=object).isin(broken["unique_id"]).to_numpy(bool)
    return np.asarray(forecast_whole | ((on_hand == np.round(on_hand)) & ~in_parts))


def lead_time_rows(ways: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Rows as the lead-time model takes them: an order placed on each lane on `as_of`."""
    return ways[["supplier_id", "unique_id", "category"]].assign(
        ordered_at=as_of, contract_days=ways["lead_time_days"].to_numpy(float)
    )


def _answered_lanes(
    forecast: DemandForecast, lead_times: LeadTimes, inputs: PlanInputs
) -> tuple[pd.DataFrame, Distribution, pd.DataFrame, pd.DataFrame]:
    """Lanes with a lead time, that lead time, where it is from, and the SKUs left without any lane."""
    ways = lanes(forecast, inputs)
    supplied = ways[ways["supplier_id"].notna()].reset_index(drop=True)
    rows = lead_time_rows(supplied, inputs.as_of)
    laws = list(side_by_side(lambda part: lead_times.predict(rows.iloc[part]), parts_of(len(rows))))
    law = Distribution(laws[0].levels, np.concatenate([part.values for part in laws]))
    told = lead_times.describe(rows)
    finite = np.flatnonzero(
        np.isfinite(law.values).all(axis=1) & (told["source"] != "unknown").to_numpy(bool)
    )
    answered, sources = (frame.iloc[finite].reset_index(drop=True) for frame in (supplied, told))
    ids = pd.Series(forecast.unique_ids, dtype=object)
    names = ids[~ids.isin(answered["unique_id"])]
    code = np.where(names.isin(supplied["unique_id"]), "no_lead_time", "no_supplier")
    stocked = inputs.stock["unique_id"].drop_duplicates()
    unknown = stocked[~stocked.isin(forecast.unique_ids)]
    missing = pd.DataFrame(
        {
            "unique_id": np.concatenate([names.to_numpy(object), unknown.to_numpy(object)]),
            "reason": np.concatenate(
                [code.astype(object), np.full(len(unknown), "no_forecast", dtype=object)]
            ),
        }
    )
    return answered, law[finite], sources, missing


def _pipeline(forecast: DemandForecast, lead_times: LeadTimes, inputs: PlanInputs) -> Pipeline:
    orders = inputs.open_orders
    row = forecast.rows(orders["unique_id"]) if len(orders) else np.empty(0, dtype=np.int64)
    mine = np.flatnonzero((row >= 0) & (orders["quantity_open"].to_numpy(float) > 0)) if len(orders) else row
    some = orders.iloc[mine].reset_index(drop=True)
    split = len(some) > 0 and bool(some.duplicated(["order_id", "unique_id"]).any())
    together = split and arrive_together(inputs.purchase_orders)
    share = lead_times.remaining_share(some) if len(some) else 1.0
    return make_pipeline(
        some, row[mine], lead_times.predict, share=share, together=together, shared=lead_times.shared_delay
    )
