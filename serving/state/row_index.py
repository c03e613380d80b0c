"""Where the rows of a table are that belong to a key, a SKU or a supplier: looked up, not searched for each time."""

from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.inputs import SKU_TABLES, PlanInputs


class RowIndex:
    """Positions of rows by key, made once for a table that is served: as long as the table, and no dict of arrays."""

    def __init__(self, keys: pd.Series) -> None:
        codes, names = pd.factorize(keys)
        self._order = np.argsort(codes, kind="stable")
        self._starts = np.searchsorted(codes[self._order], np.arange(len(names) + 1))
        self._code = {name: code for code, name in enumerate(names)}

    def rows(self, keys: Iterable[str]) -> NDArray[np.int64]:
        """Positions of the rows that belong to the keys, ascending."""
        codes = [code for key in set(keys) if (code := self._code.get(key)) is not None]
        parts = [self._order[self._starts[code] : self._starts[code + 1]] for code in codes]
        return np.sort(np.concatenate(parts)) if parts else np.empty(0, np.int64)


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
