"""Unusual purchases planted into a company's tables, with the truth about them, for benchmarks of what finds them.

Every planted case is on lines that came, were ordered after the first 26 weeks, and are in no other case: no order is
in two cases, and of the kinds that change or add lines no SKU. `PLANT` says what each kind is.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from examples.company.planting_ground import KEY, PlantingGround

APPROVAL_LIMIT = 2000.0
"""Money of an order above which somebody has to approve it, unless another limit is given."""
NEEDS = {
    "double_invoice": "invoices",
    "over_invoiced": "invoices",
    "no_approval": "approvals",
    "self_approved": "approvals",
}
"""Kind → the table without which there is none of it."""
_BELOW = (0.85, 0.99)
"""Order values of a split order, by the approval limit."""
_WHOLE = 2.7
"""What a split order was worth before, about, by the approval limit."""
_CHOICE = 5
"""A split order is drawn from so many times as many lines of about that worth."""


def plant_anomalies(
    tables: Mapping[str, pd.DataFrame], rng: np.random.Generator, each: int, *, limit: float = APPROVAL_LIMIT
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Plant `each` cases of every kind into a company's tables; of kinds whose table it lacks none.

    Parameters
    ----------
    tables : tables of the contract, as a source has them or clean; `purchase_orders` with unit_price, received_at and
        quantity_received; they stay as they are
    limit : money of an order above which somebody has to approve it

    Returns
    -------
    tables : with the cases in them; added rows come last
    truth : kind, case, order_id, line, invoice_id, factor (by which a price, quantity or amount was raised)

    Raises
    ------
    DataError
        When there are not enough lines.
    """
    kinds = [kind for kind in PLANT if NEEDS.get(kind, "purchase_orders") in tables]
    return plant(tables, rng, dict.fromkeys(kinds, each), limit=limit)


def plant(
    tables: Mapping[str, pd.DataFrame],
    rng: np.random.Generator,
    counts: Mapping[str, int],
    *,
    limit: float = APPROVAL_LIMIT,
    price_factor: tuple[float, float] = (1.3, 3.0),
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Plant anomalies as `plant_anomalies` does, of each kind as many as `counts` says."""
    ground = PlantingGround.of(tables, rng, limit)
    for kind, how in PLANT.items():
        if counts.get(kind, 0) and kind == "price":
            _price(ground, counts[kind], price_factor)
        elif counts.get(kind, 0):
            how(ground, counts[kind])
    return {name: frame.reset_index(drop=True) for name, frame in ground.tables.items()}, ground.truth()


def _price(ground: PlantingGround, count: int, factors: tuple[float, float] = (1.3, 3.0)) -> None:
    """A line's price is 1.3 to 3 times what it was, and so is its invoice."""
    chosen = ground.pick("price", count, ground.lines["unit_price"] > 0, own_sku=True)
    factor = ground.rng.uniform(*factors, count)
    ground.scale("purchase_orders", "unit_price", chosen, factor)
    ground.scale("invoices", "amount", chosen, factor)
    ground.note("price", chosen, factor=factor)


def _quantity(ground: PlantingGround, count: int) -> None:
    """A line's quantity is 5 to 20 times what it was, with its receipts and invoice, at the price that it had."""
    chosen = ground.pick("quantity", count, ground.lines["unit_price"] > 0, own_sku=True)
    factor = ground.rng.integers(5, 21, count).astype(float)
    for column in ("quantity_ordered", "quantity_received"):
        ground.scale("purchase_orders", column, chosen, factor)
    ground.scale("receipts", "quantity", chosen, factor)
    ground.scale("invoices", "amount", chosen, factor)
    ground.note("quantity", chosen, factor=factor)


def _duplicate(ground: PlantingGround, count: int) -> None:
    """A line is ordered again 1 to 3 days later: same supplier, SKU and quantity, another order."""
    chosen = ground.pick("duplicate", count, ground.lines["unit_price"] > 0, own_sku=True)
    copies = _copies(chosen, "D1", ground.rng.integers(1, 4, count))
    ground.add_orders(copies)
    ground.note("duplicate", _new_lines(copies))


def _frequency(ground: PlantingGround, count: int) -> None:
    """A SKU is ordered four more times within two weeks."""
    chosen = ground.pick("frequency", count, ground.lines["unit_price"] > 0, own_sku=True)
    days = np.argsort(ground.rng.random((count, 13)), axis=1)[:, :4] + 1
    parts = [_copies(chosen, f"F{more + 1}", days[:, more]) for more in range(4)]
    copies = pd.concat(parts, ignore_index=True)
    ground.add_orders(copies)
    ground.note("frequency", _new_lines(copies), case=np.tile(np.arange(count), 4))


def _new_vendor(ground: PlantingGround, count: int) -> None:
    """A line is bought, in an order of its own, from a supplier that never sold anything to the company."""
    chosen = ground.pick("new_vendor", count, ground.lines["unit_price"] > 0, own_sku=True)
    names = [f"NEW-{number:02d}" for number in range(1, count + 1)]
    copies = _copies(chosen, "N1", np.zeros(count)).assign(supplier_id=names)
    ground.add_orders(copies)
    ground.remove(chosen)
    if "suppliers" in ground.tables:
        known = ground.tables["suppliers"].drop_duplicates("supplier_id").set_index("supplier_id")
        like = (
            known.reindex(chosen["supplier_id"]).reset_index(drop=True).astype(known.dtypes, errors="ignore")
        )
        new = like.assign(supplier_id=names)
        if "name" in new:
            new["name"] = [f"New vendor {number}" for number in range(1, count + 1)]
        both = [ground.tables["suppliers"], new[list(ground.tables["suppliers"].columns)]]
        ground.tables["suppliers"] = pd.concat(both, ignore_index=True)
    ground.note("new_vendor", _new_lines(copies))


def _split(ground: PlantingGround, count: int) -> None:
    """A line becomes three orders within two days, each just below the approval limit."""
    lines, limit = ground.lines, ground.limit
    value = lines["unit_price"] * lines["quantity_ordered"]
    off = np.log(value / (_WHOLE * limit)).abs().where(lines["unit_price"] <= limit * (_BELOW[1] - _BELOW[0]))
    off = off.mask(lines["order_id"].isin(list(ground.orders_taken)))
    nearest = off.groupby(lines["unique_id"]).transform("min") == off  # one a SKU, so that enough are left
    ranked = off.where(nearest).rank(method="first")
    chosen = ground.pick("split", count, ranked <= _CHOICE * count, own_sku=True)
    later = np.sort(ground.rng.integers(0, 3, (count, 2)), axis=1)
    days = np.column_stack([np.zeros(count, int), later])
    share = ground.rng.uniform(*_BELOW, (count, 3))
    units = np.floor(share * limit / chosen["unit_price"].to_numpy()[:, None])
    parts = [_copies(chosen, f"S{part + 1}", days[:, part]).assign(units=units[:, part]) for part in range(3)]
    copies = pd.concat(parts, ignore_index=True)
    ground.add_orders(copies)
    ground.remove(chosen)
    ground.note("split", _new_lines(copies), case=np.tile(np.arange(count), 3))


def _double_invoice(ground: PlantingGround, count: int) -> None:
    """An invoice is entered again under another number, 1 to 20 days later."""
    invoices, chosen = _invoiced(ground, "double_invoice", count)
    again = chosen.assign(at=chosen["at"] + pd.to_timedelta(ground.rng.integers(1, 21, count), unit="D"))
    own = again["invoice_id"].astype(object)
    again["invoice_id"] = own.where(own.notna(), again["order_id"] + "/" + again["line"]) + "-2"
    start = int(invoices.index.max()) + 1
    ground.tables["invoices"] = pd.concat([invoices, again.set_axis(pd.RangeIndex(start, start + count))])
    ground.note("double_invoice", again, invoice_id=again["invoice_id"].to_numpy())


def _over_invoiced(ground: PlantingGround, count: int) -> None:
    """An invoice is 10 to 40 % above the order."""
    invoices, chosen = _invoiced(ground, "over_invoiced", count)
    factor = ground.rng.uniform(1.1, 1.4, count)
    invoices.loc[chosen.index, "amount"] = (chosen["amount"] * factor).round(2)
    ground.note("over_invoiced", chosen, invoice_id=chosen["invoice_id"].to_numpy(), factor=factor)


def _invoiced(ground: PlantingGround, kind: str, count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The invoices, and the rows among them of lines drawn for a kind of anomaly, which have one invoice each."""
    invoices = ground.tables["invoices"]
    invoices = invoices.assign(invoice_id=invoices.get("invoice_id"))
    ground.tables["invoices"] = invoices
    known = invoices[invoices["at"] <= invoices["at"].max() - pd.Timedelta(days=21)]
    single = known[(known["amount"] > 0) & ~known.duplicated(KEY, keep=False)]
    free = pd.MultiIndex.from_frame(ground.lines[KEY]).isin(pd.MultiIndex.from_frame(single[KEY]))
    chosen = ground.pick(kind, count, pd.Series(free, index=ground.lines.index), own_sku=False)
    rows = pd.MultiIndex.from_frame(single[KEY]).get_indexer(pd.MultiIndex.from_frame(chosen[KEY]))
    return invoices, single.iloc[rows]


def _no_approval(ground: PlantingGround, count: int) -> None:
    """An order above the approval limit was approved by nobody."""
    approvals = ground.tables["approvals"]
    approved = approvals.loc[approvals["approved_by"].notna(), "order_id"]
    large = (ground.lines["order_value"] > ground.limit) & ground.lines["order_id"].isin(approved)
    chosen = ground.pick("no_approval", count, large, own_sku=False)
    rows = approvals["order_id"].isin(chosen["order_id"])
    approvals["approved_by"] = approvals["approved_by"].mask(rows, None)
    if "at" in approvals:
        approvals["at"] = approvals["at"].mask(rows)
    ground.note("no_approval", chosen.assign(line=None))


def _self_approved(ground: PlantingGround, count: int) -> None:
    """Who asked for an order approved it."""
    approvals = ground.tables["approvals"]
    other = approvals["requested_by"].notna() & (approvals["requested_by"] != approvals["approved_by"])
    named = ground.lines["order_id"].isin(approvals.loc[other, "order_id"])
    chosen = ground.pick("self_approved", count, named, own_sku=False)
    rows = approvals["order_id"].isin(chosen["order_id"])
    approvals["approved_by"] = approvals["approved_by"].mask(rows, approvals["requested_by"])
    ground.note("self_approved", chosen.assign(line=None))


def _copies(lines: pd.DataFrame, suffix: str, days: np.ndarray) -> pd.DataFrame:
    """What `PlantingGround.add_orders` asks for, of the `lines` as they are, each in an order called by a suffix."""
    return pd.DataFrame(
        {
            **lines[[*KEY, "supplier_id"]].reset_index(drop=True),
            "new_id": (lines["order_id"].astype(object) + f"-{suffix}").to_numpy(object),
            "days": days,
            "units": np.nan,
            "price": lines["unit_price"].to_numpy(float),
        }
    )


def _new_lines(copies: pd.DataFrame) -> pd.DataFrame:
    """order_id and line of added orders."""
    return pd.DataFrame({"order_id": copies["new_id"], "line": "1"})


PLANT: dict[str, Callable[[PlantingGround, int], None]] = {
    "split": _split,  # those that few lines are fit for come first
    "no_approval": _no_approval,
    "self_approved": _self_approved,
    "price": _price,
    "quantity": _quantity,
    "duplicate": _duplicate,
    "frequency": _frequency,
    "new_vendor": _new_vendor,
    "double_invoice": _double_invoice,
    "over_invoiced": _over_invoiced,
}
"""Kind of anomaly → how it is planted, in this order."""
