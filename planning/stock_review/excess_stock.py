"""Stock that lies: surplus on order, excess, aged, near expiry and dead stock, and the money that each ties up."""

import json

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.assessment import Assessment
from planning.projection.stock_ages import expected_outdating, stock_by_age
from planning.tables.dates import date_texts, dates_after

DEAD, NEAR_EXPIRY, AGED, EXCESS, SURPLUS = "dead", "near_expiry", "aged", "excess", "surplus"
EXCESS_STOCK = {
    "status": "object", "unique_id": "object", "supplier_id": "object", "units": "float64", "value": "float64",
    "holding_cost_year": "float64", "on_hand": "float64", "on_order": "float64", "most_needed": "float64",
    "lasts_days": "float64", "until": "datetime64[ns]", "way_out": "object", "action_id": "object",
}  # fmt: skip
"""Column of the table of stock that lies → dtype."""

AGED_AFTER_DAYS = 180.0
_CLEARING = ("return_stock", "sell_down")
_LESS = ("push_back", "split", "reduce", "cancel", "close_short")
_YEAR = 365.0
_SLIGHT = 1e-6


def no_excess_stock() -> pd.DataFrame:
    """The table of stock that lies, without any."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in EXCESS_STOCK.items()})


def excess_stock(assessment: Assessment, actions: pd.DataFrame) -> pd.DataFrame:
    """Stock that lies, a row for each SKU and status, the most money first; no unit is counted twice.

    Of the stock on hand `dead` is all of a SKU for which no demand is expected within a year; else `near_expiry` is
    expected to perish unsold, `aged` came more than 180 days ago, and `excess` is what is left above the most that the
    policy ever holds. `surplus` is on order beyond that.

    Parameters
    ----------
    actions : the plan's actions, the most valuable first

    Returns
    -------
    DataFrame
        `EXCESS_STOCK`: units, value (at what a unit costs), holding_cost_year (of the units, money a year), most_needed
        (order-up-to level with its lot, units), lasts_days (days of demand that all stock on hand lasts; infinite: for
        ever), until (that day, or the first on which some of it perishes), way_out, action_id (of the plan's action
        about it, empty where there is none)
    """
    terms, stock, as_of = assessment.chosen_terms, assessment.decision.stock, assessment.setting.as_of
    ids, elapsed = assessment.forecast.unique_ids, assessment.setting.elapsed
    on_hand = np.nan_to_num(stock.on_hand)
    most = most_needed(assessment)
    units = lying_units(assessment)
    lasts = assessment.forecast.days_to_use(on_hand, elapsed=elapsed)
    perishes = stock.batches[..., 1].min(axis=1, where=stock.batches[..., 0] > 0, initial=np.inf)
    act = actions[actions["kind"].isin(_LESS)].drop_duplicates("unique_id").set_index("unique_id")
    act, cleared = act.reindex(ids), _clearing(actions)
    parts = []
    for status, amount in units.items():
        rows = np.flatnonzero(amount > _SLIGHT)
        about = act if status == SURPLUS else cleared.get(status, act.iloc[:0]).reindex(ids)
        until = np.minimum(lasts, perishes)[rows] if status == NEAR_EXPIRY else lasts[rows]
        parts.append(
            pd.DataFrame(
                {
                    "status": status,
                    "unique_id": ids[rows],
                    "supplier_id": terms.lanes["supplier_id"].to_numpy(object)[rows],
                    "units": amount[rows],
                    "value": amount[rows] * terms.costs.unit[rows],
                    "holding_cost_year": amount[rows] * terms.costs.holding[rows],
                    "on_hand": stock.on_hand[rows],
                    "on_order": stock.on_order[rows],
                    "most_needed": most[rows],
                    "lasts_days": lasts[rows],
                    "until": dates_after(as_of, until),
                    "way_out": _way_out(
                        status, amount[rows], date_texts(as_of, until), about["title"].iloc[rows]
                    ),
                    "action_id": about["action_id"].iloc[rows].fillna("").to_numpy(object),
                }
            )
        )
    frame = pd.concat(parts, ignore_index=True).astype(EXCESS_STOCK)
    return frame.sort_values(
        ["value", "unique_id", "status"], ascending=[False, True, True], na_position="last", ignore_index=True
    )


def most_needed(assessment: Assessment) -> Array:
    """The most units (n,) that the policy ever holds of each SKU: its order-up-to level with its lot."""
    terms = assessment.chosen_terms
    most = np.maximum(terms.order_up_to, terms.reorder_point + terms.limits.smallest)
    return np.where(terms.bought, np.nan_to_num(most), 0.0)


def lying_units(assessment: Assessment) -> dict[str, Array]:
    """Units (n,) of each status: every unit on hand and on order has one at the most."""
    on_hand, on_order = (
        np.nan_to_num(units)
        for units in (assessment.decision.stock.on_hand, assessment.decision.stock.on_order)
    )
    most = most_needed(assessment)
    stock, elapsed = assessment.decision.stock, assessment.setting.elapsed
    coming = assessment.forecast.mean_until(_YEAR, elapsed=elapsed)
    dead = np.where(coming < np.minimum(1.0, on_hand), on_hand, 0.0)
    left = on_hand - dead
    for_ever = np.full(len(on_hand), _YEAR)
    expiring = np.minimum(
        expected_outdating(stock.batches, assessment.forecast, for_ever, elapsed=elapsed), left
    )
    left = left - expiring
    aged = np.clip(_aged(assessment, on_hand) - expiring, 0.0, left)
    excess = np.clip(left - aged - most, 0.0, None)
    needed = np.maximum(most - (on_hand - expiring - dead), 0.0) + stock.backorders
    surplus = np.clip(on_order - np.nan_to_num(needed), 0.0, None)
    return {DEAD: dead, NEAR_EXPIRY: expiring, AGED: aged, EXCESS: excess, SURPLUS: surplus}


def _aged(assessment: Assessment, on_hand: Array) -> Array:
    """Units on hand (n,) that came more than `AGED_AFTER_DAYS` ago, first in, first out."""
    inputs, ids = assessment.inputs, assessment.forecast.unique_ids
    every = np.ones(len(ids), bool)
    units, age = stock_by_age(ids, on_hand, inputs.purchase_orders, inputs.as_of, wanted=every)
    return np.asarray((units * (age > AGED_AFTER_DAYS)).sum(axis=1))


def _clearing(actions: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Actions that clear stock which lies, by its status and then by SKU, the most valuable of each."""
    some = actions[actions["kind"].isin(_CLEARING)]
    status = [json.loads(facts)["status"] for facts in some["facts"]]
    return {
        name: rows.drop_duplicates("unique_id").set_index("unique_id")
        for name, rows in some.groupby(np.array(status, object))
    }


def _way_out(status: str, units: Array, day: NDArray[np.object_], action: pd.Series) -> list[str]:
    """The way out in words, (k,) texts: the title of the action about it, else what may help."""
    return [
        said if isinstance(said, str) else _SENTENCES[status].format(units=amount, day=text)
        for said, amount, text in zip(action, units, day, strict=True)
    ]


_SENTENCES = {
    DEAD: "No demand is expected within a year: return it, sell it off or write it down",
    NEAR_EXPIRY: "{units:,.0f} units are expected to perish unsold: sell them first, at a lower price if need be",
    AGED: "Look whether it can still be sold; at the expected demand all of it lasts until {day}",
    SURPLUS: "{units:,.0f} units on order are more than is needed: push back",
    EXCESS: "Order nothing; at the expected demand all of it lasts until {day}",
}
