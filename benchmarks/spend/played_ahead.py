"""Spend to come against spend that came: the plan of a past day, played forward week by week on what really came."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.buyers.buyer_day import MOST_WEEKS, every_nth_sku, forecast_of_week, place_orders
from benchmarks.buyers.desk import Desk
from benchmarks.decisions.demo_day import DemoCompany, demo_day
from benchmarks.decisions.past_days.opening import panel_after
from benchmarks.decisions.past_days.true_deliveries import week_luck
from distributions.distribution import Array
from planning.lanes.lane_terms import LaneTerms
from planning.orders.joint_orders import joint_orders
from planning.planner import Planner
from planning.played_ahead.spend_ahead import SpendAhead, spend_ahead
from procurement.spend.spend_outlook import HIGH, LOW

ALL = "all"


def play_spend(company: DemoCompany, day: pd.Timestamp, work: Path, *, every: int) -> pd.DataFrame:
    """Play the plan forward from a past Monday, and put what it spends beside the range that it had promised.

    Returns
    -------
    DataFrame
        day, scope (all, or a department), month, low, middle, high (money promised), spent; full months only, and the
        rest of the first one
    """
    today = demo_day(company, day, work)
    weeks = min((company.end - day).days // 7, MOST_WEEKS)
    panel, skus = panel_after(company, today, work), every_nth_sku(today, every)
    desk = Desk.opened(company, today, skus, days=7 * weeks)
    lanes = today.inputs.offers[today.inputs.offers["unique_id"].isin(skus)]
    lanes = lanes[["supplier_id", "unique_id"]].drop_duplicates().sort_values(["unique_id", "supplier_id"])
    suppliers = company.truth["suppliers"].set_index("supplier_id").loc[lanes["supplier_id"]].reset_index()
    row = pd.MultiIndex.from_frame(lanes)
    promised: SpendAhead | None = None
    parts = []
    for week in range(weeks):
        luck = week_luck(suppliers, day + pd.Timedelta(weeks=week), 1, [29, day.dayofyear, week])
        forecast = forecast_of_week(today, panel, week)
        planner = Planner(
            forecast.select(forecast.rows(pd.Series(skus))), today.lead_times, today.config.policy
        )
        assessment = planner.assess(desk.inputs(week))
        place = assessment.forecast.rows(pd.Series(desk.skus))
        terms = assessment.chosen_terms.select(place)
        quantity = joint_orders(assessment).all_quantities(assessment.decision.quantity)
        promised = promised or spend_ahead(assessment, quantity)
        quantity = quantity[place]
        place_orders(desk, terms, quantity, week, (row, luck))
        parts.append(_spent(desk.skus, terms, quantity, day + pd.Timedelta(weeks=week)))
        for t in range(7 * week, 7 * week + 7):
            if t:
                desk.play.start_day()
            desk.play.day(t)
    assert promised is not None
    spent = pd.concat(parts)
    department = today.inputs.items.drop_duplicates("unique_id").set_index("unique_id")["department"]
    end = day + pd.Timedelta(weeks=weeks)
    rows = []
    for scope in [ALL, *sorted(department.reindex(skus).dropna().unique())]:
        chosen = np.ones(len(promised.unique_ids), bool)
        if scope != ALL:
            chosen = (department.reindex(promised.unique_ids) == scope).to_numpy()
        own = spent if scope == ALL else spent[(department.reindex(spent["unique_id"]) == scope).to_numpy()]
        ahead = promised.total(chosen)
        for number, month in enumerate(promised.months):
            name = str(month)[:7]
            if pd.Period(name).end_time >= end:
                continue
            low, middle, high = (float(np.quantile(ahead[number], level)) for level in (LOW, 0.5, HIGH))
            came = float(own.loc[own["month"] == name, "money"].sum())
            rows.append((day, scope, name, low, middle, high, came))
    print(f"{day:%Y-%m-%d} played", flush=True)
    return pd.DataFrame(rows, columns=["day", "scope", "month", "low", "middle", "high", "spent"])


def _spent(
    skus: NDArray[np.object_], terms: LaneTerms, quantity: Array, monday: pd.Timestamp
) -> pd.DataFrame:
    """What is ordered on a Monday: unique_id, month, money."""
    units = np.nan_to_num(np.maximum(quantity, 0.0))
    money = units * np.nan_to_num(terms.costs.prices.price(units))
    return pd.DataFrame({"unique_id": skus, "month": f"{monday:%Y-%m}", "money": money})
