"""The table of sourcing actions: its columns, the identity of an action, its worth and how sure we are of it."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import orjson
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.actions.played_worth import PlayedWorth
from planning.assessment import Assessment
from planning.tables.dates import dates_after

COLUMNS = [
    "action_id", "kind", "unique_id", "supplier_id", "alternative_supplier_id", "quantity", "worth", "worth_period",
    "act_by", "title", "evidence", "facts", "confidence",
]  # fmt: skip

_IDENTITY = ["kind", "unique_id", "supplier_id", "alternative_supplier_id", "subject"]
_MANY_ORDERS, _FEW_ORDERS = 10, 3


def action_rows(
    assessment: Assessment,
    head: pd.DataFrame,
    facts: pd.DataFrame,
    describe: Callable[[Any], tuple[str, str]],
) -> pd.DataFrame:
    """Rows of the action table for the actions of one kind.

    Parameters
    ----------
    head : kind, unique_id, supplier_id, alternative_supplier_id, quantity, worth, worth_period, act_by, confidence
        and `subject`: what sets an action apart from others of its kind for the same SKU and supplier
    facts : the numbers behind the evidence, a row an action
    describe : title and evidence from a row of `head` and `facts`, with the names of `sku`, `supplier` and
        `alternative`, as people call them

    Returns
    -------
    DataFrame
        `COLUMNS`; the same action has the same `action_id` in every run, so that decisions about it stay with it
    """
    named = assessment.names.added(head)
    texts = [describe(row) for row in pd.concat([named, facts], axis=1).itertuples(index=False)]
    keys = zip(*(head[column].fillna("").tolist() for column in _IDENTITY), strict=True)
    rows = head.assign(
        action_id=[hashlib.sha256("\x1f".join(key).encode()).hexdigest()[:16] for key in keys],
        worth=head["worth"].round(2),
        title=[title for title, _ in texts],
        evidence=[evidence for _, evidence in texts],
        facts=_json_rows(facts),
    )
    return rows[COLUMNS]


def _json_rows(facts: pd.DataFrame) -> list[str]:
    """Facts of each action as a JSON object, NaN and infinity as null. Column by column: they can be many."""
    columns = [_json_values(facts[name]) for name in facts.columns]
    rows = zip(*columns, strict=True)
    return [orjson.dumps(dict(zip(facts.columns, row, strict=True))).decode() for row in rows]


def _json_values(column: pd.Series) -> list[Any]:
    """Values of one fact of the actions as plain Python objects for JSON, floats to four decimals."""
    if pd.api.types.is_float_dtype(column.dtype):
        floats: list[Any] = column.to_numpy(float).round(4).tolist()
        return floats
    return list(column.astype(object).where(column.notna(), None))


def action_subjects(orders: pd.DataFrame) -> NDArray[np.object_]:
    """The action table's `subject` of actions about order lines, (n,): each line as people name it, order/line."""
    return np.asarray(orders["order_id"].astype(str) + "/" + orders["line"].astype(str), dtype=object)


def ranked(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All rows of the action table, the most valuable first."""
    filled = [part for part in parts if len(part)]
    frame = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=COLUMNS)
    frame = frame.astype({"quantity": float, "worth": float, "act_by": "datetime64[ns]"})
    return frame.sort_values(["worth", "action_id"], ascending=[False, True], ignore_index=True)


def set_worth(actions: pd.DataFrame, row: int, worth: PlayedWorth, says: str) -> None:
    """Set another `worth` (1,) of one row of the action table; its facts follow, and what the evidence `says` of it."""
    facts = orjson.loads(actions.at[row, "facts"])
    alone = {"worth_alone": float(actions.at[row, "worth"])}
    bounds = {name: round(float(values[0]), 4) for name, values in worth.facts().items()}
    actions.at[row, "worth"] = round(float(worth.mean[0]), 2)
    actions.at[row, "facts"] = orjson.dumps(facts | alone | bounds).decode()
    actions.at[row, "evidence"] += says
    seen = np.array([actions.at[row, "confidence"]], object)
    actions.at[row, "confidence"] = worth.confidence(seen)[0]


def worthwhile(assessment: Assessment, worth: Array, where: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Rows of `where` (n,) whose action is worth money (n,), and at least the policy's minimum."""
    return np.flatnonzero(where & (worth > 0) & (worth >= assessment.setting.policy.minimum_action_value))


def confidence(
    assessment: Assessment, lanes: NDArray[np.intp], *, uses_shortage: bool = False
) -> NDArray[np.object_]:
    """Confidence in an action, high, medium or low for each lane: how often its lead time was seen, and known costs."""
    sources = assessment.lead_time_sources.iloc[lanes]
    orders = sources["n_orders"].fillna(0).to_numpy(float)
    learned = (sources["source"] == "learned").to_numpy(bool)
    source = assessment.lane_terms.costs.shortage_source[lanes].astype(str)
    cost_known = np.isin(source, ["given", "margin"]) | (not uses_shortage)
    high = learned & (orders >= _MANY_ORDERS) & cost_known
    low = (~learned & (orders < _FEW_ORDERS)) | ~cost_known
    return np.select([high, low], ["high", "low"], "medium").astype(object)


def act_by_next_order(assessment: Assessment) -> NDArray[np.datetime64]:
    """Act-by date (n,) of an action that is due before the SKU's next order; one review away where none is foreseen."""
    wait, review = assessment.decision.wait, assessment.setting.policy.review_period_days
    return dates_after(assessment.setting.as_of, np.where(np.isfinite(wait), wait, review))
