"""Promises made by hand: one SKU at supplier `far`, approved two days after its plan."""

from datetime import date
from typing import Any

import numpy as np

from planning.realised.lane_basis import LEAD_LEVELS, LaneBasis
from planning.realised.promise import Promise

TERMS = LaneBasis(
    supplier_id="far", review=7.0, reorder_point=500.0, order_up_to=600.0, expected=420.0, interval=42.0,
    lead_days=tuple(np.linspace(30, 40, len(LEAD_LEVELS)).tolist()), moq=100.0, multiple=1.0, maximum=np.inf,
    starts=(0.0,), prices=(9.0,), unit=9.0, ordering=8.0, holding=2.0, capital=0.8, shortage=5.0, payment_days=np.nan, rejected=0.0,
    yearly=3650.0, sellable=np.inf, shelf_life=np.nan, whole=True,
)  # fmt: skip


def promise(kind: str, *, agreed: Any = None, facts: Any = None, **more: Any) -> Promise:
    """A promise of a kind; `after`, `line` and `ordered` of its SKU, and what else a promise has, as `more` says."""
    sku_parts = {name: more.pop(name) for name in ("after", "line", "ordered") if name in more}
    after, line, ordered = (sku_parts.get(name) for name in ("after", "line", "ordered"))
    sku = {"unique_id": "sku", "on_hand": 300.0, "owed": 0.0, "before": TERMS.facts()}
    sku |= {} if after is None else {"after": after.facts()}
    sku |= {} if line is None else {"line": line}
    sku |= {} if ordered is None else {"ordered": ordered}
    basis = {"as_of": "2024-01-01", "horizon_days": 365.0, "lost_sales": False, "skus": [sku]}
    known = {
        "decision_id": 1, "action_id": "a1", "kind": kind, "unique_id": "sku", "supplier_id": "far",
        "alternative_supplier_id": "near", "title": "", "quantity": 24.0, "who": "ada",
        "decided_on": date(2024, 1, 3), "worth": 365.0, "worth_period": "year", "low": 300.0, "high": 430.0,
        "chance": 1.0, "effort": 10.0, "worth_in_horizon": 265.0, "facts": facts or {}, "basis": basis,
        "agreed": agreed or {},
    }  # fmt: skip
    return Promise(**(known | more))
