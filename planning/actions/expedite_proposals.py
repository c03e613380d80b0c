"""Which open orders to expedite: what a call to the supplier saves, what it costs, and how long it can wait."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.projection.expedite_calls import ExpediteCalls
from planning.projection.expedite_speed import expedited_share
from planning.projection.expedite_value import units_saved
from planning.projection.order_numbering import number_within

_MOST_TRIED = 2  # open orders of a SKU that are looked at closely: those of most use if they came tomorrow
_LATER_CALLS = (1.0, 2.0, 4.0, 7.0, 14.0)  # days on which the call could be made instead of today
_HOPE = 0.25
"""Share that the saving may be more in a play, in which the plan goes on: of proposals, the play has the last word."""
_STILL_SAVED = 0.9  # share of what is saved that a later call must still save to be called in time


@dataclass(frozen=True)
class ExpediteProposals:
    """k open orders to expedite today, one a SKU at most, array (k,) each.

    Attributes
    ----------
    calls : the calls; where no supplier was ever seen to expedite, the order is taken to come tomorrow
    speed_known : how much sooner expedited orders come is known
    lane : row of `assessment.lane_terms` for the order's supplier, −1 without one
    cost : what the supplier asks for expediting the line; NaN where its offer does not say
    units : units of demand that no longer fall short
    saving : their shortage cost, less the holding cost of having the order sooner
    """

    calls: ExpediteCalls
    speed_known: NDArray[np.bool_]
    lane: NDArray[np.intp]
    cost: Array
    units: Array
    saving: Array

    def __getitem__(self, rows: NDArray[np.intp]) -> "ExpediteProposals":
        return ExpediteProposals(
            calls=self.calls[rows],
            speed_known=self.speed_known[rows],
            lane=self.lane[rows],
            cost=self.cost[rows],
            units=self.units[rows],
            saving=self.saving[rows],
        )

    @property
    def question(self) -> NDArray[np.bool_]:
        """The cost or the speed of expediting is not known: something to ask the supplier, not a saving."""
        return np.isnan(self.cost) | ~self.speed_known

    @property
    def gain(self) -> Array:
        """Saving of expediting less its cost, as far as that is known, money (k,)."""
        return self.saving - np.nan_to_num(self.cost)


def expedite_proposals(assessment: Assessment) -> ExpediteProposals:
    """The open orders worth expediting: the call of each SKU that gains most, and at least the policy's minimum."""
    decision, pipeline, terms = assessment.decision, assessment.pipeline, assessment.chosen_terms
    candidates = ~_expedited_already(pipeline.orders) & ~pipeline.doubtful
    lines = np.flatnonzero(~np.isnan(decision.expedite_value) & candidates)
    lane = lanes_of_lines(assessment, lines)
    cost = _expedite_cost(assessment, lane)
    # an order that comes tomorrow saves no less than one that comes later
    at_most = (1 + _HOPE) * decision.expedite_value[lines] - np.nan_to_num(cost)
    promising = _best(assessment, lines, at_most, _MOST_TRIED)
    lines, lane, cost = lines[promising], lane[promising], cost[promising]
    supplier_id = pipeline.orders["supplier_id"].to_numpy(object)[lines]
    share = expedited_share(assessment.inputs.purchase_orders, supplier_id)
    calls = ExpediteCalls(line=lines, share=np.nan_to_num(share), wait=np.zeros(len(lines)))
    units = units_saved(decision.stock_paths, decision.projection, terms.lead_time, calls)
    sku = pipeline.sku[lines]
    holding = np.nan_to_num(terms.costs.holding)[sku] * pipeline.expected[lines] / DAYS_A_YEAR
    without, expedited = expected_arrival(assessment, calls)
    saving = units * terms.costs.shortage[sku] - holding * (without - expedited)
    proposals = ExpediteProposals(
        calls=calls, speed_known=~np.isnan(share), lane=lane, cost=cost, units=units, saving=saving
    )
    return proposals[_best(assessment, lines, proposals.gain + _HOPE * saving, 1)]


def expected_arrival(assessment: Assessment, calls: ExpediteCalls) -> tuple[Array, Array]:
    """Expected days (k,) until the orders arrive without the expedite calls, and with them."""
    without = assessment.pipeline.remaining[calls.line].mean()
    return without, np.minimum(without, np.maximum(calls.share * without, 1.0))


def last_call_days(assessment: Assessment, proposals: ExpediteProposals) -> Array:
    """Days (k,) that an expedite call can wait and still save nine tenths of what it saves today."""
    decision, wait = assessment.decision, np.zeros(len(proposals.units))
    lead_time, open_still = assessment.chosen_terms.lead_time, np.arange(len(wait))
    for days in _LATER_CALLS:
        today = proposals.calls[open_still]
        later = ExpediteCalls(today.line, today.share, wait=np.full(len(open_still), days))
        units = units_saved(decision.stock_paths, decision.projection, lead_time, later)
        open_still = open_still[units >= _STILL_SAVED * proposals.units[open_still]]
        wait[open_still] = days
    return wait


def _expedited_already(orders: pd.DataFrame) -> NDArray[np.bool_]:
    """Open orders (m,) left out of the expedite proposals, having been expedited, or that having been agreed."""
    expedited = np.zeros(len(orders), bool)
    if "expedited" in orders:
        expedited |= orders["expedited"].fillna(value=False).to_numpy(bool)
    if "agreed_share" in orders:
        expedited |= orders["agreed_share"].notna().to_numpy(bool)
    return expedited


def lanes_of_lines(assessment: Assessment, lines: NDArray[np.intp]) -> NDArray[np.intp]:
    """Lane (k,) of the supplier of each open order line (k,) that it may be proposed to expedite; −1 without one."""
    lanes, pipeline = assessment.lane_terms.lanes, assessment.pipeline
    rows = np.flatnonzero(np.isin(lanes["row"].to_numpy(), pipeline.sku[lines]))
    known = pd.MultiIndex.from_frame(lanes[["row", "supplier_id"]].iloc[rows])
    supplier_id = pipeline.orders["supplier_id"].to_numpy(object)[lines]
    at = known.get_indexer(pd.MultiIndex.from_arrays([pipeline.sku[lines], supplier_id]))
    return np.asarray(np.append(rows, -1)[at], np.intp)


def _expedite_cost(assessment: Assessment, lane: NDArray[np.intp]) -> Array:
    """Cost (k,) of each expedite proposal, money: what the offer of its `lane` (k,) asks; NaN where it does not say."""
    given = assessment.lane_terms.lanes["expedite_cost"].to_numpy(float)
    return np.where(lane < 0, np.nan, given[lane]) if len(given) else np.full(len(lane), np.nan)


def _best(assessment: Assessment, lines: NDArray[np.intp], gain: Array, most: int) -> NDArray[np.intp]:
    """Best expedite proposals: positions in `lines` (k,) with worthwhile `gain` (k,), the `most` largest a SKU."""
    rows = np.flatnonzero((gain > 0) & (gain >= assessment.setting.policy.minimum_action_value))
    sku = assessment.pipeline.sku[lines[rows]]
    order = np.lexsort((-gain[rows], sku))
    return rows[order[number_within(sku[order]) < most]]
