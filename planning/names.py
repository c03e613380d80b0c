"""What people call SKUs and suppliers, for titles: the item's description and the supplier's name, else the id."""

from dataclasses import dataclass
from typing import Self

import pandas as pd

from planning.inputs import PlanInputs


@dataclass(frozen=True)
class Names:
    """Names by id.

    Attributes
    ----------
    skus, suppliers : id → name; who is not there is called by the id
    """

    skus: dict[str, str]
    suppliers: dict[str, str]

    @classmethod
    def of(cls, inputs: PlanInputs) -> Self:
        """The names that plan inputs know."""
        return cls(
            _known(inputs.items, "unique_id", "description"), _known(inputs.suppliers, "supplier_id", "name")
        )

    def sku(self, unique_id: str) -> str:
        """What a SKU is called."""
        return self.skus.get(unique_id, unique_id)

    def supplier(self, supplier_id: str | None) -> str:
        """What a supplier is called; the empty text where there is none."""
        return "" if supplier_id is None else self.suppliers.get(supplier_id, supplier_id)

    def added(self, head: pd.DataFrame) -> pd.DataFrame:
        """Rows of actions with `sku`, `supplier` and `alternative`, by name."""
        return head.assign(
            sku=[self.sku(name) for name in head["unique_id"].tolist()],
            supplier=[self.supplier(name) for name in _ids(head["supplier_id"])],
            alternative=[self.supplier(name) for name in _ids(head["alternative_supplier_id"])],
        )


def _ids(column: pd.Series) -> list[str | None]:
    return list(column.astype(object).where(column.notna(), None))


def _known(table: pd.DataFrame, key: str, name: str) -> dict[str, str]:
    """Names of a table by id, without those that are missing or empty."""
    if name not in table or table.empty:
        return {}
    rows = table.loc[table[name].fillna("").astype(str).str.strip() != "", [key, name]]
    return dict(zip(rows[key].astype(str), rows[name].astype(str).str.strip(), strict=True))
