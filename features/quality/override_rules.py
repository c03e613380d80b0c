"""Rules for overrides: one kind and one scope a row, the value its kind needs and no other, a reason, an end."""

from collections.abc import Sequence

import numpy as np

from features.contract.parsing import EXPECTED
from features.contract.tables import TABLES
from features.quality.table_check import Mask, TableCheck

VALUES: dict[str, tuple[str, ...]] = {
    "forecast": ("factor", "units", "last_year"),
    "service_level": ("service_level",),
    "hold": ("hold_until",),
    "quantity": ("quantity",),
}
"""Kind of override → the columns one of which says what holds instead."""

LEAST_REASON = 10
"""Characters of a reason at least: who reads it in a year has to understand it."""

_PERIODS = ("from", "until")


def check_overrides(check: TableCheck) -> None:
    """Reject rows of overrides that do not say, each once, what holds instead, where and why."""
    _check_kind_and_scope(check)
    for kind, columns in VALUES.items():
        _check_value(check, kind, columns)
    frame = check.frame
    length = frame["reason"].fillna("").astype(str).str.strip().str.len().to_numpy()
    check.reject(
        (length < LEAST_REASON) & frame["reason"].notna().to_numpy(),
        f"reason has at least {LEAST_REASON} characters",
        lambda row: (
            f"reason is {check.value(row, 'reason')}, expected at least {LEAST_REASON} characters that say why"
        ),
    )
    check.reject(
        (frame["hold_until"] > frame["expires"]).to_numpy(),
        "expires is not before hold_until",
        lambda row: (
            f"expires is {frame['expires'].iloc[row]:%Y-%m-%d}, before hold_until "
            f"{frame['hold_until'].iloc[row]:%Y-%m-%d}; let it expire on that day or later"
        ),
    )


def _check_kind_and_scope(check: TableCheck) -> None:
    """Reject overrides of an unknown kind, and those for no SKU and no category, for both, or that suit SKUs only."""
    frame = check.frame
    kind, sku, category = frame["kind"], _given(check, "unique_id"), _given(check, "category")
    check.reject(
        (kind.notna() & ~kind.isin(list(VALUES))).to_numpy(),
        "kind is one of " + ", ".join(VALUES),
        lambda row: f"kind is {check.value(row, 'kind')}, expected one of {', '.join(VALUES)}",
    )
    check.reject(
        ~sku & ~category,
        "unique_id or category is given",
        lambda _: "unique_id and category are empty, expected the SKU or the category that it is for",
    )
    check.reject(
        sku & category,
        "unique_id or category is given, not both",
        lambda row: (
            f"unique_id is {check.value(row, 'unique_id')} and category is {check.value(row, 'category')}, "
            "expected one of the two; leave the other empty"
        ),
    )
    check.reject(
        category & ~sku & (kind == "quantity").to_numpy(),
        "quantity is for one SKU",
        lambda row: (
            f"category is {check.value(row, 'category')} beside a fixed quantity, which is of one SKU; "
            "give its unique_id instead"
        ),
    )


def _check_value(check: TableCheck, kind: str, columns: tuple[str, ...]) -> None:
    """Reject overrides of a `kind` with none or several of its `columns`, and others that have one of them."""
    frame = check.frame
    own = (frame["kind"] == kind).to_numpy()
    given = np.stack([_given(check, column) for column in columns])
    named = _listed(columns)
    what = named if len(columns) > 1 else EXPECTED[TABLES["overrides"][columns[0]]]
    check.reject(
        own & (given.sum(axis=0) == 0),
        f"a {kind} override has {named}",
        lambda _: f"{' and '.join(columns)} {'is' if len(columns) == 1 else 'are'} empty, expected {what}",
    )
    check.reject(
        own & (given.sum(axis=0) > 1),
        f"a {kind} override has one of {named}",
        lambda row: (
            " and ".join(c for c, has in zip(columns, given[:, row], strict=True) if has)
            + f" are both given, expected only one of {named}"
        ),
    )
    other = frame["kind"].isin(list(VALUES)).to_numpy() & ~own
    for column in (*columns, *(_PERIODS if kind == "forecast" else ())):
        check.reject(
            other & _given(check, column),
            f"{column} is given for kind {kind} only",
            lambda row, column=column: (  # type: ignore[misc]
                f"{column} is {check.value(row, column)} beside kind {check.value(row, 'kind')}, expected none; "
                f"leave it empty, or give the row kind {kind}"
            ),
        )


def _given(check: TableCheck, column: str) -> Mask:
    """Rows of overrides that have something in a column, be it readable or not; a flag counts where it is set."""
    values = check.frame[column]
    if column == "last_year":
        return np.asarray(values.fillna(False).to_numpy(bool))
    given = values.notna().to_numpy(bool)
    if column in check.raw.frame:
        raw = check.raw.frame[column]
        has = raw.notna() & (raw.map(str).str.strip() != "")  # not astype: bytes may be no text
        given = given | has.to_numpy(bool)
    return np.asarray(given)


def _listed(names: Sequence[str]) -> str:
    """Columns of overrides as a sentence lists them: `factor, units or last_year`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
