"""What alerts measure of money: chances to pass budgets, unusual spend of late, and stock that will expire unsold."""

from collections.abc import Mapping

import pandas as pd

from procurement.alerts.plan_facts import PlanFacts

UNUSUAL_DAYS = 30.0
"""Days that unusual spend is spoken of: later nobody can do much about it."""

_DAY = pd.Timedelta(days=1)


def used_budgets(tables: Mapping[str, pd.DataFrame], _: PlanFacts) -> pd.DataFrame:
    """Chance to pass each budget that is not over yet; `money`: by how much the middle of the projection passes it."""
    table = tables["budget_outlook"]
    table = table[table["state"] != "past"].drop_duplicates("budget")
    names = ["amount", "spent", "projected", "over_on", "ends"]
    return table[names].assign(subject=table["budget"], value=table["over_chance"], money=table["over_by"])


def price(tables: Mapping[str, pd.DataFrame], facts: PlanFacts) -> pd.DataFrame:
    """Money of each unusual price of the last `UNUSUAL_DAYS`."""
    return _unusual(tables["unusual_spend"], facts, prices=True)


def unusual(tables: Mapping[str, pd.DataFrame], facts: PlanFacts) -> pd.DataFrame:
    """Money of everything else that is unusual in the spend of the last `UNUSUAL_DAYS`."""
    return _unusual(tables["unusual_spend"], facts, prices=False)


def _unusual(table: pd.DataFrame, facts: PlanFacts, *, prices: bool) -> pd.DataFrame:
    """`subject, value, money` of unusual spend; of the same kind, order and line the largest."""
    lately = (facts.as_of - table["at"]) / _DAY <= UNUSUAL_DAYS
    table = table[lately & ((table["kind"] == "price") == prices)]
    line = table["line"].where(table["line"].notna(), "")
    subject = (
        table["kind"] + " " + table["order_id"].astype(str) + ("/" + line.astype(str)).where(line != "", "")
    )
    rows = table[["kind", "at", "order_id", "reason"]].assign(
        subject=subject, value=table["amount"], money=table["amount"]
    )
    order = ["subject", "value", "at", "reason"]
    return rows.sort_values(order, ascending=[True, False, False, True]).drop_duplicates("subject")


def expiring(tables: Mapping[str, pd.DataFrame], _: PlanFacts) -> pd.DataFrame:
    """Days until stock of each SKU expires that will not have sold: `subject, value, money, first, units, lots`.

    Of several lots the first to expire; `money` is that of all units that will not sell.
    """
    lots = tables["expiring_lots"]
    table = lots.groupby("unique_id").agg(
        value=("days_left", "min"), first=("expires_at", "min"), units=("unsold_units", "sum"),
        lots=("days_left", "size"), money=("unsold_value", "sum"),
    )  # fmt: skip
    return table.astype({"value": float}).rename_axis("subject").reset_index()
