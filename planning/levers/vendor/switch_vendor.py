"""Switch the vendor: every usable offer of a SKU competes with the one in use, a year of each played."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import days, missing, money, number, price, quantity, share, signed_number
from distributions.distribution import Array
from planning.actions.action_table import act_by_next_order, action_rows, confidence, worthwhile
from planning.actions.played_worth import PlayedWorth, PlayedYears, most_promising, played_years
from planning.assessment import Assessment
from planning.lanes.current_lane import current_lanes
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.vendor.trial_order import (
    awaited,
    received_before,
    trial_evidence,
    trial_facts,
    trial_title,
)

_HOPE = 0.5
"""Offers are played whose closed-form cost is above the current one's by at most this share of all but its goods."""

_FASTER_DAYS, _STEADIER_DAYS = 1.0, 0.5
_REJECTED = 0.01
"""Difference between two vendors' shares of rejected units from which it is named."""
_PAID_DAYS = 7.0
"""Days that one vendor is paid later than another from which it is named."""


def switch_vendor(plays: LeverPlays) -> LeverResult:
    """Propose to switch the vendor: the current offer's year against that of every other usable one, both played.

    The current offer is the preferred one, else that of the supplier of the last order. Worth: the difference of what
    the same years cost (goods, ordering, stock, pipeline, shortage, spoilage), where it is more than the effort. Where
    nothing of the SKU was ever received from there, the action is a trial order.
    """
    assessment = plays.assessment
    terms = assessment.lane_terms
    current, alternative = _pairs(assessment)
    if not len(current):
        return LeverResult()
    lanes, at = np.unique(np.concatenate([current, alternative]), return_inverse=True)
    years = played_years(assessment, terms.select(lanes))
    now, then = at[: len(current)], at[len(current) :]
    effort = assessment.setting.policy.effort.vendor_switch
    worth = PlayedWorth.of(years.total[now], years.total[then], effort)
    known = received_before(assessment.inputs, terms.lanes.iloc[alternative])
    trial = trial_facts(assessment, current, alternative, worth).where(pd.Series(~known))
    tried = trial["trials_to_pay"].fillna(0.0).to_numpy() < 1
    rows = worthwhile(assessment, worth.mean, (worth.mean > effort) & tried)
    rows = rows[np.lexsort((alternative[rows], -worth.mean[rows], current[rows]))]
    rows = rows[np.flatnonzero(np.diff(current[rows], prepend=-1))]  # the best alternative of each lane
    current, alternative, now, then = current[rows], alternative[rows], now[rows], then[rows]
    worth = worth.select(rows)
    supplier_id = terms.lanes["supplier_id"].to_numpy(object)
    known, trial = known[rows], trial.iloc[rows].reset_index(drop=True)
    seen = confidence(assessment, alternative, uses_shortage=True)
    seen = np.where(known | (seen == "low"), seen, "medium")
    head = pd.DataFrame(
        {
            "kind": np.where(known, "switch_vendor", "trial_order"),
            "unique_id": terms.lanes["unique_id"].to_numpy(object)[current],
            "supplier_id": supplier_id[current],
            "alternative_supplier_id": supplier_id[alternative],
            "subject": "",
            "quantity": np.where(known, terms.order_size[alternative], trial["trial_quantity"]),
            "worth": worth.mean,
            "worth_period": "year",
            "act_by": act_by_next_order(assessment)[terms.lanes["row"].to_numpy()[current]],
            "confidence": worth.confidence(seen),
        }
    )
    facts = _facts(assessment, current, alternative).join(_played_facts(years, worth, now, then))
    facts = facts.join(trial)
    actions = action_rows(assessment, head, facts, partial(_describe, assessment.inputs.currency))
    return LeverResult.of(actions, lever_lines(head["unique_id"].tolist(), alternative.tolist()))


def _pairs(assessment: Assessment) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Current lane and another of the same SKU, every pair of lanes with an offer where the switch may pay."""
    lanes, terms = assessment.lane_terms.lanes, assessment.lane_terms
    priced = ~np.isnan(terms.total_cost.total)
    usable = lanes["has_offer"].to_numpy(bool) & ~terms.limits.impossible & terms.bought & priced
    sku = lanes["row"].to_numpy()
    current = current_lanes(lanes, usable)
    of_sku = np.full(len(assessment.forecast), -1)
    of_sku[sku[current]] = current
    current_of_lane = of_sku[sku]
    cost = terms.total_cost
    hope = _HOPE * (cost.total - cost.price)[current_of_lane]
    hopeful = cost.total <= cost.total[current_of_lane] + np.maximum(hope, 0.0)
    another = (current_of_lane != np.arange(len(sku))) & ~assessment.from_two[sku]
    alternative = np.flatnonzero(usable & (current_of_lane >= 0) & another & hopeful)
    worth = cost.total[current_of_lane[alternative]] - cost.total[alternative]
    alternative = alternative[most_promising(worth)]
    names = lanes.iloc[alternative]
    tried = received_before(assessment.inputs, names) | ~awaited(assessment.inputs, names)
    alternative = alternative[tried]  # of a trial order that is on its way the outcome comes first
    return current_of_lane[alternative], alternative


def _facts(assessment: Assessment, current: NDArray[np.intp], alternative: NDArray[np.intp]) -> pd.DataFrame:
    """Numbers behind the evidence of a switch of vendor that its offers say, one row a pair of lanes."""
    terms = assessment.lane_terms
    unit_price = terms.costs.prices.price(terms.order_size)
    mean, std = terms.lead_time.mean(), terms.lead_time.std()
    rejected = terms.lanes["rejected_share"].to_numpy(float)
    return pd.DataFrame(
        {
            "yearly_demand": terms.demand.yearly[current],
            "price_now": unit_price[current],
            "price_alternative": unit_price[alternative],
            "lead_time_now": mean[current],
            "lead_time_alternative": mean[alternative],
            "lead_time_std_now": std[current],
            "lead_time_std_alternative": std[alternative],
            "smallest_order_now": terms.limits.smallest[current],
            "smallest_order_alternative": terms.limits.smallest[alternative],
            "safety_stock_now": terms.safety_stock[current],
            "safety_stock_alternative": terms.safety_stock[alternative],
            "rejected_now": rejected[current],
            "rejected_alternative": rejected[alternative],
            "payment_days_now": terms.costs.payment_days[current],
            "payment_days_alternative": terms.costs.payment_days[alternative],
        }
    )


def _played_facts(
    years: PlayedYears, worth: PlayedWorth, now: NDArray[np.intp], then: NDArray[np.intp]
) -> pd.DataFrame:
    """Numbers behind the evidence of a switch of vendor that were played, one row a pair of lanes."""
    even: Array = np.divide(
        worth.mean, years.slope[then], out=np.zeros(len(then)), where=years.slope[then] > 0
    )
    change = {
        f"change_{name}": values[then] - values[now]
        for name, values in years.parts.items()
        if name != "total"
    }
    return pd.DataFrame(
        {
            "total_now": years.parts["total"][now],
            "total_alternative": years.parts["total"][then],
            "worth_low": worth.low,
            "worth_high": worth.high,
            "chance": worth.chance,
            "price_rise_to_break_even": even,
            **change,
        }
    )


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of a switch of vendor, from the action's row."""
    parts = ("price", "ordering", "stock", "pipeline", "shortage", "spoilage")
    changes = [(part, getattr(a, f"change_{part}")) for part in parts]
    listed = ", ".join(f"{name} {signed_number(value)}" for name, value in changes if abs(value) >= 0.5)
    reasons = {
        "cheaper": a.price_alternative < a.price_now,
        "faster": a.lead_time_alternative < a.lead_time_now - _FASTER_DAYS,
        "steadier": a.lead_time_std_alternative < a.lead_time_std_now - _STEADIER_DAYS,
        "in smaller lots": a.smallest_order_alternative < a.smallest_order_now,
        "with fewer rejects": a.rejected_alternative <= a.rejected_now - _REJECTED,
    }
    why = ", ".join(name for name, holds in reasons.items() if holds) or "cheaper all told"
    evidence = (
        f"{a.alternative} is {why}: it takes {number(a.lead_time_alternative)} ± "
        f"{days(a.lead_time_std_alternative)} and asks {price(a.price_alternative, currency)}, {a.supplier} "
        f"{number(a.lead_time_now)} ± {number(a.lead_time_std_now)} and {price(a.price_now)}.{_other_terms(a)} On "
        f"{quantity(a.yearly_demand)} units a year the costs change by: {listed or 'nothing'}; "
        f"{money(a.worth, currency)} less in all, in 80 of 100 years between {money(a.worth_low, currency)} and "
        f"{money(a.worth_high, currency)}. The switch pays up to a price of "
        f"{price(a.price_alternative + a.price_rise_to_break_even, currency)}."
    )
    if a.kind == "trial_order":
        return trial_title(a), evidence + trial_evidence(currency, a)
    return f"Buy {a.sku} from {a.alternative} instead of {a.supplier}", evidence


def _other_terms(a: Any) -> str:
    """Evidence of a switch of vendor that lies in rejects and terms of payment, where these differ; else nothing."""
    text, other, own = "", a.alternative, a.supplier
    if abs(a.rejected_alternative - a.rejected_now) >= _REJECTED:
        text += f" Of what {other} delivers {share(a.rejected_alternative, 1)} is rejected, "
        text += f"of {own} {share(a.rejected_now, 1)}."
    later = abs(a.payment_days_alternative - a.payment_days_now)
    if later >= _PAID_DAYS or missing(a.payment_days_alternative) != missing(a.payment_days_now):
        text += f" {other} is paid {_paid(a.payment_days_alternative)}, {own} {_paid(a.payment_days_now)}."
    return text


def _paid(payment_days: float) -> str:
    """When goods are paid for, in words."""
    if missing(payment_days):
        return "with the order"
    if round(payment_days) == 0:
        return "on receipt"
    return f"{days(abs(payment_days))} {'after' if payment_days > 0 else 'before'} receipt"
