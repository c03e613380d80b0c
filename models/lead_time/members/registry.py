"""Registry of the mixture's members: which lead-time models a history allows, their classes and prior weights."""

from collections.abc import Callable
from functools import partial

import pandas as pd

from features.orders.supplier_calendar import REGION
from models.lead_time.members.aft import LogNormalAFT
from models.lead_time.members.drifting_aft import DriftingAFT
from models.lead_time.members.empirical_average import EmpiricalAverage
from models.lead_time.members.group_keys import grouping_columns
from models.protocols import LeadTimeMember

MEMBER_CLASSES: dict[str, type[EmpiricalAverage] | type[LogNormalAFT] | type[DriftingAFT]] = {
    "supplier": EmpiricalAverage,
    "lane": EmpiricalAverage,
    "aft": LogNormalAFT,
    "pace": DriftingAFT,
}
"""Class of each member by its name in bundles."""

PRIOR_WEIGHTS = {"supplier": 1.0, "lane": 1.0, "aft": 1.0, "pace": 0.0}
"""Weights before any backtest. What a supplier does of late is the most or the least of use (SCMS, orders of 2010:
35.3 days of pinball loss alone, 29.7 as an equal fourth, 28.1 left out), so `pace` has to earn its weight."""

_MOST_PATHS = 6  # grouping columns used beside the supplier
_ENOUGH_TO_REGRESS = 30  # closed orders; below, a regression's spread is a guess


def member_factories(
    orders: pd.DataFrame, strength: float, half_life_days: float
) -> dict[str, Callable[[], LeadTimeMember]]:
    """Factory of each unfitted member that the order history allows, by name.

    Parameters
    ----------
    strength : κ of the empirical distributions, in orders
    half_life_days : age at which an order weighs half
    """
    columns = grouping_columns(orders)[:_MOST_PATHS]
    below = [column for column in columns if column != REGION]  # which says nothing below a supplier
    supplier_first = (("supplier_id",), *(("supplier_id", column) for column in below))
    supplier_last = tuple((column, "supplier_id") for column in columns if column != "unique_id")
    factories: dict[str, Callable[[], LeadTimeMember]] = {
        "supplier": partial(EmpiricalAverage, supplier_first, strength, half_life_days)
    }
    if supplier_last:
        factories["lane"] = partial(EmpiricalAverage, supplier_last, strength, half_life_days)
    if int((~orders["is_open"].astype(bool)).sum()) >= _ENOUGH_TO_REGRESS:
        factories["aft"] = partial(LogNormalAFT, half_life_days=half_life_days)
        factories["pace"] = partial(DriftingAFT, half_life_days=half_life_days)
    return factories
