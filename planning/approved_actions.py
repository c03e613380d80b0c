"""What was approved and is not in the tables yet, put into what the next plan is made from.

A switched vendor is preferred; an open order that was cancelled, reduced, pushed back or expedited counts as agreed.
"""

import pandas as pd


def with_approved_offers(offers: pd.DataFrame, approved: pd.DataFrame) -> pd.DataFrame:
    """The offers with those of approved switches of vendor preferred, and no other of these SKUs.

    A switch to a supplier whose offer is gone changes nothing.

    Parameters
    ----------
    approved : kind, unique_id and alternative_supplier_id, the last decision about a SKU last
    """
    switched = approved[approved["kind"] == "switch_vendor"].drop_duplicates("unique_id", keep="last")
    if switched.empty:
        return offers
    to = offers["unique_id"].map(switched.set_index("unique_id")["alternative_supplier_id"])
    chosen = to.notna() & (offers["supplier_id"] == to)
    found = offers["unique_id"].isin(offers.loc[chosen, "unique_id"])
    old = offers["preferred"] if "preferred" in offers else pd.Series(False, offers.index)
    return offers.assign(preferred=old.where(~found, chosen))


def with_approved_orders(orders: pd.DataFrame, approved: pd.DataFrame) -> pd.DataFrame:
    """The order history with open lines as they were agreed: none or fewer units to come, later, or sooner.

    A line that comes later has the days in `agreed_later`; one that is expedited, the share of its days that it still
    takes in `agreed_share`.

    Parameters
    ----------
    orders : order history with order_id, line, quantity_open and age
    approved : kind, order_id, line, delay_days, reduced_to and share_of_time, the last decision about a line last
    """
    about = approved[approved["kind"].isin(["cancel", "reduce", "push_back", "expedite"])]
    if about.empty:
        return orders
    last = about.drop_duplicates(["order_id", "line"], keep="last").set_index(["order_id", "line"])
    keys = pd.MultiIndex.from_arrays([orders["order_id"].astype(str), orders["line"].astype(str)])
    agreed = last.reindex(keys).set_axis(orders.index)
    of_kind = {
        name: (agreed["kind"] == name).to_numpy(bool)
        for name in ("cancel", "reduce", "push_back", "expedite")
    }
    left = orders["quantity_open"].mask(of_kind["cancel"], 0.0)
    fewer = left.clip(upper=agreed["reduced_to"].astype(float).fillna(float("inf")))
    result = orders.assign(quantity_open=left.mask(of_kind["reduce"], fewer))
    if of_kind["push_back"].any():
        later = agreed["delay_days"].astype(float).where(of_kind["push_back"])
        result["agreed_later"] = later.fillna(orders["agreed_later"]) if "agreed_later" in orders else later
    if of_kind["expedite"].any():
        result["agreed_share"] = agreed["share_of_time"].astype(float).where(of_kind["expedite"])
    return result
