"""Evidence in the data that an action took effect, or did not: the first order elsewhere, the line that was cancelled.

Nobody has to report it: it is looked for in offers, orders and receipts of each later day.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from configs.formats import days, quantity
from planning.realised.line_effects import LINE_KINDS, Effect, line_effect
from planning.realised.promise import Promise
from planning.realised.what_came import WhatCame

_DAY = pd.Timedelta(days=1)
_ORDERED_WITHIN_DAYS = 14
"""Days from the decision within which an order that was brought forward is placed."""
SEEN_ORDERS = 8
"""Orders received since the agreement, of all its SKUs together, by which shorter or steadier lead times are judged."""
_PAID = {"ordering", "payment_days"}
_SHOWN = ("supplier_id", "moq", "multiple", "unit", "payment_days", "lead_days", "ordering")
"""Parts of the terms that offers, orders or receipts can show."""
_UNITS = 0.5


def effects_of(promise: Promise, came: WhatCame) -> list[Effect]:
    """Evidence about the SKUs of a promise, as far as there is any."""
    changed = [sku for sku in promise.skus if sku.get("line") or sku.get("ordered") or _shows(sku)]
    if not changed:
        return _by_word(promise)
    since = pd.Timestamp(promise.decided_on)
    found, lead_times = [], []
    for sku in changed:
        if promise.kind in LINE_KINDS:
            effect = line_effect(promise, sku, came)
        elif promise.kind == "engage_early":
            effect = _ordered_early(promise, sku, since, came)
        elif sku["after"]["supplier_id"] != sku["before"]["supplier_id"]:
            effect = _bought_there(sku, since, came)
        else:
            effect = _on_new_terms(promise, sku, since, came)
            lead_times += (
                [sku] if effect is None and sku["after"]["lead_days"] != sku["before"]["lead_days"] else []
            )
        found += [] if effect is None else [effect]
    found += _shorter(lead_times, since, came)
    if promise.kind == "dual_source" and not found:  # the second supplier may not have been needed yet
        found = _by_word(promise)
    return [_first_seen(promise, effect) for effect in found]


def _first_seen(promise: Promise, effect: Effect) -> Effect:
    """Evidence with the day on which an earlier plan run saw it first: of an offer nobody knows since when it holds."""
    seen = promise.seen.get(effect.unique_id)
    if seen is None or not effect.took:
        return effect
    return replace(effect, on=min(effect.on, pd.Timestamp(seen)))


def _offered_since(promise: Promise, offer: pd.Series, came: WhatCame) -> pd.Timestamp:
    """Since when an offer is as agreed: from its first day, from when it was said to be carried out, else as seen."""
    decided, begins = pd.Timestamp(promise.decided_on), offer.get("valid_from")
    if begins is not None and pd.notna(begins) and begins >= decided:
        return pd.Timestamp(begins)
    return came.as_of if promise.done_on is None else pd.Timestamp(promise.done_on)


def _shows(sku: dict[str, Any]) -> bool:
    """Whether offers, orders or receipts can show that a SKU is bought as agreed: not so who bears which cost."""
    before, after = sku["before"], sku.get("after") or {}
    return any(part in after and after[part] != before[part] for part in _SHOWN)


def _by_word(promise: Promise) -> list[Effect]:
    """What somebody said: that it was carried out. It counts where no order or offer could show it."""
    if promise.done_on is None:
        return []
    says, on = f"{promise.done_by} says it was carried out", pd.Timestamp(promise.done_on)
    ids = [str(sku["unique_id"]) for sku in promise.skus] or [promise.unique_id]
    return [Effect(name, on, says) for name in ids]


def _bought_there(sku: dict[str, Any], since: pd.Timestamp, came: WhatCame) -> Effect | None:
    """The first order at the supplier that the SKU moved to."""
    there = sku["after"]["supplier_id"]
    lines = came.orders(sku["unique_id"])
    lines = lines[(lines["supplier_id"] == there) & (lines["ordered_at"] >= since)]
    if lines.empty:
        return None
    first = lines.sort_values("ordered_at", kind="stable").iloc[0]
    says = f"first order at {there}: {first['order_id']} of {quantity(first['quantity_ordered'])} units"
    return Effect(sku["unique_id"], first["ordered_at"], says)


def _ordered_early(
    promise: Promise, sku: dict[str, Any], since: pd.Timestamp, came: WhatCame
) -> Effect | None:
    """An order at the supplier that was to be engaged, soon after the decision."""
    lines = came.orders(sku["unique_id"])
    until = since + _ORDERED_WITHIN_DAYS * _DAY
    at = lines["ordered_at"]
    lines = lines[(lines["supplier_id"] == promise.supplier_id) & (at >= since) & (at <= until)]
    if lines.empty:
        return None
    first = lines.sort_values("ordered_at", kind="stable").iloc[0]
    says = f"ordered as {first['order_id']}: {quantity(first['quantity_ordered'])} units"
    return Effect(sku["unique_id"], first["ordered_at"], says)


def _on_new_terms(
    promise: Promise, sku: dict[str, Any], since: pd.Timestamp, came: WhatCame
) -> Effect | None:
    """The offer with better terms than before, an order that the old terms did not allow, or shorter lead times."""
    before, after, name = sku["before"], sku["after"], sku["unique_id"]
    offer = offer_now(came, name, before["supplier_id"])
    lines = came.orders(name)
    lines = lines[(lines["supplier_id"] == before["supplier_id"]) & (lines["ordered_at"] >= since)]
    lines = lines.sort_values("ordered_at", kind="stable")
    least, price = max(before["moq"], before["multiple"]), before["unit"]
    if after["moq"] < before["moq"] or after["multiple"] < before["multiple"] or "moq" in promise.agreed:
        smaller = lines[lines["quantity_ordered"] < least - _UNITS]
        if len(smaller):
            first = smaller.iloc[0]
            units = quantity(first["quantity_ordered"])
            says = f"{first['order_id']} of {units} units, below the old {quantity(least)}"
            return Effect(name, first["ordered_at"], says)
        if offer is not None and offer["moq"] < before["moq"]:
            says = f"the offer's MOQ is {quantity(offer['moq'])}, it was {quantity(least)}"
            return Effect(name, _offered_since(promise, offer, came), says)
    if after["unit"] and price and after["unit"] < price:
        half = (price + after["unit"]) / 2
        cheaper = lines[lines["unit_price"] <= half]
        if len(cheaper):
            first = cheaper.iloc[0]
            says = f"{first['order_id']} at {first['unit_price']:.4g} a unit, it was {price:.4g}"
            return Effect(name, first["ordered_at"], says)
    if after["payment_days"] != before["payment_days"] and offer is not None:
        new = offer["payment_days"]
        if pd.notna(new) and new > (
            before["payment_days"] if before["payment_days"] is not None else -np.inf
        ):
            return Effect(
                name, _offered_since(promise, offer, came), f"the offer is paid {days(new)} after receipt"
            )
    if after["ordering"] < before["ordering"] and offer is not None and "ordering_cost" in offer:
        cost = offer["ordering_cost"]
        if pd.notna(cost) and cost < before["ordering"]:
            says = f"an order line costs {cost:g} by the offer, {before['ordering']:g} before"
            return Effect(name, _offered_since(promise, offer, came), says)
    return _said(promise, sku)


def _said(promise: Promise, sku: dict[str, Any]) -> Effect | None:
    """What somebody said of a SKU of which only changes what no order shows: what ordering costs, when it is paid."""
    changed = {part for part in _SHOWN if sku["after"][part] != sku["before"][part]}
    if not changed <= _PAID or promise.done_on is None:
        return None
    return Effect(
        sku["unique_id"], pd.Timestamp(promise.done_on), f"{promise.done_by} says it was carried out"
    )


def _shorter(skus: list[dict[str, Any]], since: pd.Timestamp, came: WhatCame) -> list[Effect]:
    """Lead times of the orders placed since, all SKUs of the agreement together: nearer to it than to what was, or not.

    Of each order counts by how much it was quicker than the mean of before, and how far off that.
    """
    seen: list[pd.DataFrame] = []
    for sku in skus:
        lines = came.orders(sku["unique_id"])
        lines = lines[(lines["supplier_id"] == sku["before"]["supplier_id"]) & (lines["ordered_at"] >= since)]
        lines = lines[lines["lead_time"].notna() & ~lines["expedited"].astype(bool)]
        old, new = (np.asarray(sku[part]["lead_days"], float) for part in ("before", "after"))
        moved = {"off": lines["lead_time"] - old.mean(), "asked": new.mean() - old.mean()}
        seen.append(lines[["unique_id", "arrived_at"]].assign(**moved, old=old.std(), new=new.std()))
    took = pd.concat(seen, ignore_index=True) if seen else pd.DataFrame({"off": []})
    if len(took) < SEEN_ORDERS:
        return []
    took = took.sort_values("arrived_at", ignore_index=True)
    mean, spread = float(took["off"].mean()), float(took["off"].std(ddof=0))
    asked, old_spread, new_spread = (float(took[name].mean()) for name in ("asked", "old", "new"))
    as_agreed = abs(mean - asked) + abs(spread - new_spread)
    nearer = as_agreed < abs(mean) + abs(spread - old_spread)
    says = (
        f"{len(took)} orders since took {mean:+.1f} days against before, with a spread of {spread:.1f} "
        f"({old_spread:.1f} before); agreed were {asked:+.1f} and {new_spread:.1f}"
    ).replace("-", "−")
    on = took["arrived_at"].iloc[SEEN_ORDERS - 1] if nearer else came.as_of
    return [Effect(str(sku["unique_id"]), on, says, took=nearer) for sku in skus]


def offer_now(came: WhatCame, unique_id: str, supplier_id: str) -> pd.Series | None:
    """The offer of a SKU by a supplier that is in force; none where there is none."""
    offers = came.offers[
        (came.offers["unique_id"] == unique_id) & (came.offers["supplier_id"] == supplier_id)
    ]
    if "valid_from" in offers:
        offers = offers[offers["valid_from"].isna() | (offers["valid_from"] <= came.as_of)]
        offers = offers.sort_values("valid_from", na_position="first", kind="stable")
    return None if offers.empty else offers.iloc[-1]
