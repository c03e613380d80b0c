"""The purchase orders of BPI Challenge 2019 as a company's tables."""

import tempfile
from pathlib import Path

import pandas as pd

from configs.schema import DataConfig
from database.sources.data_directory import write_directory
from database.sources.load_tables import load_tables
from features.contract.tables import Tables

COVARIATES = ("subcategory", "spend_class", "document_type", "item_type")
LAST = pd.Timestamp("2018-09-01")
"""Day on which the file was taken: what came later is not in it."""

_FILE = "purchase_orders_as_of_2018-09-01.parquet"


def load_bpi2019_tables(raw: Path) -> Tables:
    """Load the purchase orders of BPI 2019 from `raw`, checked as any company's; a receipt is that of the first day."""
    source = pd.read_parquet(raw / _FILE)
    cancelled = source["cancelled_at"].notna()
    orders = pd.DataFrame(
        {
            "order_id": source["order_id"],
            "line": source["line"].astype(str),
            "supplier_id": source["supplier_id"],
            "unique_id": source["unique_id"],
            "ordered_at": source["ordered_at"].dt.normalize(),
            "quantity_ordered": source["quantity_ordered"],
            "unit_price": source["net_worth_eur"],
            "received_at": source["received_at"].dt.normalize().where(~cancelled),
            "closed_at": source["cancelled_at"].dt.normalize(),
            "status": cancelled.map({True: "cancelled", False: None}),
            **{name: source[name] for name in COVARIATES},
        }
    )
    items = source.drop_duplicates("unique_id")[["unique_id", "category"]]
    days = orders.rename(
        columns={"ordered_at": "ds", "quantity_ordered": "y"}
    )  # a company without sales has no data
    demand = days.groupby(["unique_id", "ds"], as_index=False)["y"].sum()
    with tempfile.TemporaryDirectory() as folder:
        write_directory({"demand": demand, "purchase_orders": orders, "items": items}, Path(folder))
        return load_tables(folder, DataConfig(freq="D", order_covariates=COVARIATES)).tables
