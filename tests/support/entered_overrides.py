"""Overrides that people entered, of three SKUs at 10, 20 and 30 a week, the first two of category c."""

import pandas as pd
from normal_forecast import MONDAY, normal_forecast

from distributions.demand_forecast import DemandForecast
from features.contract.tables import empty_table
from planning.overrides.in_force import OverridesInForce, in_force
from planning.overrides.override_tables import together

DAY, WEEK = pd.Timedelta(days=1), pd.Timedelta(weeks=1)
FORECAST = normal_forecast([10, 20, 30], [1, 2, 3], periods=4)
IDS = FORECAST.unique_ids
ITEMS = pd.DataFrame({"unique_id": IDS, "category": ["c", "c", None]})
NO_ORDERS = pd.DataFrame({"unique_id": [], "ordered_at": []})
USUAL = {"reason": "it is so", "author": "Ann", "created": MONDAY, "expires": MONDAY + 10 * WEEK}


def held(
    *rows: dict[str, object],
    orders: pd.DataFrame = NO_ORDERS,
    as_of: pd.Timestamp = MONDAY,
    forecast: DemandForecast = FORECAST,
) -> OverridesInForce:
    """The overrides in force of those that people entered, numbered as they come."""
    entered = pd.DataFrame([USUAL | {"override_id": str(n)} | row for n, row in enumerate(rows)])
    given = together(empty_table("overrides"), entered.reindex(columns=empty_table("overrides").columns))
    return in_force(given, forecast, ITEMS, orders, as_of)
