"""What every action has in common: its columns, its identity and how sure we are of it."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import orjson
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.assessment import Assessment
from planning.tables.plan import dates

COLUMNS = [
    "action_id", "kind", "unique_id", "supplier_id", "alternative_supplier_id", "quantity", "worth", "worth_period",
    "act_by", "title", "evidence", "facts", "confidence",
]  # fmt: skip

_MANY_ORDERS, _FEW_ORDERS = 10, 3


def action_rows(
    head: pd.DataFrame, facts: pd.DataFrame, tell: Callable[[Any], tuple[str, str]]
) -> pd.DataFrame:
    """Actions of one module.

    Parameters
    ----------
    head : kind, unique_id, supplier_id, alternative_supplier_id, quantity, worth, worth_period, act_by, confidence
        and `subject`: what sets an action apart from others of its kind for the same SKU and supplier
    facts : the numbers behind the evidence, a row an action
    tell : title and evidence from a row of `head` and `facts`

    Returns
    -------
    DataFrame
        `COLUMNS`; the same action has the same `action_id` in every run, so that decisions about it stay with it
    """
    told = [tell(row) for row in pd.concat([head, facts], axis=1).itertuples(index=False)]
    identity = ["kind", "unique_id", "supplier_id", "alternative_supplier_id", "subject"]
    keys = zip(*(head[column].fillna("").tolist() for column in identity), strict=True)
    rows = head.assign(
        action_id=[hashlib.sha256("\x1f".join(key).encode()).hexdigest()[:16] for key in keys],
        worth=head["worth"].round(2),
        title=[title for title, _ in told],
        evidence=[evidence for _, evidence in told],
        facts=_json_rows(facts),
    )
    return rows[COLUMNS]


def _json_rows(facts: pd.DataFrame) -> list[str]:
    """Each row as a JSON object; what is not a finite number is null. Column by column: actions can be many."""
    columns = [_plain(facts[name]) for name in facts.columns]
    rows = zip(*columns, strict=True)
    return [orjson.dumps(dict(zip(facts.columns, row, strict=True))).decode() for row in rows]


def _plain(column: pd.Series) -> list[Any]:
    if pd.api.types.is_float_dtype(column.dtype):
        numbers: list[Any] = column.to_numpy(float).round(4).tolist()
        return numbers
    return list(column.astype(object).where(column.notna(), None))


def order_lines(orders: pd.DataFrame) -> NDArray[np.object_]:
    """Each order line (n,) as people name it and `subject` needs it: order/line."""
    return np.asarray(orders["order_id"].astype(str) + "/" + orders["line"].astype(str), dtype=object)


def ranked(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All actions, the most valuable first."""
    filled = [part for part in parts if len(part)]
    frame = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=COLUMNS)
    frame = frame.astype({"quantity": float, "worth": float, "act_by": "datetime64[ns]"})
    return frame.sort_values(["worth", "action_id"], ascending=[False, True], ignore_index=True)


def worthwhile(assessment: Assessment, worth: Array, where: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Rows that are worth money, and at least the policy's minimum."""
    return np.flatnonzero(where & (worth > 0) & (worth >= assessment.setting.policy.minimum_action_value))


def confidence(
    assessment: Assessment, lanes: NDArray[np.intp], *, uses_shortage: bool = False
) -> NDArray[np.object_]:
    """high, medium or low for each lane: how much its lead time has been seen, and whether its costs were told."""
    sources = assessment.lane_sources.iloc[lanes]
    orders = sources["n_orders"].fillna(0).to_numpy(float)
    learned = (sources["source"] == "learned").to_numpy(bool)
    told = np.isin(assessment.lanes.costs.shortage_source[lanes].astype(str), ["given", "margin"])
    told = told | (not uses_shortage)
    high = learned & (orders >= _MANY_ORDERS) & told
    low = (~learned & (orders < _FEW_ORDERS)) | ~told
    return np.select([high, low], ["high", "low"], "medium").astype(object)


def next_order_day(assessment: Assessment) -> NDArray[np.datetime64]:
    """Day (n,) by which the next order must be placed; one review period away where none is foreseen."""
    wait, review = assessment.decision.wait, assessment.setting.policy.review_period_days
    return dates(assessment.setting.as_of, np.where(np.isfinite(wait), wait, review))
