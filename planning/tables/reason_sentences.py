"""The sentence beside each planned number: what to do, and the numbers that say so."""

import math
from datetime import timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.decision import OrderDecision
from planning.lanes.lane_terms import LaneTerms, PlanSetting
from planning.tables.reason_codes import CODES

_TARGET_NAMES = {"cycle_service_level": "cycle service", "fill_rate": "fill rate", "cost": "cost fractile"}


class _SkuNumbers(NamedTuple):
    """Numbers that the sentence of one SKU is made of."""

    supplier: str
    quantity: float
    position: float
    expected: float
    reorder_point: float
    target: str
    level: float
    interval: float
    wait: float
    codes: str


def reason_sentences(
    terms: LaneTerms, decision: OrderDecision, codes: NDArray[np.object_], setting: PlanSetting
) -> list[str]:
    """One sentence for each SKU with the reason of its plan: what to do, and the numbers that say so."""
    columns = {
        "supplier": terms.lanes["supplier_id"],
        "quantity": decision.quantity,
        "position": decision.counted_position,
        "expected": terms.demand.expected,
        "reorder_point": terms.reorder_point,
        "target": terms.targets.kind,
        "level": terms.targets.level,
        "interval": terms.lead_time.mean() + setting.policy.review_period_days,
        "wait": decision.wait,
        "codes": codes,
    }
    rows = zip(*(np.asarray(columns[name]).tolist() for name in _SkuNumbers._fields), strict=True)
    return [_sentence(setting.as_of, _SkuNumbers(*row)) for row in rows]


def _sentence(as_of: pd.Timestamp, sku: _SkuNumbers) -> str:
    """The sentence of one SKU, with what its reason codes mean."""
    need = (
        f"{_units(sku.expected)} expected over {sku.interval:.0f} days of lead time and review, "
        f"reorder point {_units(sku.reorder_point)} for a {_TARGET_NAMES[sku.target]} of {sku.level:.1%}"
    )
    if math.isnan(sku.quantity):
        head = f"Stock unknown: {need}"
    elif sku.quantity > 0:
        head = f"Order {_units(sku.quantity)} from {sku.supplier}: position {_units(sku.position)}, {need}"
    else:
        finite = math.isfinite(sku.wait)
        until = f" until {(as_of + timedelta(days=int(sku.wait))).date()}" if finite else ""
        head = f"No order needed{until}: position {_units(sku.position)}, {need}"
    notes = [CODES.get(code, code.replace("_", " ")) for code in sku.codes.split(";") if code]
    return "; ".join([head, *notes]) + "."


def _units(quantity: float) -> str:
    """A quantity as people write it: one decimal below ten, thousands separated."""
    return f"{quantity:,.0f}" if abs(quantity) >= 10 or quantity == round(quantity) else f"{quantity:.1f}"
