"""What alerts measure of suppliers: how much worse they got, and days until their contracts end."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from procurement.alerts.plan_facts import PlanFacts

RECENT_DAYS = 90.0
"""Days that count as recent, as in the scorecards' recent rates."""

ENDED_DAYS = 30.0
"""Days that a contract which ended and was not renewed is still spoken of."""

_FEWEST = 10
"""Lines on either side from which shares are compared."""
_Z90 = 1.6449
_DAY = pd.Timedelta(days=1)
_SCOPE = ["supplier_id", "unique_id", "category"]


def eroding(tables: Mapping[str, pd.DataFrame], _: PlanFacts) -> pd.DataFrame:
    """How much worse each supplier surely got: `subject, value, money, on_time, fill, longer` and what they rest on.

    `on_time`: share of lines on time before, less the upper end of the 90 % interval of that of the last 90 days.
    `fill`: the same of lines that came in full. `longer`: how much longer lead times are, as a share, where they erode.
    `value` is the largest; `money` a year's spend is not known here (NaN).
    """
    card = tables["scorecard"].drop_duplicates("supplier_id").set_index("supplier_id")
    on_time = card["on_time_before"] - card["on_time_now_high"]
    longer = (card["shift"] - 1.0).where(card["state"] == "eroding")
    fill = fill_drops(tables["orders"]).reindex(card.index)
    parts = pd.DataFrame({"on_time": on_time, "fill": fill["drop"], "longer": longer})
    table = pd.DataFrame(
        {
            **parts,
            "value": parts.max(axis=1),
            "money": np.nan,
            "on_time_before": card["on_time_before"],
            "on_time_now": card["on_time_now"],
            "fill_before": fill["before"],
            "fill_now": fill["now"],
            "since": card["since"],
        }
    )
    return table[table["value"].notna()].rename_axis("subject").reset_index()


def fill_drops(orders: pd.DataFrame) -> pd.DataFrame:
    """Share of a supplier's ended lines that came in full, before and in the last 90 days, by supplier_id.

    Returns
    -------
    DataFrame
        before, now, drop: before less the upper end of the 90 % interval of now (Wald's, about the mean of both); NaN
        with fewer than ten lines on a side
    """
    ended = orders[~orders["is_open"].astype(bool) & orders["quantity_received"].notna()]
    full = (ended["quantity_received"] >= ended["quantity_ordered"] * (1 - 1e-9)).astype(float)
    last = orders["ordered_at"].max()
    recent = (last - ended["ordered_at"]) / _DAY <= RECENT_DAYS
    sums = pd.DataFrame({"supplier_id": ended["supplier_id"], "full": full, "recent": recent})
    table = sums.groupby(["supplier_id", "recent"])["full"].agg(["mean", "size"]).unstack("recent")
    table = table.reindex(columns=pd.MultiIndex.from_product([["mean", "size"], [False, True]]))
    n_before, n_now = table[("size", False)].fillna(0.0), table[("size", True)].fillna(0.0)
    enough = (n_before >= _FEWEST) & (n_now >= _FEWEST)
    before, now = table[("mean", False)].where(enough), table[("mean", True)].where(enough)
    both = (before * n_before + now * n_now) / (n_before + n_now)
    width = _Z90 * np.sqrt(both * (1 - both) * (1 / n_before.where(enough) + 1 / n_now.where(enough)))
    return pd.DataFrame({"before": before, "now": now, "drop": before - now - width})


def contract_ends(tables: Mapping[str, pd.DataFrame], facts: PlanFacts) -> pd.DataFrame:
    """Days until contracts end, as `ends_of_contracts`."""
    return ends_of_contracts(tables["contracts"], facts.as_of)


def ends_of_contracts(contracts: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Days until what is agreed ends: `subject, value, money, supplier_id, unique_id, category, contract_id, ends`.

    A row what a contract can be about (a supplier's SKU, category, or all of it), with its last contract: one that was
    renewed ends with the new one, one without an end never does. Ended ones are there for `ENDED_DAYS`.
    """
    order = [*_SCOPE, "ends", "contract_id"]
    last = (
        contracts.assign(ends=contracts["valid_to"].fillna(pd.Timestamp.max))
        .sort_values(order, kind="stable")
        .drop_duplicates(_SCOPE, keep="last")
    )
    days = (last["ends"].dt.normalize() - as_of) / _DAY
    last = last.assign(value=days, money=np.nan)[last["valid_to"].notna() & (days >= -ENDED_DAYS)]
    scope = last["unique_id"].fillna(last["category"]).fillna("")
    subject = last["supplier_id"] + np.where(scope == "", "", " · " + scope.astype(str))
    return last.assign(subject=subject)[["subject", "value", "money", *_SCOPE, "contract_id", "ends"]]
