"""What was approved and is not in the tables yet, put into what the next plan is made from.

A switched vendor is preferred, and the terms of offers are as they were agreed; an open order that was cancelled,
reduced, pushed back or expedited counts as agreed.
"""

from typing import Any

import numpy as np
import pandas as pd

from planning.cost.price_breaks import breaks_at
from planning.realised.agreed_terms import AgreedTerms, agreed_terms

_SAME = 1e-6
_OF_ORDERS = ("cancel", "reduce", "push_back", "split", "expedite")
SPLIT_REST = " (rest)"
"""What the line of the rest of a split order is called after the order's."""
_SWITCHES = ("switch_vendor", "prefer_supplier", "reduce_reliance", "lower_emissions", "shift_spend")
"""Kinds after which all of a SKU is bought elsewhere; a trial order is one order, placed by hand."""


def with_approved_offers(offers: pd.DataFrame, approved: pd.DataFrame) -> pd.DataFrame:
    """The offers with those of approved switches of vendor preferred, no other of these SKUs, and on agreed terms.

    A switch to a supplier whose offer is gone changes nothing, nor do terms that the offer does not have any more as
    they were: it has been renewed since.

    Parameters
    ----------
    approved : kind, unique_id and alternative_supplier_id, the last decision about a SKU last; `agreed` and `basis` of
        `database.recommendations.approved_actions`, where there are any
    """
    offers = _on_agreed_terms(offers, approved)
    switched = _each_sku(approved[approved["kind"].isin(_SWITCHES)])
    switched = switched.drop_duplicates("unique_id", keep="last")
    if switched.empty:
        return offers
    to = offers["unique_id"].map(switched.set_index("unique_id")["alternative_supplier_id"])
    chosen = to.notna() & (offers["supplier_id"] == to)
    found = offers["unique_id"].isin(offers.loc[chosen, "unique_id"])
    old = offers["preferred"] if "preferred" in offers else pd.Series(False, offers.index)
    return offers.assign(preferred=old.where(~found, chosen))


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
