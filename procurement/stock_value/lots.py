"""Lots on hand in place of the layers that movements leave: what is really there, what it cost, and where it lies."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from features.contract.tables import DataError
from procurement.stock_value.cost_layers import LAYER_COLUMNS, CostedStock


def with_lots(costed: CostedStock, lots: pd.DataFrame) -> CostedStock:
    """The costed stock in which SKUs with rows in `inventory_lots` have these as what is left, units and money.

    Their value is what the lots themselves cost, by every method; a lot without a unit cost has the last known one.
    What that is more than the layers of the movements is `revaluation`; the cost of goods sold stays as it is.

    Parameters
    ----------
    lots : rows of `inventory_lots`; lots without units are left out

    Raises
    ------
    DataError
        When a lot has negative units, or its SKU is not among the costed ones.
    """
    row = pd.Index(costed.unique_ids).get_indexer(lots["unique_id"])
    wrong = np.flatnonzero((row < 0) | ~(lots["quantity"].to_numpy(float) >= 0))
    if len(wrong):
        lot = lots.iloc[wrong[0]]
        raise DataError(
            f"inventory_lots, lot {lot['lot_id']} of {lot['unique_id']}: quantity is {lot['quantity']}; expected a "
            "number ≥ 0 of a SKU that was costed"
        )
    cost = lots["unit_cost"].to_numpy(float)
    cost = np.where(np.isnan(cost), costed.last_cost[row], cost)
    quantity, n = lots["quantity"].to_numpy(float), len(costed.unique_ids)
    listed = np.bincount(row, minlength=n) > 0
    some = quantity > 0
    units = np.where(listed, np.bincount(row, quantity, n), costed.units)
    value = np.where(listed, np.bincount(row[some], (quantity * cost)[some], n), costed.value)
    order = ["unique_id", "received_at", "expires_at", "lot_id", "site", "unit_cost", "quantity"]
    real = lots.assign(unit_cost=cost)[LAYER_COLUMNS][some].sort_values(order, kind="stable")
    computed = costed.layers[~costed.layers["unique_id"].isin(costed.unique_ids[listed])]
    parts = [part for part in (computed, real) if len(part)]
    layers = pd.concat(parts) if parts else costed.layers.iloc[:0]
    sku = pd.Index(costed.unique_ids).get_indexer(layers["unique_id"])
    return replace(
        costed,
        units=units,
        value=value,
        revaluation=costed.revaluation + np.where(listed, value - costed.value, 0.0),
        layers=layers.iloc[np.argsort(sku, kind="stable")].reset_index(drop=True),
    )


def with_lots_by_method(costed: Mapping[str, CostedStock], lots: pd.DataFrame) -> dict[str, CostedStock]:
    """The stock by costing method, each with its SKUs' `lots` in it: what is there costs the same by all of them."""
    return {
        method: with_lots(stock, lots[lots["unique_id"].isin(stock.unique_ids)])
        for method, stock in costed.items()
    }
