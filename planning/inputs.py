"""The tables a plan is made from, and the lanes (SKU × supplier) they open."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.errors import PlanningError
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array


def _no_rates() -> pd.DataFrame:
    return pd.DataFrame({"unique_id": pd.Series(dtype=object), "per_day": pd.Series(dtype=float)})


def _no_orders() -> pd.DataFrame:
    return pd.DataFrame(columns=["supplier_id", "unique_id", "ordered_at"])


@dataclass(frozen=True)
class PlanInputs:
    """What is known on the day of planning, as tables of the data contract.

    Attributes
    ----------
    as_of : the day of the decision
    items, offers, stock, suppliers : tables of the contract, empty where there is none
    open_orders : lines still to come, as `features.orders.history.open_orders` gives them: order_id, line, supplier_id,
        unique_id, ordered_at, quantity_open, age (days) and what the lead-time model needs
    purchase_orders : order lines of the past; tell who usually supplies a SKU
    recent_demand : unique_id, per_day: today's rate, against which demand is said to rise; without it, the rate of
        the forecast's first period
    """

    as_of: pd.Timestamp
    items: pd.DataFrame
    offers: pd.DataFrame
    stock: pd.DataFrame
    open_orders: pd.DataFrame
    suppliers: pd.DataFrame
    purchase_orders: pd.DataFrame = field(default_factory=_no_orders)
    recent_demand: pd.DataFrame = field(default_factory=_no_rates)

    def check(self, forecast: DemandForecast) -> None:
        """Refuse what no plan can be made with.

        Raises
        ------
        PlanningError
            When a number is infinite or negative, a stock is missing its number, or the forecast is not finite
            or starts after `as_of`.
        """
        _finite("items", self.items, ["unit_cost", "unit_price", "holding_cost", "holding_cost_rate",
                                      "shortage_cost", "shelf_life_days"])  # fmt: skip
        _finite(
            "offers", self.offers,
            ["unit_price", "moq", "order_multiple", "ordering_cost", "lead_time_days", "expedite_cost"],
        )  # fmt: skip
        _finite("stock", self.stock, ["on_hand"], required=True)
        _finite("stock", self.stock, ["backorders"])
        _finite("open_orders", self.open_orders, ["quantity_open", "age"], required=True)
        for name in ("mean", "cumulative_mean", "cumulative"):
            rows = ~np.isfinite(getattr(forecast, name)).reshape(len(forecast), -1).all(axis=1)
            if rows.any():
                sku = forecast.unique_ids[np.flatnonzero(rows)[0]]
                raise PlanningError(
                    f"forecast of {sku}: {name} holds a number that is not finite; forecast it again"
                )
        if self.as_of < pd.Timestamp(forecast.starts[0]):
            raise PlanningError(
                f"as_of is {self.as_of.date()}, before the forecast's first period "
                f"{pd.Timestamp(forecast.starts[0]).date()}: forecast again from data up to as_of"
            )


def _finite(table: str, frame: pd.DataFrame, columns: list[str], *, required: bool = False) -> None:
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


def numbers(frame: pd.DataFrame, column: str, keys: NDArray[np.object_]) -> Array:
    """`column` of the rows with unique_id `keys` (n,), NaN where there is no row or no column."""
    if column not in frame or frame.empty:
        return np.full(len(keys), np.nan)
    known = frame.drop_duplicates("unique_id", keep="last").set_index("unique_id")[column]
    return np.asarray(known.reindex(keys).to_numpy(float, na_value=np.nan))


def texts(frame: pd.DataFrame, column: str, keys: NDArray[np.object_]) -> NDArray[np.object_]:
    """`column` of the rows with unique_id `keys` (n,), None where there is no row or no column."""
    if column not in frame or frame.empty:
        return np.full(len(keys), None, dtype=object)
    known = frame.drop_duplicates("unique_id", keep="last").set_index("unique_id")[column].astype(object)
    found = known.reindex(keys)
    return np.asarray(found.where(found.notna(), None), dtype=object)


def stock_at(stock: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Last count of each SKU not after `as_of`: unique_id, on_hand, backorders."""
    seen = stock[stock["as_of"] <= as_of].sort_values("as_of", kind="stable")
    last = seen.drop_duplicates("unique_id", keep="last")
    backorders = last["backorders"].fillna(0.0) if "backorders" in last else 0.0
    return last[["unique_id", "on_hand"]].assign(backorders=backorders).reset_index(drop=True)


def lanes(forecast: DemandForecast, inputs: PlanInputs) -> pd.DataFrame:
    """One row for each way a forecast SKU can be bought on `as_of`, sorted by SKU and supplier.

    A valid offer opens a lane. A SKU without one has a lane from the supplier it was last ordered from, and where
    it was never ordered, from nobody (`supplier_id` None).

    Returns
    -------
    DataFrame
        row (of the forecast), unique_id, supplier_id, category, unit_price, moq, order_multiple, max_quantity,
        ordering_cost, expedite_cost, price_breaks, lead_time_days, has_offer, preferred, usual (bought from most
        recently)
    """
    columns = ["unit_price", "moq", "order_multiple", "max_quantity", "ordering_cost", "expedite_cost",
               "lead_time_days"]  # fmt: skip
    valid = _valid_offers(inputs.offers, inputs.as_of)
    for column in columns:
        valid[column] = valid[column].astype(float) if column in valid else np.nan
    if "price_breaks" not in valid:
        valid["price_breaks"] = None
    skus = pd.DataFrame({"row": np.arange(len(forecast)), "unique_id": forecast.unique_ids})
    usual = _usual_supplier(inputs)
    offered = skus.merge(valid, on="unique_id")
    rest = skus[~skus["unique_id"].isin(offered["unique_id"])].assign(has_offer=False, preferred=False)
    rest["supplier_id"] = rest["unique_id"].map(usual)
    parts = [part for part in (offered.assign(has_offer=True), rest) if len(part)]
    both = pd.concat(parts, ignore_index=True) if parts else offered.assign(has_offer=True)
    both = both.reindex(
        columns=["row", "unique_id", "supplier_id", *columns, "price_breaks", "has_offer", "preferred"]
    )
    both["usual"] = (both["supplier_id"] == both["unique_id"].map(usual)).to_numpy(bool)
    both["category"] = texts(inputs.items, "category", both["unique_id"].to_numpy(object))
    for column in ("supplier_id", "price_breaks"):
        both[column] = both[column].astype(object).where(both[column].notna(), None)
    wanted = ["row", "unique_id", "supplier_id", "category", *columns, "price_breaks", "has_offer", "preferred",
              "usual"]  # fmt: skip
    return both[wanted].sort_values(["row", "supplier_id"], kind="stable", ignore_index=True)


def _valid_offers(offers: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Offers in force on `as_of`; of several of one supplier for a SKU the one that came into force last."""
    valid = offers
    if "valid_from" in valid:
        valid = valid[valid["valid_from"].isna() | (valid["valid_from"] <= as_of)]
        valid = valid.sort_values("valid_from", kind="stable", na_position="first")
    if "valid_to" in valid:
        valid = valid[valid["valid_to"].isna() | (valid["valid_to"] >= as_of)]
    valid = valid.drop_duplicates(["supplier_id", "unique_id"], keep="last").copy()
    flag = valid["preferred"].astype("boolean").fillna(value=False) if "preferred" in valid else False
    valid["preferred"] = np.asarray(flag, dtype=bool)
    return valid


def _usual_supplier(inputs: PlanInputs) -> pd.Series:
    """Supplier of the last order of each SKU, by unique_id."""
    wanted = ["supplier_id", "unique_id", "ordered_at"]
    parts = [f[wanted] for f in (inputs.purchase_orders, inputs.open_orders) if len(f)]
    if not parts:
        return pd.Series(dtype=object)
    orders = pd.concat(parts, ignore_index=True)
    orders = orders[orders["ordered_at"] <= inputs.as_of].sort_values(
        ["ordered_at", "supplier_id"], kind="stable"
    )
    return orders.drop_duplicates("unique_id", keep="last").set_index("unique_id")["supplier_id"]
