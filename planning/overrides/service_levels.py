"""Own service levels that people set: put among the items, where the plan looks for them."""

import numpy as np
import pandas as pd

from configs.schema import PolicyConfig
from planning.inputs import numbers_by_sku
from planning.overrides.override_tables import SERVICE_LEVEL


def with_service_levels(
    items: pd.DataFrame, of_skus: pd.DataFrame, policy: PolicyConfig
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The items with own service levels where an override sets one, and `of_skus` with the level instead of which.

    A SKU that is planned to a fill rate keeps to one, any other gets a cycle service level.

    Parameters
    ----------
    items : table of the contract; a SKU that has no row gets one
    of_skus : overrides in force, `planning.overrides.override_tables.no_sku_overrides`
    """
    own = (of_skus["kind"] == SERVICE_LEVEL).to_numpy()
    if not own.any():
        return items, of_skus
    ids = of_skus["unique_id"].to_numpy(object)[own]
    cycle, fill = (numbers_by_sku(items, name, ids) for name in ("cycle_service_level", "fill_rate"))
    by_fill = np.isnan(cycle) & (~np.isnan(fill) | (policy.target == "fill_rate"))
    usual = np.nan if policy.target == "cost" else policy.level
    before = np.where(np.isnan(cycle), np.where(np.isnan(fill), usual, fill), cycle)
    level = of_skus["value"].to_numpy(float)[own]
    missing = pd.Index(ids).difference(items["unique_id"])
    if len(missing):
        rows = items.iloc[:0].reindex(range(len(missing))).assign(unique_id=missing.to_numpy(object))
        items = pd.concat([items, rows.astype(items.dtypes.to_dict())], ignore_index=True)
    at = pd.Series(np.arange(len(ids)), index=ids).reindex(items["unique_id"])
    set_here, row = at.notna().to_numpy(), at.fillna(0).to_numpy(int)
    new = items.assign(
        cycle_service_level=items["cycle_service_level"].mask(
            set_here, np.where(by_fill, np.nan, level)[row]
        ),
        fill_rate=items["fill_rate"].mask(set_here, np.where(by_fill, level, np.nan)[row]),
    )
    instead = of_skus["instead_of"].to_numpy(float).copy()
    instead[own] = before
    return new, of_skus.assign(instead_of=instead)
