"""Registry of the mixture's members: which lead-time models a history allows, their classes and prior weights."""

from collections.abc import Callable
from functools import partial

import pandas as pd

from features.orders.promises import PROMISE
from features.orders.supplier_calendar import REGION
from models.lead_time.members.aft import LogNormalAFT
from models.lead_time.members.drifting_aft import DriftingAFT
from models.lead_time.members.empirical_average import EmpiricalAverage
from models.lead_time.members.group_keys import grouping_columns
from models.lead_time.members.promise_error import PromiseError
from models.protocols import LeadTimeMember

MEMBER_CLASSES: dict[
    str, type[EmpiricalAverage] | type[LogNormalAFT] | type[DriftingAFT] | type[PromiseError]
] = {
    "supplier": EmpiricalAverage,
    "lane": EmpiricalAverage,
    "aft": LogNormalAFT,
    "pace": DriftingAFT,
    "promise_ratio": PromiseError,
    "promise_delay": PromiseError,
    "promise_aft": LogNormalAFT,
    "promise_pace": DriftingAFT,
}
"""Class of each member by its name in bundles."""

OF_PROMISES = frozenset(name for name in MEMBER_CLASSES if name.startswith("promise_"))
"""Members that look at the promise of an order line, and say nothing of lines without one."""

PRIOR_WEIGHTS = {"supplier": 1.0, "lane": 1.0, "aft": 1.0, "pace": 0.0} | dict.fromkeys(
    sorted(OF_PROMISES), 0.0
)
"""Weights before any backtest. What a supplier does of late is the most or the least of use (SCMS, orders of 2010:
35.3 days of pinball loss alone, 29.7 as an equal fourth, 28.1 left out), so `pace` has to earn its weight. So have
promises."""

_MOST_PATHS = 6  # grouping columns used beside the supplier
_ENOUGH_PROMISES = 60  # closed orders with a promise; below, five windows of them judge nothing
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


def promise_factories(
    orders: pd.DataFrame, strength: float, half_life_days: float
) -> dict[str, Callable[[], LeadTimeMember]]:
    """Factory of each unfitted member that looks at promises, by name; none where few promises are known.

    Parameters are those of `member_factories`; `orders` has the column `PROMISE`.
    """
    promised = orders[PROMISE].notna() & ~orders["is_open"].astype(bool)
    if promised.sum() < _ENOUGH_PROMISES or orders.loc[promised, PROMISE].nunique() < 2:
        return {}
    return {
        "promise_ratio": partial(PromiseError, "ratio", strength, half_life_days),
        "promise_delay": partial(PromiseError, "days", strength, half_life_days),
        "promise_aft": partial(LogNormalAFT, half_life_days=half_life_days, promises=True),
        "promise_pace": partial(DriftingAFT, half_life_days=half_life_days, promises=True),
    }
