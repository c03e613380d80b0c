"""The offers of a SKU as its page shows them: terms, the price really paid, lead time and what each costs a year."""

import numpy as np
import pandas as pd

from configs.formats import missing, plain, price
from distributions.distribution import Array
from planning.assessment import Assessment
from planning.cost.price_breaks import PriceBreaks

COST_LABELS = {
    "price": "goods",
    "ordering": "ordering",
    "cycle_stock": "cycle stock held",
    "safety_stock": "safety stock held",
    "pipeline": "goods on the way",
    "shortage": "shortage",
    "spoilage": "spoilage",
}
"""Part of the cost a year → what the page calls it: nothing that another heading of the table says."""

_ASKED = ["unit_price", "units_per_purchase_unit", "purchase_unit", "currency", "exchange_rate"]
_TERMS = [
    "supplier_id", "unit_price", "moq", "order_multiple", "max_quantity", "price_breaks", "lead_time_days",
    "payment_days", "rejected_share", "agreed_lead_note",
]  # fmt: skip


def offers_table(assessment: Assessment) -> pd.DataFrame:
    """Every offer of the SKU, the chosen one first.

    Returns
    -------
    DataFrame
        the terms; `paid`, money a unit at the usual order size, the price break it reaches included, and `paid_from`,
        where that break begins (NaN: the base price); `agreed_lead_note`, what was agreed about the lead time;
        `lead_time` and `lead_time_sd`, days; `safety_stock_units`, `reorder_point`, `order_size` in units; the parts of
        the cost a year, money, and `total`; `asked`: the price as the supplier names it, where that is in another unit
        or currency
    """
    terms = assessment.lane_terms
    prices = terms.costs.prices
    lanes = terms.lanes[_TERMS].assign(
        chosen=np.isin(np.arange(len(terms.lanes)), assessment.chosen_lane),
        paid=prices.price(terms.order_size),
        paid_from=_break_reached(prices, terms.order_size),
        lead_time=terms.lead_time.mean(),
        lead_time_sd=terms.lead_time.std(),
        source=assessment.lead_time_sources["source"].to_numpy(object),
        n_orders=assessment.lead_time_sources["n_orders"].to_numpy(),
        safety_stock_units=terms.safety_stock,
        reorder_point=terms.reorder_point,
        order_size=terms.order_size,
        asked=[_asked(*row) for row in terms.lanes[_ASKED].itertuples(index=False)],
    )
    both = pd.concat([lanes.reset_index(drop=True), terms.total_cost.frame()], axis=1)
    return both.sort_values(["chosen", "total"], ascending=[False, True], ignore_index=True)


def _break_reached(prices: PriceBreaks, quantity: Array) -> Array:
    """Quantity (n,) from which the price of each offer holds at `quantity` (n,), NaN for the base price."""
    starts = np.where(prices.starts <= quantity[:, None], prices.starts, 0.0).max(axis=1)
    return np.where(starts > 0, starts, np.nan)


def _asked(unit_price: float, each: float, unit: str | None, currency: str | None, rate: float) -> str:
    """Price of an offer as the supplier names it: `49.00 USD per pack of 10`; empty where it is the same."""
    if missing(unit_price) or (missing(each) and (missing(rate) or rate == 1)):
        return ""
    own = price(unit_price * (1 if missing(each) else each) / (1 if missing(rate) else rate), currency or "")
    return own if missing(each) else f"{own} per {unit or 'purchase unit'} of {plain(each)}"
