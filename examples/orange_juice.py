"""Dominick's orange juice: weekly sales of 11 brands in 83 stores, 1990 to 1992, with price and promotion.

`python -m examples.orange_juice RAW OUT`. From the R package bayesm (`orangeJuice$yx`). Everything is real, and it is
demand only: nothing about supply is known or made up.

- `unique_id` is `STORE_BRAND`. `logmove` is the logarithm of ounces sold; a unit is one carton of the brand's size.
- `ds` is the Thursday on which a week of Dominick's begins; its week 1 began on 1989-09-14.
- `price` is the brand's own price a carton, `deal` whether an in-store coupon or deal ran, `feature` the share of the
  brand's items featured in the advertisement: both are planned by the chain, so known in advance.
- A week without a row was not recorded: missing, not zero (no recorded week is without a sale).
- `unit_cost` is the mean of price × (1 − gross margin), the margin being `profit` in per cent.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from examples.files import find_files, need_columns, read_file, run
from features.contract.tables import DataError

_WEEK_ZERO = pd.Timestamp("1989-09-07")
_BRANDS = (
    ("Tropicana Premium", 64),
    ("Tropicana Premium", 96),
    ("Florida's Natural", 64),
    ("Tropicana", 64),
    ("Minute Maid", 64),
    ("Minute Maid", 96),
    ("Citrus Hill", 64),
    ("Tree Fresh", 64),
    ("Florida Gold", 64),
    ("Dominicks", 64),
    ("Dominicks", 128),
)
"""Brand 1 … 11 of the source: name and ounces in a carton."""
_PRICES = tuple(f"price{brand}" for brand in range(1, len(_BRANDS) + 1))
_COLUMNS = ("store", "brand", "week", "logmove", *_PRICES, "deal", "feat", "profit")


def read(raw: Path) -> pd.DataFrame:
    """Read the orange juice sales, the one CSV or Parquet file in the folder `raw`.

    Raises
    ------
    DataError
        When there is none or more than one, it is unreadable, or lacks a column.
    """
    paths = find_files(raw, "", (".csv", ".parquet"))
    if len(paths) > 1:
        raise DataError(
            f"{raw}: {len(paths)} files ({paths[0].name}, {paths[1].name}, …); leave the one with the sales"
        )
    frame = read_file(paths[0])
    need_columns(frame, _COLUMNS, str(paths[0]))
    return frame


def tables(raw: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Turn the orange juice sales, one row a store, brand and week, into the tables `demand` and `items`.

    Raises
    ------
    DataError
        When a brand is not one of the eleven.
    """
    brand = raw["brand"].to_numpy(int) - 1
    unknown = (brand < 0) | (brand >= len(_BRANDS))
    if unknown.any():
        row = int(unknown.argmax())
        raise DataError(f"orange juice row {row + 2}: brand is {brand[row] + 1}, expected 1 … {len(_BRANDS)}")
    ounces = np.array([size for _, size in _BRANDS], float)[brand]
    price = raw[list(_PRICES)].to_numpy(float)[np.arange(len(raw)), brand] * ounces
    demand = pd.DataFrame(
        {
            "unique_id": raw["store"].astype(str) + "_" + raw["brand"].astype(str),
            "ds": _WEEK_ZERO + pd.to_timedelta(7 * raw["week"].to_numpy(int), unit="D"),
            "y": np.rint(np.exp(raw["logmove"].to_numpy(float)) / ounces),
            "price": price.round(3),
            "deal": raw["deal"].to_numpy(float),
            "feature": raw["feat"].to_numpy(float),
        }
    )
    cost = price * (1 - raw["profit"].to_numpy(float) / 100)
    items = demand.assign(store=raw["store"].astype(str), row=brand, cost=cost).groupby(
        "unique_id", sort=True
    )
    return {
        "demand": demand.sort_values(["unique_id", "ds"], ignore_index=True),
        "items": _items(items.agg({"store": "first", "row": "first", "price": "mean", "cost": "mean"})),
    }


def _items(facts: pd.DataFrame) -> pd.DataFrame:
    """The `items` table of orange juices: brand, size, store, and mean price and cost of a carton."""
    names = [f"{name} {size} oz" for name, size in _BRANDS]
    brand = np.array(names, object)[facts["row"].to_numpy()]
    size = np.array([f"{size} oz" for _, size in _BRANDS], object)[facts["row"].to_numpy()]
    return pd.DataFrame(
        {
            "unique_id": facts.index,
            "description": [
                f"{name}, store {store}" for name, store in zip(brand, facts["store"], strict=True)
            ],
            "category": brand,
            "unit_cost": facts["cost"].round(3).to_numpy(),
            "unit_price": facts["price"].round(3).to_numpy(),
            "store": facts["store"].to_numpy(),
            "size": size,
        }
    )


def main(argv: list[str] | None = None) -> None:
    """Run `python -m examples.orange_juice RAW OUT`."""
    run("orange_juice", lambda raw: tables(read(raw)), argv)


if __name__ == "__main__":
    main()
