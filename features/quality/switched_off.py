"""What stays switched off for want of a table or column, in sentences that say what to add."""

from features.contract.tables import PROCUREMENT_TABLES, Tables


def switched_off(tables: Tables) -> tuple[str, ...]:
    """One sentence for each thing that missing tables or empty columns switch off."""
    present = tables.present
    sentences = [sentence for table, sentence in _TABLES.items() if table not in present]
    for table, column, sentence in _COLUMNS:
        if table in present and getattr(tables, table)[column].isna().all():
            sentences.append(sentence)
    if "items" in present:
        items = tables.items
        if items[["holding_cost", "holding_cost_rate"]].isna().all().all():
            sentences.append(
                "items has no holding_cost or holding_cost_rate: orders are not weighed against stock cost"
            )
    return (*sentences, *_procurement_off([name for name in PROCUREMENT_TABLES if name not in present]))


def _procurement_off(missing: list[str]) -> tuple[str, ...]:
    """What the `missing` procurement tables would switch on: a sentence each, of several one sentence for all."""
    if len(missing) <= 1:
        return tuple(f"no {name}: it would show {_PROCUREMENT[name]}" for name in missing)
    each = "; ".join(f"{_PROCUREMENT[name]} ({name})" for name in missing)
    return (f"no {', '.join(missing[:-1])} and {missing[-1]}: they would show {each}",)


_TABLES = {
    "items": "no items: no money, no categories, and new SKUs have nothing to borrow from",
    "offers": "no offers: no order sizes, no vendor comparison, and no contract lead times",
    "suppliers": "no suppliers: pages show supplier ids without names and regions",
    "purchase_orders": "no purchase_orders: lead times are not learned, and open orders do not count as cover",
    "receipts": "no receipts: partial deliveries are not seen, an order counts when its last part came",
    "stock": "no stock: reorder points only, no order quantities and no stockout dates",
    "events": "no events: holidays, promotions and shutdowns are not known in advance",
}
"""Table → what is off without it."""

_PROCUREMENT = {
    "contracts": "prices and lead times against what was agreed, and purchases off contract",
    "approvals": "who asked and who approved, purchases without approval, and split orders",
    "invoices": "what was paid against what was ordered, and invoices entered twice",
    "inventory_lots": "age and expiry of the stock by lot, and FIFO and LIFO with the real layers",
    "usage": "consumption by department and site",
    "bins": "what the sites have to be restocked with",
}
"""Procurement table → what it switches on."""

UNUSED = ("budgets", *PROCUREMENT_TABLES)
"""Tables without which everything else still holds: whatever is wrong with them is said and stops nobody."""

_COLUMNS = (
    ("demand", "in_stock", "demand has no in_stock: stockout periods count as low demand"),
    ("items", "unit_cost", "items has no unit_cost: stock value and price shares are not known"),
    ("items", "shortage_cost", "items has no shortage_cost: target cost cannot be used for these SKUs"),
    ("items", "category", "items has no category: new SKUs borrow from all SKUs together"),
    ("offers", "unit_price", "offers has no unit_price: vendors cannot be compared by total cost"),
    ("offers", "moq", "offers has no moq: no minimum binds, and no MOQ action is proposed"),
    (
        "suppliers",
        "ordering_cost",
        "suppliers has no ordering_cost: lines of one order share nothing, and nothing joins what goes anyway",
    ),
    (
        "offers",
        "ordering_cost",
        "offers has no ordering_cost: order sizes follow need, not the economic quantity",
    ),
    ("offers", "lead_time_days", "offers has no lead_time_days: suppliers without orders have no lead time"),
    ("offers", "payment_days", "offers has no payment_days: goods count as paid for when they are ordered"),
    ("purchase_orders", "promised_at", "purchase_orders has no promised_at: no on-time rate"),
    ("purchase_orders", "received_at", "purchase_orders has no received_at: every order counts as open"),
    (
        "purchase_orders",
        "quantity_received",
        "purchase_orders has no quantity_received: no fill rate of suppliers",
    ),
    ("purchase_orders", "quantity_rejected", "purchase_orders has no quantity_rejected: no defect rate"),
)
"""Table, column, what is off when the column has no value."""
