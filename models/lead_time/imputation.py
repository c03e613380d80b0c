"""Imputation of covariates that a request leaves out of an order line: from its lane's or its supplier's orders."""

from pathlib import Path
from typing import Self

import pandas as pd

from models.lead_time.members.design_matrix import covariate_columns

_LANE = ["supplier_id", "unique_id"]
_NUMBERS = ("quantity_ordered", "unit_price", "contract_days")


class CovariateImputation:
    """The latest value of each text covariate and the median of each number, by supplier and SKU, and by supplier.

    A planner asks for a lead time without saying in which mode or size. Without a value a model that groups by it
    would answer from all orders together, and a regression for an order of average size: both are wrong for a
    supplier who differs in just that.

    Parameters
    ----------
    lanes : `supplier_id`, `unique_id` and the values to impute, one row a lane
    suppliers : `supplier_id` and the same columns, one row a supplier
    """

    def __init__(self, lanes: pd.DataFrame, suppliers: pd.DataFrame) -> None:
        self.lanes = lanes
        self.suppliers = suppliers

    @classmethod
    def learn(cls, orders: pd.DataFrame) -> Self:
        """Learn the values to impute from order lines sorted by `ordered_at`."""
        text_or_flag, numerics = covariate_columns(orders)
        texts = [c for c in text_or_flag if orders[c].dtype == object]
        numbers = [c for c in (*_NUMBERS, *numerics) if c in orders]
        tables = []
        for keys in (_LANE, ["supplier_id"]):
            latest = orders.drop_duplicates(keys, keep="last").set_index(keys)[texts]
            median = orders.groupby(keys, sort=True)[numbers].median()
            tables.append(median.join(latest).reset_index())
        return cls(*tables)

    def impute(self, orders: pd.DataFrame) -> pd.DataFrame:
        """Order lines with missing covariates imputed where the lane or the supplier is known."""
        columns = [c for c in self.suppliers if c != "supplier_id"]
        missing = [c for c in columns if c not in orders or orders[c].isna().any()]
        if not missing or orders.empty or self.suppliers.empty:
            return orders
        of_lane = self.lanes.set_index(_LANE).reindex(pd.MultiIndex.from_frame(orders[_LANE]))
        of_supplier = self.suppliers.set_index("supplier_id").reindex(orders["supplier_id"])
        filled = {}
        for column in missing:
            value = of_lane[column].where(of_lane[column].notna().to_numpy(), of_supplier[column].to_numpy())
            value = value.set_axis(orders.index)
            filled[column] = (
                orders[column].where(orders[column].notna(), value) if column in orders else value
            )
        return orders.assign(**filled)

    def save(self, folder: Path) -> None:
        """Write the imputation's values as `usual_lanes.parquet` and `usual_suppliers.parquet`."""
        folder.mkdir(parents=True, exist_ok=True)
        self.lanes.to_parquet(folder / "usual_lanes.parquet", index=False)
        self.suppliers.to_parquet(folder / "usual_suppliers.parquet", index=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the imputation that `save` wrote."""
        names = ("usual_lanes", "usual_suppliers")
        return cls(*(pd.read_parquet(folder / f"{name}.parquet") for name in names))
