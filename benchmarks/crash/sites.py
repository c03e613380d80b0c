"""The company that is worked on, and what its ERP system and its customers do between kills."""

import random
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from database.settings import Settings

_NEXT_DAY = 0.3
"""Chance that the next plan is one of the next day, on which suppliers are ordered from again."""


@dataclass(frozen=True)
class Site:
    """A company's places: a home with a champion and a plan, its data as CSV, its config, and where files go.

    `out` is the folder into which exported files are handed over. The state database is that of the environment
    (`PURVEY_DATABASE_URL`), else the home's.
    """

    home: Path
    source: Path
    out: Path
    config: Path

    @property
    def settings(self) -> Settings:
        """Settings of the site's home."""
        return Settings(home=self.home)


def import_into_erp(site: Site, chance: random.Random) -> None:
    """The site's ERP system takes over some handed-over files: orders with our id, half of them received."""
    path = site.source / "purchase_orders.csv"
    table = pd.read_csv(path, dtype={"line": str, "order_id": str})
    if "reference" not in table:
        table["reference"] = None
    known = set(table["reference"].dropna())
    for file in sorted(site.out.glob("*.csv")):
        rows = pd.read_csv(file, dtype={"unique_id": str, "supplier_id": str})
        if rows["order_id"].isin(known).any() or chance.random() < 0.3:
            continue
        came = chance.random() < 0.5
        new = pd.DataFrame(
            {
                "order_id": "E" + rows["order_id"],
                "line": rows["line"].astype(str),
                "supplier_id": rows["supplier_id"],
                "unique_id": rows["unique_id"],
                "ordered_at": rows["order_on"],
                "quantity_ordered": rows["quantity"],
                "reference": rows["order_id"],
                "received_at": rows["order_on"] if came else "",
                "quantity_received": rows["quantity"] if came else "",
            }
        )
        table = pd.concat([table, new], ignore_index=True)
    table.to_csv(path, index=False)


def sell(site: Site, chance: random.Random) -> None:
    """The site's stock moves: on hand of each SKU is anything from nothing to 120, often a day later."""
    path = site.source / "stock.csv"
    stock = pd.read_csv(path)
    days = pd.Timedelta(days=int(chance.random() < _NEXT_DAY))
    stock["as_of"] = (pd.to_datetime(stock["as_of"]) + days).dt.strftime("%Y-%m-%d")
    stock["on_hand"] = [float(chance.randint(0, 120)) for _ in range(len(stock))]
    stock.to_csv(path, index=False)
