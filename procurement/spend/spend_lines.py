"""Spend lines: every order line as spend, with whose it was and its price against contract, market and invoices."""

import numpy as np
import pandas as pd

from distributions.distribution import Array
from features.contract.in_force import in_force
from features.contract.tables import Tables
from features.orders.line_department import line_department
from procurement.spend.agreements import (
    contract_of_lines,
    contract_prices,
    contracted_elsewhere,
    distinct_rows,
)

SPEND_LINES = {
    "order_id": "object", "line": "object", "ordered_at": "datetime64[ns]", "month": "object",
    "unique_id": "object", "supplier_id": "object", "category": "object", "department": "object", "site": "object",
    "status": "object", "units": "float64", "unit_price": "float64", "amount": "float64", "priced": "bool",
    "contract_id": "object", "contract_price": "float64", "over_contract": "float64", "contracted": "bool",
    "off_contract": "bool", "lowest_offer": "float64", "over_lowest": "float64", "invoiced": "float64",
    "requested_by": "object", "approved_by": "object", "certified": "bool", "diverse": "bool", "local": "bool",
}  # fmt: skip
"""Column of the spend lines → dtype; `docs/files.md` says what each is."""

ENDED = ("cancelled", "closed")
"""Status of lines of which only counts what came."""


def no_spend_lines() -> pd.DataFrame:
    """The spend lines without any."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in SPEND_LINES.items()})


def spend_lines(tables: Tables, as_of: pd.Timestamp) -> pd.DataFrame:
    """Every order line placed by the end of the day `as_of` as spend, drafts left out, by day, order and line.

    Spend is what was committed: the units ordered, of a line that was cancelled or closed short those that came, at the
    order's price. A line without a price is counted with nothing and not `priced`.

    Returns
    -------
    DataFrame
        `SPEND_LINES`: contract_price (of the contract in force for the line's supplier and SKU, else its category, else
        all of the supplier), over_contract and over_lowest (money paid above that price, and above the lowest offer for
        the SKU in force on the day, negative: below; NaN: no such price), contracted (bought under a contract),
        off_contract (another supplier had the contract for the SKU or its category), invoiced (money, NaN: no invoice)
    """
    orders = tables.purchase_orders
    until = as_of.normalize() + pd.Timedelta(days=1)
    orders = orders[(orders["ordered_at"] < until) & (orders["status"] != "draft")]
    if orders.empty:
        return no_spend_lines()
    orders = orders.sort_values(["ordered_at", "order_id", "line"], kind="stable", ignore_index=True)
    categories = tables.items.drop_duplicates("unique_id").set_index("unique_id")["category"]
    units = _committed_units(orders)
    price = orders["unit_price"].to_numpy(float)
    lines = orders[["order_id", "line", "ordered_at", "unique_id", "supplier_id", "status"]].assign(
        month=orders["ordered_at"].dt.strftime("%Y-%m"),
        category=orders["unique_id"].map(categories),
        department=line_department(orders, tables.approvals, tables.items),
        site=orders["site"],
        units=units,
        unit_price=price,
        amount=np.nan_to_num(units * price),
        priced=~np.isnan(price),
    )
    contract = contract_of_lines(lines, tables.contracts)
    agreed = contract_prices(tables.contracts, contract)
    lowest = _lowest_offers(lines, tables.offers)
    ids = np.array([*tables.contracts["contract_id"], None], dtype=object)
    lines = lines.assign(
        contract_id=ids[contract],
        contract_price=agreed,
        over_contract=(price - agreed) * units,
        contracted=contract >= 0,
        off_contract=(contract < 0) & contracted_elsewhere(lines, tables.contracts),
        lowest_offer=lowest,
        over_lowest=(price - lowest) * units,
        invoiced=invoiced_money(lines, tables.invoices),
        **_who_approved(lines, tables.approvals),
        **supplier_flags(lines, tables.suppliers),
    )
    return lines[list(SPEND_LINES)]


def _committed_units(orders: pd.DataFrame) -> Array:
    """Units that an order line commits to, (n,): those ordered, of one cancelled or closed short those that came."""
    came = orders["quantity_received"].fillna(0.0)
    return np.asarray(orders["quantity_ordered"].where(~orders["status"].isin(ENDED), came), float)


def _lowest_offers(lines: pd.DataFrame, offers: pd.DataFrame) -> Array:
    """Lowest unit price offered for each line's SKU by anybody on its day, (n,); NaN without an offer in force."""
    priced = offers[offers["unit_price"].notna()][["unique_id", "unit_price", "valid_from", "valid_to"]]
    if priced.empty:
        return np.full(len(lines), np.nan)
    days = lines["ordered_at"].dt.normalize()
    code, asked = distinct_rows(pd.DataFrame({"unique_id": lines["unique_id"], "day": days}))
    both = asked.assign(at=np.arange(len(asked))).merge(priced, on="unique_id")
    lowest = both[in_force(both, both["day"])].groupby("at")["unit_price"].min()
    return np.asarray(lowest.reindex(code), float)


def invoiced_money(lines: pd.DataFrame, invoices: pd.DataFrame) -> Array:
    """Money invoiced for each line, (n,), NaN where nothing was; an invoice of a whole order is shared by amount."""
    result = np.full(len(lines), np.nan)
    if invoices.empty:
        return result
    by_line = invoices[invoices["line"].notna()].groupby(["order_id", "line"])["amount"].sum()
    key = pd.MultiIndex.from_frame(lines[["order_id", "line"]])
    result = by_line.reindex(key).to_numpy(float)
    whole = invoices[invoices["line"].isna()].groupby("order_id")["amount"].sum()
    amount = lines["amount"]
    total = amount.groupby(lines["order_id"]).transform("sum").to_numpy(float)
    lines_of = amount.groupby(lines["order_id"]).transform("size").to_numpy(float)
    share = np.divide(amount.to_numpy(float), total, out=1.0 / lines_of, where=total > 0)
    shared = whole.reindex(lines["order_id"]).to_numpy(float) * share
    both = np.nan_to_num(result) + np.nan_to_num(shared)
    return np.asarray(np.where(np.isnan(result) & np.isnan(shared), np.nan, both))


def _who_approved(lines: pd.DataFrame, approvals: pd.DataFrame) -> dict[str, pd.Series]:
    """Who asked for each line's order and who approved it: of several approvals the last one."""
    last = approvals.sort_values("at", kind="stable", na_position="first").drop_duplicates(
        "order_id", keep="last"
    )
    by_order = last.set_index("order_id")
    return {
        name: lines["order_id"].map(by_order[name]).astype(object) for name in ("requested_by", "approved_by")
    }


def supplier_flags(lines: pd.DataFrame, suppliers: pd.DataFrame) -> dict[str, pd.Series]:
    """Whether the supplier of each line or offer is known as certified, diverse and local."""
    return {
        name: lines["supplier_id"].isin(suppliers.loc[suppliers[f"is_{name}"].eq(other=True), "supplier_id"])
        for name in ("certified", "diverse", "local")
    }
