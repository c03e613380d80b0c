"""Expedite: open orders that are worth more than a call costs when they come sooner."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.actions.proposals import action_rows, confidence, order_lines
from planning.assessment import Assessment
from planning.cost.costs import DAYS_A_YEAR
from planning.projection.expedite_speed import hurried_share
from planning.projection.expedite_value import units_saved
from planning.projection.open_orders import number_within
from planning.projection.stock_paths import ExpediteCalls
from planning.tables.plan import dates, day_texts

_TRIED = 2  # open orders of a SKU that are looked at closely: those of most use if they came tomorrow
_LATER = (1.0, 2.0, 4.0, 7.0, 14.0)  # days on which the call could be made instead of today
_STILL = 0.9  # share of what is saved that a later call must still save to be called in time


@dataclass(frozen=True)
class ExpediteProposals:
    """k open orders to be hurried today, one a SKU at most, array (k,) each.

    Attributes
    ----------
    hurry : the calls; where no supplier was ever seen to hurry, the order is taken to come tomorrow
    seen : how much sooner hurried orders come is known
    lane : row of `assessment.lanes` for the order's supplier, −1 without one
    cost : what the supplier asks for hurrying the line; NaN where its offer does not say
    units : units of demand that no longer fall short
    saving : their shortage cost, less the holding cost of having the order sooner
    """

    hurry: ExpediteCalls
    seen: NDArray[np.bool_]
    lane: NDArray[np.intp]
    cost: Array
    units: Array
    saving: Array

    def __getitem__(self, rows: NDArray[np.intp]) -> "ExpediteProposals":
        return ExpediteProposals(
            self.hurry[rows], self.seen[rows], self.lane[rows], self.cost[rows], self.units[rows],
            self.saving[rows],
        )  # fmt: skip

    @property
    def question(self) -> NDArray[np.bool_]:
        """The cost or the speed is not known: something to ask, not a saving."""
        return np.isnan(self.cost) | ~self.seen

    @property
    def gain(self) -> Array:
        """Saving less the cost, as far as that is known."""
        return self.saving - np.nan_to_num(self.cost)


def expedite(assessment: Assessment) -> pd.DataFrame:
    """Propose to hurry the open order of a SKU that saves most, net of what its supplier asks for that.

    Saved is the shortage cost of the units that fall short before a new order could arrive, with and without the
    call in the same scenarios, less the holding cost of the days the order comes sooner. One order a SKU: a second
    one would fill the same gap. Where the offer names no expedite cost, or no hurried order has been seen, the
    highest price worth paying becomes a question to the supplier that counts as no saving.
    """
    calls = worth_calling(assessment)
    pipeline, as_of = assessment.pipeline, assessment.setting.as_of
    orders = pipeline.orders.iloc[calls.hurry.line]
    chosen = assessment.chosen[pipeline.sku[calls.hurry.line]]
    head = pd.DataFrame(
        {
            "kind": np.where(calls.question, "expedite_question", "expedite").astype(object),
            "unique_id": orders["unique_id"].to_numpy(object),
            "supplier_id": orders["supplier_id"].to_numpy(object),
            "alternative_supplier_id": None,
            "subject": order_lines(orders),
            "quantity": orders["quantity_open"].to_numpy(float),
            "worth": np.where(calls.question, 0.0, calls.gain),
            "worth_period": "once",
            "act_by": dates(as_of, _last_call(assessment, calls)),
            "confidence": confidence(
                assessment, np.where(calls.lane < 0, chosen, calls.lane), uses_shortage=True
            ),
        }
    )
    return action_rows(head, _facts(assessment, calls), _tell)


def worth_calling(assessment: Assessment) -> ExpediteProposals:
    """The calls that gain money and at least the policy's minimum, by SKU."""
    decision, pipeline = assessment.decision, assessment.pipeline
    lines = np.flatnonzero(~np.isnan(decision.expedite) & ~_hurried_already(pipeline.orders))
    lane = _lanes(assessment, lines)
    given = assessment.lanes.lanes["expedite_cost"].to_numpy(float)
    cost = np.where(lane < 0, np.nan, given[lane]) if len(given) else np.full(len(lines), np.nan)
    # an order that comes tomorrow saves no less than one that comes later
    promising = _best(assessment, lines, decision.expedite[lines] - np.nan_to_num(cost), _TRIED)
    lines, lane, cost = lines[promising], lane[promising], cost[promising]
    share = hurried_share(
        assessment.inputs.purchase_orders, pipeline.orders["supplier_id"].to_numpy(object)[lines]
    )
    hurry = ExpediteCalls(lines, np.nan_to_num(share), np.zeros(len(lines)))
    units = units_saved(decision.stock_paths, decision.projection, assessment.terms.lead_time, hurry)
    sku = pipeline.sku[lines]
    holding = np.nan_to_num(assessment.terms.costs.holding)[sku] * pipeline.quantity[lines] / DAYS_A_YEAR
    now, then = _arrivals(assessment, hurry)
    saving = units * assessment.terms.costs.shortage[sku] - holding * (now - then)
    calls = ExpediteProposals(hurry, ~np.isnan(share), lane, cost, units, saving)
    return calls[_best(assessment, lines, calls.gain, 1)]


def _hurried_already(orders: pd.DataFrame) -> NDArray[np.bool_]:
    if "expedited" not in orders:
        return np.zeros(len(orders), bool)
    return np.asarray(orders["expedited"].fillna(value=False), bool)


def _lanes(assessment: Assessment, lines: NDArray[np.intp]) -> NDArray[np.intp]:
    """Lane (k,) of the supplier of each of some open orders (k,); −1 where there is none."""
    lanes, pipeline = assessment.lanes.lanes, assessment.pipeline
    mine = np.flatnonzero(np.isin(lanes["row"].to_numpy(), pipeline.sku[lines]))
    known = pd.MultiIndex.from_frame(lanes[["row", "supplier_id"]].iloc[mine])
    wanted = pd.MultiIndex.from_arrays(
        [pipeline.sku[lines], pipeline.orders["supplier_id"].to_numpy(object)[lines]]
    )
    at = known.get_indexer(wanted)
    return np.asarray(np.append(mine, -1)[at], np.intp)


def _best(assessment: Assessment, lines: NDArray[np.intp], gain: Array, most: int) -> NDArray[np.intp]:
    """SupplierCalendar in `lines` (k,) whose `gain` (k,) is worth while, the `most` largest of each SKU, by SKU."""
    rows = np.flatnonzero((gain > 0) & (gain >= assessment.setting.policy.minimum_action_value))
    sku = assessment.pipeline.sku[lines[rows]]
    order = np.lexsort((-gain[rows], sku))
    return rows[order[number_within(sku[order]) < most]]


def _arrivals(assessment: Assessment, hurry: ExpediteCalls) -> tuple[Array, Array]:
    """Expected days (k,) until the orders come without the calls, and with them."""
    now = assessment.pipeline.remaining[hurry.line].mean()
    return now, np.minimum(now, np.maximum(hurry.share * now, 1.0))


def _last_call(assessment: Assessment, calls: ExpediteProposals) -> Array:
    """Days (k,) that a call can wait and still save nine tenths of what it saves today."""
    decision, wait = assessment.decision, np.zeros(len(calls.units))
    alive = np.arange(len(wait))
    for days in _LATER:
        later = ExpediteCalls(calls.hurry.line[alive], calls.hurry.share[alive], np.full(len(alive), days))
        units = units_saved(decision.stock_paths, decision.projection, assessment.terms.lead_time, later)
        alive = alive[units >= _STILL * calls.units[alive]]
        wait[alive] = days
    return wait


def _facts(assessment: Assessment, calls: ExpediteProposals) -> pd.DataFrame:
    pipeline, as_of, line = assessment.pipeline, assessment.setting.as_of, calls.hurry.line
    now, then = _arrivals(assessment, calls.hurry)
    due, hurried = (day_texts(as_of, np.ceil(days)) for days in (now, then))
    orders, sku = pipeline.orders.iloc[line], pipeline.sku[line]
    return pd.DataFrame(
        {
            "order_id": orders["order_id"].astype(str).to_numpy(object),
            "line": orders["line"].astype(str).to_numpy(object),
            "due": due,
            "hurried_due": hurried,
            "days_sooner": now - then,
            "share_of_time": np.where(calls.seen, calls.hurry.share, np.nan),
            "expected_shortage": assessment.decision.short[sku],
            "units_saved": calls.units,
            "shortage_cost": assessment.terms.costs.shortage[sku],
            "expedite_cost": calls.cost,
            "highest_price": calls.saving,
        }
    )


def _tell(a: Any) -> tuple[str, str]:
    order = f"order {a.subject} of {a.quantity:,.0f} {a.unique_id}"
    saves = f"saves {a.units_saved:,.0f} of them at {a.shortage_cost:,.2f} each"
    known = not np.isnan(a.share_of_time)
    speed = (
        f"Hurried orders take {a.share_of_time:.0%} of their time there; coming about {a.hurried_due}, it {saves}."
        if known
        else f"Coming tomorrow, it {saves}; no hurried order has been seen, so ask how soon it can come."
    )
    price = (
        f"The offer names no price for that: up to {a.highest_price:,.0f} is worth paying."
        if np.isnan(a.expedite_cost)
        else f"That costs {a.expedite_cost:,.0f}; up to {a.highest_price:,.0f} is worth paying."
    )
    evidence = (
        f"It is due about {a.due}, and {a.expected_shortage:,.0f} units are expected to fall short before a new order "
        f"could come. {speed} {price}"
    )
    if a.kind == "expedite":
        return f"ExpediteCalls {order} at {a.supplier_id}: {a.hurried_due} instead of {a.due}", evidence
    return f"Ask {a.supplier_id} to hurry {order}: worth up to {a.highest_price:,.0f}", evidence
