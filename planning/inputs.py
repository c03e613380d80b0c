"""The tables a plan is made from, and their values looked up by SKU."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.errors import PlanningError
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from planning.defect_rates import DefectRates
from planning.overrides.override_tables import no_sku_overrides
from planning.phase_outs import no_phase_outs, phase_outs
from planning.protocols import PlanTables

_ITEM_NUMBERS = [
    "unit_cost", "unit_price", "holding_cost", "holding_cost_rate", "shortage_cost", "shelf_life_days",
]  # fmt: skip
_OFFER_NUMBERS = [
    "unit_price", "moq", "order_multiple", "max_quantity", "ordering_cost", "lead_time_days", "expedite_cost",
]  # fmt: skip


def _no_recent_demand() -> pd.DataFrame:
    """Recent demand of plan inputs that know none: an empty table."""
    return pd.DataFrame({"unique_id": pd.Series(dtype=object), "per_day": pd.Series(dtype=float)})


def _no_orders() -> pd.DataFrame:
    """Purchase orders of plan inputs that have none: an empty table."""
    return pd.DataFrame(columns=["supplier_id", "unique_id", "ordered_at"])


def _answered(orders: pd.DataFrame) -> frozenset[str]:
    """Suppliers of the order lines that plan inputs know to be approved on today's plan."""
    if "answered_today" not in orders:
        return frozenset()
    return frozenset(orders.loc[orders["answered_today"].astype(bool), "supplier_id"].astype(str))


ASSUMED_COMMON_ERROR = 0.1
"""Share by which forecasts are taken to be too high or too low together, where it has not been learned."""

SKU_TABLES = ("items", "offers", "stock", "open_orders", "purchase_orders", "recent_demand", "overrides")
"""Tables of plan inputs whose rows belong to a SKU."""


@dataclass(frozen=True)
class PlanInputs:
    """What is known on the day of planning, as tables of the data contract.

    Attributes
    ----------
    as_of : the day of the decision
    items, offers, stock, suppliers : tables of the contract, empty where there is none
    open_orders : lines still to come, as the order history has them: order_id, line, supplier_id, unique_id,
        ordered_at, quantity_open, age (days) and what the lead-time model needs
    purchase_orders : order lines of the past, from which the usual supplier of a SKU is known; with `department`, whose
        budgets each counts for
    recent_demand : unique_id, per_day: today's rate, against which demand is said to rise; without it, the rate of
        the forecast's first period
    lines_together : lines of one order for the same SKU arrive together, as the company's past ones mostly did: of all
        SKUs, also where these inputs are of some
    currency : the company's, in which all money is
    phase_outs : unique_id, replaced_from: SKUs that others replace, also where these inputs are of some SKUs
    defect_rates : shares of received units that are rejected, learned from all SKUs
    budgets : table of the contract, empty where there is none
    closures : supplier_id, day: coming days on which a supplier is closed
    answered : suppliers whose orders of today people have approved already, also where these inputs are of some SKUs
    scorecard : a row a supplier, as `suppliers.scorecard` and `suppliers.recent_rates` have it, with `improving`:
        measures of an open improvement plan, as `planning.levers.improvement` reads them; empty where nobody needs it
    overrides : what people set for the SKUs, as `planning.overrides.override_tables.no_sku_overrides` says
    common_error : standard deviation, as a share, of what the forecasts of all SKUs miss alike
    """

    as_of: pd.Timestamp
    items: pd.DataFrame
    offers: pd.DataFrame
    stock: pd.DataFrame
    open_orders: pd.DataFrame
    suppliers: pd.DataFrame
    purchase_orders: pd.DataFrame = field(default_factory=_no_orders)
    recent_demand: pd.DataFrame = field(default_factory=_no_recent_demand)
    lines_together: bool = False
    currency: str = ""
    phase_outs: pd.DataFrame = field(default_factory=no_phase_outs)
    defect_rates: DefectRates = field(default_factory=DefectRates)
    budgets: pd.DataFrame = field(default_factory=pd.DataFrame)
    closures: pd.DataFrame = field(default_factory=pd.DataFrame)
    answered: frozenset[str] = frozenset()
    scorecard: pd.DataFrame = field(default_factory=pd.DataFrame)
    overrides: pd.DataFrame = field(default_factory=no_sku_overrides)
    common_error: float = ASSUMED_COMMON_ERROR

    @classmethod
    def of(
        cls,
        tables: PlanTables,
        orders: pd.DataFrame,
        *,
        as_of: pd.Timestamp,
        recent_demand: pd.DataFrame | None = None,
        currency: str = "",
        budgets: pd.DataFrame | None = None,
    ) -> Self:
        """Plan inputs from tables of the contract, and the open orders from the order history on `as_of`."""
        return cls(
            as_of=as_of,
            items=tables.items,
            offers=tables.offers,
            stock=tables.stock,
            suppliers=tables.suppliers,
            open_orders=orders[orders["is_open"]].reset_index(drop=True),
            purchase_orders=tables.purchase_orders,
            recent_demand=_no_recent_demand() if recent_demand is None else recent_demand,
            lines_together=arrive_together(tables.purchase_orders),
            currency=currency,
            phase_outs=phase_outs(tables.items),
            defect_rates=DefectRates.learn(tables.purchase_orders),
            budgets=pd.DataFrame() if budgets is None else budgets,
            answered=_answered(orders),
        )

    def of_skus(self, unique_ids: Collection[str]) -> Self:
        """Plan inputs with the rows of some SKUs only."""
        requested = set(unique_ids)
        tables = {
            name: (table := getattr(self, name))[table["unique_id"].isin(requested)].reset_index(drop=True)
            for name in SKU_TABLES
        }
        return replace(self, **tables)

    def undecided(self) -> Self:
        """Plan inputs in which nobody has decided on today's orders yet: those placed are still on order."""
        open_orders = self.open_orders.drop(columns="answered_today", errors="ignore")
        return replace(self, answered=frozenset(), open_orders=open_orders)

    def latest_stock(self) -> pd.DataFrame:
        """Stock table of the plan inputs by the last count until `as_of`, one row a SKU.

        unique_id, on_hand and backorders; counted_at, counted, received_since and sold_since: how `on_hand` comes about
        where the count was rolled forward (`features.stock.roll_forward`).
        """
        counted = self.stock[self.stock["as_of"] <= self.as_of].sort_values("as_of", kind="stable")
        last = counted.drop_duplicates("unique_id", keep="last").reset_index(drop=True)
        none = pd.Series(0.0, last.index)
        return last[["unique_id", "on_hand"]].assign(
            backorders=last.get("backorders", none).fillna(0.0),
            counted_at=last["as_of"],
            counted=last.get("counted", last["on_hand"]).fillna(last["on_hand"]),
            received_since=last.get("received_since", none).fillna(0.0),
            sold_since=last.get("sold_since", none).fillna(0.0),
        )

    def check(self, forecast: DemandForecast) -> None:
        """Refuse inputs and a forecast that no plan can be made with.

        Raises
        ------
        PlanningError
            When a number is infinite or negative, a stock is missing its number, or the forecast is not finite
            or starts after `as_of`.
        """
        _check_numbers("items", self.items, _ITEM_NUMBERS)
        _check_numbers("offers", self.offers, _OFFER_NUMBERS)
        _check_numbers("stock", self.stock, ["on_hand"], required=True)
        _check_numbers("stock", self.stock, ["backorders"])
        _check_numbers("open_orders", self.open_orders, ["quantity_open", "age"], required=True)
        _check_forecast(forecast)
        start = pd.Timestamp(forecast.starts[0])
        if self.as_of < start:
            raise PlanningError(
                f"as_of is {self.as_of.date()}, before the forecast's first period {start.date()}: "
                "forecast again from data up to as_of"
            )


def _check_forecast(forecast: DemandForecast) -> None:
    """Refuse plan inputs' forecast with a number that is not finite.

    Raises
    ------
    PlanningError
        With the first SKU that has one.
    """
    names = ("mean", "cumulative_mean", "cumulative", *(("later_mean",) if forecast.knows_later else ()))
    for name in names:
        rows = ~np.isfinite(getattr(forecast, name)).reshape(len(forecast), -1).all(axis=1)
        if rows.any():
            sku = forecast.unique_ids[np.flatnonzero(rows)[0]]
            raise PlanningError(
                f"forecast of {sku}: {name} holds a number that is not finite; forecast it again"
            )


def _check_numbers(table: str, frame: pd.DataFrame, columns: list[str], *, required: bool = False) -> None:
    """Refuse a plan input table with an infinite or negative number in a column, or none where it is `required`.

    Raises
    ------
    PlanningError
        With table, row, SKU, column and value.
    """
    for column in columns:
        if column not in frame:
            continue
        values = frame[column].to_numpy(float, na_value=np.nan)
        bad = np.isinf(values) | (values < 0) | (np.isnan(values) & required)
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            name = frame["unique_id"].iloc[row] if "unique_id" in frame else row
            raise PlanningError(
                f"{table} row {row} ({name}): {column} is {values[row]}, expected a finite number ≥ 0"
            )


def numbers_by_sku(frame: pd.DataFrame, column: str, unique_ids: NDArray[np.object_]) -> Array:
    """Numbers of an input table's `column` looked up by SKU (n,), NaN where there is no row or no column."""
    if column not in frame or frame.empty:
        return np.full(len(unique_ids), np.nan)
    known = frame.drop_duplicates("unique_id", keep="last").set_index("unique_id")[column]
    return np.asarray(known.reindex(unique_ids).to_numpy(float, na_value=np.nan))


def texts_by_sku(frame: pd.DataFrame, column: str, unique_ids: NDArray[np.object_]) -> NDArray[np.object_]:
    """Texts of an input table's `column` looked up by SKU (n,), None where there is no row or no column."""
    if column not in frame or frame.empty:
        return np.full(len(unique_ids), None, dtype=object)
    known = frame.drop_duplicates("unique_id", keep="last").set_index("unique_id")[column].astype(object)
    found = known.reindex(unique_ids)
    return np.asarray(found.where(found.notna(), None), dtype=object)


def whole_units(forecast: DemandForecast, inputs: PlanInputs) -> NDArray[np.bool_]:
    """SKUs (n,) counted in whole units: their forecast is, or their stock and open orders in the plan inputs are."""
    ids = forecast.unique_ids
    on_hand = numbers_by_sku(inputs.latest_stock(), "on_hand", ids)
    orders = inputs.open_orders
    fractional = orders[orders["quantity_open"] != orders["quantity_open"].round()] if len(orders) else orders
    in_parts = pd.Series(ids, dtype=object).isin(fractional["unique_id"]).to_numpy(bool)
    return np.asarray(forecast.whole_units | ((on_hand == np.round(on_hand)) & ~in_parts))


def arrive_together(purchase_orders: pd.DataFrame) -> bool:
    """Whether lines of one order and SKU among the plan inputs arrive together: past ones of the company mostly did.

    False without any past ones.
    """
    known = {"order_id", "unique_id", "received_at"} <= set(purchase_orders.columns)
    lines = purchase_orders[purchase_orders["received_at"].notna()] if known else purchase_orders.iloc[:0]
    lines = lines[lines.duplicated(["order_id", "unique_id"], keep=False)] if len(lines) else lines
    if lines.empty:
        return False
    days = lines.groupby(["order_id", "unique_id"])["received_at"].nunique()
    return bool((days == 1).mean() > 0.5)
