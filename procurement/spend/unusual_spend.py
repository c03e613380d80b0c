"""Unusual spend: lines, orders and invoices that are odd by one of ten rules, with the money, the chance and why."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from procurement.spend.order_patterns import BURST_DAYS, from_new_vendor, ordered_often, ordered_twice
from procurement.spend.paper_trail import (
    invoiced_above,
    invoiced_twice,
    order_values,
    self_approved,
    split_orders,
    without_approval,
)
from procurement.spend.robust_scores import above_highest, chance_above, chance_of_excess, scores_by_past
from procurement.spend.spend_lines import invoiced_money

UNUSUAL = {
    "kind": "object", "at": "datetime64[ns]", "order_id": "object", "line": "object", "unique_id": "object",
    "supplier_id": "object", "category": "object", "department": "object", "site": "object", "amount": "float64",
    "expected": "float64", "observed": "float64", "chance": "float64", "reason": "object",
}  # fmt: skip
"""Column of the table of unusual spend → dtype."""

KINDS = {
    "price": "Price far above what was paid before",
    "quantity": "Quantity far above the most that was ordered before",
    "ordered_twice": "Same goods ordered again within days",
    "ordered_often": "Ordered far more often than usual",
    "new_vendor": "First order from somebody without offer or contract",
    "split": "Orders that together pass the approval limit",
    "no_approval": "Above the approval limit, approved by nobody",
    "self_approved": "Approved by whoever asked for it",
    "invoiced_twice": "The same money asked for twice",
    "invoiced_above": "Invoiced above what was ordered",
}
"""Rule → what it says."""

_SELDOM = 1 / 20_000
"""Chance below which a price is unusual: a false alarm in twenty thousand lines."""
_SELDOM_QUANTITY = _SELDOM_OFTEN = 1 / 1_000
"""Of quantities and frequencies, which vary by themselves."""
_SELDOM_TWICE = 1 / 200
_LEAST_PRICE, _LEAST_QUANTITY = 1.1, 2.0
"""Times the usual price or quantity from which it can be unusual at all."""
_LEAST_ORDERS = 4


@dataclass(frozen=True)
class Found:
    """What one rule found: rows of the lines, and of each its money, expectation, observation, chance and reason."""

    kind: str
    rows: NDArray[np.intp]
    amount: NDArray[np.float64]
    expected: NDArray[np.float64]
    observed: NDArray[np.float64]
    chance: NDArray[np.float64]
    reasons: list[str]


def no_unusual_spend() -> pd.DataFrame:
    """The table of unusual spend without any."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in UNUSUAL.items()})


def unusual_spend(
    lines: pd.DataFrame, invoices: pd.DataFrame, offers: pd.DataFrame, *, limit: float | None, approvals: bool
) -> pd.DataFrame:
    """What is unusual in the spend, the last first: a row for every line, order or invoice and rule.

    A price, quantity or frequency is judged against the orders before it. How far lines usually scatter is taken from
    the middle of all of them.

    Parameters
    ----------
    lines : frame of `procurement.spend.spend_lines.spend_lines`
    invoices, offers : tables of the data contract
    limit : money of an order from which it needs an approval; None: no order does
    approvals : whether the company has a table of approvals at all

    Returns
    -------
    DataFrame
        `UNUSUAL`: amount (the money in question), expected and observed (a price, units, orders or money, by the rule),
        chance (of it being so in usual business, NaN where a rule was broken)
    """
    if lines.empty:
        return no_unusual_spend()
    found = [
        *_prices(lines), *_quantities(lines), *_twice(lines), *_often(lines), *_new_vendors(lines, offers),
        *_papers(lines, limit, approvals=approvals), *_invoices(lines, invoices),
    ]  # fmt: skip
    if not found:
        return no_unusual_spend()
    names = ["order_id", "line", "unique_id", "supplier_id", "category", "department", "site"]
    parts = [
        lines.iloc[part.rows][names].assign(
            kind=part.kind,
            at=lines["ordered_at"].iloc[part.rows],
            amount=part.amount,
            expected=part.expected,
            observed=part.observed,
            chance=part.chance,
            reason=part.reasons,
        )
        for part in found
    ]
    table = pd.concat(parts, ignore_index=True)[list(UNUSUAL)]
    return table.sort_values(
        ["at", "order_id", "line", "kind"], ascending=[False, True, True, True], ignore_index=True
    )


def _prices(lines: pd.DataFrame) -> Iterator[Found]:
    """Prices above those paid before for the SKU at the supplier, or for few lines there anywhere."""
    with np.errstate(divide="ignore", invalid="ignore"):
        price = np.log(lines["unit_price"].to_numpy(float))
    price[~np.isfinite(price)] = np.nan
    lane = lines.groupby(["supplier_id", "unique_id"], sort=True).ngroup().to_numpy(np.int64)
    sku = lines.groupby("unique_id", sort=True).ngroup().to_numpy(np.int64)
    score, usual = scores_by_past(price, lane, least=1, floor=0.02)
    other, others = scores_by_past(price, sku, least=3, floor=0.05)
    few = np.isnan(score)
    chance = np.where(few, chance_above(other), chance_above(score))
    usual = np.where(few, others, usual)
    ratio = np.exp(price - usual)
    rows = np.flatnonzero((chance < _SELDOM) & (ratio >= _LEAST_PRICE))
    if not len(rows):
        return
    paid, before = np.exp(price[rows]), np.exp(usual[rows])
    reasons = [
        f"{now:,.2f} a unit, {now / then - 1:.0%} above the {then:,.2f} paid before"
        for now, then in zip(paid, before, strict=True)
    ]
    money = (paid - before) * lines["units"].to_numpy(float)[rows]
    yield Found("price", rows, money, before, paid, chance[rows], reasons)


def _quantities(lines: pd.DataFrame) -> Iterator[Found]:
    """Quantities above the highest of the SKU's last orders."""
    units = lines["units"].to_numpy(float)
    logs = np.log(np.where(units > 0, units, np.nan))
    sku = lines.groupby("unique_id", sort=True).ngroup().to_numpy(np.int64)
    excess, highest = above_highest(logs, sku, least=3)
    chance = chance_of_excess(excess)
    rows = np.flatnonzero((chance < _SELDOM_QUANTITY) & (np.exp(excess) >= _LEAST_QUANTITY))
    if not len(rows):
        return
    before = np.exp(highest[rows])
    reasons = [
        f"{now:,.0f} units, {now / then:.1f} times the {then:,.0f} that were the most before"
        for now, then in zip(units[rows], before, strict=True)
    ]
    money = (units[rows] - before) * np.nan_to_num(lines["unit_price"].to_numpy(float)[rows])
    yield Found("quantity", rows, money, before, units[rows], chance[rows], reasons)


def _twice(lines: pd.DataFrame) -> Iterator[Found]:
    chance = ordered_twice(lines)
    rows = np.flatnonzero(chance < _SELDOM_TWICE)
    if len(rows):
        units, amount = (lines[name].to_numpy(float)[rows] for name in ("units", "amount"))
        reasons = [f"{quantity:,.0f} units, as in the order days before" for quantity in units]
        yield Found("ordered_twice", rows, amount, np.zeros(len(rows)), units, chance[rows], reasons)


def _often(lines: pd.DataFrame) -> Iterator[Found]:
    observed, expected, chance = ordered_often(lines)
    rows = np.flatnonzero((chance < _SELDOM_OFTEN) & (observed >= _LEAST_ORDERS))
    if len(rows):
        reasons = [
            f"{now:.0f} orders within {BURST_DAYS} days, usual are {usual:.1f}"
            for now, usual in zip(observed[rows], expected[rows], strict=True)
        ]
        amount = lines["amount"].to_numpy(float)[rows]
        yield Found("ordered_often", rows, amount, expected[rows], observed[rows], chance[rows], reasons)


def _new_vendors(lines: pd.DataFrame, offers: pd.DataFrame) -> Iterator[Found]:
    chance = from_new_vendor(lines, offers)
    rows = np.flatnonzero(~np.isnan(chance))
    if len(rows):
        amount, nothing = lines["amount"].to_numpy(float)[rows], np.zeros(len(rows))
        suppliers = lines["supplier_id"].iloc[rows]
        reasons = [
            f"{supplier} was never bought from, offers nothing and has no contract" for supplier in suppliers
        ]
        yield Found("new_vendor", rows, amount, nothing, amount, chance[rows], reasons)


def _papers(lines: pd.DataFrame, limit: float | None, *, approvals: bool) -> Iterator[Found]:
    """What approvals and orders near the limit show; each order is found at its first line."""
    orders = order_values(lines)
    unknown = np.full(len(orders), np.nan)
    rules = []
    if approvals:
        rules.append(
            ("self_approved", self_approved(orders), unknown, "approved by {asked}, who asked for it")
        )
    if limit is not None:
        nobody = "{amount:,.0f} approved by nobody, limit {limit:,.0f}"
        together = "{amount:,.0f} and more within days, together above {limit:,.0f}"
        if approvals:
            rules.append(("no_approval", without_approval(orders, limit), unknown, nobody))
        rules.append(("split", *split_orders(orders, lines, limit), together))
    for kind, found, chance, sentence in rules:
        rows = np.flatnonzero(found.to_numpy(bool))
        if len(rows):
            chosen = orders.iloc[rows]
            amount = chosen["amount"].to_numpy(float)
            reasons = [
                sentence.format(asked=asked, amount=money, limit=limit)
                for asked, money in zip(chosen["requested_by"], amount, strict=True)
            ]
            allowed = np.full(len(rows), np.nan if limit is None else limit)
            at = chosen["first_row"].to_numpy(np.intp)
            yield Found(kind, at, amount, allowed, amount, chance[rows], reasons)


def _invoices(lines: pd.DataFrame, invoices: pd.DataFrame) -> Iterator[Found]:
    """What invoices show, at the order line they are for."""
    if invoices.empty:
        return
    twice = invoiced_twice(invoices, lines)
    over = invoiced_above(lines, invoiced_money(lines, invoices[~twice]))
    rows = np.flatnonzero(over > 0)
    amount, asked = lines["amount"].to_numpy(float), lines["invoiced"].to_numpy(float)
    nothing = np.full(len(lines), np.nan)
    if len(rows):
        reasons = [
            f"{money:,.2f} invoiced above the {due:,.2f} ordered"
            for money, due in zip(over[rows], amount[rows], strict=True)
        ]
        yield Found("invoiced_above", rows, over[rows], amount[rows], asked[rows], nothing[rows], reasons)
    again = invoices[twice].assign(line=invoices["line"].fillna(""))
    if len(again):
        sums = again.groupby(["order_id", "line"])["amount"].sum()
        keys = pd.MultiIndex.from_frame(lines[["order_id", "line"]])
        whole = pd.MultiIndex.from_arrays([lines["order_id"], np.full(len(lines), "")])
        money = sums.reindex(keys).fillna(0.0).to_numpy(float)
        first = ~lines["order_id"].duplicated().to_numpy()
        money = money + np.where(first, sums.reindex(whole).fillna(0.0).to_numpy(float), 0.0)
        rows = np.flatnonzero(money > 0)
        reasons = [f"{value:,.2f} asked for again" for value in money[rows]]
        yield Found("invoiced_twice", rows, money[rows], amount[rows], asked[rows], nothing[rows], reasons)
