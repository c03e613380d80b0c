"""The sentence beside each planned number: what to do, and the numbers that say so."""

import math
from datetime import timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import day, days, level, number, packs, quantity
from planning.decision import OrderDecision
from planning.lanes.lane_terms import LaneTerms, PlanSetting
from planning.tables.reason_codes import CODES, NOT_BOUGHT, NOT_TODAY

_TARGET_NAMES = {"cycle_service_level": "cycle service", "fill_rate": "fill rate", "cost": "cost fractile"}


class _SkuNumbers(NamedTuple):
    """Numbers that the sentence of one SKU is made of."""

    supplier: str
    quantity: float
    purchase_unit: str | None
    units_per_purchase_unit: float
    position: float
    expected: float
    reorder_point: float
    target: str
    level: float
    interval: float
    wait: float
    premium: float
    waste: float
    codes: str


def reason_sentences(
    terms: LaneTerms, decision: OrderDecision, codes: NDArray[np.object_], setting: PlanSetting
) -> list[str]:
    """One sentence for each SKU with the reason of its plan: what to do, and the numbers that say so."""
    columns = {
        "supplier": terms.lanes["supplier_id"],
        "quantity": decision.quantity,
        "purchase_unit": terms.lanes["purchase_unit"],
        "units_per_purchase_unit": terms.lanes["units_per_purchase_unit"],
        "position": decision.counted_position,
        "expected": terms.demand.expected,
        "reorder_point": terms.reorder_point,
        "target": terms.targets.kind,
        "level": terms.targets.level,
        "interval": terms.lead_time.mean() + setting.policy.review_period_days,
        "wait": decision.wait,
        "premium": terms.target_premium,
        "waste": terms.target_waste,
        "codes": codes,
    }
    rows = zip(*(np.asarray(columns[name]).tolist() for name in _SkuNumbers._fields), strict=True)
    return [_sentence(setting.as_of, _SkuNumbers(*row)) for row in rows]


def _sentence(as_of: pd.Timestamp, sku: _SkuNumbers) -> str:
    """The sentence of one SKU, with what its reason codes mean."""
    codes = [code for code in sku.codes.split(";") if code]
    need = f"{quantity(sku.expected)} expected over {days(sku.interval)} of lead time and review"
    if not NOT_BOUGHT & set(codes):
        aim = "the least cost" if sku.premium else f"a {_target(sku)}"
        need = f"{need}, reorder point {quantity(sku.reorder_point)} for {aim}"
    if math.isnan(sku.quantity):
        head = f"Stock unknown: {need}"
    else:
        head = f"{_advice(as_of, sku, codes)}: position {quantity(sku.position)}, {need}"
    said = [code for code in codes if code != "replaced" or "run_down" not in codes]
    return "; ".join([head, *(_note(code, sku) for code in said)]) + "."


def _advice(as_of: pd.Timestamp, sku: _SkuNumbers, codes: list[str]) -> str:
    """What the sentence says to do."""
    if sku.quantity > 0:
        return f"Order {_order(sku)} from {sku.supplier}"
    if "override_hold" in codes and math.isfinite(sku.wait):
        return f"No order before {day(as_of + timedelta(days=int(sku.wait)))}"
    if sku.position < sku.reorder_point - 1e-9:
        return f"No order {'today' if NOT_TODAY & set(codes) else 'possible'} from {sku.supplier}"
    if NOT_BOUGHT & set(codes):
        return "No order"
    if "open_orders_late" in codes:
        return "No further order"
    until = f" until {day(as_of + timedelta(days=int(sku.wait)))}" if math.isfinite(sku.wait) else ""
    return f"No order needed{until}"


def _note(code: str, sku: _SkuNumbers) -> str:
    """What a reason code means, in the sentence of one SKU."""
    note = CODES.get(code, code.replace("_", " "))
    uncovered = sku.reorder_point - sku.position - sku.quantity
    if code == "maximum_binds" and uncovered > 0:
        return f"{note}: {quantity(uncovered)} up to the reorder point stay uncovered"
    if code == "target_perishes":
        share = min(sku.waste / sku.premium, 1.0)
        return f"a {_target(sku)} would cost {number(sku.premium)} a year more, {level(share)} of it waste"
    return note


def _target(sku: _SkuNumbers) -> str:
    """The target of a SKU in its sentence, as people say it."""
    return f"{_TARGET_NAMES[sku.target]} of {level(sku.level)}"


def _order(sku: _SkuNumbers) -> str:
    """What a sentence asks to order: in the supplier's unit where its offer names one, and in the SKU's own."""
    units_each = sku.units_per_purchase_unit
    if math.isnan(units_each):
        return quantity(sku.quantity)
    return packs(sku.quantity / units_each, sku.purchase_unit, units_each)
