"""The rules a row must keep: each gives the rows that break it, with a reason that names value and fix."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.contract.parsing import EXPECTED
from features.contract.tables import KEYS, REQUIRED, TABLES, Kind, RawTable

Mask = NDArray[np.bool_]
_LIMITS: dict[str, tuple[float, float, bool, str]] = {
    "quantity_ordered": (0, np.inf, True, "a number > 0 (leave cancelled lines out)"),
    "quantity": (0, np.inf, True, "a number > 0"),
    "on_hand": (0, np.inf, False, "a number ≥ 0 (what is owed belongs in backorders)"),
    "cycle_service_level": (0, 1, True, "a share between 0 and 1 such as 0.95"),
    "fill_rate": (0, 1, True, "a share between 0 and 1 such as 0.98"),
    "replaces_share": (0, 1, False, "a share between 0 and 1 such as 0.5"),
    "holding_cost_rate": (0, 5, False, "a share per year such as 0.25"),
}
"""Column → lowest, highest, whether both are excluded, and what the message expects. Others: a number ≥ 0."""
_AT_LEAST_ZERO = (0.0, np.inf, False, "a number ≥ 0")
_OPEN_ENDED = ("valid_from", "valid_to")
_EARLIEST = pd.Timestamp("1950-01-01")
_PRICE_BREAKS = re.compile(r"\s*\d+(\.\d+)?\s*:\s*\d+(\.\d+)?\s*(;\s*\d+(\.\d+)?\s*:\s*\d+(\.\d+)?\s*)*;?\s*")


@dataclass(frozen=True)
class Finding:
    """Rows that break one rule: their positions, the rule's name and a reason for each."""

    rows: NDArray[np.int64]
    rule: str
    reasons: list[str]


@dataclass
class Draft:
    """A table while it is checked: the raw and the parsed rows, side by side, and what was found so far."""

    name: str
    raw: RawTable
    frame: pd.DataFrame
    findings: list[Finding] = field(default_factory=list)
    unseen: Mask = field(init=False)

    def __post_init__(self) -> None:
        self.unseen = np.zeros(len(self.frame), bool)

    @property
    def good(self) -> Mask:
        """Rows that broke no rule so far and were known on the as-of date."""
        good = ~self.unseen
        for finding in self.findings:
            good[finding.rows] = False
        return good

    @cached_property
    def key(self) -> NDArray[np.int64]:
        """One integer per row (n,) that sorts, and is equal, as the rows' keys do."""
        return key_codes(self.frame, KEYS.get(self.name) or REQUIRED[self.name])

    def add(self, mask: Mask, rule: str, reason: Callable[[int], str]) -> None:
        """Note the rows of `mask` (n,), each with `reason(position)`."""
        rows = np.flatnonzero(mask)
        if len(rows):
            self.findings.append(Finding(rows, rule, [reason(int(row)) for row in rows]))

    def value(self, row: int, column: str) -> str:
        """What stood in the source, as a message shows it."""
        found = self.raw.frame[column].iloc[row]
        if isinstance(found, str) and not _looks_plain(found):
            return repr(found)
        return f"{found:%Y-%m-%d}" if isinstance(found, pd.Timestamp) else str(found)


def _looks_plain(text: str) -> bool:
    return re.fullmatch(r"[\w.,:+-]{1,40}", text) is not None


def check_columns(draft: Draft, bad: dict[str, Mask], covariates: tuple[str, ...]) -> None:
    """Kinds, required values and bounds of every column of `draft`."""
    kinds = TABLES[draft.name] | dict.fromkeys(covariates, "number")
    for column, mask in bad.items():
        draft.add(
            mask,
            f"{column} is {EXPECTED[kinds[column]].split(' such')[0]}",
            partial(_not_of_kind, draft, column, kinds[column]),
        )
    for column in REQUIRED[draft.name]:
        empty = draft.frame[column].isna().to_numpy() & ~bad.get(column, np.zeros(len(draft.frame), bool))
        if (draft.name, column) == ("demand", "y"):
            continue  # its emptiness depends on in_stock and on the as-of date
        draft.add(empty, f"{column} is not empty", partial(_is_empty, column, kinds[column]))
    for column, kind in kinds.items():
        if kind == "number" and column in draft.raw.frame.columns:
            _check_bounds(
                draft, column, None if column in covariates else _LIMITS.get(column, _AT_LEAST_ZERO)
            )
        elif kind == "date" and column not in _OPEN_ENDED and column in draft.raw.frame.columns:
            _check_earliest(draft, column)


def _not_of_kind(draft: Draft, column: str, kind: Kind, row: int) -> str:
    return f"{column} is {draft.value(row, column)}, expected {EXPECTED[kind]}"


def _is_empty(column: str, kind: Kind, _: int) -> str:
    return f"{column} is empty, expected {EXPECTED[kind]}"


def _check_bounds(draft: Draft, column: str, limits: tuple[float, float, bool, str] | None) -> None:
    values = draft.frame[column].to_numpy(float)
    low, high, excluded, expected = limits or (-np.inf, np.inf, False, "a finite number")
    with np.errstate(invalid="ignore"):
        outside = (values <= low) | (values >= high) if excluded else (values < low) | (values > high)
    draft.add(
        (outside | np.isinf(values)) & ~np.isnan(values),
        f"{column} is {expected.split(' such')[0].split(' (')[0]}",
        lambda row: f"{column} is {draft.value(row, column)}, expected {expected}",
    )


def _check_earliest(draft: Draft, column: str) -> None:
    draft.add(
        (draft.frame[column] < _EARLIEST).to_numpy(),
        f"{column} is a real date",
        lambda row: (
            f"{column} is {draft.value(row, column)}, a placeholder; "
            f"{'leave the row out' if column in REQUIRED[draft.name] else 'leave it empty'} or give the real date"
        ),
    )


def check_relations(draft: Draft) -> None:
    """Rules between the columns of one row."""
    for earlier, later in (("ordered_at", "received_at"), ("valid_from", "valid_to"), ("ds", "until")):
        if {earlier, later} <= set(draft.frame.columns):
            _check_order(draft, earlier, later)
    if draft.name == "offers":
        frame = draft.frame
        draft.add(
            (frame["max_quantity"] < frame["moq"]).to_numpy(),
            "max_quantity ≥ moq",
            lambda row: (
                f"max_quantity is {draft.value(row, 'max_quantity')}, below moq {draft.value(row, 'moq')}"
            ),
        )
        codes, breaks = pd.factorize(frame["price_breaks"])
        wrong = np.array([_PRICE_BREAKS.fullmatch(text) is None for text in breaks] + [False], bool)
        draft.add(
            wrong[codes],
            "price_breaks is quantity:price pairs",
            lambda row: (
                f"price_breaks is {draft.value(row, 'price_breaks')}, expected pairs such as 100:9.50;500:9.10"
            ),
        )


def _check_order(draft: Draft, earlier: str, later: str) -> None:
    first, second = draft.frame[earlier], draft.frame[later]
    draft.add(
        (second < first).to_numpy(),
        f"{later} is not before {earlier}",
        lambda row: (
            f"{later} is {second.iloc[row]:%Y-%m-%d}, before {earlier} {first.iloc[row]:%Y-%m-%d}; "
            "correct one of the two"
        ),
    )


def check_duplicates(draft: Draft) -> None:
    """A second good row with the key of an earlier one."""
    if draft.name not in KEYS:
        return
    rows = np.flatnonzero(draft.good)
    key = draft.key[rows]
    repeated = is_repeated(key)
    original = ~repeated & np.isin(key, key[repeated])
    first = dict(zip(key[original], rows[original], strict=True))
    mask = np.zeros(len(draft.frame), bool)
    mask[rows[repeated]] = True
    of_row = dict(zip(rows[repeated], key[repeated], strict=True))
    named = ", ".join(KEYS[draft.name])
    draft.add(
        mask,
        f"{named} is unique",
        lambda row: (
            f"same {named} as row {draft.raw.source_line[first[of_row[row]]]}; "
            "keep one row, or add the two up"
        ),
    )


def key_codes(frame: pd.DataFrame, columns: tuple[str, ...]) -> NDArray[np.int64]:
    """One integer per row that sorts, and is equal, as the rows' `columns` do; shape (n,). Missing sorts first."""
    total = np.zeros(len(frame), np.int64)
    for column in columns:
        codes, uniques = pd.factorize(frame[column], sort=True)
        if len(frame) and (int(total.max()) + 1) * (len(uniques) + 1) > 2**62:
            total = np.unique(total, return_inverse=True)[1]
        total = total * (len(uniques) + 1) + codes + 1
    return total


def is_repeated(key: NDArray[np.int64]) -> Mask:
    """Whether each key stood earlier already; shape (n,)."""
    if (np.diff(key) > 0).all():  # most sources are sorted, and this is ten times quicker than hashing
        return np.zeros(len(key), bool)
    return np.asarray(pd.Series(key).duplicated())


def quarantined(draft: Draft) -> pd.DataFrame:
    """The bad rows as they came, with `reason`, `rule` (of the first reason) and `source_line`."""
    reasons: dict[int, list[str]] = {}
    rules: dict[int, str] = {}
    for finding in draft.findings:
        for row, reason in zip(finding.rows.tolist(), finding.reasons, strict=True):
            if not draft.unseen[row]:
                reasons.setdefault(row, []).append(reason)
                rules.setdefault(row, finding.rule)
    rows = sorted(reasons)
    lines = draft.raw.source_line[rows] if rows else np.empty(0, np.int64)
    facts: dict[str, Any] = {
        "reason": ["; ".join(reasons[row]) for row in rows],
        "rule": [rules[row] for row in rows],
        "source_line": lines,
    }
    held = draft.raw.frame.iloc[rows].reset_index(drop=True)
    # A source may have a column of the same name (a quarantine file read again); the new one counts.
    held = held.drop(columns=[c for c in facts if c in held.columns]).assign(**facts)
    if not len(draft.raw.malformed):
        return held
    broken = draft.raw.malformed.assign(rule="the row has as many values as the header")
    return pd.concat([held.astype(object), broken.astype(object)], ignore_index=True)
