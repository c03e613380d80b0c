"""Everything known and decided about the SKUs on one day: their lanes, open orders, terms and today's decision."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import PolicyConfig
from distributions.demand_forecast import DemandForecast
from planning.decision import OrderDecision, decide
from planning.inputs import PlanInputs, whole_units
from planning.lanes.agreed_lead_times import with_agreed
from planning.lanes.answered_lanes import answered_lanes
from planning.lanes.choose_lane import choose_lanes
from planning.lanes.end_of_buying import buying_days_left, without_what_never_sold
from planning.lanes.lane_terms import LaneTerms, PlanSetting, make_terms
from planning.names import Names
from planning.overrides.order_overrides import OrderOverrides
from planning.played_year.cheapest_terms import with_cheapest_reorder_points
from planning.played_year.played_targets import with_played_targets
from planning.played_year.year_play import warm_up_days
from planning.policy.order_rules import OrderRules
from planning.projection.open_orders import Pipeline
from planning.projection.stock_status import stock_status
from planning.protocols import LeadTimes
from planning.top_ups import Pairs, TopUps, top_ups


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
    chosen_terms : terms of the chosen lanes; where an agreed pair of suppliers is bought from, of the base one, with
        the reorder point that was agreed
    pipeline : open orders
    decision : today's decision
    unanswered : unique_id and reason code of SKUs that are not here
    overrides : orders that people hold back or fix, none where nobody does
    top_ups : what is asked of the surge suppliers of agreed pairs today
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
    top_ups: TopUps
    overrides: OrderOverrides | None = None

    @property
    def one_supplier_each(self) -> "Assessment":
        """The same with all SKUs bought through their chosen lane alone, on its own terms: as levers compare years."""
        if not len(self.top_ups.pairs):
            return self
        return replace(self, chosen_terms=self.lane_terms.select(self.chosen_lane))

    @property
    def from_two(self) -> NDArray[np.bool_]:
        """SKUs (n,) that are bought from an agreed pair of suppliers."""
        result = np.zeros(len(self.forecast), bool)
        result[self.top_ups.pairs.sku] = True
        return result

    @cached_property
    def names(self) -> Names:
        """What people call SKUs and suppliers."""
        return Names.of(self.inputs)


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
    lead_times = with_agreed(lead_times, inputs.offers)
    elapsed = float((inputs.as_of - pd.Timestamp(forecast.starts[0])) / pd.Timedelta(days=1))
    setting = PlanSetting(
        policy=policy,
        rules=rules,
        as_of=inputs.as_of,
        elapsed=elapsed,
        delays_with_demand=lead_times.shared_delay.with_demand,
        answered=inputs.answered,
        closures=inputs.closures,
    )
    found = answered_lanes(forecast, lead_times, inputs)
    lanes, skus = found.lanes, np.unique(found.lanes["row"].to_numpy(np.intp))
    known = forecast if len(skus) == len(forecast) else forecast.select(skus)
    known = without_what_never_sold(known, inputs)
    lanes["row"] = np.searchsorted(skus, lanes["row"].to_numpy(np.intp))
    lanes["whole"] = whole_units(known, inputs)[lanes["row"].to_numpy()]
    lanes["buying_days_left"] = buying_days_left(known, inputs)[lanes["row"].to_numpy()]
    lanes["warm_up"] = warm_up_days(lanes, found.lead_time, policy)
    terms = make_terms(lanes, known, found.lead_time, inputs.items, setting)
    terms = as_played(terms, known, inputs.items, setting)
    pairs = Pairs.of(terms)
    chosen_lane = pairs.of_base(choose_lanes(terms, policy.effort.vendor_switch))
    chosen_terms = pairs.terms.select(chosen_lane)
    stock = stock_status(known, lead_times, inputs, lost_sales=policy.lost_sales)
    added = top_ups(pairs, known, stock, setting)
    return Assessment(
        setting=setting,
        inputs=inputs,
        forecast=known,
        lane_terms=terms,
        lead_time_sources=found.sources,
        chosen_lane=chosen_lane,
        chosen_terms=chosen_terms,
        pipeline=stock.pipeline,
        decision=decide(chosen_terms, known, stock, setting, added),
        unanswered=found.unanswered,
        top_ups=added,
    )


def as_played(
    terms: LaneTerms, forecast: DemandForecast, items: pd.DataFrame, setting: PlanSetting
) -> LaneTerms:
    """The assessment's terms with what a play decides: reorder points that keep targets, or that cost least."""
    if not terms.bought.any():
        return terms
    terms = with_played_targets(terms, forecast, items, setting)
    return with_cheapest_reorder_points(terms, forecast, items, setting)
