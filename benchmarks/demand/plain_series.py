"""Data sets that are series and nothing else: the contract's tables of `auto_parts` and `m1`."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd


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


def _tables(series: pd.DataFrame) -> Mapping[str, pd.DataFrame]:
    """The contract's tables of series unique_id, ds, y."""
    return {
        "demand": series[["unique_id", "ds", "y"]].reset_index(drop=True),
        "items": pd.DataFrame({"unique_id": series["unique_id"].unique()}),
    }
