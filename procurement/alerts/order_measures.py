"""What alerts measure of orders and stock: days until an order is due, days overdue, the risk of running out."""

from collections.abc import Mapping

import pandas as pd

from procurement.alerts.plan_facts import PlanFacts

_DAY = pd.Timedelta(days=1)


def orders_due(tables: Mapping[str, pd.DataFrame], facts: PlanFacts) -> pd.DataFrame:
    """Days until the first order of each supplier is due: `subject, value, money, first, skus, ordered`.

    `first` is the earliest of its SKUs' last safe days to order (`order_by`), `skus` how many have that one, `money` of
    what the plan orders from it today, in `ordered` lines.
    """
    plan = tables["plan"]
    plan = plan[plan["order_by"].notna() & plan["supplier_id"].notna()]
    first = plan.groupby("supplier_id")["order_by"].transform("min")
    counted = plan.assign(
        is_first=(plan["order_by"] == first).astype(int),
        amount=plan["order_quantity"].fillna(0.0) * plan["unit_price"].fillna(0.0),
        is_ordered=(plan["order_quantity"] > 0).astype(int),
    )
    table = counted.groupby("supplier_id").agg(
        first=("order_by", "min"), skus=("is_first", "sum"), money=("amount", "sum"),
        ordered=("is_ordered", "sum"),
    )  # fmt: skip
    return table.assign(value=(table["first"] - facts.as_of) / _DAY).rename_axis("subject").reset_index()


def stockout_risks(tables: Mapping[str, pd.DataFrame], _: PlanFacts) -> pd.DataFrame:
    """Risk of each SKU on the plan's list of what runs out, if today's order is skipped; `money` is at stake."""
    table = tables["running_out"]
    names = ["supplier_id", "status", "runs_out_on", "short", "remedy_text"]
    return table[names].assign(
        subject=table["unique_id"], value=table["risk_if_skipped"], money=table["at_stake"]
    )


def overdue(tables: Mapping[str, pd.DataFrame], facts: PlanFacts) -> pd.DataFrame:
    """Days that each open order is past its last promise: `subject, value, money, supplier_id, due, lines`.

    Of several lines the one that is longest overdue; `money` is that of what is still to come of all that are.
    """
    orders = tables["orders"]
    due = orders["repromised_at"].fillna(orders["promised_at"])
    late = orders.assign(due=due)[orders["is_open"].astype(bool) & (due < facts.as_of)]
    late = late.assign(amount=late["quantity_open"] * late["unit_price"])
    table = late.groupby("order_id").agg(
        supplier_id=("supplier_id", "min"), due=("due", "min"), lines=("line", "size"),
        money=("amount", _sum_known),
    )  # fmt: skip
    return table.assign(value=(facts.as_of - table["due"]) / _DAY).rename_axis("subject").reset_index()


def _sum_known(amounts: "pd.Series[float]") -> float:
    """Sum of the amounts that are known, NaN where none is."""
    return float(amounts.sum(min_count=1))
