"""Talks about MOQs as actions: of one SKU, or one talk with a supplier about several."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import days, money, number, price, quantity, share
from distributions.distribution import Array
from planning.actions.action_table import act_by_next_order, action_rows, confidence
from planning.actions.played_worth import PlayedWorth
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.lanes.lane_terms import LaneTerms
from planning.levers.bundles import bundle_title, line_facts

_TOLD = 3
"""SKUs of a talk that its evidence tells about."""


@dataclass(frozen=True)
class MoqLines:
    """SKUs (k,) whose MOQ is larger than is best.

    Attributes
    ----------
    assessment : the day
    terms : as they are
    skus : rows of the forecast
    lot : array (k,), the MOQ to ask for, units
    saved : array (k, M), money a year in each scenario
    slope : array (k,), money a year that one more unit of money on the price costs
    """

    assessment: Assessment
    terms: LaneTerms
    skus: NDArray[np.intp]
    lot: Array
    saved: Array
    slope: Array

    def select(self, rows: NDArray[np.intp]) -> "MoqLines":
        """Some of the SKUs."""
        return MoqLines(
            self.assessment, self.terms.select(rows), self.skus[rows], self.lot[rows], self.saved[rows],
            self.slope[rows],
        )  # fmt: skip


def moq_talk(found: MoqLines, rows: NDArray[np.intp]) -> pd.DataFrame:
    """The action of one talk about the MOQs of `rows` (k,), SKUs of one supplier, the best first: one row."""
    lines, assessment = found.select(rows), found.assessment
    alone = len(rows) == 1
    worth = PlayedWorth.of_saved(
        lines.saved.sum(axis=0)[None],
        assessment.setting.policy.effort.negotiation,
        common_error=0.0 if alone else assessment.inputs.common_error,
    )
    seen = confidence(assessment, assessment.chosen_lane[lines.skus])
    head = pd.DataFrame(
        {
            "kind": "lower_moq",
            "unique_id": [lines.terms.lanes["unique_id"].iloc[0] if alone else ""],
            "supplier_id": [lines.terms.lanes["supplier_id"].iloc[0]],
            "alternative_supplier_id": None,
            "subject": "",
            "quantity": lines.lot[:1] if alone else np.nan,
            "worth": worth.mean,
            "worth_period": "year",
            "act_by": act_by_next_order(assessment)[lines.skus[:1]],
            "confidence": worth.confidence(seen[:1]),
        }
    )
    facts = _facts(lines, worth) if alone else _facts_of_many(lines, worth)
    describe = _describe if alone else _describe_many
    return action_rows(assessment, head, facts, partial(describe, assessment.inputs.currency))


def _facts(lines: MoqLines, worth: PlayedWorth) -> pd.DataFrame:
    """Numbers behind the evidence of lowering the MOQ of one SKU."""
    terms, demand = lines.terms, lines.terms.demand.yearly
    return pd.DataFrame(
        {
            "moq": terms.limits.moq,
            "order_size": terms.order_size,
            "best_order_size": lines.lot,
            "yearly_demand": demand,
            "days_an_order_lasts": DAYS_A_YEAR * terms.order_size / demand,
            "best_days_an_order_lasts": DAYS_A_YEAR * lines.lot / demand,
            "ordering_cost": terms.costs.ordering,
            "holding_cost_year": terms.costs.holding,
            "spoiled_units_year": terms.steady_state.spoiled,
            **worth.facts(),
            "price_rise_to_break_even": worth.mean / lines.slope,
        }
    )


def _facts_of_many(lines: MoqLines, worth: PlayedWorth) -> pd.DataFrame:
    """Numbers behind the evidence of one talk about several SKUs, one row."""
    names = lines.assessment.names
    moq, demand = lines.terms.limits.moq, lines.terms.demand.yearly
    called = [names.sku(name) for name in lines.terms.lanes["unique_id"].tolist()]
    says = [
        f"{name} from {quantity(old)} to {quantity(new)}"
        for name, old, new in zip(called, moq.tolist(), lines.lot.tolist(), strict=True)
    ]
    each = line_facts(lines.terms.lanes, lines.saved.mean(axis=1), says, called)
    order = np.argsort(-lines.saved.mean(axis=1), kind="stable").tolist()
    for fact, row in zip(each, order, strict=True):
        fact |= {
            "moq": float(moq[row]),
            "best_order_size": float(lines.lot[row]),
            "days_an_order_lasts": round(float(DAYS_A_YEAR * lines.terms.order_size[row] / demand[row]), 1),
            "best_days_an_order_lasts": round(float(DAYS_A_YEAR * lines.lot[row] / demand[row]), 1),
        }
    goods = float(np.nansum(lines.slope * lines.terms.costs.unit))
    supplier = names.supplier(lines.terms.lanes["supplier_id"].iloc[0])
    return pd.DataFrame(
        {
            "ask": [f"Ask {supplier} to lower MOQs"],
            "lines": [each],
            **worth.facts(),
            "rise_to_break_even": worth.mean / max(goods, 1e-9),
        }
    )


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of lowering an MOQ, from the action's row."""
    spoils = f", and {number(a.spoiled_units_year)} units a year spoil" if a.spoiled_units_year >= 0.5 else ""
    least = quantity(a.best_order_size)
    evidence = (
        f"The MOQ makes each order {quantity(a.order_size)} units, {days(a.days_an_order_lasts)} of demand{spoils}; "
        f"the best order is {least} units ({days(a.best_days_an_order_lasts)}). The difference costs "
        f"{money(a.worth, currency)} a year, in 80 of 100 years between {money(a.worth_low, currency)} and "
        f"{money(a.worth_high, currency)}: paying {price(a.price_rise_to_break_even, currency)} more a unit would "
        "still be worth it."
    )
    return (
        f"Ask {a.supplier} to lower the MOQ of {a.sku} from {quantity(a.moq)} to {least}",
        evidence,
    )


def _describe_many(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of one talk about the MOQs of several SKUs, from the action's row."""
    told = "; ".join(
        f"{line['says']} ({money(line['worth'], currency)} a year, an order lasts "
        f"{number(line['best_days_an_order_lasts'])} instead of {days(line['days_an_order_lasts'])})"
        for line in a.lines[:_TOLD]
    )
    more = f", and {len(a.lines) - _TOLD} more" if len(a.lines) > _TOLD else ""
    evidence = (
        f"MOQs make orders of {len(a.lines)} SKUs larger than is best: {told}{more}. Together that costs "
        f"{money(a.worth, currency)} a year, in 80 of 100 years between {money(a.worth_low, currency)} and "
        f"{money(a.worth_high, currency)}: prices {share(a.rise_to_break_even, 1)} higher would still be worth it."
    )
    return bundle_title(a.ask, a.lines), evidence
