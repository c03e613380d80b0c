"""One past day of the demo played forward by three buyers, week by week, on the same demand and the same luck."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.buyers.carry_out import carry_out
from benchmarks.buyers.desk import Desk
from benchmarks.buyers.spent import spent
from benchmarks.decisions.demo_day import DemoCompany, DemoDay, demo_day
from benchmarks.decisions.past_days.opening import panel_after
from benchmarks.decisions.past_days.textbook_desk import textbook_quantity
from benchmarks.decisions.past_days.true_deliveries import WeekLuck, week_luck
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from features.demand.panel import Panel
from planning.lanes.lane_terms import LaneTerms
from planning.orders.joint_orders import joint_orders
from planning.planner import Planner
from planning.worklist.list_actions import list_actions
from planning.worklist.one_plan import in_plan

LIST, PLAN, TEXTBOOK = "list", "plan", "textbook"
BUYERS = (LIST, PLAN, TEXTBOOK)
MOST_WEEKS = 16


@dataclass(frozen=True)
class BuyerDay:
    """What the buyers of one day came to.

    Attributes
    ----------
    table : a row a buyer: cost by part, total, demand, missed, wasted, orders, interventions
    actions : buyer → kind → how many were carried out
    desks : the companies at the end
    """

    day: pd.Timestamp
    table: pd.DataFrame
    actions: dict[str, dict[str, int]]
    desks: dict[str, Desk]


def play_buyers(company: DemoCompany, day: pd.Timestamp, work: Path, *, every: int, most: int) -> BuyerDay:
    """Play every n-th SKU forward from a past Monday; the list's buyer carries out `most` new actions a week."""
    today = demo_day(company, day, work)
    weeks = min((company.end - day).days // 7, MOST_WEEKS)
    policy = today.config.policy.model_copy(update={"budget_horizon_days": 7.0 * weeks})
    panel, skus = panel_after(company, today, work), every_nth_sku(today, every)
    desks = {name: Desk.opened(company, today, skus, days=7 * weeks) for name in BUYERS}
    lanes = today.inputs.offers[today.inputs.offers["unique_id"].isin(skus)]
    lanes = lanes[["supplier_id", "unique_id"]].drop_duplicates().sort_values(["unique_id", "supplier_id"])
    suppliers = company.truth["suppliers"].set_index("supplier_id").loc[lanes["supplier_id"]].reset_index()
    row = pd.MultiIndex.from_frame(lanes)
    first: LaneTerms | None = None
    for week in range(weeks):
        luck = week_luck(suppliers, day + pd.Timedelta(weeks=week), 1, [23, day.dayofyear, week])
        forecast = forecast_of_week(today, panel, week)
        planner = Planner(forecast.select(forecast.rows(pd.Series(skus))), today.lead_times, policy)
        terms = _plan_week(planner, desks, panel.until(today.panel.periods + week), week, most, (row, luck))
        first = first or terms
        for desk in desks.values():
            for t in range(7 * week, 7 * week + 7):
                if t:
                    desk.play.start_day()
                desk.play.day(t)
    assert first is not None
    money = pd.DataFrame({name: spent(company, desk, first) for name, desk in desks.items()}).T
    counted = pd.DataFrame({name: _counted(desk) for name, desk in desks.items()}).T
    print(f"{day:%Y-%m-%d} played", flush=True)
    table = counted.join(money.assign(total=money.sum(axis=1)))
    return BuyerDay(day, table, {name: dict(desk.actions) for name, desk in desks.items()}, desks)


def every_nth_sku(today: DemoDay, every: int) -> NDArray[np.object_]:
    """Every n-th SKU that is offered and forecast."""
    offered = today.inputs.offers["unique_id"].unique()
    known = np.intersect1d(today.forecast.unique_ids.astype(str), offered.astype(str))
    return np.asarray(known[::every], object)


def forecast_of_week(today: DemoDay, panel: Panel, week: int) -> DemandForecast:
    """Demand from `week` weeks after the day on, by the models of the day."""
    if week == 0:
        return today.forecast
    return today.demand.predict(panel.until(today.panel.periods + week), today.demand.h)


def _plan_week(
    planner: Planner,
    desks: dict[str, Desk],
    panel: Panel,
    week: int,
    most: int,
    delivered: tuple[pd.MultiIndex, WeekLuck],
) -> LaneTerms:
    """Have each buyer order on a Monday; the terms of the SKUs as the plan's buyer has them."""
    desk = desks[PLAN]
    assessment = planner.assess(desk.inputs(week))
    place = assessment.forecast.rows(pd.Series(desk.skus))
    terms = assessment.chosen_terms.select(place)
    joint = joint_orders(assessment)
    place_orders(desk, terms, joint.all_quantities(assessment.decision.quantity)[place], week, delivered)
    place_orders(desks[TEXTBOOK], terms, _textbook(desks[TEXTBOOK], terms, panel, week), week, delivered)

    desk = desks[LIST]
    desk.begin_week()
    before = planner.assess(desk.inputs(week))
    actions = list_actions(before)
    new = actions[in_plan(actions) & ~actions["action_id"].isin(desk.done)]
    new = new[new["worth_in_horizon"] > new["effort"]].head(most)
    ahead = pd.Series(0.0, index=desk.skus)
    for action in new.itertuples(index=False):
        units = carry_out(desk, action, week)
        if units > 0:
            ahead[action.unique_id] += units
    after = planner.assess(desk.inputs(week)) if len(new) else before
    quantity = joint_orders(after).all_quantities(after.decision.quantity)
    at = after.forecast.rows(pd.Series(desk.skus))
    place_orders(desk, after.chosen_terms.select(at), quantity[at] + ahead.to_numpy(float), week, delivered)
    return terms


def place_orders(
    desk: Desk,
    terms: LaneTerms,
    quantity: Array,
    week: int,
    delivered: tuple[pd.MultiIndex, WeekLuck],
) -> None:
    """Place the orders (n,) of a Monday on some terms of the SKUs."""
    rows = np.flatnonzero(np.nan_to_num(quantity) > 0)
    if not len(rows):
        return
    lane, luck = delivered
    supplier = terms.lanes["supplier_id"].to_numpy(object)[rows]
    price = terms.costs.prices.price(np.where(quantity > 0, quantity, 0.0))[rows]
    at = lane.get_indexer(pd.MultiIndex.from_arrays([supplier, desk.skus[rows]]))
    lines = pd.DataFrame(
        {
            "copy": rows,
            "supplier_id": supplier,
            "quantity": quantity[rows],
            "unit_price": np.nan_to_num(price),
        }
    )
    delivery = luck.deliver(7 * week, quantity[rows], at, np.zeros(len(rows), np.intp))
    delivery = desk.lead_times.deliver(supplier, desk.skus[rows], delivery)
    desk.order(lines, delivery, 7 * week, terms.costs.payment_days[rows])
    desk.ordering += float(terms.costs.ordering[rows].sum()) + _of_orders(desk.today.inputs.suppliers, lines)


def _of_orders(suppliers: pd.DataFrame, lines: pd.DataFrame) -> float:
    """What orders cost as a whole, money: placing each, and its freight where it is not free."""
    goods = (lines["quantity"] * lines["unit_price"]).groupby(lines["supplier_id"]).sum()
    terms = suppliers.set_index("supplier_id").reindex(goods.index)
    freight = (
        terms["freight_cost"]
        .astype(float)
        .fillna(0.0)
        .where(~(goods >= terms["free_freight_from"].astype(float)), 0.0)
    )
    return float(terms["ordering_cost"].astype(float).fillna(0.0).sum() + freight.sum())


def _textbook(desk: Desk, terms: LaneTerms, panel: Panel, week: int) -> Array:
    """Units (n,) that the textbook desk orders from the same suppliers."""
    open_now = desk.play.open_lines(7 * week)
    on_order = np.bincount(open_now["copy"], open_now["quantity"] - open_now["received"], len(desk.skus))
    position = desk.play.on_hand + on_order - desk.play.owed
    row = pd.Index(panel.unique_ids).get_indexer(desk.skus)
    contract = terms.lanes["lead_time_days"].to_numpy(float)
    result = np.zeros(len(desk.skus))
    for k in range(len(result)):
        known: dict[str, Any] = {
            "moq": float(terms.limits.moq[k]),
            "multiple": float(terms.limits.multiple[k]),
            "maximum": float(terms.limits.maximum[k]),
            "ordering": float(terms.costs.ordering[k]),
            "holding": float(terms.costs.holding[k]),
        }
        days = contract[k] if np.isfinite(contract[k]) else float(terms.lead_time.mean()[k])
        result[k] = textbook_quantity(np.nan_to_num(panel.y[row[k]]), float(position[k]), days, known)
    return result


def _counted(desk: Desk) -> dict[str, float]:
    """Service, waste, orders and interventions of a buyer."""
    c = desk.play.counts
    return {
        "demand": float(c.demand.sum()),
        "missed": float(c.missed.sum()),
        "wasted": float(c.wasted.sum()),
        "lines": float(c.orders.sum()),
        "interventions": float(sum(n for name, n in desk.actions.items() if name != "not played")),
    }
