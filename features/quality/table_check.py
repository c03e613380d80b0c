"""A table while it is checked: its raw and parsed rows side by side, and the rules that rows were found to break."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.contract.tables import KEYS, REQUIRED, RawTable

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class RuleViolation:
    """Rows of a checked table that break one rule: their positions, the rule's name and a reason for each."""

    rows: NDArray[np.int64]
    rule: str
    reasons: list[str]


@dataclass
class TableCheck:
    """A table while it is checked: the raw and the parsed rows, side by side, and the violations found so far.

    Attributes
    ----------
    name : contract table
    raw : the table as its source holds it
    frame : its parsed rows, in the order of the source
    violations : which rows break which rule
    unseen : bool array (rows,), rows that were not known yet on the as-of date, and order lines never placed
    """

    name: str
    raw: RawTable
    frame: pd.DataFrame
    violations: list[RuleViolation] = field(default_factory=list)
    unseen: Mask = field(init=False)

    def __post_init__(self) -> None:
        self.unseen = np.zeros(len(self.frame), bool)

    @property
    def good(self) -> Mask:
        """Rows of the checked table that broke no rule so far and were known on the as-of date, (rows,)."""
        good = ~self.unseen
        for violation in self.violations:
            good[violation.rows] = False
        return good

    @cached_property
    def key(self) -> NDArray[np.int64]:
        """Key of each row of the table as one integer, (rows,), that sorts, and is equal, as the keys do."""
        return key_codes(self.frame, KEYS.get(self.name) or REQUIRED[self.name])

    def reject(self, mask: Mask, rule: str, reason: Callable[[int], str]) -> None:
        """Note that rows `mask` (rows,) of the checked table break `rule`, each with `reason(position)`."""
        rows = np.flatnonzero(mask)
        if len(rows):
            self.violations.append(RuleViolation(rows, rule, [reason(int(row)) for row in rows]))

    def value(self, row: int, column: str) -> str:
        """Value in a row of the checked table's source, as a message shows it."""
        found = self.raw.frame[column].iloc[row]
        if isinstance(found, str) and not _looks_plain(found):
            return repr(found)
        return f"{found:%Y-%m-%d}" if isinstance(found, pd.Timestamp) else str(found)


def _looks_plain(text: str) -> bool:
    return re.fullmatch(r"[\w.,:+-]{1,40}", text) is not None


def key_codes(frame: pd.DataFrame, columns: tuple[str, ...]) -> NDArray[np.int64]:
    """Keys of a checked table's rows as integers, (rows,), that sort and are equal as its `columns`; missing first."""
    total = np.zeros(len(frame), np.int64)
    for column in columns:
        codes, uniques = pd.factorize(frame[column], sort=True)
        if len(frame) and (int(total.max()) + 1) * (len(uniques) + 1) > 2**62:
            total = np.unique(total, return_inverse=True)[1]
        total = total * (len(uniques) + 1) + codes + 1
    return total


def quarantined_rows(check: TableCheck) -> pd.DataFrame:
    """Rows of a checked table that break a rule, as they came.

    With columns `reason`, `rule` (that of the first reason) and `source_line`; lines that could not be split into
    columns come last.
    """
    reasons: dict[int, list[str]] = {}
    rules: dict[int, str] = {}
    for violation in check.violations:
        for row, reason in zip(violation.rows.tolist(), violation.reasons, strict=True):
            if not check.unseen[row]:
                reasons.setdefault(row, []).append(reason)
                rules.setdefault(row, violation.rule)
    rows = sorted(reasons)
    lines = check.raw.source_line[rows] if rows else np.empty(0, np.int64)
    facts: dict[str, Any] = {
        "reason": ["; ".join(reasons[row]) for row in rows],
        "rule": [rules[row] for row in rows],
        "source_line": lines,
    }
    bad = check.raw.frame.iloc[rows].reset_index(drop=True)
    # A source may have a column of the same name (a quarantine file read again); the new one counts.
    bad = bad.drop(columns=[c for c in facts if c in bad.columns]).assign(**facts)
    if not len(check.raw.malformed):
        return bad
    malformed = check.raw.malformed.assign(rule="the row has as many values as the header")
    return pd.concat([bad.astype(object), malformed.astype(object)], ignore_index=True)
