"""The plan's columns on overrides: what people set for each SKU, what became of it, and the reason codes."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from configs.formats import level, number, quantity
from planning.assessment import Assessment
from planning.overrides.override_tables import (
    FORECAST,
    HOLD,
    QUANTITY,
    REFUSED,
    SERVICE_LEVEL,
    USED,
    WAITS,
)

OVERRIDE_CODES: dict[str, str] = {
    "override_forecast": "planned with a person's forecast",
    "override_service_level": "a person set the service level",
    "override_hold": "a person holds the order back",
    "override_quantity": "a person fixed the quantity",
    "override_refused": "a person's quantity breaks a term of the offer and is not used",
    "overridden": "the model alone would not buy it again, a person expects demand",
}
"""Reason code → what it means, of overrides."""

Rows = dict[int, list[dict[str, Any]]]


def override_columns(assessment: Assessment) -> dict[str, NDArray[np.object_]]:
    """Columns `override`, sentences about each SKU's overrides, and `override_facts`, the same as JSON; else empty."""
    count = len(assessment.forecast)
    sentences, facts = np.full(count, "", object), np.full(count, "", object)
    for row, overrides in _facts(assessment).items():
        sentences[row] = " ".join(_sentence(override) for override in overrides)
        facts[row] = json.dumps([{k: v for k, v in o.items() if k != "beats"} for o in overrides])
    return {"override": sentences, "override_facts": facts}


def override_flags(assessment: Assessment) -> dict[str, NDArray[np.bool_]]:
    """Reason code → SKUs (n,) whose forecast, level, hold or quantity is an override, or whose quantity was refused."""
    of_skus, orders = assessment.inputs.overrides, assessment.overrides
    none = np.zeros(len(assessment.forecast), bool)
    if of_skus.empty or orders is None:
        return {}
    refused = none.copy()
    refused[list(orders.refused)] = True
    ids = assessment.forecast.unique_ids.astype(str)
    meant = {
        f"override_{kind}": np.isin(ids, of_skus["unique_id"][of_skus["kind"] == kind].astype(str))
        for kind in (FORECAST, SERVICE_LEVEL)
    }
    return meant | {
        "override_hold": orders.held,
        "override_quantity": orders.fixed,
        "override_refused": refused,
    }


def _facts(assessment: Assessment) -> Rows:
    """Facts of the overrides of each SKU that has some: row of the SKU → one dict an override."""
    of_skus, result = assessment.inputs.overrides, Rows()
    if of_skus.empty:
        return result
    rows = assessment.forecast.rows(of_skus["unique_id"])
    for row, override in zip(rows.tolist(), of_skus.to_dict("records"), strict=True):
        if row >= 0:
            result.setdefault(row, []).append(_fact(assessment, row, override))
    return result


def _fact(assessment: Assessment, row: int, override: Mapping[Any, Any]) -> dict[str, Any]:
    """What one override sets for one SKU, instead of what, and whether it is used."""
    orders, kind = assessment.overrides, override["kind"]
    value, instead, status, says = override["value"], override["instead_of"], USED, ""
    if orders is not None and kind in (HOLD, QUANTITY):
        value, instead = (0.0 if kind == HOLD else value), float(orders.planned[row])
        if kind == QUANTITY and row in orders.refused:
            status, says = REFUSED, orders.refused[row]
        elif kind == QUANTITY and orders.waits[row]:
            status = WAITS
    return {
        "override_id": override["override_id"],
        "kind": kind,
        "what": override["what"],
        "author": override["author"],
        "reason": override["reason"],
        "value": None if np.isnan(value) else round(float(value), 6),
        "instead_of": None if np.isnan(instead) else round(float(instead), 6),
        "status": status,
        "says": says,
        "beats": override["beats"],
    }


def _sentence(fact: Mapping[str, Any]) -> str:
    """The sentence about one override of a SKU."""
    before = f"; it goes before {fact['beats']}" if fact["beats"] else ""
    return f"{fact['author']}: {fact['what']} (“{fact['reason']}”){_effect(fact)}{before}."


def _effect(fact: Mapping[str, Any]) -> str:
    """What an override changes, as its sentence goes on; empty where there is nothing to compare."""
    value, instead, kind = fact["value"], fact["instead_of"], fact["kind"]
    if fact["status"] == REFUSED:
        return f": not used, {fact['says']}"
    if fact["status"] == WAITS:
        return ": nothing is ordered today, it waits for the next order"
    if kind == FORECAST and value is not None:
        return f": {number(value, 1)} a period, the model alone expects {number(instead, 1)}"
    if kind == SERVICE_LEVEL and instead is not None:
        return f", {level(instead)} without it"
    if kind == HOLD and instead:
        return f": {quantity(instead)} would be ordered today without it"
    return f", {quantity(instead)} without it" if kind == QUANTITY and instead is not None else ""
