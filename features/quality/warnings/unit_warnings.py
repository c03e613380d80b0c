"""Warnings about units that offers and rates are in: purchase units taken for the SKU's own, old and odd rates."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from configs.formats import day, plain, price, quantity
from configs.schema import DataConfig
from features.contract.lead_time_clock import PLACED
from features.contract.tables import Tables
from features.quality.conversion.currencies import RATE
from features.quality.conversion.exchange_rates import ExchangeRates
from features.quality.conversion.purchase_units import UNITS_EACH
from features.quality.warnings.data_warning import DataWarning

_LANE = ["supplier_id", "unique_id"]
_ALIKE, _APART = np.log(1.5), np.log(1.9)  # a pack holds two at least
_ENOUGH = 3
"""Order lines of a lane below which their quantities say nothing about packs."""
_JUMP = 1.5
"""Ratio of a rate to the one before that looks like a typing error or a rate upside down."""


def unit_warnings(tables: Tables, data: DataConfig, as_of: pd.Timestamp) -> Iterator[DataWarning]:
    """Warnings about offers that seem to mix up their units, and about the rates that money is converted at."""
    packed = tables.offers[tables.offers[UNITS_EACH] > 1]
    if len(packed):
        yield from prices_per_own_unit(packed, tables)
        yield from orders_in_packs(packed, tables.purchase_orders)
    if len(tables.rates) and data.currency is not None:
        yield from jumping_rates(tables.rates)
        yield from old_rates(tables, data, as_of)


def prices_per_own_unit(packed: pd.DataFrame, tables: Tables) -> Iterator[DataWarning]:
    """Warning about offers whose price of a purchase unit equals what one of the SKU's own units usually costs."""
    usual = tables.purchase_orders.groupby(_LANE)["unit_price"].median()
    usual_price = usual.reindex(pd.MultiIndex.from_frame(packed[_LANE])).to_numpy(float)
    cost = tables.items.drop_duplicates("unique_id").set_index("unique_id")["unit_cost"]
    known = np.where(np.isnan(usual_price), cost.reindex(packed["unique_id"]).to_numpy(float), usual_price)
    own, each = packed["unit_price"].to_numpy(float), packed[UNITS_EACH].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        as_read, as_own = np.log(own / known), np.log(own * each / known)
        odd = np.flatnonzero((np.abs(as_own) < _ALIKE) & (as_read < -_APART))
    if not len(odd):
        return
    first = packed.iloc[odd[0]]
    yield DataWarning(
        "purchase_unit_price",
        "offers",
        len(odd),
        len(packed),
        f"{len(odd):,} of {len(packed):,} prices of a purchase unit are what one of the SKU's own units costs",
        f"{first['unique_id']} from {first['supplier_id']}: {price(own[odd[0]] * each[odd[0]])} for "
        f"{plain(each[odd[0]])} units, which usually cost {price(known[odd[0]])} each",
        f"In a row with {UNITS_EACH}, unit_price and price_breaks are of a purchase unit: multiply them by it",
    )


def orders_in_packs(packed: pd.DataFrame, orders: pd.DataFrame) -> Iterator[DataWarning]:
    """Warning about lanes bought in packs whose past orders are no whole number of them: they may count packs."""
    lanes = packed.drop_duplicates(_LANE, keep="last")[[*_LANE, UNITS_EACH]]
    lines = orders[[*_LANE, "quantity_ordered"]].merge(lanes, on=_LANE)
    count = lines["quantity_ordered"] / lines[UNITS_EACH]
    facts = lines.assign(broken=(count - count.round()).abs() > 1e-6).groupby(_LANE).agg(
        lines=("broken", "size"), broken=("broken", "mean"), usual=("quantity_ordered", "median")
    )  # fmt: skip
    odd = facts[(facts["lines"] >= _ENOUGH) & (facts["broken"] > 0.5)]
    if len(odd):
        supplier_id, unique_id = odd.index[0]
        each = lanes.set_index(_LANE)[UNITS_EACH][odd.index[0]]
        yield DataWarning(
            "orders_in_packs",
            "purchase_orders",
            len(odd),
            len(facts),
            f"past orders on {len(odd):,} of {len(facts):,} lanes bought in packs are mostly no whole number of packs: "
            "their quantities may count packs",
            f"{unique_id} from {supplier_id}: usually {quantity(odd['usual'].iloc[0])}, in packs of {plain(each)}",
            "Give quantities of purchase_orders, receipts and stock in the SKU's own unit",
        )


def jumping_rates(rates: pd.DataFrame) -> Iterator[DataWarning]:
    """Warning about rates that are far from the one before: a typing error, or a rate upside down."""
    ordered = rates.sort_values(["currency", "ds"], kind="stable")
    ratio = ordered["rate"] / ordered.groupby("currency")["rate"].shift()
    odd = ordered[(ratio > _JUMP) | (ratio < 1 / _JUMP)]
    if len(odd):
        first = odd.iloc[0]
        yield DataWarning(
            "jumping_rate",
            "rates",
            len(odd),
            len(rates),
            f"{len(odd):,} of {len(rates):,} rates are more than ×{_JUMP} off the one before",
            f"{first['currency']} on {day(first['ds'])}: {plain(first['rate'])}",
            "A rate is the company's currency for one unit of the foreign one",
        )


def old_rates(tables: Tables, data: DataConfig, as_of: pd.Timestamp) -> Iterator[DataWarning]:
    """Warning about prices converted at a rate older than `data.max_rate_age_days` on their day."""
    used = ExchangeRates.read(tables.rates, str(data.currency).upper())
    for name, frame in (("offers", tables.offers), ("purchase_orders", tables.purchase_orders)):
        if RATE not in frame:
            continue
        priced = frame[frame["currency"].notna() & frame["unit_price"].notna()].reset_index(drop=True)
        at = PLACED if PLACED in priced else "ordered_at"
        days = priced[at] if name == "purchase_orders" else pd.Series(as_of, index=priced.index)
        _, age = used.on(priced["currency"].to_numpy(object), days.to_numpy("datetime64[ns]"))
        old = np.flatnonzero(age > data.max_rate_age_days)
        if len(old):
            row = old[np.argmax(age[old])]
            last = days.iloc[row] - pd.Timedelta(days=age[row])
            yield DataWarning(
                "old_rate",
                name,
                len(old),
                len(priced),
                f"{len(old):,} of {len(priced):,} prices are converted at a rate more than "
                f"{plain(data.max_rate_age_days)} days old (data.max_rate_age_days)",
                f"{priced['currency'].iloc[row]} on {day(days.iloc[row])}: the last rate is of {day(last)}",
                "Give rates up to the day of the data",
            )
