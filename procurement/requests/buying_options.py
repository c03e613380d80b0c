"""Buying options: every usable offer for a request, with contract, price at the quantity, and chance to be in time."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from distributions.distribution import Distribution
from planning.cost.price_breaks import PriceBreaks
from planning.policy.order_size import OrderLimits
from procurement.spend.agreements import contract_of_lines, contract_prices
from procurement.spend.spend_lines import supplier_flags

OPTIONS = {
    "supplier_id": "object", "preferred": "bool", "contract_id": "object", "under_contract": "bool",
    "quantity": "float64", "unit_price": "float64", "money": "float64", "lead_time_median": "float64",
    "lead_time_high": "float64", "arrives_by": "datetime64[ns]", "in_time": "float64", "certified": "bool",
    "diverse": "bool", "local": "bool", "needs_approval": "bool", "why": "object",
}  # fmt: skip
"""Column of the table of buying options → dtype."""

SURELY = 0.9
"""Chance from which an option counts as in time, and the quantile of the lead time that is shown as high."""


@dataclass(frozen=True)
class PurchaseRequest:
    """What a department asks for.

    Attributes
    ----------
    unique_id, quantity : a SKU and units of it
    category : of the SKU
    asked_at : day of the request
    needed_by : day on which it has to be there; None: no matter
    """

    unique_id: str
    quantity: float
    category: str | None
    asked_at: pd.Timestamp
    needed_by: pd.Timestamp | None = None


def buying_options(
    request: PurchaseRequest,
    offers: pd.DataFrame,
    lead_time: Distribution,
    contracts: pd.DataFrame,
    suppliers: pd.DataFrame,
    *,
    limit: float | None,
) -> pd.DataFrame:
    """What the request can be bought as, the best first.

    What covers the quantity goes before what does not, in time before late, under contract or preferred before others,
    and then the least money. An offer whose MOQ, multiple or maximum do not allow the quantity is taken with the least
    that covers it, or the most it allows. Without a price nobody knows whether an approval is needed: it counts as so.

    Parameters
    ----------
    offers : usable offers of the SKU, k rows of the data contract
    lead_time : of each offer, ordered on the day of the request, k distributions
    limit : money from which an order needs an approval; None: never

    Returns
    -------
    DataFrame
        `OPTIONS`: money (at the contract's price where it names one), lead_time_median and lead_time_high (days),
        arrives_by (the latter as a date), in_time (chance; NaN where no date is asked for)
    """
    offers = offers.reset_index(drop=True)
    limits = OrderLimits(
        *(offers[name].astype(float).fillna(empty).to_numpy(float) for name, empty in _LIMITS.items())
    )
    quantity = limits.allowed(np.full(len(offers), request.quantity))
    prices = PriceBreaks.read(offers["unit_price"].to_numpy(float), offers["price_breaks"].tolist())
    lines = offers[["supplier_id", "unique_id"]].assign(
        category=request.category, ordered_at=request.asked_at
    )
    contract = contract_of_lines(lines, contracts)
    agreed = contract_prices(contracts, contract)
    price = np.where(np.isnan(agreed), prices.price(quantity), agreed)
    median, high = (
        lead_time.quantile(np.full(len(offers), 0.5)),
        lead_time.quantile(np.full(len(offers), SURELY)),
    )
    in_time = np.full(len(offers), np.nan)
    if request.needed_by is not None:
        days = (request.needed_by - request.asked_at).days
        in_time = lead_time.cdf(np.full(len(offers), float(days)))
    money = quantity * price
    ids = np.array([*contracts["contract_id"], None], dtype=object)
    table = offers[["supplier_id"]].assign(
        preferred=offers["preferred"].fillna(value=False).astype(bool),
        contract_id=ids[contract],
        under_contract=contract >= 0,
        quantity=quantity,
        unit_price=price,
        money=money,
        lead_time_median=median,
        lead_time_high=high,
        arrives_by=request.asked_at.normalize() + pd.to_timedelta(np.ceil(high), unit="D"),
        in_time=in_time,
        needs_approval=np.zeros(len(offers), bool) if limit is None else ~(money < limit),
        **supplier_flags(offers, suppliers),
    )
    table["why"] = [
        _why(row, request, least=moq)
        for row, moq in zip(table.to_dict("records"), limits.smallest, strict=True)
    ]
    table = table[table["quantity"] > 0]
    order = pd.DataFrame(
        {
            "short": (table["quantity"] < request.quantity).astype(int),
            "late": (table["in_time"] < SURELY).astype(int),
            "outside": (~(table["under_contract"] | table["preferred"])).astype(int),
            "money": table["money"],
            "supplier": table["supplier_id"],
        }
    )
    return table.loc[order.sort_values(list(order), kind="stable").index, list(OPTIONS)].reset_index(
        drop=True
    )


_LIMITS = {"moq": 0.0, "order_multiple": 0.0, "max_quantity": np.inf}


def _why(option: dict[str, object], request: PurchaseRequest, *, least: float) -> str:
    """What speaks for an option and against it, in a few words; `least` is the smallest quantity that is sold."""
    words = []
    if option["under_contract"]:
        words.append(f"under contract {option['contract_id']}" if option["contract_id"] else "under contract")
    elif option["preferred"]:
        words.append("preferred vendor")
    quantity, chance, money = (float(str(option[name])) for name in ("quantity", "in_time", "money"))
    if least > request.quantity:
        words.append(f"sells {quantity:,.0f} at least")
    elif quantity > request.quantity:
        words.append(f"in whole lots {quantity:,.0f}")
    elif quantity < request.quantity:
        words.append(f"sells {quantity:,.0f} at most")
    if chance < SURELY:
        words.append(f"in time with a chance of {chance:.0%} only")
    if np.isnan(money):
        words.append("no price is known")
    if option["needs_approval"]:
        words.append("needs an approval")
    return ", ".join(words)
