"""Simulated: who offers which product, at what price, minimum and speed.

A product's real manufacturer decides which suppliers can offer it: each manufacturer deals with a few of them, the
large ones with more, and a product is on the list of one to three. Fresh goods go through fresh suppliers only.
Unit costs are made from the real price paid and a margin by department; a supplier's price level around them is
lower the slower, less reliable or larger in its minimum it is, with some noise, so that the cheapest offer is at
times the best one and at times not. The minimum is in weeks of the product's demand, and here and there far too large.
Expediting costs a fee and a share of the line's value, more from afar, and some name no price for it; some suppliers
are paid weeks after the goods came, some with the order, one before.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from examples.company.sales import START, Sales

Array = NDArray[np.float64]

_FRESH_DEPARTMENTS = ("produce", "meat", "seafood-pckgd", "deli", "pastry")
_FRESH_GROCERIES = ("fluid milk products", "milk by-products", "eggs", "baked bread/buns/rolls")
_MARGIN = {"grocery": 0.26, "produce": 0.35, "meat": 0.24, "drug gm": 0.34, "deli": 0.4, "pastry": 0.42}
_OTHER_MARGIN = 0.28
_SHELF_LIFE = {"produce": 21, "meat": 21, "seafood-pckgd": 21, "deli": 28, "pastry": 21, "meat-pckgd": 60}
_FRESH_SHELF_LIFE = 28
_HOLDING_RATE, _FRESH_HOLDING_RATE = 0.25, 0.5
"""Per year and unit of money tied up; what is fresh needs cold rooms and spoils."""
_CASES = np.array([1, 4, 6, 12, 24])
_OVERSIZED = 0.06
"""Share of offers of dry goods whose minimum is four times what the supplier asks elsewhere."""


def make_items(sales: Sales) -> pd.DataFrame:
    """The demo company's `items` before they are offered: `base_cost`, what suppliers ask, but no `unit_cost` yet."""
    items = sales.products.reset_index()
    department = items["department"]
    margin = department.map(_MARGIN).fillna(_OTHER_MARGIN)
    items["base_cost"] = items["unit_price"] * (1 - margin)
    items["holding_cost_rate"] = np.where(_is_fresh(items), _FRESH_HOLDING_RATE, _HOLDING_RATE)
    fresh_life = pd.Series(np.where(_is_fresh(items), _FRESH_SHELF_LIFE, np.nan), index=items.index)
    items["shelf_life_days"] = department.map(_SHELF_LIFE).astype(float).fillna(fresh_life)
    return items


def make_offers(
    items: pd.DataFrame, weekly: Array, suppliers: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """The demo company's `offers` with helper columns `product` and `supplier` (row numbers of the two tables).

    Parameters
    ----------
    weekly : (n,) mean weekly demand of each item
    """
    pairs = _pairs(items, suppliers, rng)
    terms = suppliers.iloc[pairs["supplier"]].reset_index(drop=True)
    demand = weekly[pairs["product"].to_numpy()]
    noise = rng.normal(1, 0.015, len(pairs))
    base = items["base_cost"].to_numpy()[pairs["product"].to_numpy()]
    price = np.maximum(0.02, base * terms["price_level"].to_numpy() * noise).round(3)
    multiple = _case_of(demand)
    weeks = terms["moq_weeks"].to_numpy() * rng.uniform(0.5, 1.6, len(pairs))
    oversized = (rng.random(len(pairs)) < _OVERSIZED) & (terms["goods"] == "dry").to_numpy()
    weeks *= np.where(oversized, 4.0, 1.0)
    moq = np.maximum(1, np.ceil(weeks * demand / multiple)) * multiple
    limited = rng.random(len(pairs)) < 0.04
    offers = pd.DataFrame(
        {
            "supplier_id": terms["supplier_id"],
            "unique_id": items["unique_id"].to_numpy()[pairs["product"].to_numpy()],
            "unit_price": price,
            "moq": moq,
            "order_multiple": multiple,
            "max_quantity": np.where(limited, _round_up(moq + 12 * demand, multiple), np.nan),
            "ordering_cost": terms["ordering_cost"],
            "lead_time_days": terms["lead_time_days"],
            "price_breaks": _price_breaks(price, moq, demand, rng),
            "expedite_cost": _expedite_cost(terms, np.maximum(moq, 2 * demand) * price),
            "payment_days": terms["payment_days"],
            "valid_from": START,
            "valid_to": pd.Series(pd.NaT, index=terms.index, dtype="datetime64[ns]"),
        }
    )
    return pd.concat([offers, pairs], axis=1).assign(preferred=_preferred(offers, rng))


def _expedite_cost(supplier: pd.DataFrame, value: Array) -> pd.Series:
    """What an offer asks for expediting a line of usual `value`: a fee and a share of it; none where none is named."""
    return (supplier["expedite_fee"] + supplier["expedite_share"] * value).round(2)


def _is_fresh(items: pd.DataFrame) -> NDArray[np.bool_]:
    groceries = items["category"].isin(_FRESH_GROCERIES)
    return np.asarray(items["department"].isin(_FRESH_DEPARTMENTS) | groceries, dtype=bool)


def _pairs(items: pd.DataFrame, suppliers: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Rows (product, supplier): each product with one to three suppliers that its manufacturer deals with."""
    fresh = _is_fresh(items)
    pairs = []
    for rows in items.groupby("manufacturer_id", sort=True).indices.values():
        for goods in (True, False):
            products = rows[fresh[rows] == goods]
            able = np.flatnonzero((suppliers["goods"] == "fresh").to_numpy() == goods)
            known = rng.choice(able, min(len(able), 2 + len(products) // 4), replace=False)
            for product in products:
                count = rng.choice([1, 2, 3], p=[0.25, 0.45, 0.3])
                offering = rng.choice(known, min(count, len(known)), replace=False)
                pairs += [(product, supplier) for supplier in offering]
    return pd.DataFrame(pairs, columns=["product", "supplier"]).sort_values(
        ["product", "supplier"], ignore_index=True
    )


def _case_of(demand: Array) -> Array:
    """Units in a case: the largest usual one that is at most half a week's demand."""
    rank = np.searchsorted(_CASES, demand / 2, side="right") - 1
    return _CASES[np.maximum(rank, 0)].astype(float)


def _round_up(quantity: Array, multiple: Array) -> Array:
    return np.asarray(np.ceil(quantity / multiple) * multiple)


def _price_breaks(price: Array, moq: Array, demand: Array, rng: np.random.Generator) -> list[str | None]:
    """On a third of the offers: 2 % off from the minimum plus four weeks' demand, 4 % off from plus ten."""
    first, second = np.ceil(moq + 4 * demand), np.ceil(moq + 10 * demand)
    texts = [
        f"{a:.0f}:{0.98 * p:.3f};{b:.0f}:{0.96 * p:.3f}" for a, b, p in zip(first, second, price, strict=True)
    ]
    given = rng.random(len(price)) < 0.33
    return [text if there else None for text, there in zip(texts, given, strict=True)]


def _preferred(offers: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Whether an offer is the desk's preferred one of its SKU: two times in three the cheapest, else any."""
    cheapest = rng.random(offers["unique_id"].nunique()) < 0.67
    by_price = pd.Series(cheapest, index=sorted(offers["unique_id"].unique()))
    score = np.where(
        offers["unique_id"].map(by_price).astype(bool), offers["unit_price"], rng.random(len(offers))
    )
    best = pd.Series(score, index=offers.index).groupby(offers["unique_id"]).idxmin()
    return pd.Series(offers.index.isin(best), index=offers.index)
