"""Clear stock: what lies is sent back or sold down before it is written off, where that is worth more than waiting."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import days, money, quantity, share
from distributions.distribution import Array
from planning.actions.action_table import action_rows
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.inputs import numbers_by_sku
from planning.levers.lever_catalog import lever
from planning.projection.stock_ages import stock_by_age
from planning.stock_review.excess_stock import AGED, DEAD, EXCESS, NEAR_EXPIRY, lying_units, most_needed
from planning.tables.dates import dates_after

_SOON = 7.0
"""Days within which to act where goods do not perish before."""

_UNUSUAL = 1.5
"""Times what usually perishes of the stock on hand from which goods near their expiry are a matter for the worklist:
less is the waste that the policy reckons with, and a matter of every day."""

_STATUSES = (DEAD, NEAR_EXPIRY, AGED, EXCESS)


def clear_stock(assessment: Assessment) -> pd.DataFrame:
    """Propose to return stock that lies to its supplier, or to sell it down, once: rows of the action table.

    Worth, money: what it brings (`policy.clearance`) and what holding it would cost, less what it would still bring
    here. Goods that would perish or find no demand bring nothing and, where they keep, cost a year of holding. Others
    are sold in the end, at full price, when all stock before them is sold. Only goods that came in the last
    `return_days` are sent back.
    """
    clearance = assessment.setting.policy.clearance
    units, young = lying_units(assessment), _young(assessment)
    parts = []
    for status in _STATUSES:
        waits = _waits(assessment, status, units[status])
        returned = np.minimum(units[status], young) if status != NEAR_EXPIRY else np.zeros(len(young))
        for kind, some, part in (
            ("return_stock", returned, clearance.returned),
            ("sell_down", units[status] - returned, clearance.sold_down),
        ):
            parts.append(_actions(assessment, (kind, status, part), np.floor(some + 1e-6), waits))
    return pd.concat(parts, ignore_index=True)


def _young(assessment: Assessment) -> Array:
    """Units on hand (n,) that came within the days in which goods are taken back, from a supplier that is known."""
    inputs, ids = assessment.inputs, assessment.forecast.unique_ids
    on_hand = np.nan_to_num(assessment.decision.stock.on_hand)
    every = np.ones(len(ids), bool)
    units, age = stock_by_age(ids, on_hand, inputs.purchase_orders, inputs.as_of, wanted=every)
    within = age <= assessment.setting.policy.clearance.return_days
    known = assessment.chosen_terms.lanes["supplier_id"].notna().to_numpy(bool)
    return np.where(known, (units * within).sum(axis=1), 0.0)


def _usually_perishing(assessment: Assessment) -> Array:
    """Units (n,) of the stock on hand of a usual day that will perish: those of a year, for the time they keep."""
    ids = assessment.forecast.unique_ids
    shelf_life = np.nan_to_num(numbers_by_sku(assessment.inputs.items, "shelf_life_days", ids))
    return np.nan_to_num(assessment.chosen_terms.steady_state.spoiled) * shelf_life / DAYS_A_YEAR


def _waits(assessment: Assessment, status: str, units: Array) -> Array:
    """Days (n,) that the units lie on average if nothing is done: until they are sold, perish, or a year is over."""
    forecast, elapsed, stock = assessment.forecast, assessment.setting.elapsed, assessment.decision.stock
    if status == DEAD:
        return np.full(len(units), DAYS_A_YEAR)
    if status == NEAR_EXPIRY:
        perishes = stock.batches[..., 1].min(axis=1, where=stock.batches[..., 0] > 0, initial=np.inf)
        return np.where(np.isfinite(perishes), perishes, 0.0)
    on_hand = np.nan_to_num(stock.on_hand)
    first, last = (
        forecast.days_to_use(np.maximum(level, 0.0), elapsed=elapsed) for level in (on_hand - units, on_hand)
    )
    return np.minimum((np.minimum(first, _LONG) + np.minimum(last, _LONG)) / 2, _LONG)


_LONG = 5 * DAYS_A_YEAR
"""Days beyond which nothing is reckoned to lie: it is written off before."""


def _actions(assessment: Assessment, of: tuple[str, str, float], units: Array, waits: Array) -> pd.DataFrame:
    """Actions of a kind for stock of one status that brings a share of its cost: kind, status and share in `of`."""
    kind, status, part = of
    terms, policy = assessment.chosen_terms, assessment.setting.policy
    value = np.nan_to_num(units * terms.costs.unit)
    holding = np.nan_to_num(units * terms.costs.holding) * waits / DAYS_A_YEAR
    kept = np.zeros(len(units)) if status in (DEAD, NEAR_EXPIRY) else value
    worth = part * value + holding - kept
    least = max(float(getattr(policy.effort, lever(kind).effort)), policy.minimum_action_value)
    unusual = units > _UNUSUAL * _usually_perishing(assessment) if status == NEAR_EXPIRY else units > 0
    rows = np.flatnonzero(unusual & (worth > 0) & (worth >= least))
    perishing = waits if status == NEAR_EXPIRY else np.full(len(units), _SOON)
    head = pd.DataFrame(
        {
            "kind": kind,
            "unique_id": assessment.forecast.unique_ids[rows],
            "supplier_id": terms.lanes["supplier_id"].to_numpy(object)[rows],
            "alternative_supplier_id": None,
            "subject": status,
            "quantity": units[rows],
            "worth": worth[rows],
            "worth_period": "once",
            "act_by": dates_after(assessment.setting.as_of, perishing[rows]),
            "confidence": "low",
        }
    )
    facts = _facts(assessment, rows, units, waits).assign(
        status=status, share=part, value=value[rows], brings=part * value[rows],
        holding_saved=holding[rows], lost=kept[rows] - part * value[rows],
    )  # fmt: skip
    return action_rows(assessment, head, facts, partial(_describe, assessment.inputs.currency))


def _facts(assessment: Assessment, rows: NDArray[np.intp], units: Array, waits: Array) -> pd.DataFrame:
    """Numbers behind the evidence of clearing the units of some SKUs (k,)."""
    on_hand = np.nan_to_num(assessment.decision.stock.on_hand)
    return pd.DataFrame(
        {
            "usually_perishing": _usually_perishing(assessment)[rows],
            "on_hand": on_hand[rows],
            "units": units[rows],
            "most_needed": most_needed(assessment)[rows],
            "waits_days": waits[rows],
        }
    )


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of clearing stock, from the action's row."""
    if a.kind == "return_stock":
        title = f"Return {quantity(a.units)} {a.sku} to {a.supplier}"
        how = f"Taken back at {share(a.share)} of their cost"
    else:
        before = " before they perish" if a.status == NEAR_EXPIRY else ""
        title = f"Sell down {quantity(a.units)} {a.sku}{before}"
        how = f"Sold at {share(a.share)} of their cost"
    tied = f"{quantity(a.units)} of {quantity(a.on_hand)} units on hand, {money(a.value, currency)} at cost,"
    why = {
        DEAD: f"{tied} find no demand within a year.",
        NEAR_EXPIRY: (
            f"{tied} are expected to perish unsold, the first in {days(a.waits_days)}; usually that is true of "
            f"{quantity(a.usually_perishing)}."
        ),
        AGED: f"{tied} came more than half a year ago and lie {days(a.waits_days)} more until they are sold.",
        EXCESS: (
            f"{tied} are beyond the {quantity(a.most_needed)} that are ever needed and lie {days(a.waits_days)} until "
            "they are sold."
        ),
    }[a.status]
    keeps = (
        ""
        if a.status in (DEAD, NEAR_EXPIRY)
        else f", {money(a.lost, currency)} less than they bring in the end,"
    )
    evidence = (
        f"{why} {how} (policy.clearance, an assumption until somebody offers a price) they bring "
        f"{money(a.brings, currency)}{keeps} and {money(a.holding_saved, currency)} of holding is saved: "
        f"{money(a.worth, currency)} better than to wait."
    )
    return title, evidence
