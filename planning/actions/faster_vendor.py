"""Move to a faster vendor: where a dearer but quicker offer is cheaper all told."""

import numpy as np
from numpy.typing import NDArray

from planning.actions.proposals import Proposal, confidence, day, next_order_wait
from planning.situation import Situation

_QUICKER_DAYS = 1.0


def faster_vendor(situation: Situation) -> list[Proposal]:
    """Compare the total cost a year of the offer bought through now with that of every quicker one.

    The offer bought through now is the preferred one, else the supplier of the last order. Worth: its total cost
    less that of the alternative (price, ordering, cycle stock, safety stock, pipeline, expected shortage).
    """
    now, other = _pairs(situation)
    total = situation.lanes.total.total
    worth = total[now] - total[other]
    better = np.flatnonzero(worth > 0)
    now, other, worth = now[better], other[better], worth[better]
    best = np.lexsort((other, -worth, now))
    best = best[np.flatnonzero(np.diff(now[best], prepend=-1))]
    sure = confidence(situation, other[best], uses_shortage=True)
    return [
        _proposal(situation, int(now[i]), int(other[i]), float(worth[i]), str(sure[j]))
        for j, i in enumerate(best)
    ]


def _pairs(situation: Situation) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Lane of today and quicker lane of the same SKU, every such pair."""
    lanes, terms = situation.lanes.lanes, situation.lanes
    usable = lanes["has_offer"].to_numpy(bool) & ~terms.limits.impossible
    sku = lanes["row"].to_numpy()
    rank = np.where(lanes["preferred"], 2, np.where(lanes["usual"], 1, 0)) * usable
    order = np.lexsort((-rank, sku))
    first = order[np.flatnonzero(np.diff(sku[order], prepend=-1))]
    today = np.full(len(situation.forecast), -1)
    today[sku[first]] = np.where(rank[first] > 0, first, -1)
    mine = today[sku]
    days = terms.lead_time.mean()
    other = np.flatnonzero(usable & (mine >= 0) & (days < days[mine] - _QUICKER_DAYS))
    return mine[other], other


def _proposal(situation: Situation, now: int, other: int, worth: float, sure: str) -> Proposal:
    terms, lanes = situation.lanes, situation.lanes.lanes
    sku = int(lanes["row"].iloc[now])
    supplier, quicker = str(lanes["supplier_id"].iloc[now]), str(lanes["supplier_id"].iloc[other])
    unique_id = str(lanes["unique_id"].iloc[now])
    mean, std = terms.lead_time.mean(), terms.lead_time.std()
    price = terms.costs.prices.price(terms.economic)
    costs = terms.total.frame()
    change = {
        name: float(costs[name].iloc[other] - costs[name].iloc[now]) for name in costs if name != "total"
    }
    demand = float(terms.yearly_demand[now])
    most = price[other] + worth / demand if demand > 0 else np.nan
    saved = ", ".join(
        f"{name.replace('_', ' ')} {value:+,.0f}" for name, value in change.items() if abs(value) >= 0.5
    )
    return Proposal(
        kind="faster_vendor",
        unique_id=unique_id,
        supplier_id=supplier,
        alternative_supplier_id=quicker,
        quantity=float(terms.economic[other]),
        worth=worth,
        worth_period="year",
        act_by=day(situation.setting.as_of, float(next_order_wait(situation)[sku])),
        title=f"Buy {unique_id} from {quicker} instead of {supplier}",
        evidence=(
            f"{quicker} takes {mean[other]:.0f} ± {std[other]:.0f} days, {supplier} {mean[now]:.0f} ± {std[now]:.0f}. "
            f"On {demand:,.0f} units a year it changes {saved}: {worth:,.0f} less in all. "
            f"It stays worth it up to a price of {most:,.2f} (now {price[other]:,.2f})."
        ),
        facts={
            "yearly_demand": demand, "total_now": float(costs["total"].iloc[now]),
            "total_alternative": float(costs["total"].iloc[other]), "price_now": float(price[now]),
            "price_alternative": float(price[other]), "break_even_price": float(most),
            "lead_time_now": float(mean[now]), "lead_time_alternative": float(mean[other]),
            "lead_time_std_now": float(std[now]), "lead_time_std_alternative": float(std[other]),
            "safety_stock_now": float(terms.safety_stock[now]),
            "safety_stock_alternative": float(terms.safety_stock[other]),
            **{f"change_{name}": value for name, value in change.items()},
        },
        confidence=sure,
    )  # fmt: skip
