"""Orders placed through Purvey: found in the ERP system's table, and on order until they are shown there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from configs.sourcing import OrdersConfig

_DAY = pd.Timedelta(days=1)
_LINE = ["order_id", "line"]
_LANE = ["supplier_id", "unique_id"]
_OUR_ID = r"(PV-\d{4}-\d{6,})"
_SHOWN = ["order_id", "line", "unique_id", "erp_order_id", "erp_quantity", "erp_received", "erp_open"]

NewStatus = Literal["confirmed", "received", "withdrawn", "missing"]


@dataclass(frozen=True)
class Sightings:
    """What a plan run finds out about placed orders.

    Attributes
    ----------
    counted : orders that the run takes into account, as on order or as lines of the ERP's own
    lines : frame order_id, line, unique_id, erp_order_id, erp_quantity, erp_received (units) and erp_open of the
        lines that the ERP's table shows
    status : order_id → what the order is now, where that has changed
    """

    counted: tuple[str, ...] = ()
    lines: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=_SHOWN))
    status: Mapping[str, NewStatus] = field(default_factory=dict)


def sight_orders(
    placed: pd.DataFrame, erp: pd.DataFrame, *, as_of: pd.Timestamp, config: OrdersConfig
) -> Sightings:
    """Find the lines of placed orders in the ERP's table, and say what that makes of the orders.

    A line is found where it was found before, else by our id in `reference` or `order_id`, else by supplier, SKU and
    a day nearby; there the same quantity goes first, and another is the same order all the same.

    Parameters
    ----------
    placed : as `database.purchase_orders.sightings.placed_lines` has them
    erp : order history at `as_of` with `reference`, texts or None
    """
    if placed.empty:
        return Sightings()
    shown = _erp_orders(placed, erp)
    found = _found_before(placed, shown)
    found = _together(found, _found_by_id(_others(placed, found), shown))
    found = _together(found, _found_nearby(_others(placed, found), shown, found, config))
    lines = found.sort_values(_LINE, ignore_index=True)
    counted = tuple(dict.fromkeys(placed["order_id"]))
    return Sightings(counted, lines, _new_status(placed, lines, as_of, config))


def unseen_lines(placed: pd.DataFrame, sightings: Sightings) -> pd.DataFrame:
    """Lines of placed orders that the ERP's table has never shown: only these are on order besides its own."""
    return _others(placed[placed["erp_order_id"].isna()], sightings.lines).reset_index(drop=True)


def as_open_orders(unseen: pd.DataFrame, history: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Unseen lines of placed orders as rows of the order history, open on `as_of`.

    An exported line was ordered on the day of its export; one that is only approved goes out on its order day, at
    least today. Where a person wants it later than proposed, it comes so many days later (`agreed_later`).

    Parameters
    ----------
    unseen : lines with category and contract_days
    history : order history, whose columns and dtypes the rows get
    """
    ordered_at = unseen["ordered_on"].fillna(as_of).clip(upper=as_of)
    leaves = unseen["order_on"].where(unseen["ordered_on"].isna())
    wait = ((leaves - as_of) / _DAY).clip(lower=0.0).fillna(0.0)
    later = ((unseen["due"] - unseen["proposed_due"]) / _DAY).clip(lower=0.0).fillna(0.0)
    age = (as_of - ordered_at) / _DAY
    rows = history.iloc[:0].reindex(range(len(unseen))).assign(
        order_id=unseen["order_id"].to_numpy(object),
        line=unseen["line"].astype(str).to_numpy(object),
        supplier_id=unseen["supplier_id"].to_numpy(object),
        unique_id=unseen["unique_id"].to_numpy(object),
        category=unseen["category"].to_numpy(object),
        ordered_at=ordered_at.to_numpy(),
        quantity_ordered=unseen["quantity"].to_numpy(float),
        quantity_received=0.0,
        quantity_open=unseen["quantity"].to_numpy(float),
        unit_price=unseen["unit_price"].to_numpy(float),
        age=age.to_numpy(float),
        duration=age.to_numpy(float),
        contract_days=unseen["contract_days"].to_numpy(float),
        is_open=True,
        expedited=False,
        never_came=0.0,
    )  # fmt: skip
    rows = rows.astype(history.dtypes)
    agreed = (wait + later).to_numpy(float)
    return rows.assign(agreed_later=agreed) if agreed.any() else rows


def with_answered_today(
    history: pd.DataFrame, placed: pd.DataFrame, sightings: Sightings, as_of: pd.Timestamp
) -> pd.DataFrame:
    """The order history with `answered_today`: lines of placed orders that people approved on a plan of this `as_of`.

    A review orders once from a supplier: what people made of its proposal stands until the next one.
    """
    today = placed.loc[placed["planned_on"] == as_of.normalize(), [*_LINE, "unique_id"]]
    if today.empty:
        return history
    shown = today[_LINE].merge(sightings.lines, on=_LINE).drop(columns="order_id")
    key = ["order_id", "unique_id"]
    lines = pd.concat([today[key], shown.rename(columns={"erp_order_id": "order_id"})[key]])
    keys, known = (pd.MultiIndex.from_frame(frame[key]) for frame in (history, lines))
    return history.assign(answered_today=keys.isin(known))


def sighting_sentences(placed: pd.DataFrame, sightings: Sightings) -> list[str]:
    """Sentences about placed orders that are shown with another quantity than was ordered, or not at all."""
    both = placed.merge(sightings.lines.drop(columns="unique_id"), on=_LINE, suffixes=("_before", ""))
    other = both[
        (both["erp_quantity"] != both["quantity"]) & (both["erp_quantity"] != both["erp_quantity_before"])
    ]
    sentences = [
        f"{row.order_id}, {row.unique_id}: ordered {row.quantity:g}, the ERP system shows {row.erp_quantity:g} "
        f"in its order {row.erp_order_id}; its number counts"
        for row in other.itertuples()
    ]
    missing = {order for order, status in sightings.status.items() if status == "missing"}
    known = set(placed.loc[placed["status"] == "missing", "order_id"]) - set(sightings.status)
    for order in sorted(missing | known):
        of_order = placed[placed["order_id"] == order].iloc[0]
        sentences.append(
            f"{order} to {of_order.supplier_id}: exported {of_order.ordered_on:%Y-%m-%d} and not all in "
            "purchase_orders yet; it still counts as on order: withdraw it, or say that it was sent"
        )
    return sentences


def _others(rows: pd.DataFrame, found: pd.DataFrame, key: Sequence[str] = _LINE) -> pd.DataFrame:
    """Rows, such as placed lines, that are not among those found."""
    if found.empty:
        return rows
    keys, there = (pd.MultiIndex.from_frame(frame[list(key)]) for frame in (rows, found))
    return rows[~keys.isin(there)]


def _together(found: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Lines of placed orders found in one way and in another."""
    parts = [part[_SHOWN] for part in (found, more) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else found[_SHOWN]


def _erp_orders(placed: pd.DataFrame, erp: pd.DataFrame) -> pd.DataFrame:
    """The ERP's orders that may be placed ones: a row an order and SKU of theirs, with units and first day.

    `our_id` is our id of the order where its reference or its own id holds one, as it is or with more around it.
    """
    rows = erp[erp["unique_id"].isin(set(placed["unique_id"]))]
    named = _our_id(rows["reference"])
    our_id = named.where(named.notna(), _our_id(rows["order_id"]))
    lanes = pd.MultiIndex.from_frame(placed[_LANE])
    near = pd.MultiIndex.from_frame(rows[_LANE]).isin(lanes)
    known = our_id.isin(placed["order_id"]) | rows["order_id"].isin(placed["erp_order_id"].dropna())
    rows = rows[known | near]
    ordered = rows["quantity_ordered"].astype(float)
    whole = ordered * (1 - rows["never_came"].astype(float))
    rows = rows.assign(
        erp_order_id=rows["order_id"],
        erp_quantity=ordered,
        erp_received=rows["quantity_received"].astype(float).fillna(whole),
        erp_open=rows["is_open"].astype(bool),
        our_id=our_id,
    )
    by = rows.groupby(["erp_order_id", *_LANE], sort=True, as_index=False)
    return by.agg(
        erp_quantity=("erp_quantity", "sum"),
        erp_received=("erp_received", "sum"),
        erp_open=("erp_open", "any"),
        ordered_at=("ordered_at", "min"),
        our_id=("our_id", "first"),
    )


def _our_id(texts: pd.Series) -> pd.Series:
    """Our id of a placed order that each of the ERP's texts holds, None without one."""
    return texts.where(texts.notna(), "").astype(str).str.extract(_OUR_ID, expand=False).astype(object)


def _found_before(placed: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """Placed lines found where they were found before: the same order and SKU of the ERP."""
    known = placed.loc[placed["erp_order_id"].notna(), [*_LINE, "unique_id", "erp_order_id"]]
    there = shown.groupby(["erp_order_id", "unique_id"], as_index=False).agg(
        {"erp_quantity": "sum", "erp_received": "sum", "erp_open": "any"}
    )
    return known.merge(there, on=["erp_order_id", "unique_id"])[_SHOWN]


def _found_by_id(placed: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """Placed lines found by our id, which the ERP has as its own or as its reference, whoever delivers it there."""
    named = shown[shown["our_id"].notna()].drop(columns="supplier_id").rename(columns={"our_id": "order_id"})
    found = placed[[*_LINE, "unique_id"]].merge(named, on=["order_id", "unique_id"])
    by = found.groupby([*_LINE, "unique_id"], sort=False, as_index=False)
    return by.agg(
        erp_order_id=("erp_order_id", "first"),
        erp_quantity=("erp_quantity", "sum"),
        erp_received=("erp_received", "sum"),
        erp_open=("erp_open", "any"),
    )


def _found_nearby(
    placed: pd.DataFrame, shown: pd.DataFrame, found: pd.DataFrame, config: OrdersConfig
) -> pd.DataFrame:
    """Placed lines found by supplier, SKU and a day nearby, each with one order of the ERP that none other has.

    An order of the ERP that was there before ours was made is none of ours, nor is one that names another of ours.
    """
    free = _others(shown[shown["our_id"].isna()], found, ["erp_order_id", "unique_id"])
    names = [*_LINE, *_LANE, "quantity", "order_on", "ordered_on", "awaited_from", "known_before"]
    pairs = placed[names].merge(free, on=_LANE)
    if pairs.empty:
        return pd.DataFrame(columns=_SHOWN)
    first = pairs[["order_on", "ordered_on"]].min(axis=1)
    last = pairs[["order_on", "ordered_on", "awaited_from"]].max(axis=1)
    early, late = (first - pairs["ordered_at"]) / _DAY, (pairs["ordered_at"] - last) / _DAY
    days = np.maximum(np.maximum(early, late), 0.0)
    new = [
        order not in known for order, known in zip(pairs["erp_order_id"], pairs["known_before"], strict=True)
    ]
    pairs = pairs.assign(days=days, other=pairs["erp_quantity"] != pairs["quantity"])
    pairs = pairs[np.array(new, bool) & (days <= config.match_days)]
    pairs = pairs.sort_values(["other", "days", "erp_order_id", *_LINE], kind="stable")
    taken: set[tuple[str, ...]] = set()
    rows = []
    for at, row in enumerate(pairs.itertuples()):  # of the few lines that are placed and not found
        ours, theirs = ("ours", row.order_id, str(row.line)), ("theirs", row.erp_order_id, row.unique_id)
        if not {ours, theirs} & taken:
            taken |= {ours, theirs}
            rows.append(at)
    return pairs.iloc[rows][_SHOWN]


def _new_status(
    placed: pd.DataFrame, lines: pd.DataFrame, as_of: pd.Timestamp, config: OrdersConfig
) -> dict[str, NewStatus]:
    """What each placed order is now, where that has changed: by what the ERP shows of its lines, and by when."""
    merged = placed.merge(lines[[*_LINE, "erp_received", "erp_open"]], on=_LINE, how="left")
    seen = merged["erp_open"].notna() | merged["erp_order_id"].notna()
    closed = merged["erp_open"].eq(other=False)
    waited = (as_of - merged["awaited_from"]) / _DAY >= config.unseen_after_days
    orders = (
        pd.DataFrame(
            {
                "order_id": merged["order_id"],
                "status": merged["status"],
                "seen": seen,
                "closed": closed,
                "waited": waited,
                "received": merged["erp_received"].fillna(0.0),
            }
        )
        .groupby("order_id", sort=False)
        .agg(
            status=("status", "first"),
            seen=("seen", "all"),
            closed=("closed", "all"),
            waited=("waited", "any"),
            received=("received", "sum"),
        )
    )
    now = {}
    for row in orders.itertuples():
        status: NewStatus | None = None
        if row.seen and row.closed:
            status = "received" if row.received > 0 else "withdrawn"
        elif row.seen:
            status = "confirmed"
        elif row.waited:
            status = "missing"
        if status is not None and status != row.status:
            now[str(row.Index)] = status
    return now
