"""Rejections teach: a lever that one supplier's actions were rejected for, again and again, is not proposed again."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

OFTEN = 3
"""Rejections of a lever at one supplier, for the same category of reason, from which it is held back."""

MORE_WORTH = 0.5
"""Share by which an action has to be worth more than the most valuable one that was rejected, to be proposed after
all; and by which a rejected one's worth has to change for its rejection to count no more."""

FORGOTTEN_AFTER_DAYS = 365
"""Age at which a rejection counts no more."""

_TERMS = (
    "moq", "order_multiple", "order_size", "price_now", "price_alternative", "unit_price", "payment_days_now",
    "payment_days_alternative", "smallest_order_now", "smallest_order_alternative", "ordering_cost",
)  # fmt: skip
"""Facts of an action that are terms: a rejection counts no more where they have changed."""
_SAME = 0.01


def held_back(actions: pd.DataFrame, rejections: pd.DataFrame, *, as_of: pd.Timestamp) -> NDArray[np.object_]:
    """Why each of n actions is held back, in words (n,); empty where it is proposed.

    Parameters
    ----------
    actions : action_id, kind, supplier_id, worth and facts (objects)
    rejections : action_id, kind, supplier_id, category, label (the category in words), worth and facts of each action
        that stands rejected, as they were then, and rejected_on
    """
    reasons = np.full(len(actions), "", object)
    counting = _counting(actions, rejections, as_of)
    if counting.empty:
        return reasons
    keys = ["kind", "supplier_id", "category", "label"]
    groups = counting.groupby(keys).agg(times=("action_id", "size"), most=("worth", "max")).reset_index()
    often = groups[groups["times"] >= OFTEN]
    known = set(rejections["action_id"])
    for rule in often.itertuples(index=False):
        hit = (actions["kind"] == rule.kind) & (actions["supplier_id"] == rule.supplier_id)
        hit &= actions["worth"] <= (1 + MORE_WORTH) * rule.most
        hit &= ~actions["action_id"].isin(known)
        why = f"rejected {rule.times} times at {rule.supplier_id}: {rule.label}"
        reasons[hit.to_numpy(bool)] = why
    return reasons


def _counting(actions: pd.DataFrame, rejections: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Rejections that count: for a category, not too old, and about facts that still stand."""
    if rejections.empty:
        return rejections
    age = (as_of - pd.to_datetime(rejections["rejected_on"])).dt.days
    some = rejections[(rejections["category"].fillna("") != "") & (age <= FORGOTTEN_AFTER_DAYS)]
    now = actions.drop_duplicates("action_id").set_index("action_id")[["worth", "facts"]].to_dict("index")
    stands = [
        _facts_stand(row.worth, row.facts, now.get(row.action_id)) for row in some.itertuples(index=False)
    ]
    return some[np.array(stands, bool)] if len(some) else some


def _facts_stand(worth: float, facts: dict[str, Any], now: dict[str, Any] | None) -> bool:
    """Whether an action that was rejected is still about the same: its worth and its terms."""
    if now is None:
        return True
    if abs(now["worth"] - worth) > MORE_WORTH * abs(worth):
        return False
    pairs = [(facts[name], now["facts"][name]) for name in _TERMS if name in facts and name in now["facts"]]
    return all(_same(old, new) for old, new in pairs)


def _same(old: Any, new: Any) -> bool:
    """Whether a term is as it was."""
    if isinstance(old, int | float) and isinstance(new, int | float):
        return abs(new - old) <= _SAME * max(abs(old), abs(new))
    return bool(old == new)
