"""What was approved and is not in the tables yet, put into what the next plan is made from.

A switched vendor is preferred, two suppliers of one SKU have their parts in it, and the terms of offers are as they
were agreed; an open order that was cancelled, reduced, pushed back or expedited counts as agreed.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from configs.formats import days
from planning.cost.price_breaks import breaks_at, breaks_from
from planning.lanes.agreed_lead_times import AGREED_LEAD
from planning.realised.agreed_terms import COUNT_ON, AgreedTerms, agreed_terms
from planning.realised.book_actions import Booking
from planning.realised.effects import SEEN_ORDERS

_SAME = 1e-6
_OF_ORDERS = ("cancel", "reduce", "push_back", "split", "expedite")
SPLIT_REST = " (rest)"
"""What the line of the rest of a split order is called after the order's."""
SWITCHES = ("switch_vendor", "prefer_supplier", "reduce_reliance", "lower_emissions", "shift_spend")
"""Kinds after which all of a SKU is bought elsewhere; a trial order is one order, placed by hand."""
_DUAL = "dual_source"
_PAIR = ("base_supplier_id", "surge_supplier_id", "base_point_share", "surge_point_share")


def with_approved_offers(offers: pd.DataFrame, approved: pd.DataFrame) -> pd.DataFrame:
    """The offers with those of approved switches of vendor preferred, no other of these SKUs, and on agreed terms.

    Of an approved pair of suppliers the base one is preferred, and `dual_role` and `dual_share` (of the lane's own
    reorder point) say how both are ordered from. A switch to a supplier whose offer is gone changes nothing, nor does
    such a pair, nor do terms that the offer does not have any more as they were: it has been renewed since.

    Parameters
    ----------
    approved : kind, unique_id and alternative_supplier_id, the last decision about a SKU last; `agreed`, `basis` and
        what says how two suppliers are ordered from, of `database.recommendations.approved_actions`, if any
    """
    offers = _on_agreed_terms(offers, approved)
    switched = _each_sku(approved[approved["kind"].isin([*SWITCHES, _DUAL])])
    switched = switched.reindex(columns=[*approved.columns, *set(_PAIR) - set(approved.columns)])
    pair = switched["kind"] == _DUAL
    switched = switched[~pair | _can_be_ordered(switched, offers)].drop_duplicates("unique_id", keep="last")
    if switched.empty:
        return offers
    pair = switched["kind"] == _DUAL
    to = switched["alternative_supplier_id"].mask(pair, switched["base_supplier_id"])
    to = offers["unique_id"].map(to.set_axis(switched["unique_id"]))
    chosen = to.notna() & (offers["supplier_id"] == to)
    found = offers["unique_id"].isin(offers.loc[chosen, "unique_id"])
    old = offers["preferred"] if "preferred" in offers else pd.Series(False, offers.index)
    offers = offers.assign(preferred=old.where(~found, chosen))
    return _with_pairs(offers, switched[pair]) if pair.any() else offers


def _can_be_ordered(pairs: pd.DataFrame, offers: pd.DataFrame) -> "pd.Series[bool]":
    """Which agreed pairs say how both suppliers are ordered from, and have the offers of both."""
    there = pd.MultiIndex.from_frame(offers[["unique_id", "supplier_id"]].astype(object))
    known = pairs[list(_PAIR)].notna().all(axis=1)
    for name in ("base_supplier_id", "surge_supplier_id"):
        known &= pd.MultiIndex.from_frame(pairs[["unique_id", name]].astype(object)).isin(there)
    return known


def _with_pairs(offers: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """The offers with the part that each has in an agreed pair."""
    role, share = pd.Series(None, offers.index, dtype=object), pd.Series(np.nan, offers.index)
    each = pairs.set_index("unique_id")
    for name in ("base", "surge"):
        of_it = offers["supplier_id"] == offers["unique_id"].map(each[f"{name}_supplier_id"])
        role = role.mask(of_it, name)
        share = share.mask(of_it, offers["unique_id"].map(each[f"{name}_point_share"]).astype(float))
    return offers.assign(dual_role=role, dual_share=share)


def _each_sku(switched: pd.DataFrame) -> pd.DataFrame:
    """Approved switches, one row a SKU: of those that are about several, those of their `basis`."""
    if "basis" not in switched or (switched["unique_id"] != "").all():
        return switched
    skus = [
        [unique_id] if unique_id else [sku["unique_id"] for sku in (basis or {}).get("skus", [])]
        for unique_id, basis in zip(switched["unique_id"], switched["basis"], strict=True)
    ]
    return switched.assign(unique_id=skus).explode("unique_id").dropna(subset=["unique_id"])


def _on_agreed_terms(offers: pd.DataFrame, approved: pd.DataFrame) -> pd.DataFrame:
    """The offers with the terms that approved actions change, where the table still has the old ones."""
    if "basis" not in approved or offers.empty:
        return offers
    result = offers
    for agreed, basis in zip(approved["agreed"], approved["basis"], strict=True):
        for terms in agreed_terms(basis or {}, agreed or {}):
            rows = np.flatnonzero(
                (offers["unique_id"] == terms.unique_id) & (offers["supplier_id"] == terms.supplier_id)
            )
            if len(rows):
                result = result.copy() if result is offers else result
                _set_terms(result, rows, terms)
    return result


def with_agreed_lead_times(
    offers: pd.DataFrame, bookings: Sequence[Booking], *, at_once: bool
) -> pd.DataFrame:
    """The offers with the longest lead times that approved agreements say, and whether plans count on them yet.

    They do once the orders placed since show it (`planning.realised.effects`), or with `at_once` from the day of the
    decision on, unless these orders contradict it. A decision's own `count_on` goes before `at_once`.

    Parameters
    ----------
    bookings : of approved actions, the last decision last
    """
    standing = [booking for booking in bookings if booking.promise.kind == "lead_time_sla"]
    rows = [
        row
        for each in standing
        if each.state.state != "lapsed"
        for row in _agreed_rows(each, at_once=at_once)
    ]
    if not rows or offers.empty:
        return offers
    keys = ["supplier_id", "unique_id"]
    agreed = pd.DataFrame(rows, columns=[*keys, *AGREED_LEAD]).drop_duplicates(keys, keep="last")
    offers = offers.drop(columns=list(AGREED_LEAD), errors="ignore")
    result = offers.merge(agreed, on=keys, how="left").set_axis(offers.index)
    note = result["agreed_lead_note"].astype(object)
    return result.assign(
        agreed_lead_counts=result["agreed_lead_counts"].eq(other=True),
        agreed_lead_note=note.where(note.notna(), None),
    )


def _agreed_rows(booking: Booking, *, at_once: bool) -> list[tuple[object, ...]]:
    """Rows of one agreement on lead times, one a SKU, as the offers then have it."""
    promise, state = booking.promise, booking.state
    said = state.evidence[-1]["says"] if state.evidence else ""
    shown = bool(state.effects)
    counts = shown or (not said and bool(promise.agreed.get(COUNT_ON, at_once)))
    if shown:
        what = f"orders show it ({said}), plans count on it"
    elif said:
        what = f"orders do not show it ({said}), plans go by what they show"
    elif counts:
        what = f"plans count on it until {SEEN_ORDERS} orders placed since say otherwise"
    else:
        what = f"pending, plans go by what is learned until {SEEN_ORDERS} orders placed since show it"
    kept = {line.get("unique_id") for line in promise.facts.get("lines") or ()}
    rows: list[tuple[object, ...]] = []
    for unique_id, longest in (promise.facts.get("longest_days") or {}).items():
        if unique_id in kept:
            most = float(promise.agreed.get("lead_time_days", longest))
            note = f"Agreed on {state.agreed_on:%Y-%m-%d} that orders take at most {days(most)}: {what}."
            rows.append((promise.supplier_id, unique_id, most, state.agreed_on, counts, note))
    return rows


def _set_terms(offers: pd.DataFrame, rows: Any, terms: AgreedTerms) -> None:
    """Set the terms that were agreed in some rows of the offers, where they are still the old ones."""
    for name, (old, new) in terms.changes.items():
        if name not in offers:
            continue
        column = offers.columns.get_loc(name)
        for row in rows.tolist():
            if not _still(offers.iat[row, column], old):
                continue
            offers.iat[row, column] = new
            breaks = offers["price_breaks"].iloc[row] if "price_breaks" in offers else None
            if name == "unit_price" and old and pd.notna(breaks):
                offers.iat[row, offers.columns.get_loc("price_breaks")] = breaks_at(str(breaks), new / old)
    if terms.breaks and "price_breaks" in offers:
        column = offers.columns.get_loc("price_breaks")
        for row in rows.tolist():
            text = offers.iat[row, column]
            if pd.notna(text):  # one that does not begin any more where it did has been renewed, and stays
                offers.iat[row, column] = breaks_from(str(text), terms.breaks)


def _still(value: Any, old: float | None) -> bool:
    """Whether a term of an offer is as it was; none is 0."""
    known = 0.0 if pd.isna(value) else float(value)
    was = 0.0 if old is None else old
    return abs(known - was) <= _SAME * max(1.0, abs(was))


def with_approved_orders(orders: pd.DataFrame, approved: pd.DataFrame) -> pd.DataFrame:
    """The order history with open lines as they were agreed: none or fewer units to come, later, or sooner.

    A line that comes later has the days in `agreed_later`; one that is expedited, the share of its days that it still
    takes in `agreed_share`. Of one that is split the rest, which comes later, is a line of its own.

    Parameters
    ----------
    orders : order history with order_id, line, quantity_open and age
    approved : kind, order_id, line, delay_days, reduced_to and share_of_time, the last decision about a line last
    """
    about = approved.assign(kind=approved["kind"].replace("close_short", "cancel"))
    about = about[about["kind"].isin(_OF_ORDERS)]
    if about.empty:
        return orders
    last = about.drop_duplicates(["order_id", "line"], keep="last").set_index(["order_id", "line"])
    keys = pd.MultiIndex.from_arrays([orders["order_id"].astype(str), orders["line"].astype(str)])
    agreed = last.reindex(keys).set_axis(orders.index)
    of_kind = {name: (agreed["kind"] == name).to_numpy(bool) for name in _OF_ORDERS}
    left = orders["quantity_open"].mask(of_kind["cancel"], 0.0)
    fewer = left.clip(upper=agreed["reduced_to"].astype(float).fillna(float("inf")))
    result = orders.assign(quantity_open=left.mask(of_kind["reduce"] | of_kind["split"], fewer))
    if of_kind["push_back"].any():
        later = agreed["delay_days"].astype(float).where(of_kind["push_back"])
        result["agreed_later"] = later.fillna(orders["agreed_later"]) if "agreed_later" in orders else later
    if of_kind["expedite"].any():
        result["agreed_share"] = agreed["share_of_time"].astype(float).where(of_kind["expedite"])
    if of_kind["split"].any():
        rest = result[of_kind["split"]].assign(
            line=result["line"].astype(str) + SPLIT_REST,
            quantity_open=(left - result["quantity_open"])[of_kind["split"]],
            agreed_later=agreed["delay_days"].astype(float)[of_kind["split"]],
        )
        result = pd.concat([result, rest[rest["quantity_open"] > 0]], ignore_index=True)
    return result
