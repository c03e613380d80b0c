"""Finding: the safety stock that is held against the one that the textbook needs, too much and too little by SKU."""

import numpy as np
import pandas as pd

from distributions.distribution import Array
from procurement.assessment.company_facts import CompanyFacts
from procurement.assessment.finding import Finding, resampled
from procurement.assessment.sku_facts import FEWEST_PERIODS
from procurement.assessment.stock_held import stock_by_sku

TITLE = "Safety stock held against need"
LEVELS = (0.90, 0.95, 0.98)
"""Cycle service levels of the need."""


def safety_stock_held(facts: CompanyFacts) -> Finding:
    """Safety stock held and needed, in money, at each of `LEVELS`."""
    if facts.moved is None:
        missing = "no stock: give it, and what is held is set against what is needed"
        return Finding("safety_stock", TITLE, missing=missing)
    by_sku = safety_stock_by_sku(facts)
    judged = by_sku["held"].notna() & by_sku["need_95"].notna()
    if not judged.any():
        missing = (
            "no SKU has a price, a lead time and eight periods of demand: give unit_cost in items, and purchase_orders "
            "or lead_time_days in offers"
        )
        return Finding("safety_stock", TITLE, missing=missing)
    draw = facts.resamples
    held = np.where(judged, by_sku["held"], np.nan)
    figures = [
        resampled(
            "held",
            "Safety stock held",
            "money",
            draw.sum(held),
            "average stock value less half a typical order, not below 0, of the SKUs that can be judged",
        )
    ]
    for level in LEVELS:
        name = f"{level:.0%}"
        need = by_sku[f"need_{level * 100:.0f}"].to_numpy(float)
        over, under = np.maximum(held - need, 0.0), np.maximum(need - held, 0.0)
        said = f"z·√((L+R)·σ_d² + d²·σ_L²) × unit cost at {name}"
        figures += [
            resampled(f"need_{level * 100:.0f}", f"Needed at {name}", "money", draw.sum(need * judged), said),
            resampled(
                f"too_much_{level * 100:.0f}", f"Too much at {name}", "money", draw.sum(over),
                "held above need, summed over SKUs that hold more",
            ),
            resampled(
                f"too_little_{level * 100:.0f}", f"Too little at {name}", "money", draw.sum(under),
                "need above held, summed over SKUs that hold less",
            ),
        ]  # fmt: skip
    said = (
        f"{int(judged.sum()):,} of {len(by_sku):,} SKUs can be judged; R is the review period of "
        f"{facts.config.policy.review_period_days:g} days, d and σ_d are the raw demand of the year with its season in "
        "it, L and σ_L the Kaplan–Meier lead times"
    )
    notes = [said]
    contract = int(((facts.skus["lead_time_from"] == "contract") & judged.to_numpy()).sum())
    if contract:
        notes.append(
            f"{contract:,} SKUs have no lead time but the contract's: σ_L counts as 0, need is too low"
        )
    shown = by_sku[judged].assign(difference=by_sku["held"] - by_sku["need_95"])
    rising = shown.sort_values(["difference", "unique_id"], ignore_index=True)
    falling = shown.sort_values(["difference", "unique_id"], ascending=[False, True], ignore_index=True)
    tables = {
        "too_much": falling[falling["difference"] > 0],
        "too_little": rising[rising["difference"] < 0],
    }
    return Finding("safety_stock", TITLE, tuple(figures), tables, tuple(notes))


def safety_stock_by_sku(facts: CompanyFacts) -> pd.DataFrame:
    """Safety stock of each SKU in money (n rows): average_value, cycle, held, need_90, need_95, need_98."""
    stock = stock_by_sku(facts)
    cost, demand = facts.numbers("unit_cost"), facts.numbers("daily_demand")
    order = facts.numbers("order_quantity")
    lot = np.where(np.isnan(order), demand * max(facts.config.policy.review_period_days, 1.0), order)
    average = stock["average_value"].to_numpy(float)
    enough = (facts.numbers("known_periods") >= FEWEST_PERIODS) & (demand > 0)
    cycle: Array = lot / 2 * cost
    frame = pd.DataFrame(
        {
            "unique_id": facts.skus["unique_id"],
            "average_value": average,
            "cycle": cycle,
            "held": np.where(enough, np.maximum(average - cycle, 0.0), np.nan),
        }
    )
    for level in LEVELS:
        need = facts.safety_stock(level) * cost
        frame[f"need_{level * 100:.0f}"] = np.where(enough, need, np.nan)
    return frame
