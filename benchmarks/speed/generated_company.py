"""A generated company of any size, for measuring speed: weekly demand, items, offers, purchase orders and stock."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from database.sources.data_directory import write_directory
from distributions.distribution import Array

WEEKS, PLANNED = 157, 10
PAIRED, OPEN = 3, 5
"""Suppliers of each SKU, and open orders at each, in a company of SKU × supplier pairs."""
START = pd.Timestamp("2021-01-04")
END = START + pd.Timedelta(weeks=WEEKS)

CONFIG = """name: speed
seed: 0
data:
  freq: W-MON
  covariates:
    price: { known_in_advance: false }
    promotion: { known_in_advance: true }
demand:
  horizon: 8
  windows: 3
lead_time:
  source: learned
policy:
  target: cycle_service_level
  level: 0.95
  review_period_days: 7
  holding_cost_rate: 0.25
  played_from: 400 # a year: the few per cent of the SKUs that hold most of the stock; below, closed forms
"""


def write_company(folder: Path, size: int, *, seed: int = 0) -> Path:
    """Write the data directory `folder`/data of a company with `size` SKUs, and its config, which is returned."""
    write_directory(company_tables(size, np.random.default_rng(seed)), folder / "data")
    return _write_config(folder, CONFIG)


def write_pairs(folder: Path, pairs: int, *, seed: int = 0, levers: str = "vendors_and_lots") -> Path:
    """Write a generated company of `pairs` SKU × supplier pairs: three suppliers a SKU, five open orders at each.

    Its config trains the simplest forecast, since it is the plan that is measured.
    """
    rng = np.random.default_rng(seed)
    company = dict(company_tables(pairs // PAIRED, rng))
    first = company["offers"][company["offers"]["preferred"]].reset_index(drop=True)
    count = len(company["suppliers"])
    number = first["supplier_id"].str[1:].astype(int)
    offers = pd.concat(
        [_other_offer(first, (number + k) % count, preferred=k == 0) for k in range(PAIRED)],
        ignore_index=True,
    )
    weekly = company["demand"].groupby("unique_id")["y"].mean().reindex(offers["unique_id"]).to_numpy(float)
    past = company["purchase_orders"]
    company["offers"] = offers
    company["purchase_orders"] = pd.concat(
        [past[past["received_at"].notna()], _open_orders(offers, weekly, rng)], ignore_index=True
    )
    write_directory(company, folder / "data")
    config = CONFIG.replace("windows: 3", "windows: 1\n  members: [level]") + f"  levers: {levers}\n"
    return _write_config(folder, config)


def _write_config(folder: Path, text: str) -> Path:
    config = folder / "speed.yaml"
    config.write_text(text, encoding="utf-8")
    return config


def _other_offer(offers: pd.DataFrame, supplier: pd.Series, *, preferred: bool) -> pd.DataFrame:
    """The generated company's offers as made by other suppliers, given by number, with their contract lead times."""
    return offers.assign(
        supplier_id=supplier.map("v{:04}".format),
        preferred=preferred,
        lead_time_days=14.0 + 7 * (supplier % 5),
    )


def _open_orders(offers: pd.DataFrame, weekly: Array, rng: np.random.Generator) -> pd.DataFrame:
    """Five generated open orders of each offer within the last ten days, all of a SKU's good for about a month."""
    rows = np.repeat(np.arange(len(offers)), OPEN)
    own = offers.iloc[rows].reset_index(drop=True)
    ordered = END - pd.to_timedelta(rng.integers(1, 11, len(rows)), unit="D")
    quantity = np.maximum(np.ceil(4 * weekly[rows] / (PAIRED * OPEN)), 1.0)
    return _order_lines("OP", own, ordered, quantity).assign(received_at=pd.NaT, quantity_received=0.0)


def _order_lines(
    prefix: str, offers: pd.DataFrame, ordered: pd.DatetimeIndex, quantity: Array
) -> pd.DataFrame:
    """The generated company's order lines as they are placed, one by each offer."""
    return pd.DataFrame(
        {
            "order_id": [f"{prefix}{k:08}" for k in range(len(offers))],
            "line": "1",
            "supplier_id": offers["supplier_id"],
            "unique_id": offers["unique_id"],
            "ordered_at": ordered,
            "quantity_ordered": quantity,
            "promised_at": ordered + pd.to_timedelta(offers["lead_time_days"], unit="D"),
            "unit_price": offers["unit_price"],
        }
    )


def company_tables(size: int, rng: np.random.Generator) -> Mapping[str, pd.DataFrame]:
    """Tables of the generated company of `size` SKUs.

    A third of the SKUs sell now and then, half have a season, a third are promoted, some are new. A SKU has one to
    three suppliers and an order about every eight weeks; the last ones are open.
    """
    ids = np.array([f"s{i:06}" for i in range(size)], object)
    level = rng.lognormal(1.5, 1.2, size)
    cost = rng.lognormal(1.5, 0.8, size).round(2)
    offers = _offers(ids, cost, rng)
    return {
        "demand": _demand(ids, level, cost, rng),
        "items": pd.DataFrame(
            {
                "unique_id": ids,
                "description": "article " + pd.Series(ids),
                "category": "c" + pd.Series(rng.integers(max(size // 50, 2), size=size)).astype(str),
                "department": "d" + pd.Series(rng.integers(8, size=size)).astype(str),
                "unit_cost": cost,
                "unit_price": (1.4 * cost).round(2),
                "shortage_cost": (0.4 * cost).round(2),
            }
        ),
        "suppliers": pd.DataFrame({"supplier_id": sorted(set(offers["supplier_id"]))}),
        "offers": offers,
        "purchase_orders": _purchase_orders(offers[offers["preferred"]], level, rng),
        "stock": pd.DataFrame(
            {"unique_id": ids, "as_of": END, "on_hand": rng.poisson(5 * level).astype(float)}
        ),
    }


def _demand(ids: NDArray[np.object_], level: Array, cost: Array, rng: np.random.Generator) -> pd.DataFrame:
    """The generated `demand`: rows from each SKU's first week on, and of promotions planned after the last one."""
    n, weeks = len(ids), WEEKS + PLANNED
    t = np.arange(weeks)
    season = rng.uniform(0, 0.6, (n, 1)) * (rng.random((n, 1)) < 0.5)
    shape = 1 + season * np.sin(2 * np.pi * (t / 52 + rng.random((n, 1))))
    trend = np.exp(rng.normal(0, 0.002, (n, 1)) * (t - WEEKS))
    promotion = (rng.random((n, weeks)) < 0.08) & (rng.random((n, 1)) < 0.33)
    lift = np.where(promotion, rng.uniform(1.5, 3.0, (n, 1)), 1.0)
    often = np.where(rng.random((n, 1)) < 0.33, rng.uniform(0.05, 0.5, (n, 1)), 1.0)
    spread = rng.uniform(0.1, 0.6, (n, 1))
    mean = level[:, None] * shape * trend * lift * rng.gamma(1 / spread, spread, (n, weeks))
    y = rng.poisson(mean) * (rng.random((n, weeks)) < often)
    short = rng.random((n, weeks)) < 0.03
    sold = np.where(short, np.floor(y * rng.random((n, weeks))), y)
    first = np.where(rng.random(n) < 0.15, rng.integers(0, WEEKS - 4, n), 0)
    rows, columns = np.nonzero(t >= first[:, None])
    past = columns < WEEKS
    return pd.DataFrame(
        {
            "unique_id": ids[rows],
            "ds": (START + pd.to_timedelta(7 * t, unit="D")).to_numpy()[columns],
            "y": np.where(past, sold[rows, columns], np.nan),
            "in_stock": pd.Series(~short[rows, columns], dtype="boolean").where(past),
            "price": np.where(past, np.where(promotion, 1.1, 1.4)[rows, columns] * cost[rows], np.nan),
            "promotion": promotion[rows, columns].astype(float),
        }
    )


def _offers(ids: NDArray[np.object_], cost: Array, rng: np.random.Generator) -> pd.DataFrame:
    """The generated `offers`: one to three a SKU, the first preferred."""
    n, suppliers = len(ids), max(len(ids) // 100, 5)
    count = rng.choice([1, 2, 3], n, p=[0.6, 0.3, 0.1])
    rows = np.repeat(np.arange(n), count)
    place = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    supplier = (rng.integers(suppliers, size=n)[rows] + place) % suppliers
    return pd.DataFrame(
        {
            "supplier_id": pd.Series(supplier).map("v{:04}".format),
            "unique_id": ids[rows],
            "unit_price": (cost[rows] * rng.uniform(0.95, 1.1, len(rows))).round(2),
            "moq": rng.choice([1.0, 6.0, 12.0, 24.0], len(rows)),
            "order_multiple": rng.choice([1.0, 6.0], len(rows)),
            "ordering_cost": 5.0,
            "lead_time_days": (14.0 + 7 * (supplier % 5)),
            "preferred": place == 0,
        }
    )


def _purchase_orders(offers: pd.DataFrame, level: Array, rng: np.random.Generator) -> pd.DataFrame:
    """The generated `purchase_orders` of two years, about every eight weeks a SKU, late now and then."""
    n = len(offers)
    count = rng.poisson(13, n)
    rows = np.repeat(np.arange(n), count)
    own = offers.iloc[rows].reset_index(drop=True)
    ordered = END - pd.to_timedelta(rng.integers(1, 730, len(rows)), unit="D")
    days = np.maximum(np.round(own["lead_time_days"] * rng.lognormal(0.05, 0.3, len(rows))), 1)
    received = pd.Series(ordered + pd.to_timedelta(days, unit="D"))
    quantity = np.maximum(np.ceil(8 * level[rows]), 1.0)
    done = received < END
    return _order_lines("PO", own, ordered, quantity).assign(
        received_at=received.where(done), quantity_received=np.where(done, quantity, 0.0)
    )
