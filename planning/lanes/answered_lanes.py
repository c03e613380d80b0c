"""Answered lanes: those whose lead time the model knows, with that lead time, and the SKUs left without one."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Distribution
from distributions.parallel import map_in_threads, row_slices
from planning.inputs import PlanInputs
from planning.lanes.find_lanes import find_lanes, lead_time_rows
from planning.lanes.order_days import order_waits
from planning.protocols import LeadTimes


@dataclass(frozen=True)
class AnsweredLanes:
    """Lanes answered by the lead-time model, its distributions and sources, and the SKUs left without such a lane."""

    lanes: pd.DataFrame
    lead_time: Distribution
    sources: pd.DataFrame
    unanswered: pd.DataFrame


def answered_lanes(forecast: DemandForecast, lead_times: LeadTimes, inputs: PlanInputs) -> AnsweredLanes:
    """Ask the lead-time model about every lane of the SKUs: the answered lanes, and the SKUs without one.

    An order decided on today leaves on its supplier's next order day: the days until then are part of its lead time.
    """
    lanes = find_lanes(forecast.unique_ids, inputs)
    supplied = lanes[lanes["supplier_id"].notna()].reset_index(drop=True)
    rows = lead_time_rows(supplied, inputs.as_of)
    parts = list(map_in_threads(lambda part: lead_times.predict(rows.iloc[part]), row_slices(len(rows))))
    lead_time = Distribution(parts[0].levels, np.concatenate([part.values for part in parts]))
    waits = order_waits(supplied["order_days"].tolist(), np.array([inputs.as_of.weekday()]))
    lead_time = Distribution(lead_time.levels, lead_time.values + waits)
    sources = lead_times.describe(rows)
    finite = np.isfinite(lead_time.values).all(axis=1)
    answered = np.flatnonzero(finite & (sources["source"] != "unknown").to_numpy(bool))
    with_answer, answers = (frame.iloc[answered].reset_index(drop=True) for frame in (supplied, sources))
    return AnsweredLanes(
        lanes=with_answer,
        lead_time=lead_time[answered],
        sources=answers,
        unanswered=_unanswered(forecast, inputs, supplied, with_answer),
    )


def _unanswered(
    forecast: DemandForecast, inputs: PlanInputs, supplied: pd.DataFrame, answered: pd.DataFrame
) -> pd.DataFrame:
    """SKUs without an answered lane, unique_id and reason code: no supplier, lead time or forecast."""
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
