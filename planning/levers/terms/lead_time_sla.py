"""Lead time agreed on: no order later than a stated day, what that is worth, and a schedule that shares it."""

from typing import Any

import numpy as np

from configs.formats import days, money, number, share
from distributions.distribution import Array, Distribution
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.lanes.lane_terms import LaneTerms
from planning.lanes.order_days import order_waits
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.orders_a_year import lines_a_year
from planning.levers.supplier_talk import Talk, by_supplier, of_most_at_stake, talk_result

_KEPT = 0.5
"""Share of orders that keep the contract's days from which these are the maximum agreed on."""
_REACHED = 0.75
"""Share of orders that keep the maximum today, where fewer keep the contract."""
_SHARED = 0.5
"""Share of the worth that is the supplier's where it keeps the agreement."""


def lead_time_sla(plays: LeverPlays) -> LeverResult:
    """Propose to agree on a longest lead time with a supplier: a year as it is against one in which no order is later.

    The longest is the contract's where at least half of the orders keep that, else what three of four orders keep
    today. Worth: what the years differ by if it is kept, in lead times of the mean and spread that are left; our share
    of it has to be more than the effort.
    """
    assessment = plays.assessment
    chosen = assessment.chosen_terms
    weekday = np.array([assessment.setting.as_of.weekday()])
    wait = order_waits(chosen.lanes["order_days"].tolist(), weekday)[:, 0].astype(float)
    longest = longest_agreed(chosen, wait)
    after = capped(chosen.lead_time, longest)
    skus = of_most_at_stake(assessment, _stake(chosen, after), plays.effort("lead_time_sla"))
    if not len(skus):
        return LeverResult()
    terms, longest, after, wait = chosen.select(skus), longest[skus], after[skus], wait[skus]
    factor, earlier = _change(terms.lead_time, after)
    ids, lanes = assessment.forecast.unique_ids[skus].tolist(), assessment.chosen_lane[skus].tolist()
    saved = plays.saved(lever_lines(ids, lanes, spread_factor=factor, earlier_days=earlier))
    talks = []
    for at in by_supplier(assessment, skus):
        says = [f"in at most {days(longest[i] - wait[i])}" for i in at]
        changed = {"spread_factor": factor[at], "earlier_days": earlier[at]}
        worth = saved[at].mean(axis=1).sum()
        if (1 - _SHARED) * worth > plays.effort("lead_time_sla"):
            of_orders = (shifted(terms.lead_time[at], -wait[at]), shifted(after[at], -wait[at]))
            facts = _facts(terms.select(at), longest[at] - wait[at], of_orders, worth)
            facts["longest_days"] = {ids[i]: float(longest[i] - wait[i]) for i in at}
            talks.append(Talk(skus[at], saved[at], says, facts, changed))
    return talk_result(plays, "lead_time_sla", talks, _describe)


def longest_agreed(terms: LaneTerms, wait: Array) -> Array:
    """Longest lead time (n,) to agree on, whole days, with the days (n,) that an order `wait`s for its day."""
    contract = terms.lanes["lead_time_days"].to_numpy(float) + wait
    kept = terms.lead_time.cdf(np.nan_to_num(contract)) >= _KEPT
    reached = np.ceil(terms.lead_time.quantile(_REACHED))
    return np.where(~np.isnan(contract) & kept, np.minimum(np.ceil(contract), reached), reached)


def capped(lead_time: Distribution, longest: Array) -> Distribution:
    """Lead times (n) of orders none of which takes longer than `longest` (n,) days."""
    return Distribution(lead_time.levels, np.minimum(lead_time.values, longest[:, None]))


def shifted(lead_time: Distribution, days_more: Array) -> Distribution:
    """Lead times (n) of so many days (n,) more."""
    return Distribution(lead_time.levels, lead_time.values + days_more[:, None])


def late_days(lead_time: Distribution, longest: Array) -> Array:
    """Days (n,) that an order is later than `longest` (n,) on average: E[(L − longest)⁺]."""
    return np.asarray(lead_time.mean() - capped(lead_time, longest).mean())


def _change(lead_time: Distribution, after: Distribution) -> tuple[Array, Array]:
    """What of the spread is left (n,), and days (n,) by which the mean is earlier."""
    std = lead_time.std()
    factor = np.divide(after.std(), std, out=np.ones(len(std)), where=std > 0)
    return factor, lead_time.mean() - after.mean()


def _stake(terms: LaneTerms, after: Distribution) -> Array:
    """Money a year (n,) that a steadier lead time may save by closed form.

    Safety stock, shortages and waste in proportion to the standard deviation of lead-time demand, and the stock on its
    way that is paid for.
    """
    a_day, std = terms.demand.yearly / DAYS_A_YEAR, terms.demand.lead_time_demand.std()
    gone = a_day**2 * (terms.lead_time.std() ** 2 - after.std() ** 2)
    left = np.sqrt(np.maximum(std**2 - gone, 0.0))
    share_saved = np.divide(std - left, std, out=np.zeros(len(std)), where=std > 0)
    cost = terms.total_cost
    return np.asarray((np.maximum(cost.safety_stock, 0.0) + cost.shortage + cost.spoilage) * share_saved)


def schedule(
    orders: Array, on_time: Array, late: Array, worth: float, *, part: float = _SHARED
) -> dict[str, float]:
    """Bonus for each order line in time and penalty for each day late that share the worth of keeping an agreement.

    With N lines a year, a share F of them in time and E late days a line as it is today, the supplier who keeps the
    agreement earns the `part` φ of the worth W, B·N = φ·W, and one who delivers as today nothing: P·N·E = B·N·F.

    Parameters
    ----------
    orders, on_time, late : arrays (k,), of each SKU N, F and E

    Returns
    -------
    dict
        bonus, penalty (money a line in time, and a day late of a line) and what is paid a year as it is and if kept
    """
    total = float(orders.sum())
    in_time, days_late = float((orders * on_time).sum()), float((orders * late).sum())
    bonus = part * worth / max(total, 1e-9)
    penalty = bonus * in_time / days_late if days_late > 0 else 0.0
    return {
        "bonus": bonus,
        "penalty": penalty,
        "bonus_paid_now": bonus * in_time,
        "penalty_paid_now": penalty * days_late,
        "bonus_paid_kept": bonus * total,
        "kept_by_us": (1 - part) * worth,
    }


def _facts(
    terms: LaneTerms, longest: Array, lead_times: tuple[Distribution, Distribution], worth: float
) -> dict[str, Any]:
    """Numbers behind the evidence of an agreement with one supplier, its lead times as they are and as agreed on."""
    lead_time, after = lead_times
    orders = lines_a_year(terms)
    weight = orders / max(float(orders.sum()), 1e-9)
    on_time, late = lead_time.cdf(longest), late_days(lead_time, longest)
    contract = terms.lanes["lead_time_days"].to_numpy(float)
    return {
        "longest": float(weight @ longest),
        "longest_from": float(longest.min()),
        "longest_to": float(longest.max()),
        "contract": float(np.nanmean(contract)) if not np.isnan(contract).all() else np.nan,
        "lead_time_now": float(weight @ lead_time.mean()),
        "lead_time_std_now": float(weight @ lead_time.std()),
        "lead_time_then": float(weight @ after.mean()),
        "lead_time_std_then": float(weight @ after.std()),
        "on_time_now": float(weight @ on_time),
        "late_days_now": float(weight @ late),
        "order_lines_a_year": float(orders.sum()),
        **schedule(orders, on_time, late, worth),
    }


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of an agreement on the lead time, from the action's row."""
    same = round(a.longest_from) == round(a.longest_to)
    longest = days(a.longest_to) if same else f"{number(a.longest_from)} to {days(a.longest_to)}, by SKU"
    contract = "" if np.isnan(a.contract) else f" (the contract says {number(a.contract)})"
    evidence = (
        f"Orders take {number(a.lead_time_now, 1)} ± {number(a.lead_time_std_now, 1)} days{contract}, and "
        f"{share(1 - a.on_time_now)} of {number(a.order_lines_a_year)} lines a year are later than that. With none "
        f"later they take {number(a.lead_time_then, 1)} ± {number(a.lead_time_std_then, 1)} days, and stock, shortages "
        f"and waste cost {money(a.worth, currency)} a year less, in 80 of 100 years between "
        f"{money(a.worth_low, currency)} and {money(a.worth_high, currency)}. To share it: a bonus of "
        f"{money(a.bonus, currency)} for each line in time and a penalty of {money(a.penalty, currency)} for each day "
        f"that one is late. As it delivers today the supplier gets {money(a.bonus_paid_now, currency)} and pays "
        f"{money(a.penalty_paid_now, currency)} a year; if it keeps the agreement it gets "
        f"{money(a.bonus_paid_kept, currency)}, and {money(a.kept_by_us, currency)} stay with us. It will hurry a late "
        "order where that costs it less than the bonus and the penalty of the days saved."
    )
    return f"Agree with {a.supplier} that orders take at most {longest}", evidence
