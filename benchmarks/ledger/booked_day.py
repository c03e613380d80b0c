"""What the ledger books of a lived day: by the orders, receipts and demand that each life with it left."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.decisions.demo_day import DemoCompany
from benchmarks.decisions.past_days.cast import ACTION, DRAWS
from benchmarks.ledger.lived_day import LivedDay, live_day
from planning.approved_actions import with_approved_offers
from planning.realised.book_actions import Booking, book_actions
from planning.realised.promise import Promise
from planning.realised.what_came import WhatCame

_DAY = pd.Timedelta(days=1)
_LINE = [
    "order_id", "line", "supplier_id", "unique_id", "ordered_at", "promised_at", "quantity_ordered",
    "quantity_received", "quantity_open", "unit_price", "lead_time", "age", "is_open", "arrived_at", "expedited",
]  # fmt: skip


def live_and_book(company: DemoCompany, day: pd.Timestamp, *, work: Path, most: int) -> pd.DataFrame:
    """Bookings of a past day lived on with its `most` best actions; says when it is done."""
    lived = live_day(company, day, work, most=most)
    booked = booked_day(company, lived).assign(day=day)
    print(f"{day:%Y-%m-%d}: {len(lived.actions)} actions lived and booked", flush=True)
    return booked


def booked_day(company: DemoCompany, lived: LivedDay) -> pd.DataFrame:
    """Bookings of a lived day, a row an action and draw: kind, promised, truth, realised, low, high, state, why."""
    rows = []
    for draw in range(DRAWS):
        for row in range(len(lived.actions)):
            (booking,) = book_actions([promise_of(lived, row)], _tables(company, lived, row, draw))
            rows.append(_row(lived, booking, row, draw))
    return pd.DataFrame(rows)


def promise_of(lived: LivedDay, row: int) -> Promise:
    """The promise of an action, approved and said to be carried out on the day itself."""
    action = lived.actions.iloc[row]
    fact = action["fact"]
    act_by = action["act_by"]
    return Promise(
        decision_id=row,
        action_id=action["action_id"],
        kind=action["kind"],
        unique_id=action["unique_id"],
        supplier_id=action["supplier_id"],
        alternative_supplier_id=action["alternative_supplier_id"],
        title=action["title"],
        quantity=action["quantity"],
        who="judge",
        decided_on=lived.today.day.date(),
        worth=float(action["worth"]),
        worth_period=action["worth_period"],
        low=fact.get("worth_low"),
        high=fact.get("worth_high"),
        chance=fact.get("chance"),
        effort=float(action["effort"]),
        worth_in_horizon=float(action["worth_in_horizon"]),
        facts=fact | {"act_by": None if pd.isna(act_by) else str(act_by.date())},
        basis=json.loads(action["basis"]),
        done_on=lived.today.day.date(),
        done_by="judge",
    )


def _row(lived: LivedDay, booking: Booking, row: int, draw: int) -> dict[str, object]:
    """A booking beside its truth."""
    return {
        "action": lived.actions["action_id"].iloc[row],
        "kind": booking.promise.kind,
        "draw": draw,
        "promised": booking.promise.worth_in_horizon,
        "truth": float(lived.truth[row, draw]),
        "realised": booking.realised,
        "low": booking.low,
        "high": booking.high,
        "state": booking.state.state,
        "why": booking.not_measured or booking.state.why,
    }


def _tables(company: DemoCompany, lived: LivedDay, row: int, draw: int) -> WhatCame:
    """What the company's tables would show at the end, had it lived with this action and this luck."""
    day, end = lived.today.day, lived.today.day + lived.play.days * _DAY
    weeks = company.demand.loc[:, company.demand.columns < end]
    starts = np.append(weeks.columns.to_numpy(), np.datetime64(weeks.columns[-1] + 7 * _DAY))
    lines = [
        _lines(lived, int(p), draw, (end - day) / _DAY)
        for p in np.flatnonzero((lived.cast.plays["kind"] == ACTION) & (lived.cast.plays["action"] == row))
    ]
    past = lived.today.checked.orders
    past = past[past["unique_id"].isin([sku["unique_id"] for sku in lived.actions["skus"].iloc[row]])]
    action = lived.actions.iloc[row]
    names = ["kind", "unique_id", "supplier_id", "alternative_supplier_id"]
    agreed = pd.DataFrame([dict(action[names]) | {"agreed": {}, "basis": json.loads(action["basis"])}])
    offers = _from_next_review(with_approved_offers(lived.today.inputs.offers, agreed), action, day)
    return WhatCame(
        as_of=end,
        unique_ids=weeks.index.to_numpy(object),
        starts=starts.astype("datetime64[ns]"),
        demand=weeks.to_numpy(float),
        lines=pd.concat([past[~past["is_open"].astype(bool)][_LINE], *lines], ignore_index=True),
        promises=pd.DataFrame({"order_id": [], "line": [], "repromised_at": pd.to_datetime([])}),
        stock=lived.today.inputs.stock,
        offers=offers,
    )


def _from_next_review(offers: pd.DataFrame, action: pd.Series, day: pd.Timestamp) -> pd.DataFrame:
    """The offers with those that a talk changes in force from the next review on, as suppliers agree in the play."""
    if isinstance(action["alternative_supplier_id"], str) and action["alternative_supplier_id"]:
        return offers
    skus = [sku["unique_id"] for sku in action["skus"]]
    talked = offers["unique_id"].isin(skus) & (offers["supplier_id"] == action["supplier_id"])
    since = (
        pd.to_datetime(offers["valid_from"]) if "valid_from" in offers else pd.Series(pd.NaT, offers.index)
    )
    return offers.assign(valid_from=since.mask(talked, day + 7 * _DAY))


def _lines(lived: LivedDay, p: int, draw: int, days: float) -> pd.DataFrame:
    """Order lines of one life (play `p`, one draw) as an order history has them at the end; ids are kept."""
    copy = int(np.flatnonzero((lived.copies.play == p) & (lived.copies.draw == draw))[0])
    sku = str(lived.cast.plays["name"].iloc[p]).split("~")[0]
    found = lived.play.lines[lived.play.lines["copy"] == copy].reset_index(drop=True)
    came = (found["last_day"] < days).to_numpy(bool)
    ordered = lived.today.day + pd.to_timedelta(found["sent_day"].astype(float), unit="D")
    quantity = found["quantity"].to_numpy(float)
    ids = _ids(lived, sku, found["sent_day"].to_numpy(float))
    return pd.DataFrame(
        {
            "order_id": [name[0] for name in ids],
            "line": [name[1] for name in ids],
            "supplier_id": found["supplier_id"].to_numpy(object),
            "unique_id": sku,
            "ordered_at": ordered,
            "promised_at": pd.NaT,
            "quantity_ordered": quantity,
            "quantity_received": np.where(came, quantity, 0.0),
            "quantity_open": np.where(came, 0.0, quantity),
            "unit_price": np.nan,
            "lead_time": np.where(came, found["last_day"] - found["sent_day"], np.nan),
            "age": np.where(came, np.nan, days - found["sent_day"]),
            "is_open": ~came,
            "arrived_at": (lived.today.day + pd.to_timedelta(found["last_day"], unit="D")).where(came),
            "expedited": False,
        }
    )


def _ids(lived: LivedDay, sku: str, sent_day: np.ndarray) -> list[tuple[str, str]]:
    """Order id and line of a SKU's lines by the day on which they were sent: of open ones their own, then new ones."""
    orders = lived.today.checked.orders
    open_now = orders[orders["is_open"].astype(bool) & (orders["unique_id"] == sku)]
    known: dict[int, list[tuple[str, str]]] = {}
    for line in open_now.itertuples(index=False):
        known.setdefault(-round(line.age), []).append((str(line.order_id), str(line.line)))
    names = []
    for i, day in enumerate(sent_day):
        waiting = known.get(round(day), []) if day < 0 else []
        names.append(waiting.pop(0) if waiting else (f"N{i}", "1"))
    return names
