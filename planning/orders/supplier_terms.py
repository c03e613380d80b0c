"""Supplier terms of an order as a whole: what it costs whatever its lines, its minimum, freight and containers."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.inputs import numbers_by_sku

_LOADS = ("weight", "volume", "pallets")
_TERMS = (
    "ordering_cost", "minimum_order_value", "minimum_order_quantity", "freight_cost", "free_freight_from",
)  # fmt: skip


@dataclass(frozen=True)
class SupplierTerms:
    """Terms of orders from S suppliers, array (S,) each; money in the company's currency.

    Attributes
    ----------
    supplier_id : who
    ordering_cost : money an order, beside that of its lines; 0 where none is given
    minimum_value, minimum_quantity : money and units (each in its SKU's own) that an order has to reach; 0: none
    freight : money an order, with a capacity a container; 0 where none is given
    free_from : value from which freight is free; infinite: never
    capacity : array (S, 3), weight, volume and pallets that a container or truck holds; infinite where none binds
    """

    supplier_id: NDArray[np.object_]
    ordering_cost: Array
    minimum_value: Array
    minimum_quantity: Array
    freight: Array
    free_from: Array
    capacity: Array

    @classmethod
    def of(cls, suppliers: pd.DataFrame, supplier_ids: NDArray[np.object_]) -> Self:
        """Terms of the suppliers `supplier_ids` (S,) from the table `suppliers`, whatever columns it has."""
        names = [*_TERMS, *(f"capacity_{load}" for load in _LOADS)]
        known = suppliers.drop_duplicates("supplier_id").set_index("supplier_id").reindex(columns=names)
        values = known.reindex(supplier_ids).to_numpy(float, na_value=np.nan)
        cost, value, quantity, freight, _ = np.nan_to_num(values[:, :5]).T
        free = values[:, 4]
        return cls(
            supplier_id=supplier_ids,
            ordering_cost=cost,
            minimum_value=value,
            minimum_quantity=quantity,
            freight=freight,
            free_from=np.where(np.isnan(free), np.inf, free),
            capacity=np.where(values[:, 5:] > 0, values[:, 5:], np.inf),
        )

    def __len__(self) -> int:
        return len(self.supplier_id)

    def freight_of(self, value: Array, share: Array) -> Array:
        """Freight (S,) of orders of `value` (S,) money that fill `share` (S,) containers."""
        containers = np.maximum(np.ceil(share - 1e-9), 1.0)
        return np.where((value <= 0) | (value >= self.free_from - 1e-9), 0.0, self.freight * containers)

    def minimum_met(self, value: Array, units: Array) -> NDArray[np.bool_]:
        """Whether orders of `value` (S,) money and `units` (S,) reach the supplier's minimum."""
        return np.asarray((value >= self.minimum_value - 1e-9) & (units >= self.minimum_quantity - 1e-9))


def unit_loads(items: pd.DataFrame, unique_ids: NDArray[np.object_]) -> Array:
    """Weight, volume and pallets of one unit of the SKUs `unique_ids` (n,), (n, 3); NaN where it is not known."""
    weight, volume = (numbers_by_sku(items, name, unique_ids) for name in ("weight", "volume"))
    return np.column_stack([weight, volume, 1 / numbers_by_sku(items, "units_per_pallet", unique_ids)])
