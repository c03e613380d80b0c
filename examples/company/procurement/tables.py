"""The demo company's procurement tables, all simulated, and the anomalies that were planted in them.

They are made from the finished company and a random stream of their own, so that no other table changes but for two
new columns of `purchase_orders`, `department` and `site`, and the prices of the lines that were planted as anomalies.
"""

import numpy as np
import pandas as pd

from examples.company.anomalies import plant
from examples.company.procurement.contracts import make_contracts
from examples.company.procurement.department_budgets import make_department_budgets
from examples.company.procurement.inventory_lots import make_inventory_lots
from examples.company.procurement.invoices import make_invoices
from examples.company.procurement.requesters import APPROVAL_LIMIT, make_approvals, with_requesters
from examples.company.procurement.supplies import make_bins, make_usage

PLANTED = {"price": 15, "double_invoice": 8, "over_invoiced": 10, "no_approval": 5, "self_approved": 6}
"""Kind of anomaly → how many of it are in the demo: such as leave the flow of goods as it is."""
_PRICE_FACTOR = (4 / 3, 2.0)


def with_procurement(
    company: dict[str, pd.DataFrame], rng: np.random.Generator
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """The demo company's tables with contracts, approvals, invoices, lots, usage, bins and budgets; and the anomalies.

    Returns
    -------
    company, anomalies
        the tables, and the truth of `examples.company.anomalies.plant_anomalies`
    """
    items, as_of = company["items"], company["stock"]["as_of"].max()
    orders = with_requesters(company["purchase_orders"], items, rng)
    papers = {
        "purchase_orders": orders,
        "approvals": make_approvals(orders, rng),
        "invoices": make_invoices(orders, rng, as_of=as_of),
    }
    contracts = make_contracts(company["offers"], orders, items, as_of, rng)
    planted, anomalies = plant(papers, rng, PLANTED, limit=APPROVAL_LIMIT, price_factor=_PRICE_FACTOR)
    orders = planted["purchase_orders"]
    invoices = planted["invoices"].sort_values(["at", "invoice_id"], ignore_index=True)
    usage = make_usage(items["department"], pd.date_range(end=as_of, periods=53, freq="7D")[:-1], rng)
    return {
        **company,
        **planted,
        "invoices": invoices,
        "contracts": contracts,
        "inventory_lots": make_inventory_lots(company["stock"], orders, company["receipts"], items),
        "usage": usage,
        "bins": make_bins(usage, as_of, rng),
        "budgets": make_department_budgets(orders, items, rng),
    }, anomalies
