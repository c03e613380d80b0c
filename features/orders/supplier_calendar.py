"""Where suppliers are, and on which days they may rest: what `suppliers` and `events` say of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.contract.tables import Tables

REGION = "region"
_DAY = np.timedelta64(1, "D")
_NOT_YET = np.inf


@dataclass(frozen=True)
class Shutdowns:
    """Days of rest of S suppliers, as spans that do not overlap.

    A span of days a … b is the time (a − 1, b], in days since 1970: nothing dated a … b comes about in it.

    Attributes
    ----------
    names : (E,), what the rests are called
    calendar : (S,), row of the following tables for each supplier
    begin, end : (P, K), infinite after a calendar's last span
    kind : (P, K), place of the span's name in `names`
    """

    names: tuple[str, ...]
    calendar: NDArray[np.int64]
    begin: NDArray[np.float64]
    end: NDArray[np.float64]
    kind: NDArray[np.int64]

    def only(self, kind: int) -> Self:
        """The spans of one kind."""
        mine = self.kind == kind
        columns = mine.any(axis=0)
        begin, end = (np.where(mine, at, _NOT_YET)[:, columns] for at in (self.begin, self.end))
        return replace(self, begin=begin, end=end, kind=self.kind[:, columns])


@dataclass(frozen=True)
class SupplierCalendar:
    """What is known of suppliers beside their orders.

    Attributes
    ----------
    regions : `supplier_id, region`, those whose region is known
    rests : `name, supplier_id, region, day`, one row a day; without supplier and region for everybody
    """

    regions: pd.DataFrame
    rests: pd.DataFrame

    @classmethod
    def of(cls, tables: Tables) -> Self:
        """From `suppliers` and those rows of `events` that do not speak of a SKU or a category."""
        known = tables.suppliers[tables.suppliers["region"].notna()]
        events = each_day(tables.events)
        events = events[events["unique_id"].isna() & events["category"].isna()]
        rests = events[["name", "supplier_id", "region"]].assign(day=events["ds"])
        return cls(known[["supplier_id", "region"]].reset_index(drop=True), rests.reset_index(drop=True))

    @classmethod
    def unknown(cls) -> Self:
        """Nothing is known."""
        return cls.of(Tables())

    def region(self, supplier_id: pd.Series) -> pd.Series:
        """Region of each supplier (n,), None where it is not known."""
        known = self.regions.drop_duplicates("supplier_id").set_index("supplier_id")["region"]
        found = supplier_id.map(known).astype(object)
        return found.where(found.notna(), None)

    def rests_of(self, suppliers: Sequence[str]) -> Shutdowns:
        """Lay out the rests of each supplier; a day with several names counts as that of the longest lasting one."""
        names = self.rests["name"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
        kind = pd.Index(names.index).get_indexer(pd.Index(self.rests["name"]))
        day = self.rests["day"].to_numpy("datetime64[D]").astype(float)
        own, area = (self.rests[c].fillna("").astype(str).to_numpy() for c in ("supplier_id", "region"))
        ids = pd.Series(list(suppliers), dtype=object)
        regions = self.region(ids)
        keys = pd.DataFrame(
            {"own": ids.where(ids.isin(own[own != ""]), ""), "area": regions.where(regions.isin(area), "")}
        )
        calendar, distinct = pd.factorize(pd.MultiIndex.from_frame(keys))
        spans = []
        for mine, here in distinct:
            bound = np.where(own != "", own == mine, (area == "") | (area == here))
            spans.append(_spans(day[bound], kind[bound]))
        return Shutdowns(tuple(map(str, names.index)), np.asarray(calendar, np.int64), *_padded(spans))

    def save(self, folder: Path) -> None:
        """Write `regions.parquet` and `rests.parquet`."""
        self.regions.to_parquet(folder / "regions.parquet", index=False)
        self.rests.to_parquet(folder / "rests.parquet", index=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        return cls(*(pd.read_parquet(folder / f"{name}.parquet") for name in ("regions", "rests")))


def of_customers(events: pd.DataFrame) -> pd.DataFrame:
    """Those of `events` that are not a supplier's or a region's, one row a day: what demand may feel."""
    return each_day(events[events["supplier_id"].isna() & events["region"].isna()].reset_index(drop=True))


def each_day(events: pd.DataFrame) -> pd.DataFrame:
    """`events` with one row for each day from `ds` to `until`."""
    last = events["until"].fillna(events["ds"])
    days = ((last - events["ds"]) / _DAY).fillna(0).clip(lower=0).to_numpy(int) + 1
    if (days == 1).all():
        return events
    rows = events.loc[events.index.repeat(days)]
    nth = np.arange(len(rows)) - np.repeat(np.cumsum(days) - days, days)
    return rows.assign(ds=rows["ds"] + nth * _DAY).reset_index(drop=True)


def _spans(day: NDArray[np.float64], kind: NDArray[np.int64]) -> NDArray[np.float64]:
    """Columns begin, end and kind of the spans that days (n,) with their kinds (n,) make up, (3, k)."""
    order = np.lexsort((kind, day))
    day, first = np.unique(day[order], return_index=True)
    kind = kind[order][first]
    fresh = np.ones(len(day), bool)
    fresh[1:] = (np.diff(day) > 1) | (np.diff(kind) != 0)
    at = np.flatnonzero(fresh)
    last = np.append(at[1:], len(day))[: len(at)] - 1
    return np.stack([day[at] - 1, day[last], kind[at].astype(float)])


def _padded(
    spans: list[NDArray[np.float64]],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    most = max((one.shape[1] for one in spans), default=0)
    begin, end = np.full((2, len(spans), most), _NOT_YET)
    kind = np.zeros((len(spans), most), np.int64)
    for row, one in enumerate(spans):
        count = one.shape[1]
        begin[row, :count], end[row, :count], kind[row, :count] = one
    return begin, end, kind
