"""How lead times came out against what the champion said of them."""

import numpy as np
import pandas as pd

from distributions.levels import BACKTEST_LEVELS
from distributions.pinball import pinball_loss
from models.protocols import LeadTimeModel

BY_SUPPLIER = ["kind", "supplier_id", "n", "late", "pinball", "coverage_80", "coverage_90", "bias", "actual"]

_DAY = pd.Timedelta(days=1)


def due_orders(
    model: LeadTimeModel, orders: pd.DataFrame, *, trained: pd.Timestamp, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Score the order lines whose q0.95 has passed: kind, supplier_id, late, pinball, coverage_80, …, bias, actual.

    Lines placed after training are `new`, those waited for on that day are `open` and forecast given their age.
    Received ones alone would be the quick ones, and the model would seem to expect too long; so a line counts from the
    day by which it should have come at 95 %, whether it has come or not. One still open then is late: it counts with
    its age.

    Parameters
    ----------
    orders : frame of `features.orders.history.order_history` on `as_of`
    trained : the day up to which the champion knew orders
    """
    known = orders[orders["duration"].notna()]
    age = (trained - known["ordered_at"]) / _DAY
    asked = known[(age < 0) | (known["duration"] > age)].reset_index(drop=True)
    if not len(asked):
        return pd.DataFrame(columns=["kind", "supplier_id", "late", *BY_SUPPLIER[4:]])
    age = ((trained - asked["ordered_at"]) / _DAY).clip(lower=0.0).to_numpy()
    kind = np.where(asked["ordered_at"] > trained, "new", "open")
    law = model.predict(asked)
    given = law.above(age)
    quantiles = np.where(
        (kind == "open")[:, None],
        *(each.quantile(np.tile(BACKTEST_LEVELS, (len(asked), 1))) for each in (given, law)),
    )
    mean = np.where(kind == "open", given.mean(), law.mean())
    y = asked["duration"].to_numpy(float)
    rows = pd.DataFrame(
        {
            "kind": kind, "supplier_id": asked["supplier_id"], "late": asked["is_open"].astype(float),
            "pinball": pinball_loss(y, quantiles), "coverage_80": (quantiles[:, 1] <= y) & (y <= quantiles[:, -2]),
            "coverage_90": (quantiles[:, 0] <= y) & (y <= quantiles[:, -1]), "bias": mean - y, "actual": y,
        }
    )  # fmt: skip
    waited = ((as_of - asked["ordered_at"]) / _DAY).to_numpy()
    return rows[waited >= quantiles[:, -1]].reset_index(drop=True)


def by_supplier(rows: pd.DataFrame) -> pd.DataFrame:
    """`BY_SUPPLIER` from `due_orders`, by kind: all together ("") first, then the busiest supplier.

    late: lines still open; pinball, bias (forecast − actual) and actual in days, means over lines; coverage: shares.
    """
    if not len(rows):
        return pd.DataFrame({name: pd.Series(dtype=float) for name in BY_SUPPLIER})
    groups = pd.concat([rows.assign(supplier_id=""), rows]).groupby(["kind", "supplier_id"])
    table = groups[BY_SUPPLIER[4:]].mean().assign(n=groups.size(), late=groups["late"].sum()).reset_index()
    table = table.assign(each=table["supplier_id"] != "")
    ordered = table.sort_values(["each", "n", "kind", "supplier_id"], ascending=[True, False, True, True])
    return ordered.reset_index(drop=True)[BY_SUPPLIER]
