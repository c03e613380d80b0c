"""Simulated: an invoice for every order line received, some days after its receipt, for what came at the order's price.

A third of the suppliers round to five cents, the others to one.
"""

import numpy as np
import pandas as pd


def make_invoices(
    orders: pd.DataFrame, rng: np.random.Generator, *, as_of: pd.Timestamp | None = None
) -> pd.DataFrame:
    """The table `invoices` of the received lines among the `orders`, those after `as_of` left out."""
    done = orders[orders["received_at"].notna() & (orders["quantity_received"] > 0)]
    done = done.sort_values(["order_id", "line"], ignore_index=True)
    suppliers = np.sort(done["supplier_id"].unique())
    step = pd.Series(np.where(rng.random(len(suppliers)) < 1 / 3, 0.05, 0.01), index=suppliers)
    each = done["supplier_id"].map(step).to_numpy(float)
    money = (done["quantity_received"] * done["unit_price"]).to_numpy(float)
    at = done["received_at"] + pd.to_timedelta(rng.integers(2, 21, len(done)), unit="D")
    frame = pd.DataFrame(
        {
            "order_id": done["order_id"],
            "line": done["line"],
            "amount": np.maximum((np.rint(money / each) * each).round(2), 0.01),
            "at": at,
        }
    )
    known = frame if as_of is None else frame[frame["at"] <= as_of]
    known = known.sort_values(["at", "order_id", "line"], ignore_index=True)
    known.insert(0, "invoice_id", [f"INV-{number:05d}" for number in range(1, len(known) + 1)])
    return known
