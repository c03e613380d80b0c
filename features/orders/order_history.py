"""Order history: purchase-order lines as they were known on a day, with their lead time or, when open, their age."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.contract.lead_time_clock import ARRIVED
from features.contract.tables import COVARIATE, Tables

KEY = ["order_id", "line"]
_DAY = pd.Timedelta(days=1)
_COMPLETE = 1 - 1e-9  # share of the quantity that completes a line, against rounding in sums of receipts
_PLACEHOLDER_BELOW = 3.0  # days: a supplier that really delivers at once also delivers in one or two days


def order_history(tables: Tables, as_of: pd.Timestamp) -> pd.DataFrame:
    """Every purchase-order line placed by `as_of`, with what was known of it on that day and nothing later.

    A line ends its lead time with the receipt that completes its quantity; a line closed short ends it at
    `purchase_orders.received_at`, or where `closed_at` says so with the last receipt before. A receipt or closing after
    `as_of` is not known yet: the line is open, and its `duration` is its age, a lower bound of the lead time
    (right-censored). A line that ended without a date of receipt, cancelled or complete, has neither.

    Parameters
    ----------
    tables : the company's clean tables
    as_of : the day of the snapshot; orders and receipts of that day are seen

    Returns
    -------
    DataFrame
        One row a line, sorted by `ordered_at`, `order_id`, `line`, with the columns order_id, line, supplier_id,
        unique_id, category, ordered_at, promised_at, repromised_at (where the tables go on after `as_of` only of lines
        overdue by then: when a new day was announced is not in them), quantity_ordered, quantity_received,
        quantity_open, unit_price,
        lead_time (days, NaN when open), age (days at `as_of`, NaN when closed), is_open,
        duration (days: lead time or age; NaN when the booked lead time is a placeholder), contract_days
        (NaN without an offer), expedited, part_after and part_quantity (days until a first receipt that left
        the line incomplete and open, and its units; NaN without such a receipt), arrived_at (the receipt that ended
        the line, also where the clock ends with another date; NaT without one), never_came (share of the quantity
        ordered that a line closed short or cancelled ended without, else 0), closed_after (days until a line was
        cancelled with nothing received; NaN for others, and where the day is not known), and the covariates, each as
        `COVARIATE` and its name.
    """
    lines = tables.purchase_orders
    lines = lines[lines["ordered_at"] <= as_of].reset_index(drop=True)
    quantity = lines["quantity_ordered"]
    received = _received_by(lines, tables.receipts, as_of)
    closed = lines["closed_at"] <= as_of
    received_at = _ended_at(lines, tables.receipts, as_of, closed=closed, column="received_at")
    part = _first_part(lines, tables.receipts, as_of, ended_at=received_at.where(closed))
    days = (received_at - lines["ordered_at"]) / _DAY
    is_open = received_at.isna() & ~closed & (received < quantity * _COMPLETE)
    age = ((as_of - lines["ordered_at"]) / _DAY).where(is_open)
    history = lines[["order_id", "line", "supplier_id", "unique_id"]].assign(
        category=lines["unique_id"].map(_categories(tables)).astype(object),
        ordered_at=lines["ordered_at"],
        promised_at=lines["promised_at"],
        repromised_at=lines["repromised_at"].where(_announced(tables, lines, as_of)),
        quantity_ordered=quantity,
        quantity_received=received.where(is_open | (received > 0), lines["quantity_received"]),
        quantity_open=(quantity - received).clip(lower=0).where(is_open, 0.0),
        unit_price=lines["unit_price"],
        lead_time=days,
        age=age,
        is_open=is_open,
        duration=days.where(~is_open, age).where(~_placeholder(lines["supplier_id"], days)),
        contract_days=contract_days(tables.offers, lines["supplier_id"], lines["unique_id"], as_of),
        expedited=lines["expedited"].fillna(value=False).astype(bool),
        part_after=(part["received_at"] - lines["ordered_at"]).to_numpy() / _DAY,
        part_quantity=part["quantity"].to_numpy(float),
        arrived_at=received_at,
        **_endings(lines, received, received_at, closed=closed, as_of=as_of),
        **{name: lines[name] for name in lines if name.startswith(COVARIATE)},
    )
    if ARRIVED in lines:
        arrived_at = _ended_at(lines, tables.receipts, as_of, closed=closed, column=ARRIVED)
        history = history.assign(arrived_at=arrived_at)
    return history.take(_in_order(history)).reset_index(drop=True)


def open_orders(tables: Tables, as_of: pd.Timestamp) -> pd.DataFrame:
    """Purchase-order lines that are still open (not received yet) on `as_of`, as `order_history` gives them."""
    history = order_history(tables, as_of)
    return history[history["is_open"]].reset_index(drop=True)


def arrived_at(history: pd.DataFrame) -> pd.Series:
    """Receipt that ended each line of the order history (n,), NaT while it is open: by it suppliers are judged.

    In histories kept before there was such a column, the end of the lead time.
    """
    if "arrived_at" in history:
        return history["arrived_at"]
    return history["ordered_at"] + pd.to_timedelta(history["lead_time"], unit="D")


def contract_days(
    offers: pd.DataFrame, supplier_id: pd.Series, unique_id: pd.Series, as_of: pd.Timestamp
) -> pd.Series:
    """Contract lead time in days of each lane (supplier, SKU) by the offer in force on `as_of`; NaN without one.

    Of several offers in force the preferred one holds, then the one that came into force last.
    """
    known = offers[offers["lead_time_days"].notna()]
    begun = known["valid_from"].isna() | (known["valid_from"] <= as_of)
    not_over = known["valid_to"].isna() | (known["valid_to"] >= as_of)
    valid = known[begun & not_over].assign(preferred=known["preferred"].fillna(value=False).astype(bool))
    valid = valid.sort_values(["preferred", "valid_from"], na_position="first", kind="stable")
    days = valid.drop_duplicates(["supplier_id", "unique_id"], keep="last").set_index(
        ["supplier_id", "unique_id"]
    )["lead_time_days"]
    pairs = pd.MultiIndex.from_arrays([supplier_id, unique_id])
    return pd.Series(days.reindex(pairs).to_numpy(float), index=supplier_id.index)


def _announced(tables: Tables, lines: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Which order lines' new promises may be taken as known on `as_of`: all today, those overdue on an earlier day."""
    dates = tables.purchase_orders[["ordered_at", "received_at"]].max().tolist()
    later = max(pd.Series([*dates, tables.receipts["received_at"].max()]).dropna(), default=as_of) > as_of
    return lines["promised_at"].le(as_of) | (not later)


def _in_order(lines: pd.DataFrame) -> NDArray[np.int64]:
    """Positions that sort the order lines by `ordered_at`, `order_id` and `line`; Arrow is much quicker than pandas."""
    keys = ["ordered_at", *KEY]
    table = pa.table({name: pa.array(lines[name], from_pandas=True) for name in keys})
    return np.asarray(pc.sort_indices(table, sort_keys=[(name, "ascending") for name in keys]), np.int64)


def _categories(tables: Tables) -> pd.Series:
    """Category by `unique_id`."""
    return tables.items.drop_duplicates("unique_id").set_index("unique_id")["category"]


def _ended_at(
    lines: pd.DataFrame, receipts: pd.DataFrame, as_of: pd.Timestamp, *, closed: pd.Series, column: str
) -> pd.Series:
    """Receipt by which each order line had ended on `as_of`, NaT without: the filling one, else the last if closed.

    `column` holds the dates: `received_at`, or the receipt itself where another date ends the clock.
    """
    completed_at = _completed_at(lines, receipts, column)
    ended_at = completed_at.where(completed_at <= as_of)
    unfilled = closed & ended_at.isna()
    if not (unfilled.any() and len(receipts)):
        return ended_at
    last = receipts[receipts[column] <= as_of].groupby(KEY)[column].max()
    last_receipt = last.reindex(pd.MultiIndex.from_frame(lines[KEY])).reset_index(drop=True)
    return ended_at.fillna(last_receipt.where(unfilled))


def _endings(
    lines: pd.DataFrame,
    received: pd.Series,
    received_at: pd.Series,
    *,
    closed: pd.Series,
    as_of: pd.Timestamp,
) -> dict[str, pd.Series]:
    """`never_came` and `closed_after` of each order line, from the units `received` by `as_of` and the last receipt."""
    units = received.where(received > 0, lines["quantity_received"])
    whole = (units.isna() & received_at.notna()) | (lines["status"] == "received")
    share = (units.fillna(0.0) / lines["quantity_ordered"]).clip(upper=1.0)
    nothing = closed & received_at.isna() & (share == 0) & ~whole
    dated = lines["closed_at"] < as_of  # the as-of date stands for a day nobody entered
    after = (lines["closed_at"] - lines["ordered_at"]) / _DAY
    return {
        "never_came": (1.0 - share).where(closed & ~whole, 0.0),
        "closed_after": after.where(nothing & dated),
    }


def _completed_at(lines: pd.DataFrame, receipts: pd.DataFrame, column: str) -> pd.Series:
    """Date at which each order line was complete, NaT while it is open: the receipt that fills it, or its own date."""
    if not len(receipts):  # most often: receipts are booked in the order lines
        return lines[column].astype("datetime64[ns]")
    parts = receipts.sort_values([*KEY, column], kind="stable")
    total = parts.groupby(KEY)["quantity"].cumsum()
    ordered = lines.set_index(KEY)["quantity_ordered"]
    of_line = ordered.reindex(pd.MultiIndex.from_frame(parts[KEY])).to_numpy()
    complete = parts[total.to_numpy() >= of_line * _COMPLETE].drop_duplicates(KEY).set_index(KEY)
    at = complete[column].reindex(ordered.index).reset_index(drop=True).astype("datetime64[ns]")
    return at.fillna(lines[column])


def _received_by(lines: pd.DataFrame, receipts: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Quantity of each order line received by `as_of`; of a line that only books its own receipt 0 once received."""
    # a source without receipts may still count the parts
    in_parts = lines["received_at"].isna()
    if ARRIVED in lines:  # received whole, and open until it is put away
        in_parts &= lines[ARRIVED].isna()
    booked = lines["quantity_received"].where(in_parts, 0.0)
    if not len(receipts):
        return booked.fillna(0.0)
    seen = receipts[receipts["received_at"] <= as_of].sort_values([*KEY, "received_at"], kind="stable")
    keys = pd.MultiIndex.from_frame(lines[KEY])
    quantity = seen.groupby(KEY)["quantity"].sum().reindex(keys).reset_index(drop=True)
    return quantity.fillna(booked).fillna(0.0)


def _first_part(
    lines: pd.DataFrame, receipts: pd.DataFrame, as_of: pd.Timestamp, *, ended_at: pd.Series
) -> pd.DataFrame:
    """`received_at` and `quantity` of the first partial delivery of each order line, which did not end it.

    Missing for lines without one by `as_of`; `ended_at` is the last receipt of closed lines.
    """
    seen = receipts[receipts["received_at"] <= as_of]
    if not len(seen):
        nothing = pd.Series(pd.NaT, index=lines.index, dtype="datetime64[ns]")
        return pd.DataFrame({"received_at": nothing, "quantity": np.nan}, index=lines.index)
    daily = seen.groupby([*KEY, "received_at"], as_index=False)["quantity"].sum()
    first = daily.drop_duplicates(KEY).set_index(KEY)
    part = first.reindex(pd.MultiIndex.from_frame(lines[KEY])).reset_index(drop=True)
    incomplete = part["quantity"].to_numpy() < lines["quantity_ordered"].to_numpy() * _COMPLETE
    first_receipt = part["received_at"]
    # closed short with its first receipt
    ended = ((lines["received_at"] <= first_receipt) | (ended_at <= first_receipt)).to_numpy()
    return part.where(pd.Series(incomplete & ~ended, index=part.index))


def _placeholder(supplier_id: pd.Series, days: pd.Series) -> pd.Series:
    """Whether each booked lead time is a placeholder, not a real one: negative, or zero days of a slower supplier.

    A zero stands for "not captured" when fewer than half as many of the supplier's other lead times lie below
    three days as there are zeros (SCMS: 18 zeros, where the quickest real order took four days).
    """
    zero = days == 0
    quick = (days > 0) & (days < _PLACEHOLDER_BELOW)
    later = days >= _PLACEHOLDER_BELOW
    counts = pd.DataFrame({"zero": zero, "quick": quick, "later": later}).groupby(supplier_id).sum()
    unlikely = (2 * counts["quick"] < counts["zero"]) & (counts["later"] > 0)
    return (days < 0) | (zero & supplier_id.map(unlikely).to_numpy(bool, na_value=False))
