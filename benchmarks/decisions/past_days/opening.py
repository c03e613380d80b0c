"""What the copies of a past day begin with: stock by age, open order lines, and the demand that really came."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.decisions.demo_day import DemoCompany, DemoDay, known_on, stock_on
from benchmarks.decisions.past_days.cast import DRAWS, Cast
from benchmarks.decisions.past_days.company_play import CompanyPlay, shelf_of
from benchmarks.decisions.past_days.replanning import Replanner
from benchmarks.decisions.past_days.true_deliveries import Deliveries, days_until_arrival
from database.sources.data_directory import write_directory
from database.sources.load_tables import load_tables
from distributions.distribution import Array
from features.demand.panel import Panel
from features.demand.panel_from_tables import make_panel

_UNKNOWN_LEFT = 0.5
"""Share of its shelf life that stock has left which no receipt explains."""

_ENDS = 1e-6


def real_demand(
    company: DemoCompany, day: pd.Timestamp, unique_ids: NDArray[np.object_], draws: int
) -> Array:
    """Units wanted a day (n, K, T) from the day on to the end: the real weeks, their units on days drawn at random."""
    weekly = company.demand.reindex(unique_ids).fillna(0.0)
    weekly = weekly.loc[:, (weekly.columns >= day) & (weekly.columns < company.end)].to_numpy(float)
    rng = np.random.default_rng([7, day.dayofyear])
    units = np.repeat(np.round(weekly).astype(int)[:, None, :], draws, axis=1)
    days = rng.multinomial(units, np.full(7, 1 / 7))
    return np.asarray(days.reshape(*units.shape[:2], -1), float)


def panel_after(company: DemoCompany, today: DemoDay, work: Path) -> Panel:
    """The panel of the whole year: as recorded before the day, and after it as it was really wanted, all in stock."""
    tables = dict(company.tables)
    demand = tables["demand"]
    later = (demand["ds"] >= today.day) & demand["y"].notna()
    wanted = company.demand.stack().rename("wanted")
    key = pd.MultiIndex.from_frame(demand[["unique_id", "ds"]])
    y = demand["y"].where(~later, wanted.reindex(key).to_numpy(float))
    tables["demand"] = demand.assign(y=y, in_stock=demand["in_stock"].mask(later, True))
    folder = work / "days" / f"{today.day:%Y-%m-%d}-after"
    write_directory(tables, folder)
    checked = load_tables(str(folder), today.config.data)
    return make_panel(checked.tables, today.config.data, freq=today.checked.freq, horizon=today.demand.h)


def opening_batches(company: DemoCompany, day: pd.Timestamp, items: pd.DataFrame) -> pd.DataFrame:
    """Stock by age on the day: unique_id, units, days_left (NaN: keeps); what is left came with the last receipts."""
    stock = stock_on(company, day).clip(lower=0.0)
    shelf_life = items.set_index("unique_id")["shelf_life_days"]
    receipts = known_on(company, day)["purchase_orders"]
    receipts = receipts[receipts["received_at"].notna()].sort_values("received_at", ascending=False)
    rows = []
    for sku, lines in receipts.groupby("unique_id", sort=False):
        rest, life = float(stock.get(sku, 0.0)), float(shelf_life.get(sku, np.nan))
        for line in lines.itertuples(index=False):
            units = min(max(line.quantity_received - line.quantity_rejected, 0.0), rest)
            if units > 0:
                rows.append((sku, units, life - (day - line.received_at).days))
            rest -= units
        if rest > 0:
            rows.append((sku, rest, life * _UNKNOWN_LEFT))
    never = stock[(stock > 0) & ~stock.index.isin(receipts["unique_id"])]
    rows += [(sku, units, shelf_life.get(sku, np.nan) * _UNKNOWN_LEFT) for sku, units in never.items()]
    return pd.DataFrame(rows, columns=["unique_id", "units", "days_left"])


def open_lines(company: DemoCompany, today: DemoDay, draws: int) -> tuple[pd.DataFrame, Array]:
    """Order lines that are open on the day, and the days (m, K) until the rest of each comes."""
    orders = today.checked.orders
    lines = orders[orders["is_open"].astype(bool) & (orders["quantity_open"] > _ENDS)].reset_index(drop=True)
    return lines, days_until_arrival(company.truth["suppliers"], lines, draws, [11, today.day.dayofyear])


def rest_of_line(units: Array, days: Array, sent_day: Array) -> Deliveries:
    """Deliveries of what is open of lines (k,) placed before the play, each in one part, nothing rejected."""
    none = np.zeros(len(units))
    return Deliveries(
        sent_day, np.maximum(np.round(days), 0.0), none, np.maximum(np.round(days), 0.0), units, none
    )


def opened(
    company: DemoCompany, today: DemoDay, replanner: Replanner, cast: Cast, actions: pd.DataFrame
) -> CompanyPlay:
    """The copies as the day finds them: stock by age, open order lines, as the actions change them."""
    copies, skus = replanner.copies, replanner.variants["unique_id"].to_numpy(object)
    sku = skus[copies.variant]
    names = np.unique(sku.astype(str)).astype(object)
    demand = real_demand(company, today.day, names, DRAWS)[:, :, : int(replanner.policy.budget_horizon_days)]
    at = pd.Index(names).get_indexer(sku)
    of_copies = pd.DataFrame(
        {
            "unique_id": sku,
            "copy": np.arange(len(sku)),
            "draw": copies.draw,
            "action": cast.plays["action"].to_numpy()[copies.play],
        }
    )
    batches = of_copies.merge(opening_batches(company, today.day, today.inputs.items), on="unique_id")
    shelf_life = today.inputs.items.set_index("unique_id")["shelf_life_days"].reindex(sku).to_numpy(float)
    play = CompanyPlay(
        demand=demand[at, copies.draw],
        shelf_life=shelf_life,
        lost_sales=replanner.policy.lost_sales,
        shelf=shelf_of(batches, len(sku)),
        owed=today.inputs.latest_stock()
        .set_index("unique_id")["backorders"]
        .reindex(sku)
        .fillna(0.0)
        .to_numpy(float),
        lines=pd.DataFrame(),
    )
    open_now, days = open_lines(company, today, DRAWS)
    lines = of_copies.merge(open_now.assign(row=np.arange(len(open_now))), on="unique_id")
    lines["days"] = days[lines["row"], lines["draw"]]
    lines["shown_later"] = 0.0
    lines = changed_lines(lines, actions)
    lines = lines[lines["quantity_open"] > 0]
    delivery = rest_of_line(
        lines["quantity_open"].to_numpy(float), lines["days"].to_numpy(float), -lines["age"].to_numpy(float)
    )
    booked = pd.DataFrame(
        {
            "supplier_id": lines["supplier_id"].to_numpy(object),
            "quantity": lines["quantity_open"].to_numpy(float),
            "shown_later": lines["shown_later"].to_numpy(float),
        }
    )
    play.place(lines["copy"].to_numpy(int), booked, delivery, own=False)
    return play


def changed_lines(lines: pd.DataFrame, actions: pd.DataFrame) -> pd.DataFrame:
    """The copies' open order lines as their actions change them."""
    lines = lines.copy()
    for row, action in enumerate(actions.itertuples(index=False)):
        fact = action.fact
        if "order_id" not in fact:
            continue
        hit = (lines["action"] == row) & (lines["order_id"].astype(str) == fact["order_id"])
        hit &= lines["line"].astype(str) == fact["line"]
        if action.kind in {"cancel", "close_short"}:
            lines.loc[hit, "quantity_open"] = 0.0
        elif action.kind == "reduce":
            lines.loc[hit, "quantity_open"] = float(fact["reduced_to"])
        elif action.kind == "split":
            rest = lines[hit].copy()
            first = np.minimum(np.round(float(fact["reduced_to"])), rest["quantity_open"])
            lines.loc[hit, "quantity_open"] = first
            rest["quantity_open"] -= first
            rest[["days", "shown_later"]] += float(fact["delay_days"])
            lines = pd.concat([lines, rest], ignore_index=True)
        elif action.kind == "push_back":
            lines.loc[hit, ["days", "shown_later"]] += float(fact["delay_days"])
        elif action.kind == "expedite":
            sooner = np.maximum(1.0, np.round(float(fact["share_of_time"]) * lines["days"]))
            lines.loc[hit, "days"] = np.minimum(lines["days"], sooner)[hit]
    return lines
