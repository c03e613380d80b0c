"""Warnings about terms of a supplier's order that have nothing to work on."""

from collections.abc import Iterator

import pandas as pd

from features.quality.warnings.data_warning import DataWarning, named

_LOADS = {
    "capacity_weight": "weight",
    "capacity_volume": "volume",
    "capacity_pallets": "units_per_pallet",
}
"""Capacity of a supplier's container → what items must say for it."""


def supplier_term_warnings(
    suppliers: pd.DataFrame, offers: pd.DataFrame, items: pd.DataFrame
) -> Iterator[DataWarning]:
    """Warn of free freight where freight costs nothing, and of a capacity of SKUs whose load is not known."""
    costs = suppliers["freight_cost"].fillna(0.0) > 0
    free = suppliers.loc[suppliers["free_freight_from"].notna() & ~costs, "supplier_id"]
    if len(free):
        yield DataWarning(
            "free_freight_of_nothing",
            "suppliers",
            len(free),
            len(suppliers),
            f"{len(free):,} suppliers ({named(free)}) have free_freight_from and no freight_cost",
            "",
            "Give the freight_cost of an order that is not free, or nothing is filled up to save it",
        )
    for capacity, load in _LOADS.items():
        bound = suppliers.loc[suppliers[capacity].notna(), "supplier_id"]
        known = items.loc[items[load].notna(), "unique_id"]
        offered = offers[offers["supplier_id"].isin(bound)]
        unknown = offered[~offered["unique_id"].isin(known)]
        if len(unknown):
            count, first = unknown["unique_id"].nunique(), unknown.iloc[0]
            yield DataWarning(
                "load_not_known",
                "items",
                count,
                offered["unique_id"].nunique(),
                f"{count:,} SKUs of suppliers with a {capacity} have no {load}",
                f"{first['unique_id']} of {first['supplier_id']} has none",
                f"Give items their {load}, or orders count them as weightless",
            )
