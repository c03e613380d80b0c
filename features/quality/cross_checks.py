"""Cross-checks, rules that need more than one row: unique keys, receipts and orders, successions."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.contract.tables import KEYS
from features.demand.lifecycle.succession import in_cycle, replaced_ids
from features.quality.identifiers.spelling import fold, spelled_alike
from features.quality.table_check import Mask, TableCheck

COPIES = "the row is no copy of another"
"""Rule of rows that say again what a good row says: they are left out, and harm nobody."""


def check_duplicates(check: TableCheck) -> None:
    """Cross-check keys: reject a second good row with the key of an earlier one, and name the row of that."""
    if check.name not in KEYS:
        return
    rows = np.flatnonzero(check.good)
    key = check.key[rows]
    repeated = is_repeated(key)
    original = ~repeated & np.isin(key, key[repeated])
    first = dict(zip(key[original], rows[original], strict=True))
    mask = np.zeros(len(check.frame), bool)
    mask[rows[repeated]] = True
    copies = _copies(check, np.flatnonzero(mask), first)
    mask[copies] = False
    columns = ", ".join(KEYS[check.name])
    check.reject(
        mask,
        f"{columns} is unique",
        lambda row: (
            f"same {columns} as row {check.raw.source_line[first[check.key[row]]]}; "
            "keep one row, or add the two up"
        ),
    )
    mask[:] = False
    mask[copies] = True
    check.reject(
        mask,
        COPIES,
        lambda row: f"a copy of row {check.raw.source_line[first[check.key[row]]]}, which counts; remove it",
    )


def _copies(check: TableCheck, repeated: NDArray[np.int64], first: dict[int, int]) -> NDArray[np.int64]:
    """Cross-check keys: those of the `repeated` rows that are the `first` one with their key in every column.

    Not of demand: there two equal rows may be two sales of one day.
    """
    if check.name == "demand" or not len(repeated):
        return repeated[:0]
    originals = [first[key] for key in check.key[repeated].tolist()]
    same = np.ones(len(repeated), bool)
    for column in check.frame.columns:
        values = check.frame[column]
        one, other = values.iloc[repeated], values.iloc[originals]
        equal = one.reset_index(drop=True) == other.reset_index(drop=True)
        same &= equal.fillna(value=False).to_numpy(bool) | (one.isna().to_numpy() & other.isna().to_numpy())
    return repeated[same]


def is_repeated(key: NDArray[np.int64]) -> Mask:
    """Cross-check keys: whether each row's key stood in an earlier row already, (rows,)."""
    if (np.diff(key) > 0).all():  # most sources are sorted, and this is ten times quicker than hashing
        return np.zeros(len(key), bool)
    return np.asarray(pd.Series(key).duplicated())


def check_receipts(checks: dict[str, TableCheck]) -> None:
    """Cross-check receipts and orders: reject receipts that do not belong to a good order line, or precede it."""
    receipts, orders = checks["receipts"], checks.get("purchase_orders")
    if orders is None:
        return
    key = list(KEYS["purchase_orders"])
    lines = orders.frame.assign(
        good=orders.good | orders.unseen, source_line=orders.raw.source_line
    ).drop_duplicates(key)
    matched = receipts.frame[key].merge(lines[[*key, "ordered_at", "good", "source_line"]], "left", on=key)
    _check_order_line(receipts, orders, matched)
    receipts.reject(
        (receipts.frame["received_at"].to_numpy() < matched["ordered_at"].to_numpy()),
        "received_at is not before ordered_at",
        lambda row: (
            f"received_at is {receipts.frame['received_at'].iloc[row]:%Y-%m-%d}, before ordered_at "
            f"{matched['ordered_at'].iloc[row]:%Y-%m-%d}; correct one of the two"
        ),
    )


def _check_order_line(receipts: TableCheck, orders: TableCheck, matched: pd.DataFrame) -> None:
    """Cross-check receipts: reject those whose line in `matched` does not exist or is in quarantine."""
    key = receipts.frame[list(KEYS["purchase_orders"])]
    complete = key.notna().all(axis=1).to_numpy()
    absent = matched["source_line"].isna().to_numpy() & complete
    spelled = _spelled_lines(key[absent].drop_duplicates(), orders)
    receipts.reject(
        absent,
        "the receipt's order line exists",
        lambda row: (
            f"no order_id {key.iloc[row, 0]} line {key.iloc[row, 1]} in {orders.raw.origin}; "
            + spelled.get(tuple(key.iloc[row]), "add it")
        ),
    )
    receipts.reject(
        (matched["good"] == False).to_numpy() & complete,  # noqa: E712 - NaN where unmatched
        "the receipt's order line is good",
        lambda row: (
            f"its order is in quarantine ({orders.raw.origin} row {int(matched['source_line'].iloc[row])}); "
            "correct it there"
        ),
    )


def _spelled_lines(lost: pd.DataFrame, orders: TableCheck) -> dict[tuple[str, ...], str]:
    """Cross-check receipts: what to do about those of the `lost` keys that orders have in another spelling."""
    if not len(lost):
        return {}
    lines = orders.frame[list(lost.columns)].dropna().drop_duplicates()
    known = {tuple(map(fold, line)): line for line in lines.itertuples(index=False, name=None)}
    keys = list(lost.itertuples(index=False, name=None))
    alike = {line: known[folded] for line in keys if (folded := tuple(map(fold, line))) in known}
    return {
        line: f"it stands there as {there[0]} line {there[1]}: spell ids alike in all tables"
        for line, there in alike.items()
    }


def leave_out_approvals(checks: dict[str, TableCheck]) -> None:
    """Cross-check approvals and orders: those of orders that are not seen (later ones, drafts) are not seen either."""
    if not {"approvals", "purchase_orders"} <= checks.keys():
        return
    approvals, orders = checks["approvals"], checks["purchase_orders"]
    ids = orders.frame["order_id"]
    asked = approvals.frame["order_id"]
    later = asked.isin(ids[orders.unseen].dropna()) & ~asked.isin(ids[~orders.unseen])
    approvals.unseen |= later.to_numpy()


def check_replaces(checks: dict[str, TableCheck]) -> None:
    """Cross-check successions: reject items that replace SKUs which do not exist, or through others themselves."""
    items = checks["items"]
    if "replaces" not in items.raw.frame.columns:
        return
    known = {*items.frame["unique_id"].dropna(), *checks["demand"].frame["unique_id"].dropna()}
    replaced = pd.Series(replaced_ids(items.frame["replaces"], known))
    unknown = replaced.map(lambda ids: [name for name in ids if name not in known])
    lost = pd.Index([name for names in unknown for name in names], dtype=object).unique()
    spelled = spelled_alike(lost, pd.Index(sorted(known), dtype=object))
    items.reject(
        unknown.map(bool).to_numpy(bool),
        "replaces names a SKU of items or demand",
        lambda row: (
            f"replaces is {items.value(row, 'replaces')}, but no SKU {unknown[row][0]} is in items or demand; "
            + (f"is it {spelled[unknown[row][0]]}? C" if unknown[row][0] in spelled else "c")
            + "orrect the id, or leave replaces empty"
        ),
    )
    _check_cycles(items, replaced)


def _check_cycles(items: TableCheck, replaced: pd.Series) -> None:
    """Cross-check successions: reject items that replace themselves; `replaced` has the ids that each row replaces."""
    frame = items.frame
    pairs = pd.DataFrame({"old": replaced, "new": frame["unique_id"]}).explode("old").dropna()
    codes, _ = pd.factorize(pd.concat([pairs["old"], pairs["new"]]))
    cycle = in_cycle(codes[: len(pairs)], codes[len(pairs) :])
    items.reject(
        np.isin(np.arange(len(frame)), pairs.index[cycle]),
        "replaces leads to no circle",
        lambda row: (
            f"replaces is {items.value(row, 'replaces')}, through which {frame['unique_id'].iloc[row]} replaces "
            "itself; leave replaces empty in the row of the older SKU"
        ),
    )
