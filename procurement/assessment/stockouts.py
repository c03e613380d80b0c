"""Finding: how often SKUs were out of stock, and what that lost in units and money."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from features.demand.panel import Panel
from procurement.assessment.company_facts import CompanyFacts
from procurement.assessment.finding import Finding, resampled

NEIGHBOURS = 4
"""Periods on either side of a stockout whose demand in stock is averaged."""
TITLE = "Stockouts and lost sales"


def has_stock_flags(facts: CompanyFacts) -> bool:
    """Whether the company says of any period of demand that it was in stock or not."""
    return bool(facts.tables.demand["in_stock"].notna().any())


def stockouts(facts: CompanyFacts) -> Finding:
    """Share of SKU-periods out of stock, and the sales lost in them a year.

    What was asked for in a period out of stock is the imputation E[D | D ≥ sold] that models learn from; of one without
    any sale, of which that says nothing, the mean of the SKU's periods in stock within four on either side, else of
    all of the year.
    """
    if not has_stock_flags(facts):
        return Finding(
            "stockouts", TITLE, missing="demand has no in_stock: give it, and stockouts are counted"
        )
    by_sku, beside = stockouts_by_sku(facts)
    numbers = {name: by_sku[name].to_numpy(float) for name in by_sku if name != "unique_id"}
    draw = facts.resamples
    sold = numbers["sold_units"] + numbers["lost_units"]
    loses = numbers["lost_units"] > 0
    unpriced = int((np.isnan(numbers["lost_money"]) & loses).sum())
    figures = [
        resampled(
            "out_share",
            "SKU-periods out of stock",
            "share",
            draw.ratio(numbers["periods_out"], numbers["periods"]),
            "periods with in_stock false, of all since each SKU's first row",
        ),
        resampled(
            "lost_share",
            "Demand lost",
            "share",
            draw.ratio(numbers["lost_units"], sold),
            "lost units, of those and what was sold",
        ),
        resampled(
            "lost_units",
            "Units lost",
            "units a year",
            draw.sum(numbers["lost_units"]),
            "demand imputed in periods out of stock, less what was sold in them",
        ),
    ]
    if not loses.any() or unpriced < loses.sum():
        figures.append(
            resampled(
                "lost_money",
                "Lost sales",
                "money a year",
                draw.sum(np.where(loses, numbers["lost_money"], 0.0)),
                "lost units × shortage_cost of items, else × the margin",
            )
        )
    notes = [
        f"By the mean of neighbours in stock alone {beside:,.0f} units a year were lost: the two estimates side by side"
    ]
    if unpriced:
        notes.append(
            f"{unpriced:,} SKUs with lost sales have neither shortage_cost nor a margin: they count as 0"
        )
    if facts.to_a_year > 1.05:
        notes.append(f"The {facts.window_days:,.0f} days there are stand for a year")
    if not facts.config.policy.lost_sales:
        notes.append("By the config customers wait: lost is what was then served late")
    table = by_sku[by_sku["periods_out"] > 0]
    table = table.sort_values(
        ["lost_money", "lost_units", "unique_id"], ascending=[False, False, True], ignore_index=True
    )
    return Finding("stockouts", TITLE, tuple(figures), {"by_sku": table}, tuple(notes))


def stockouts_by_sku(facts: CompanyFacts) -> tuple[pd.DataFrame, float]:
    """Stockouts of each SKU, and the units lost a year by the mean of neighbours alone.

    Returns
    -------
    DataFrame
        unique_id, periods, periods_out, sold_units, lost_units and lost_money (a year; NaN: no price), n rows
    """
    panel, last = facts.panel, slice(facts.panel.periods - facts.periods, None)
    out = ~panel.in_stock[:, last]
    seen = out | ~np.isnan(panel.y[:, last])
    sold = np.nan_to_num(panel.y[:, last])
    near = neighbours_in_stock(panel)[:, last]
    asked = panel.uncensored[:, last]
    by_imputation = lost_units(np.where(np.isnan(asked), near, asked), sold, out)
    by_neighbours = lost_units(near, sold, out)
    year = facts.to_a_year
    frame = pd.DataFrame(
        {
            "periods": seen.sum(axis=1).astype(float),
            "periods_out": out.sum(axis=1).astype(float),
            "sold_units": sold.sum(axis=1) * year,
            "lost_units": by_imputation.sum(axis=1) * year,
        },
        index=panel.unique_ids,
    )
    frame = frame.reindex(facts.skus["unique_id"]).fillna(0.0).rename_axis("unique_id").reset_index()
    frame["lost_money"] = frame["lost_units"] * facts.numbers("shortage_cost")
    return frame, float(by_neighbours.sum() * year)


def lost_units(asked: Array, sold: Array, out: NDArray[np.bool_]) -> Array:
    """Units lost in each period (n, T): what was asked for beyond what was sold, out of stock; unknown counts as 0."""
    return np.asarray(np.where(out, np.maximum(np.nan_to_num(asked) - sold, 0.0), 0.0))


def neighbours_in_stock(panel: Panel) -> Array:
    """Mean demand of each SKU's periods in stock around each period (n, T), else of all; NaN without any."""
    y = panel.known_demand
    total, count = (
        np.pad(np.cumsum(values, axis=1), ((0, 0), (1, 0))) for values in (np.nan_to_num(y), ~np.isnan(y))
    )
    at = np.arange(panel.periods)
    low, high = np.maximum(at - NEIGHBOURS, 0), np.minimum(at + NEIGHBOURS + 1, panel.periods)
    units, known = total[:, high] - total[:, low], count[:, high] - count[:, low]
    around = np.divide(units, known, out=np.full(units.shape, np.nan), where=known > 0)
    all_units, all_known = total[:, -1:], count[:, -1:]
    everywhere = np.divide(all_units, all_known, out=np.full(all_units.shape, np.nan), where=all_known > 0)
    return np.asarray(np.where(np.isnan(around), everywhere, around), float)
