"""A lower ordering cost, by joint or electronic orders: lines that cost what they do with cheaper suppliers."""

from typing import Any

import numpy as np
import pandas as pd

from configs.formats import money, number
from distributions.distribution import Array
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR, cycle_days
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.orders_a_year import lines_a_year
from planning.levers.rhythm.order_costs import order_costs
from planning.levers.supplier_talk import Talk, by_supplier, of_most_at_stake, playable_skus, talk_result

_CHEAPER = 0.25
"""Share of the company's order lines that cost no more than what is aimed at."""


def consolidate_orders(plays: LeverPlays) -> LeverResult:
    """Propose to bring a supplier's ordering cost S down to what a quarter of the company's order lines cost at most.

    By joint, standing or electronic orders, one invoice, one delivery. Worth: the year as it is against one at the
    lower S, with the lots that are then economic: nearly lines a year × the difference.
    """
    assessment = plays.assessment
    chosen = assessment.chosen_terms
    aim, lines = _cheap_line(assessment), lines_a_year(chosen)
    less = np.maximum(chosen.costs.ordering - aim, 0.0)
    skus = of_most_at_stake(assessment, less * lines, plays.effort("consolidate_orders"))
    skus = skus[less[skus] > 0]
    if not len(skus):
        return LeverResult()
    ids, lanes = assessment.forecast.unique_ids[skus].tolist(), assessment.chosen_lane[skus].tolist()
    saved = plays.saved(lever_lines(ids, lanes, ordering_cost=aim))
    last_year = orders_last_year(assessment)
    suppliers = chosen.lanes["supplier_id"].to_numpy(object)
    talks = []
    for at in by_supplier(assessment, skus):
        some = skus[at]
        joint = order_costs(assessment, some, lines[some], cycle_days(assessment.setting.policy))
        facts = {
            "line_cost": float(chosen.costs.ordering[some].mean()),
            "line_cost_aimed_at": aim,
            "lines_a_year": float(lines[some].sum()),
            "an_order": joint.an_order,
            "orders_last_year": float(last_year.get(suppliers[some[0]], np.nan)),
        }
        says = [f"{number(lines[i])} lines a year" for i in some]
        talks.append(Talk(some, saved[at], says, facts, {"ordering_cost": aim}, assumed=True))
    return talk_result(plays, "consolidate_orders", talks, _describe)


def orders_last_year(assessment: Assessment) -> "pd.Series[float]":
    """Orders of the last 365 days by supplier."""
    orders, as_of = assessment.inputs.purchase_orders, assessment.setting.as_of
    if "order_id" not in orders or orders.empty:
        return pd.Series(dtype=float)
    recent = orders[orders["ordered_at"] >= as_of - pd.Timedelta(days=DAYS_A_YEAR)]
    return recent.groupby("supplier_id")["order_id"].nunique().astype(float)


def _cheap_line(assessment: Assessment) -> float:
    """What a line costs at most with the cheapest quarter of the company's order lines, money."""
    terms, asked = assessment.chosen_terms, playable_skus(assessment)
    cost, lines = terms.costs.ordering[asked], lines_a_year(terms)[asked]
    if not lines.sum() > 0:
        return 0.0
    return weighted_quantile(cost, lines, _CHEAPER)


def weighted_quantile(values: Array, weight: Array, at: float) -> float:
    """Smallest of the values (k,) that a share `at` of the weight (k,) does not exceed."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order]) >= at * weight.sum() - 1e-9
    return float(values[order][reached.argmax()])


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of a lower ordering cost, from the action's row."""
    joint = "" if not a.an_order else f" and {money(a.an_order, currency)} for each order with its freight"
    last = (
        "" if np.isnan(a.orders_last_year) else f" Last year {number(a.orders_last_year)} orders went there."
    )
    evidence = (
        f"An order line costs {money(a.line_cost, currency)} with {a.supplier}{joint}, and about "
        f"{number(a.lines_a_year)} lines go out a year. A quarter of the company's lines cost "
        f"{money(a.line_cost_aimed_at, currency)} at most: at that, reached by standing or electronic orders, one "
        f"delivery and one invoice, the year costs {money(a.worth, currency)} less, in 80 of 100 years between "
        f"{money(a.worth_low, currency)} and {money(a.worth_high, currency)}.{last}"
    )
    lines = f"a line for {money(a.line_cost_aimed_at, currency)} instead of {money(a.line_cost, currency)}"
    return f"Consolidate orders with {a.supplier}: {lines}", evidence
