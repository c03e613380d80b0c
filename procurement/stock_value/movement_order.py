"""Movements and opening layers checked, and put in the order in which they are costed."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from features.contract.tables import DataError
from procurement.stock_value import cost_layer_kernel as kernel

KINDS = {
    "receipt": kernel.RECEIPT,
    "return": kernel.RETURN,
    "sale": kernel.SALE,
    "write_off": kernel.WRITE_OFF,
}
"""Kinds of movements: what comes in, goes back to the supplier, is sold or used, and is written off."""

_UNKNOWN_DAY = np.iinfo(np.int64).min
"""What no day at all is as a number."""


def check_movements(movements: pd.DataFrame, opening: pd.DataFrame) -> None:
    """Refuse movements and opening layers that cannot be costed.

    Raises
    ------
    DataError
        When a column is missing, a day or quantity is empty, a unit cost is negative, or an opening quantity is.
    """
    _check(opening, "opening", ["quantity", "unit_cost"])
    _check(movements, "movements", ["at", "quantity", "unit_cost"])
    owed = opening[opening["quantity"] < 0]
    if len(owed):
        raise DataError(
            f"opening of {owed['unique_id'].iloc[0]}: quantity is {owed['quantity'].iloc[0]:g}, expected ≥ 0; "
            "give what was owed as a movement"
        )


def ordered_moves(
    movements: pd.DataFrame,
    opening: pd.DataFrame,
    code: NDArray[np.intp],
    boundaries: NDArray[np.datetime64],
    fallback: Array,
) -> kernel.Moves:
    """Opening layers and movements in the order in which they are played, whatever the order of their rows."""
    quantity = np.concatenate([opening["quantity"].to_numpy(float), movements["quantity"].to_numpy(float)])
    cost = np.concatenate([opening["unit_cost"].to_numpy(float), movements["unit_cost"].to_numpy(float)])
    kind = np.concatenate([np.zeros(len(opening), np.int8), _kinds(movements)])
    days = movements["at"].to_numpy("datetime64[D]").astype(np.int64)
    start = int(days.min(initial=np.iinfo(np.int32).max))
    since = np.full(len(opening), _UNKNOWN_DAY)
    if "received_at" in opening:
        since = opening["received_at"].to_numpy("datetime64[D]").astype(np.int64)
    day = np.concatenate([since, days])
    bucket = np.searchsorted(boundaries.astype(np.int64), days, side="right")
    bucket = np.concatenate([np.zeros(len(opening), np.int64), bucket])
    played = np.concatenate([np.minimum(since, start - 1), days])
    order = _order(code, played, kind, (day, cost, quantity))
    return kernel.Moves(
        first=np.searchsorted(code[order], np.arange(len(fallback) + 1)),
        kind=kind[order],
        day=day[order],
        bucket=bucket[order],
        units=np.abs(quantity[order]),
        cost=cost[order],
        fallback=fallback,
    )


def _order(
    code: NDArray[np.intp], played: NDArray[np.int64], kind: NDArray[np.int8], ties: tuple[NDArray[Any], ...]
) -> NDArray[np.intp]:
    """Positions that sort movements by SKU, the day they are `played` and kind, and where these are one by `ties`."""
    low = int(played[played != _UNKNOWN_DAY].min(initial=0))
    later = np.where(played == _UNKNOWN_DAY, 0, played - low + 1)
    key = (code * (later.max(initial=0) + 1) + later) * (kernel.WRITE_OFF + 1) + kind
    order = np.argsort(key)
    same = np.diff(key[order]) == 0
    tied = np.append(same, [False]) | np.append([False], same) if len(key) else np.zeros(0, bool)
    some = order[tied]
    order[tied] = some[np.lexsort((*(tie[some] for tie in ties[::-1]), key[some]))]
    return order


def _kinds(movements: pd.DataFrame) -> NDArray[np.int8]:
    """Kind of each movement (m,) as the kernel counts them."""
    quantity = movements["quantity"].to_numpy(float)
    by_sign = np.where(quantity > 0, kernel.RECEIPT, kernel.SALE).astype(np.int8)
    if "kind" not in movements:
        return by_sign
    code, words = pd.factorize(movements["kind"])
    unknown = [word for word in words if word not in KINDS]
    if unknown:
        raise DataError(f"movements: kind is {unknown[0]!r}, expected one of {', '.join(KINDS)}")
    kind = np.where(code >= 0, np.array([*(KINDS[word] for word in words), 0], np.int8)[code], by_sign)
    wrong = np.where(kind == kernel.RECEIPT, quantity < 0, quantity > 0)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise DataError(
            f"movements row {row + 1} ({movements['unique_id'].iloc[row]}): quantity is {quantity[row]:g} and kind "
            f"{movements['kind'].iloc[row]!r}; give receipts as > 0 and all other kinds as < 0"
        )
    return np.asarray(kind, np.int8)


def _check(frame: pd.DataFrame, name: str, columns: list[str]) -> None:
    """Refuse rows of a frame that lack a column, a day or a quantity, or whose unit cost is no number ≥ 0."""
    missing = [column for column in ["unique_id", *columns] if column not in frame]
    if missing:
        raise DataError(f"{name} has no column {missing[0]!r}; give unique_id, {', '.join(columns)}")
    for column in columns:
        if column == "at":
            wrong, expected = np.isnat(frame[column].to_numpy("datetime64[ns]")), "a day"
        elif column == "quantity":
            wrong, expected = ~np.isfinite(frame[column].to_numpy(float)), "a number"
        else:
            cost = frame[column].to_numpy(float)
            wrong, expected = (cost < 0) | np.isinf(cost), "a number ≥ 0, or empty"
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise DataError(
                f"{name} row {row + 1} ({frame['unique_id'].iloc[row]}): {column} is {frame[column].iloc[row]}, "
                f"expected {expected}"
            )
