"""Rows of what a plan saw by SKU: its inputs and past demand, found without looking through whole tables."""

from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from planning.inputs import SKU_TABLES, PlanInputs
from serving.state.row_index import RowIndex


class SkuRows:
    """Finds the rows of some SKUs in plan inputs and past demand that are served and never change."""

    def __init__(self, inputs: PlanInputs, demand: pd.DataFrame) -> None:
        self._inputs, self._demand = inputs, demand
        self._by_table = {name: RowIndex(getattr(inputs, name)["unique_id"]) for name in SKU_TABLES}
        self._by_demand = RowIndex(demand["unique_id"])

    def inputs_of(self, unique_ids: Collection[str]) -> PlanInputs:
        """Plan inputs with the rows of some SKUs only, as `PlanInputs.of_skus` has them."""
        tables = {
            name: getattr(self._inputs, name).take(index.rows(unique_ids)).reset_index(drop=True)
            for name, index in self._by_table.items()
        }
        return replace(self._inputs, **tables)

    def demand_of(self, unique_id: str) -> pd.DataFrame:
        """Past demand of one SKU."""
        return self._demand.take(self._by_demand.rows([unique_id]))
