"""Simulated: the stock on hand by lot: the newest receipts, since what came first is sold first.

A lot is what is left of a receipt, less what was rejected of it; what is left of the stock that was there before the
year is a lot of that time. The lots of a SKU sum to its stock. A lot expires its shelf life after its receipt.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]

_BEFORE = pd.Timedelta(days=14)
"""How long before the first order what was there already had come."""


def make_inventory_lots(
    stock: pd.DataFrame, orders: pd.DataFrame, receipts: pd.DataFrame, items: pd.DataFrame
) -> pd.DataFrame:
    """The demo's table `inventory_lots` on the day of its stock count."""
    came = _accepted(orders, receipts)
    on_hand = stock.set_index("unique_id")["on_hand"]
    before = came.groupby("unique_id")["accepted"].cumsum() - came["accepted"]
    left = (came["unique_id"].map(on_hand) - before).clip(lower=0.0)
    lots = came.assign(quantity=np.minimum(left, came["accepted"]))
    rest = on_hand - lots.groupby("unique_id")["quantity"].sum().reindex(on_hand.index, fill_value=0.0)
    facts = items.set_index("unique_id")
    old = pd.DataFrame({"unique_id": rest.index, "quantity": rest.to_numpy()})
    old["received_at"] = orders["ordered_at"].min() - _BEFORE
    old["unit_cost"] = old["unique_id"].map(facts["unit_cost"])
    old["site"] = orders["site"].mode().iloc[0]
    lots = lots.rename(columns={"unit_price": "unit_cost"})[list(old.columns)]
    both = pd.concat([old, lots[lots["quantity"] > 0]], ignore_index=True)
    both = both[both["quantity"] > 0].sort_values(
        ["received_at", "unique_id"], kind="stable", ignore_index=True
    )
    life = pd.to_timedelta(both["unique_id"].map(facts["shelf_life_days"]), unit="D")
    return pd.DataFrame(
        {
            "lot_id": [f"L-{number:05d}" for number in range(1, len(both) + 1)],
            "unique_id": both["unique_id"],
            "received_at": both["received_at"],
            "expires_at": both["received_at"] + life,
            **both[["quantity", "unit_cost", "site"]],
        }
    )


def _accepted(orders: pd.DataFrame, receipts: pd.DataFrame) -> pd.DataFrame:
    """Receipts by SKU, the newest first, with the units `accepted`: what a line's last receipt brought less rejects."""
    key = ["order_id", "line"]
    facts = orders[[*key, "unique_id", "unit_price", "quantity_rejected", "site"]]
    came = receipts.merge(facts, on=key).sort_values(["received_at", *key], ignore_index=True)
    last = ~came.duplicated(key, keep="last")
    came["accepted"] = came["quantity"] - came["quantity_rejected"].where(last, 0.0)
    return came.iloc[::-1].sort_values("unique_id", kind="stable", ignore_index=True)
