"""Open order lines of a play as the order history of a plan made in it shows them."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.decisions.demo_day import DemoDay

_LATER = "agreed_later"


def shown_orders(
    today: DemoDay, lines: pd.DataFrame, week: int, *, skus: NDArray[np.object_]
) -> pd.DataFrame:
    """Open order lines (k,) on the Monday `week` weeks after the day; what was put off has `agreed_later`.

    Parameters
    ----------
    lines : of `CompanyPlay.open_lines`, with order_id, line and unit_price
    skus : array (k,), the SKU of each line
    """
    age = 7.0 * week - lines["sent_day"].to_numpy(float)
    category = today.inputs.items.set_index("unique_id")["category"].reindex(skus).to_numpy(object)
    supplier = lines["supplier_id"].to_numpy(object)
    contract = today.inputs.offers.drop_duplicates(["supplier_id", "unique_id"])
    contract = contract.set_index(["supplier_id", "unique_id"])["lead_time_days"]
    part = lines["received"].to_numpy(float)
    sent = pd.to_timedelta(lines["sent_day"].to_numpy(float), unit="D")
    frame = pd.DataFrame(
        {
            "order_id": lines["order_id"].to_numpy(object),
            "line": lines["line"].to_numpy(object),
            "supplier_id": supplier,
            "unique_id": skus,
            "category": category,
            "ordered_at": today.day + sent,
            "quantity_ordered": lines["quantity"].to_numpy(float),
            "quantity_received": part,
            "quantity_open": lines["quantity"].to_numpy(float) - part,
            "unit_price": lines["unit_price"].to_numpy(float),
            "age": age,
            "duration": age,
            "is_open": True,
            "contract_days": contract.reindex(pd.MultiIndex.from_arrays([supplier, skus])).to_numpy(float),
            "expedited": False,
            "part_after": np.where(part > 0, lines["first_day"] - lines["sent_day"], np.nan),
            "part_quantity": np.where(part > 0, part, np.nan),
            "never_came": 0.0,
            _LATER: lines["shown_later"].to_numpy(float),
        }
    )
    columns = today.inputs.open_orders.columns
    return frame.reindex(columns=[*columns.drop(_LATER, errors="ignore"), _LATER])
