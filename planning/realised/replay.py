"""What an action brought: the SKUs played on what really came, without the action and with it, on the same luck."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from distributions.distribution import Array
from planning.realised.agreed_terms import at_price, with_agreed
from planning.realised.effects import offer_now
from planning.realised.lane_basis import LaneBasis
from planning.realised.lane_replay import PARTS, SCENARIOS, RealWorld, lane_cost, real_orders
from planning.realised.line_effects import LINE_KINDS, left_of
from planning.realised.opening import Arrivals, drawn_days, is_line, on_the_way, stock_at
from planning.realised.promise import Promise
from planning.realised.what_came import WhatCame

LEAST_DAYS = 14
"""Days of known demand since its effect from which an action is measured."""

_SMOOTH_DAYS = 63.0
"""Days over which demand is averaged to stand for the forecasts of the time."""
_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class SkuReplay:
    """What an action brought on one SKU from `begin` to `end`: money saved (M,), and its mean by part of the cost."""

    unique_id: str
    begin: pd.Timestamp
    end: pd.Timestamp
    saved: Array
    parts: dict[str, float]


def replay_sku(
    promise: Promise, sku: dict[str, Any], came: WhatCame, *, begin: pd.Timestamp
) -> SkuReplay | str:
    """Play one SKU of a promise on what came from `begin` on, without and with the action; or say why it cannot be.

    Both meet the same demand from the same stock. Orders of the play take as long as the real ones of that time did,
    where the supplier is the same: without an agreement on lead times, as long as its lead time of before takes with
    the same luck. At another supplier, what would have been is drawn from the lead time as it was known.
    """
    name, days = sku["unique_id"], _days(promise, came, begin)
    if not came.has_demand(name):
        return f"the demand of {name} is no longer in the tables"
    if days < LEAST_DAYS:
        return (
            f"not yet: {max(days, 0)} days of demand are known since it took effect, {LEAST_DAYS} are needed"
        )
    before, after = _terms(promise, sku, came, begin)
    if not np.isfinite(before.unit) or not np.isfinite(before.holding):
        return f"what {name} costs is not known"
    world = _world(promise, before, came, name, begin, days)
    stock = stock_at(came, sku, promise.planned_on, begin)
    without, with_it = _arrivals(promise, sku, came, begin)
    same = before.supplier_id == after.supplier_id
    costs = []
    for basis, arrivals, acted in ((before, without, False), (after, with_it, True)):
        met = _with_orders(world, basis, came, begin) if acted or same else world
        if same and not acted and before.lead_days != after.lead_days:
            met = replace(met, agreed_days=after.lead_days)
        first = _first_order(promise, sku, came, begin) if acted else np.nan
        costs.append(lane_cost(basis, met, (stock, arrivals), old=before, first_order=first))
    share = _share_bought(sku, came, begin)
    fee = _number(promise, "expedite_cost")
    saved = sum((costs[0][part] - costs[1][part] for part in PARTS), np.zeros(SCENARIOS)) * share
    parts = {part: float((costs[0][part] - costs[1][part]).mean() * share) for part in PARTS}
    if promise.kind in ("expedite", "expedite_question"):
        saved, parts = saved - fee, parts | {"fee": -fee}
    return SkuReplay(name, begin, begin + days * _DAY, saved, parts)


def _days(promise: Promise, came: WhatCame, begin: pd.Timestamp) -> int:
    """Days from `begin` on that are played: as far as demand is known, and no longer than the promise counts."""
    return int(min((came.known_until - begin) / _DAY, promise.counts_for_days))


def _terms(
    promise: Promise, sku: dict[str, Any], came: WhatCame, begin: pd.Timestamp
) -> tuple[LaneBasis, LaneBasis]:
    """Terms without the action, and with it as it was agreed and as offers and orders now show it."""
    before = LaneBasis.of_facts(sku["before"])
    if promise.kind in LINE_KINDS or not sku.get("after"):
        return before, before
    after = with_agreed(LaneBasis.of_facts(sku["after"]), promise.agreed)
    offer = offer_now(came, sku["unique_id"], after.supplier_id)
    if offer is not None and after.supplier_id == before.supplier_id and pd.notna(offer["moq"]):
        moq = float(offer["moq"])
        after = replace(after, moq=moq) if moq != before.moq else after
    if after.supplier_id == before.supplier_id and after.unit == before.unit:
        return before, after
    lines = _orders_there(came, sku["unique_id"], after.supplier_id, begin)
    lines = lines[lines["unit_price"].notna() & (lines["quantity_ordered"] > 0)]
    if len(lines):
        units = lines["quantity_ordered"].to_numpy(float)
        asked = np.array([_price(after, each) for each in units])
        ratio = float((units * lines["unit_price"].to_numpy(float)).sum() / (units * asked).sum())
        after = at_price(after, ratio)
    return before, after


def _price(basis: LaneBasis, units: float) -> float:
    """Unit price of an order of so many units by the terms' price brackets, money."""
    known = [price for start, price in zip(basis.starts, basis.prices, strict=True) if start <= units]
    return known[-1] if known else basis.unit


def _world(
    promise: Promise, basis: LaneBasis, came: WhatCame, name: str, begin: pd.Timestamp, days: int
) -> RealWorld:
    """What really came to a SKU, without the orders that say how long they took."""
    none = np.zeros(0)
    return RealWorld(
        unique_id=name,
        demand=came.by_day(name, begin, days, scenarios=SCENARIOS, whole=basis.whole),
        a_day=came.a_day(name, begin, days, over=_SMOOTH_DAYS),
        lost_sales=bool(promise.basis.get("lost_sales", False)),
        ordered=none,
        lead_days=none,
        is_open=np.zeros(0, bool),
    )


def _with_orders(world: RealWorld, basis: LaneBasis, came: WhatCame, begin: pd.Timestamp) -> RealWorld:
    """What came, with the real orders at the lane's supplier."""
    lines = came.orders(world.unique_id)
    day, took, is_open = real_orders(lines[lines["supplier_id"] == basis.supplier_id], begin)
    return replace(world, ordered=day, lead_days=took, is_open=is_open)


def _arrivals(
    promise: Promise, sku: dict[str, Any], came: WhatCame, begin: pd.Timestamp
) -> tuple[Arrivals, Arrivals]:
    """Lines on their way at the beginning, without the action and with it."""
    line = sku.get("line") if promise.kind in LINE_KINDS else None
    name = None if line is None else (line["order_id"], line["line"])
    rest = on_the_way(came, sku["unique_id"], begin, scenarios=SCENARIOS, but=name)
    if line is None or name is None:
        return rest, rest
    rows = came.orders(sku["unique_id"])
    row = rows[is_line(rows, name)]
    elapsed = (begin - promise.planned_on) / _DAY
    drawn = drawn_days(line, elapsed=elapsed, scenarios=SCENARIOS)
    price = np.nan if line["price"] is None else float(line["price"])
    came_in = None if row.empty or pd.isna(row["arrived_at"].iloc[0]) else row.iloc[0]
    real = drawn if came_in is None else np.full(SCENARIOS, (came_in["arrived_at"] - begin) / _DAY)
    units = float(line["units"])
    later = drawn + np.where(drawn >= 0, _number(promise, "delay_days"), 0.0)
    if promise.kind in ("cancel", "close_short", "reduce"):
        left = left_of(promise) if came_in is None else min(float(came_in["quantity_received"]), units)
        as_was = real if promise.kind == "reduce" and left > 0 else drawn
        return rest.with_line(units, as_was, price), rest.with_line(left, real, price)
    if promise.kind == "split":
        first = min(_number(promise, "reduced_to"), units)
        acted = rest.with_line(first, real, price).with_line(units - first, later, price)
        return rest.with_line(units, drawn, price), acted
    changed = real
    if came_in is None and promise.kind == "push_back":
        changed = later
    elif came_in is None:
        changed = drawn * (_number(promise, "share_of_time") or 1.0)
    return rest.with_line(units, drawn, price), rest.with_line(units, changed, price)


def _number(promise: Promise, name: str) -> float:
    """A number as it was agreed, else as it was proposed; 0 where neither says it."""
    return float(promise.agreed.get(name, promise.facts.get(name) or 0.0))


def _first_order(promise: Promise, sku: dict[str, Any], came: WhatCame, begin: pd.Timestamp) -> float:
    """Units ordered on the first day where the action was to order early; else NaN: what the policy says."""
    if promise.kind != "engage_early":
        return np.nan
    lines = _orders_there(came, sku["unique_id"], sku["before"]["supplier_id"], begin)
    first = lines[lines["ordered_at"] < begin + LEAST_DAYS * _DAY]
    return float(first["quantity_ordered"].iloc[0]) if len(first) else float(sku.get("ordered") or np.nan)


def _orders_there(came: WhatCame, unique_id: str, supplier_id: str, begin: pd.Timestamp) -> pd.DataFrame:
    """Order lines of a SKU at a supplier from `begin` on, in their order."""
    lines = came.orders(unique_id)
    lines = lines[(lines["supplier_id"] == supplier_id) & (lines["ordered_at"] >= begin)]
    return lines.sort_values("ordered_at", kind="stable")


def _share_bought(sku: dict[str, Any], came: WhatCame, begin: pd.Timestamp) -> float:
    """Share of the units ordered since that went to the supplier that the SKU moved to; 1 where it did not move."""
    if not sku.get("after") or sku["after"]["supplier_id"] == sku["before"]["supplier_id"]:
        return 1.0
    lines = came.orders(sku["unique_id"])
    units = lines.loc[lines["ordered_at"] >= begin].groupby("supplier_id")["quantity_ordered"].sum()
    there = float(units.get(sku["after"]["supplier_id"], 0.0))
    return there / float(units.sum()) if units.sum() > 0 else 1.0
