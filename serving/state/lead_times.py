"""Lead-time distributions of the supplier × SKU lanes that a request or a page asks about."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from distributions.distribution import Distribution
from distributions.levels import LEAD_TIME_LEVELS
from features.orders.order_history import contract_days
from serving.state.served import Served

LANES_PER_SUPPLIER = 50
"""SKUs whose lead times are mixed when a whole supplier is requested."""


def lead_time_rows(
    served: Served, supplier_id: Sequence[str], unique_id: Sequence[str | None]
) -> pd.DataFrame:
    """Make the lead-time model's input rows for lanes (supplier × SKU), as ordered on the day of the answer."""
    rows = pd.DataFrame({"supplier_id": list(supplier_id), "unique_id": list(unique_id)}, dtype=object)
    rows["category"] = rows["unique_id"].map(served.categories).astype(object)
    rows["ordered_at"] = served.as_of
    offers = served.inputs.offers[served.inputs.offers["supplier_id"].isin(rows["supplier_id"])]
    days = contract_days(offers, rows["supplier_id"], rows["unique_id"], served.as_of)
    return rows.assign(contract_days=days)


def lead_time_distributions(served: Served, rows: pd.DataFrame) -> Distribution:
    """Predict the lead-time distribution of each lane in `rows`, in days.

    A row without a SKU gets the even mixture over the SKUs bought last from its supplier, unless it has a promise.
    """
    model = served.lead_times
    values = model.predict(rows).values.copy()
    without = rows["unique_id"].isna()
    if "promised_at" in rows:
        without &= rows["promised_at"].isna()
    without_sku = np.flatnonzero(without.to_numpy(bool))
    if len(without_sku) == 0 or served.lanes_bought.empty:
        return Distribution(LEAD_TIME_LEVELS, values)
    lanes = served.lanes_bought[
        served.lanes_bought["supplier_id"].isin(rows["supplier_id"].iloc[without_sku])
    ]
    lanes = lanes.groupby("supplier_id").head(LANES_PER_SUPPLIER)
    quantiles = model.predict(lead_time_rows(served, lanes["supplier_id"], lanes["unique_id"])).values
    for supplier_id, at in lanes.groupby("supplier_id").indices.items():
        of_supplier = without_sku[(rows["supplier_id"].iloc[without_sku] == supplier_id).to_numpy()]
        values[of_supplier] = np.quantile(quantiles[at], LEAD_TIME_LEVELS)
    return Distribution(LEAD_TIME_LEVELS, values)
