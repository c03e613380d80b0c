"""What every action has in common: its columns, its identity and how sure we are of it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.distributions import Array
from planning.situation import Situation

COLUMNS = [
    "action_id", "kind", "unique_id", "supplier_id", "alternative_supplier_id", "quantity", "worth", "worth_period",
    "act_by", "title", "evidence", "facts", "confidence",
]  # fmt: skip

_MANY_ORDERS, _FEW_ORDERS = 10, 3


@dataclass(frozen=True)
class Proposal:
    """One action.

    Attributes
    ----------
    subject : what sets it apart from others of its kind for the same SKU and supplier (an order line, say)
    worth : money, against leaving things as they are
    worth_period : year, or once
    act_by : after this day it is worth less, or nothing
    facts : the numbers behind the evidence
    """

    kind: str
    unique_id: str
    supplier_id: str
    alternative_supplier_id: str | None
    quantity: float
    worth: float
    worth_period: str
    act_by: pd.Timestamp
    title: str
    evidence: str
    facts: Mapping[str, float | str]
    confidence: str
    subject: str = ""

    @property
    def action_id(self) -> str:
        """The same action has the same id in every planning run, so that decisions about it stay with it."""
        parts = (
            self.kind,
            self.unique_id,
            self.supplier_id,
            self.alternative_supplier_id or "",
            self.subject,
        )
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]

    def row(self) -> tuple[object, ...]:
        """Values in the order of `COLUMNS`."""
        facts = {name: _plain(value) for name, value in self.facts.items()}
        return (
            self.action_id, self.kind, self.unique_id, self.supplier_id, self.alternative_supplier_id,
            float(self.quantity), round(float(self.worth), 2), self.worth_period, self.act_by, self.title,
            self.evidence, json.dumps(facts, sort_keys=True), self.confidence,
        )  # fmt: skip


def action_frame(proposals: Sequence[Proposal]) -> pd.DataFrame:
    """One row a proposal, the most valuable first."""
    frame = pd.DataFrame([p.row() for p in proposals], columns=COLUMNS)
    frame = frame.astype({"quantity": float, "worth": float, "act_by": "datetime64[ns]"})
    return frame.sort_values(["worth", "action_id"], ascending=[False, True], ignore_index=True)


def confidence(
    situation: Situation, lanes: NDArray[np.intp], *, uses_shortage: bool = False
) -> NDArray[np.object_]:
    """high, medium or low for each lane: how much its lead time has been seen, and whether its costs were told."""
    sources = situation.lane_sources.iloc[lanes]
    orders = sources["n_orders"].fillna(0).to_numpy(float)
    learned = (sources["source"] == "learned").to_numpy(bool)
    told = np.isin(situation.lanes.costs.shortage_source[lanes], ["given", "margin"]) | (not uses_shortage)
    high = learned & (orders >= _MANY_ORDERS) & told
    low = (~learned & (orders < _FEW_ORDERS)) | ~told
    return np.select([high, low], ["high", "low"], "medium").astype(object)


def day(as_of: pd.Timestamp, days: float) -> pd.Timestamp:
    """The day `days` after `as_of`; a wait without end, or an unknown one, is `as_of`."""
    whole = int(np.floor(days + 1e-6)) if np.isfinite(days) else 0
    return as_of.normalize() + pd.Timedelta(days=max(whole, 0))


def next_order_wait(situation: Situation) -> Array:
    """Days (n,) until the next order must be placed, at the latest; one review period where none is foreseen."""
    wait = situation.decision.wait
    return np.where(np.isfinite(wait), wait, situation.setting.policy.review_period_days)


def _plain(value: float | str) -> float | str | None:
    if isinstance(value, str):
        return value
    return round(float(value), 4) if np.isfinite(value) else None
