"""The SCMS delivery history as the benchmark's data: its tables, and the orders that lead times are judged on."""

import tempfile
from pathlib import Path

import pandas as pd

from configs.schema import DataConfig
from database.sources.data_directory import write_directory
from database.sources.load_tables import load_tables
from examples.scms import read, tables
from features.contract.tables import Tables

COVARIATES = ("country", "shipment_mode", "inco_term", "product_group")


def load_scms_tables(raw: Path) -> Tables:
    """Load the delivery history from the raw SCMS files in `raw` as tables, checked as any company's."""
    with tempfile.TemporaryDirectory() as folder:
        write_directory(tables(read(raw)), Path(folder))
        return load_tables(folder, DataConfig(freq="MS", order_covariates=COVARIATES)).tables


def closed_orders_placed(history: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Orders of the delivery history placed from `start` to before `end` whose lead time is known."""
    inside = (history["ordered_at"] >= start) & (history["ordered_at"] < end)
    return history[inside & history["lead_time"].notna() & history["duration"].notna()].reset_index(drop=True)
