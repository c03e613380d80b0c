"""The supplier calendar: the region of each supplier, and the days on which `events` say that it is shut down."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd

from features.contract.events import one_row_per_day
from features.contract.tables import Tables
from features.orders.shutdowns import Shutdowns, shutdown_spans

REGION = "region"


@dataclass(frozen=True)
class SupplierCalendar:
    """Regions of suppliers and days of shutdown: what is known of suppliers beside their orders.

    Attributes
    ----------
    regions : `supplier_id, region`, those whose region is known
    shutdown_days : `name, supplier_id, region, day`, one row a day; without supplier and region for everybody
    """

    regions: pd.DataFrame
    shutdown_days: pd.DataFrame

    @classmethod
    def of(cls, tables: Tables) -> Self:
        """Supplier calendar from `suppliers` and those rows of `events` that do not concern a SKU or a category."""
        known = tables.suppliers[tables.suppliers["region"].notna()]
        events = one_row_per_day(tables.events)
        events = events[events["unique_id"].isna() & events["category"].isna()]
        days = events[["name", "supplier_id", "region"]].assign(day=events["ds"])
        return cls(known[["supplier_id", "region"]].reset_index(drop=True), days.reset_index(drop=True))

    @classmethod
    def unknown(cls) -> Self:
        """The supplier calendar of a company that gives no regions and no events."""
        return cls.of(Tables())

    def region(self, supplier_id: pd.Series) -> pd.Series:
        """Region of each supplier (n,), None where it is not known."""
        known = self.regions.drop_duplicates("supplier_id").set_index("supplier_id")["region"]
        found = supplier_id.map(known).astype(object)
        return found.where(found.notna(), None)

    def shutdowns_of(self, suppliers: Sequence[str]) -> Shutdowns:
        """Shutdowns of each supplier as spans; a day with several names counts as that of the longest lasting one."""
        days = self.shutdown_days
        names = days["name"].value_counts().sort_index().sort_values(ascending=False, kind="stable").index
        kind = pd.Index(names).get_indexer(pd.Index(days["name"]))
        day = days["day"].to_numpy("datetime64[D]").astype(float)
        supplier, region = (days[c].fillna("").astype(str).to_numpy() for c in ("supplier_id", "region"))
        calendar, distinct = pd.factorize(pd.MultiIndex.from_frame(self._bound_by(suppliers)))
        spans = []
        for own, area in distinct:
            bound = np.where(supplier != "", supplier == own, (region == "") | (region == area))
            spans.append(shutdown_spans(day[bound], kind[bound]))
        return Shutdowns.of(list(map(str, names)), np.asarray(calendar, np.int64), spans)

    def closed_days(self, since: pd.Timestamp) -> pd.DataFrame:
        """Days from `since` on that close one supplier of the calendar, or those of a region: supplier_id, day."""
        days = self.shutdown_days[self.shutdown_days["day"] >= since]
        own = days[days["supplier_id"].notna()]
        of_region = days[days["supplier_id"].isna() & days["region"].notna()].drop(columns="supplier_id")
        both = pd.concat([own, of_region.merge(self.regions, on="region")], ignore_index=True)
        return both[["supplier_id", "day"]].drop_duplicates(ignore_index=True)

    def _bound_by(self, suppliers: Sequence[str]) -> pd.DataFrame:
        """Supplier id and region by which shutdowns bind each supplier; empty where none names them."""
        own, area = (
            set(self.shutdown_days[c].dropna().astype(str)) - {""} for c in ("supplier_id", "region")
        )
        ids = pd.Series(list(suppliers), dtype=object)
        regions = self.region(ids)
        return pd.DataFrame(
            {"own": ids.where(ids.isin(own), ""), "area": regions.where(regions.isin(area), "")}
        )

    def save(self, folder: Path) -> None:
        """Write the supplier calendar as `regions.parquet` and `rests.parquet`."""
        self.regions.to_parquet(folder / "regions.parquet", index=False)
        self.shutdown_days.to_parquet(folder / "rests.parquet", index=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the supplier calendar that `save` wrote."""
        return cls(*(pd.read_parquet(folder / f"{name}.parquet") for name in ("regions", "rests")))
