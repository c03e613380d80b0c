"""The quickest way out for SKUs whose stock runs out: an action of the plan, another vendor, or an order today."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.assessment import Assessment
from planning.lanes.lane_terms import LaneTerms
from planning.tables.dates import date_texts

_QUICKENING = ("chase", "expedite", "expedite_question", "engage_early", "switch_vendor", "trial_order")
"""Kinds of actions that bring goods earlier, or ask for them."""

_QUICKER = 1.0
"""Days by which another vendor has to be quicker to be a remedy."""


def remedies(
    assessment: Assessment, actions: pd.DataFrame, rows: NDArray[np.intp], next_arrival: Array
) -> pd.DataFrame:
    """The remedy of the SKUs `rows` (k,) whose first open order comes in `next_arrival` days (k,), as a frame.

    Returns
    -------
    DataFrame
        remedy (an action's kind, `other_vendor`, `order_today`, `wait` or `none`), remedy_text, remedy_price (money
        beyond the usual price; NaN where it is not known), action_id (empty where it is no action of the plan)
    """
    ids = assessment.forecast.unique_ids[rows]
    quantity = np.nan_to_num(assessment.decision.quantity[rows])
    found = _by_order(assessment, rows, quantity, next_arrival)
    quicker = _other_vendor(assessment, rows, np.maximum(quantity, 1.0), next_arrival)
    found = found.where(quicker["remedy"].isna(), quicker)
    act = actions[actions["kind"].isin(_QUICKENING)].drop_duplicates("unique_id").set_index("unique_id")
    act = act.reindex(ids).reset_index(drop=True)
    by_action = pd.DataFrame(
        {
            "remedy": act["kind"],
            "remedy_text": act["title"],
            "remedy_price": np.nan,
            "action_id": act["action_id"],
        }
    )
    return found.where(by_action["remedy"].isna(), by_action).astype({"remedy_price": float})


def _by_order(
    assessment: Assessment, rows: NDArray[np.intp], quantity: Array, next_arrival: Array
) -> pd.DataFrame:
    """What an order today does for the SKUs `rows` (k,), or that there is only waiting for what is on order."""
    terms = assessment.chosen_terms.select(rows)
    as_of, days = assessment.setting.as_of, terms.lead_time.mean()
    arrives, first = date_texts(as_of, days), date_texts(as_of, next_arrival)
    supplier = terms.lanes["supplier_id"].fillna("").to_numpy(str)
    orders, waits = quantity > 0, assessment.decision.stock.on_order[rows] > 0
    sooner = waits & (next_arrival < days)
    placed = [
        f"Order today: expected on {day} from {name}"
        + (f"; an open order is expected before, on {other}" if before else "")
        for day, name, other, before in zip(arrives, supplier, first, sooner, strict=True)
    ]
    nothing = "Nothing is on order and nothing is proposed"
    return pd.DataFrame(
        {
            "remedy": np.select([orders, waits], ["order_today", "wait"], "none"),
            "remedy_text": np.select(
                [orders, waits], [placed, "What is on order is enough once it comes"], nothing
            ),
            "remedy_price": np.where(orders, 0.0, np.nan),
            "action_id": "",
        }
    )


def _other_vendor(
    assessment: Assessment, rows: NDArray[np.intp], quantity: Array, next_arrival: Array
) -> pd.DataFrame:
    """The quickest other vendor of the SKUs `rows` (k,) and what `quantity` (k,) cost more there.

    NaN where none delivers before the usual one and before what is on order already.
    """
    terms, chosen = assessment.lane_terms, assessment.chosen_lane[rows]
    lane = _quickest_lane(terms, len(assessment.forecast))[rows]
    days = terms.lead_time.mean()
    earlier = np.minimum(days[chosen], next_arrival) - days[np.maximum(lane, 0)]
    there = (lane >= 0) & (lane != chosen) & (earlier >= _QUICKER) & (quantity > 0)
    other = terms.select(np.maximum(lane, 0))
    bought = other.limits.allowed(quantity)
    more = bought * other.costs.prices.price(bought) - bought * terms.select(chosen).costs.unit
    texts = [
        f"Order {units:,.0f} from {name}: expected {gap:.0f} days earlier than anything else"
        for name, gap, units in zip(other.lanes["supplier_id"].fillna(""), earlier, bought, strict=True)
    ]
    frame = pd.DataFrame(
        {
            "remedy": np.full(len(rows), "other_vendor", object),
            "remedy_text": np.array(texts, object),
            "remedy_price": np.maximum(more, 0.0),
            "action_id": "",
        }
    )
    return frame.where(pd.Series(there))


def _quickest_lane(terms: LaneTerms, skus: int) -> NDArray[np.intp]:
    """Lane (n,) with the shortest expected lead time among those that can be bought from; −1 where there is none."""
    sku = terms.lanes["row"].to_numpy(np.intp)
    usable = terms.bought & ~terms.limits.impossible & np.isfinite(terms.costs.unit)
    days = np.where(usable, terms.lead_time.mean(), np.inf)
    order = np.lexsort((days, sku))
    first = np.full(skus, -1, np.intp)
    at, place = np.unique(sku[order], return_index=True)
    best = order[place]
    first[at] = np.where(np.isfinite(days[best]), best, -1)
    return first
