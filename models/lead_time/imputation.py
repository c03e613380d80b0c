"""What a request leaves out of an order line: taken as it usually is on the lane, or at the supplier."""

from pathlib import Path
from typing import Self

import pandas as pd

from models.lead_time.members.design import covariates

_LANE = ["supplier_id", "unique_id"]
_NUMBERS = ("quantity_ordered", "unit_price", "contract_days")


class CovariateImputation:
    """The latest value of each text covariate and the median of each number, by supplier and SKU, and by supplier.

    A planner asks for a lead time without saying in which mode or size. Without a value a model that groups by it
    would answer from all orders together, and a regression for an order of everybody's size: both are wrong for a
    supplier who differs in just that.
    """

    def __init__(self, lanes: pd.DataFrame, suppliers: pd.DataFrame) -> None:
        self.lanes = lanes
        self.suppliers = suppliers

    @classmethod
    def learn(cls, orders: pd.DataFrame) -> Self:
        """From order lines sorted by `ordered_at`."""
        extra, numerics = covariates(orders)
        texts = [c for c in extra if orders[c].dtype == object]
        numbers = [c for c in (*_NUMBERS, *numerics) if c in orders]
        tables = []
        for keys in (_LANE, ["supplier_id"]):
            latest = orders.drop_duplicates(keys, keep="last").set_index(keys)[texts]
            usual = orders.groupby(keys, sort=True)[numbers].median()
            tables.append(usual.join(latest).reset_index())
        return cls(*tables)

    def __call__(self, orders: pd.DataFrame) -> pd.DataFrame:
        """`orders` with what is missing filled in where the lane or the supplier is known."""
        columns = [c for c in self.suppliers if c != "supplier_id"]
        lacking = [c for c in columns if c not in orders or orders[c].isna().any()]
        if not lacking or orders.empty or self.suppliers.empty:
            return orders
        own = self.lanes.set_index(_LANE).reindex(pd.MultiIndex.from_frame(orders[_LANE]))
        general = self.suppliers.set_index("supplier_id").reindex(orders["supplier_id"])
        filled = {}
        for column in lacking:
            usual = own[column].where(own[column].notna().to_numpy(), general[column].to_numpy())
            usual = usual.set_axis(orders.index)
            filled[column] = (
                orders[column].where(orders[column].notna(), usual) if column in orders else usual
            )
        return orders.assign(**filled)

    def save(self, folder: Path) -> None:
        """Write `usual_lanes.parquet` and `usual_suppliers.parquet`."""
        folder.mkdir(parents=True, exist_ok=True)
        self.lanes.to_parquet(folder / "usual_lanes.parquet", index=False)
        self.suppliers.to_parquet(folder / "usual_suppliers.parquet", index=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        names = ("usual_lanes", "usual_suppliers")
        return cls(*(pd.read_parquet(folder / f"{name}.parquet") for name in names))
