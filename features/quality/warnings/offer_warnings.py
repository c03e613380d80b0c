"""Warnings about offers and targets: nobody to buy from on the day, targets above what a plan can meet."""

from collections.abc import Iterator

import pandas as pd

from features.quality.warnings.data_warning import DataWarning

_MOST_LEVEL = 0.9999
"""The highest service level that plans go by (`planning.policy.targets`)."""


def offer_warnings(offers: pd.DataFrame, items: pd.DataFrame, as_of: pd.Timestamp) -> Iterator[DataWarning]:
    """Warnings about SKUs with offers of which none is in force on `as_of`, and about targets that are capped."""
    yield from none_in_force(offers, as_of)
    yield from capped_targets(items)


def none_in_force(offers: pd.DataFrame, as_of: pd.Timestamp) -> Iterator[DataWarning]:
    """Warning about SKUs whose offers are all over, or not in force yet, on `as_of`."""
    valid = ~(offers["valid_from"] > as_of) & ~(offers["valid_to"] < as_of)
    in_force = valid.groupby(offers["unique_id"]).any()
    without = offers[offers["unique_id"].isin(in_force.index[~in_force])]
    if not len(without):
        return
    first = without.iloc[0]
    over = pd.notna(first["valid_to"]) and first["valid_to"] < as_of
    span = f"valid_to {first['valid_to']:%Y-%m-%d}" if over else f"valid_from {first['valid_from']:%Y-%m-%d}"
    yield DataWarning(
        "no_offer_in_force",
        "offers",
        int((~in_force).sum()),
        len(in_force),
        f"{(~in_force).sum():,} of {len(in_force):,} SKUs have no offer in force on {as_of:%Y-%m-%d}: they are "
        "planned with the supplier of their last order, without its terms",
        f"{first['unique_id']} at {first['supplier_id']}: {span}",
        "Give the offers of today",
    )


def capped_targets(items: pd.DataFrame) -> Iterator[DataWarning]:
    """Warning about service targets of items beyond the highest level that plans go by."""
    asked = items[["cycle_service_level", "fill_rate"]].max(axis=1)
    high = items[asked > _MOST_LEVEL]
    if len(high):
        first = high.index[0]
        yield DataWarning(
            "capped_target",
            "items",
            len(high),
            len(items),
            f"{len(high):,} of {len(items):,} items have a service target above {_MOST_LEVEL:.2%}, which is taken "
            "instead: no forecast tells what happens once in more than 10,000 cycles",
            f"{high.loc[first, 'unique_id']}: {asked[first]:.10g}",
            f"Set cycle_service_level and fill_rate to at most {_MOST_LEVEL:g}",
        )
