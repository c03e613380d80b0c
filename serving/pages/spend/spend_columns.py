"""Columns of the lists of spend."""

from serving.rendering.listing import Column

SUMS = (
    Column("name", "name"),
    Column("orders", "orders", numeric=True, rising=False),
    Column("lines", "lines", numeric=True, rising=False),
    Column(
        "amount",
        "spend",
        numeric=True,
        rising=False,
        hint="units at the order's price; closed short: what came",
    ),
    Column("share", "share", numeric=True, rising=False),
    Column("average_order", "an order", numeric=True, rising=False, hint="spend by orders"),
    Column("over_contract", "above contract", numeric=True, rising=False, hint="paid above the agreed price"),
    Column(
        "over_lowest",
        "above lowest offer",
        numeric=True,
        rising=False,
        hint="paid above the lowest offer of the day",
    ),
    Column(
        "amount_off_contract",
        "off contract",
        numeric=True,
        rising=False,
        hint="somebody else has the contract",
    ),
)
MONTHS = (
    Column("month", "month", rising=False),
    Column("spent", "spent", numeric=True, rising=False),
    Column("forecast_low", "forecast, low", numeric=True, rising=False, hint="one month in ten is below"),
    Column("forecast", "forecast", numeric=True, rising=False, hint="the plan's own orders, played"),
    Column("forecast_high", "forecast, high", numeric=True, rising=False, hint="one month in ten is above"),
    Column("budget", "budget", numeric=True, rising=False),
)
BUDGETS = (
    Column("budget", "budget"),
    Column("state", "state"),
    Column("amount", "amount", numeric=True, rising=False),
    Column("spent", "spent", numeric=True, rising=False),
    Column(
        "projected",
        "projected",
        numeric=True,
        rising=False,
        hint="spent by its end, with a range of eight in ten",
    ),
    Column("over_chance", "chance to pass it", numeric=True, rising=False),
    Column("over_on", "passed on", hint="the day it was passed, or will be with a chance of one half"),
    Column("over_by", "over by", numeric=True, rising=False),
)
UNUSUAL = (
    Column("at", "ordered", rising=False),
    Column("kind", "what"),
    Column("amount", "money", numeric=True, rising=False, hint="in question"),
    Column("chance", "chance", numeric=True, hint="of it being so in usual business"),
    Column("order_id", "order"),
    Column("unique_id", "SKU"),
    Column("supplier_id", "supplier"),
    Column("department", "department"),
)
LINES = (
    Column("ordered_at", "ordered", rising=False),
    Column("order_id", "order"),
    Column("unique_id", "SKU"),
    Column("supplier_id", "supplier"),
    Column("department", "department"),
    Column("site", "site"),
    Column("units", "units", numeric=True, rising=False),
    Column("unit_price", "price", numeric=True, rising=False),
    Column("amount", "spend", numeric=True, rising=False),
    Column("contract_price", "contract price", numeric=True, rising=False),
    Column("lowest_offer", "lowest offer", numeric=True, rising=False),
    Column("invoiced", "invoiced", numeric=True, rising=False),
)
