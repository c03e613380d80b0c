"""Where anomalies are planted: a company's tables, the lines that are still free, and what was planted so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.contract.tables import DataError

KEY = ["order_id", "line"]
TRUTH = ("kind", "case", "order_id", "line", "invoice_id", "factor")
"""Columns of the truth; a case of several lines has a row each. `line` is None where a whole order is meant."""
_FIRST_WEEKS = 26
_KNOWN_DAYS = 21
"""A line is free if it came so many days before the last receipt: what is made after it lies within the data, too."""


@dataclass
class PlantingGround:
    """Tables that anomalies are planted in.

    Attributes
    ----------
    tables : the company's tables, changed as anomalies are planted
    rng : what chance is drawn from
    limit : money of an order above which somebody has to approve it
    lines : closed order lines after the first 26 weeks, sorted by key, labelled as their rows of `purchase_orders`,
        with `order_value`, the money of their order
    orders_taken, skus_taken : orders in a case, and SKUs in one that changes or adds lines
    planted : parts of the truth
    """

    tables: dict[str, pd.DataFrame]
    rng: np.random.Generator
    limit: float
    lines: pd.DataFrame
    orders_taken: set[str] = field(default_factory=set)
    skus_taken: set[str] = field(default_factory=set)
    planted: list[pd.DataFrame] = field(default_factory=list)

    @classmethod
    def of(cls, tables: Mapping[str, pd.DataFrame], rng: np.random.Generator, limit: float) -> Self:
        """The ground of a company's tables, of which `purchase_orders` has prices and receipts."""
        own = {name: frame.reset_index(drop=True).copy() for name, frame in tables.items()}
        orders = own["purchase_orders"]
        value = (
            (orders["quantity_ordered"] * orders["unit_price"]).groupby(orders["order_id"]).transform("sum")
        )
        free = orders["received_at"] <= orders["received_at"].max() - pd.Timedelta(days=_KNOWN_DAYS)
        free &= orders["ordered_at"] >= orders["ordered_at"].min() + pd.Timedelta(weeks=_FIRST_WEEKS)
        free &= (orders["unit_price"] > 0) & (orders["quantity_received"] > 0)
        return cls(own, rng, limit, orders.assign(order_value=value)[free].sort_values(KEY))

    def pick(self, kind: str, count: int, among: pd.Series, *, own_sku: bool) -> pd.DataFrame:
        """Draw `count` lines `among` the free ones (a flag each), one an order; with `own_sku` one a SKU, too.

        Raises
        ------
        DataError
            When there are not so many.
        """
        pool = self.lines[among & ~self.lines["order_id"].isin(list(self.orders_taken))]
        if own_sku:
            pool = pool[~pool["unique_id"].isin(list(self.skus_taken))]
        pool = pool.iloc[self.rng.permutation(len(pool))].drop_duplicates("order_id")
        pool = pool.drop_duplicates("unique_id") if own_sku else pool
        if len(pool) < count:
            raise DataError(
                f"anomalies: {count} of kind {kind} are asked for, and {len(pool)} order lines are free for it; "
                "plant fewer, or give another approval limit"
            )
        chosen = pool.iloc[:count]
        self.orders_taken |= set(chosen["order_id"])
        self.skus_taken |= set(chosen["unique_id"]) if own_sku else set()
        return chosen

    def note(self, kind: str, lines: pd.DataFrame, **facts: object) -> None:
        """Write planted `lines` (order_id, line) into the truth; each is a case, unless `facts` have the `case`."""
        rows = (
            lines[KEY].reset_index(drop=True).assign(**{"kind": kind, "case": np.arange(len(lines))} | facts)
        )
        self.planted.append(rows.reindex(columns=list(TRUTH)))

    def truth(self) -> pd.DataFrame:
        """What was planted, sorted by kind and case."""
        if not self.planted:
            return pd.DataFrame({name: pd.Series(dtype=object) for name in TRUTH})
        rows = pd.concat([part.astype({"factor": float}) for part in self.planted], ignore_index=True)
        rows = rows.astype(dict.fromkeys(("order_id", "line", "invoice_id"), object))
        rows = rows.where(rows.notna(), None).astype({"factor": float, "case": int})
        return rows.sort_values(["kind", "case", "order_id"], kind="stable", ignore_index=True)

    def scale(self, table: str, column: str, lines: pd.DataFrame, factor: NDArray[np.float64]) -> None:
        """Multiply a column of a table, where the company has it, in the rows of the `lines` (k,), by factors (k,)."""
        frame = self.tables.get(table)
        if frame is None or not {column, *KEY} <= set(frame.columns):
            return
        by_line = pd.Series(factor, index=pd.MultiIndex.from_frame(lines[KEY]))
        times = by_line.reindex(pd.MultiIndex.from_frame(frame[KEY])).fillna(1.0).to_numpy()
        digits = 2 if table == "invoices" else 3
        frame[column] = np.where(times == 1.0, frame[column], (frame[column] * times).round(digits))

    def add_orders(self, copies: pd.DataFrame) -> None:
        """Add orders of one line each, with their receipts, invoices and approvals.

        Parameters
        ----------
        copies : order_id, line (of the line that is copied), new_id, days (that all its dates move), supplier_id and
            units (NaN: as they were)
        """
        for name in ("purchase_orders", "receipts", "invoices", "approvals"):
            if name in self.tables:
                made = _copied(name, self.tables[name], copies)
                self.tables[name] = pd.concat([self.tables[name], made], ignore_index=False)

    def remove(self, lines: pd.DataFrame) -> None:
        """Remove order lines with their receipts and invoices, and the approvals of orders without lines."""
        for name in ("purchase_orders", "receipts", "invoices"):
            if name in self.tables and set(KEY) <= set(self.tables[name].columns):
                frame = self.tables[name]
                gone = pd.MultiIndex.from_frame(frame[KEY]).isin(pd.MultiIndex.from_frame(lines[KEY]))
                self.tables[name] = frame[~gone].copy()
        if "approvals" in self.tables:
            approvals, orders = self.tables["approvals"], self.tables["purchase_orders"]
            gone = approvals["order_id"].isin(lines["order_id"]) & ~approvals["order_id"].isin(
                orders["order_id"]
            )
            self.tables["approvals"] = approvals[~gone].copy()


def _copied(name: str, frame: pd.DataFrame, copies: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table that belong to added orders, as `PlantingGround.add_orders` has them."""
    by = ["order_id"] if name == "approvals" else KEY
    if not set(by) <= set(frame.columns):
        return frame.iloc[:0]
    facts = ["new_id", "days", "supplier_id", "units"]
    rows = copies[[*by, *facts]].rename(columns={fact: f"_{fact}" for fact in facts})
    rows = rows.drop_duplicates([*by, "_new_id"]).merge(frame, on=by)
    changed = rows["_units"].notna()
    if name in ("receipts", "invoices"):  # what is made anew comes, and is paid for, at once
        rows = rows[~(changed & rows.duplicated([*by, "_new_id"], keep="last"))]
        changed = rows["_units"].notna()
    for column in rows.select_dtypes("datetime").columns:
        rows[column] += pd.to_timedelta(rows["_days"], unit="D")
    if name == "purchase_orders":
        rows["supplier_id"] = rows["_supplier_id"]
        for column in {"quantity_ordered", "quantity_received"} & set(frame.columns):
            rows[column] = rows["_units"].where(changed, rows[column])
        if "quantity_rejected" in rows:
            rows["quantity_rejected"] = rows["quantity_rejected"].mask(changed, 0.0)
    if name == "receipts":
        rows["quantity"] = rows["_units"].where(changed, rows["quantity"])
    if name == "invoices":
        price = copies.set_index("new_id")["price"]
        money = (rows["_units"] * rows["_new_id"].map(price)).round(2)
        rows["amount"] = money.where(changed, rows["amount"])
        rows["invoice_id"] = (
            rows["invoice_id"].astype(object) + "-" + rows["_new_id"].str.rsplit("-", n=1).str[-1]
        )
    rows["order_id"] = rows["_new_id"]
    if "line" in frame:
        rows["line"] = "1"
    return rows[list(frame.columns)].set_index(pd.RangeIndex(_next(frame), _next(frame) + len(rows)))


def _next(frame: pd.DataFrame) -> int:
    """First row label of a table that is not taken."""
    return int(frame.index.max()) + 1 if len(frame) else 0
