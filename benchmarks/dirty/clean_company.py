"""The clean company that is made dirty: a cut of the demo, what reading it gives, and a champion trained on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from artifacts.bundle import Bundle
from artifacts.bundle_store import open_bundle
from benchmarks.raw_data import ROOT
from configs.load import load_config
from configs.schema import Config
from database.settings import Settings
from database.sources.data_directory import write_directory
from database.sources.load_tables import load_tables
from examples import demo
from features.contract.tables import KEYS, REQUIRED, TABLES, Kind
from features.quality.check_result import CheckResult
from jobs.plan_data import plan_data
from jobs.plan_decision import decide
from planning.planner import Plan
from training.options_and_result import TrainOptions
from training.pipeline import train

EVERY = 20
"""One SKU in twenty of the demo is kept: 30 of 600."""
LINE = ["order_id", "line"]


@dataclass(frozen=True)
class CleanTable:
    """One table of the clean company.

    Attributes
    ----------
    typed : its columns as the demo makes them, sorted by key
    texts : the same values as a CSV file has them, None where there is none
    meant : what the data check reads from it, row by row
    kinds : the kind of each column
    """

    typed: pd.DataFrame
    texts: Mapping[str, NDArray[np.object_]]
    meant: pd.DataFrame
    kinds: Mapping[str, Kind]


@dataclass(frozen=True)
class CleanCompany:
    """The clean company in `folder`/data, what its check found, and its config; the home of its champion."""

    folder: Path
    config: Config
    checked: CheckResult
    tables: Mapping[str, CleanTable]

    @property
    def settings(self) -> Settings:
        """Where the champion is kept."""
        return Settings(home=self.folder / "home", database_url="", tracking_uri="")

    @cached_property
    def bundle(self) -> Bundle:
        """The champion, trained on the clean company at the first use."""
        done = train(self.config, str(self.folder / "data"), self.settings, TrainOptions(promote=True))
        return open_bundle(self.settings.bundles, done.bundle_hash)

    @cached_property
    def plan(self) -> Plan:
        """The champion's plan for the clean company."""
        return decide(plan_data(self.bundle, "1", self.checked), self.config.policy).plan


def make_company(folder: Path) -> CleanCompany:
    """Write the cut of the demo to `folder`/data and read it back."""
    config = quick_config()
    frames = {name: _sorted(name, frame) for name, frame in with_planners(cut(demo.make(7)[0])).items()}
    write_directory(frames, folder / "data")
    checked = load_tables(str(folder / "data"), config.data)
    assert not checked.quarantine
    tables = {
        name: CleanTable(frame, _texts(frame), getattr(checked.tables, name), _kinds(name, config))
        for name, frame in frames.items()
    }
    return CleanCompany(folder, config, checked, tables)


def quick_config(*, levers: Literal["all", "vendors_and_lots"] = "all") -> Config:
    """The demo's config with as little to learn as there can be, so that a training takes seconds."""
    config = load_config(ROOT / "configs" / "demo.yaml")
    boosting = config.demand.boosting.model_copy(update={"rounds": 20})
    quick = {"windows": 1, "members": ("level", "boosting"), "cutoffs": (), "boosting": boosting}
    demand = config.demand.model_copy(update=quick)
    lead_time = config.lead_time.model_copy(update={"cutoffs": ()})
    policy = config.policy.model_copy(update={"levers": levers})
    update = {"threads": 1, "demand": demand, "lead_time": lead_time, "policy": policy}
    return config.model_copy(update=update)


def cut(tables: Mapping[str, pd.DataFrame], every: int = EVERY) -> dict[str, pd.DataFrame]:
    """One SKU in so many of the clean company, with its rows of all tables, and the suppliers that these name.

    So with the supplies that it uses up itself. Of its contracts those for a category are left out.
    """
    ids = {
        name
        for table in ("items", "usage")
        for name in tables[table]["unique_id"].drop_duplicates().iloc[::every]
    }
    kept = {
        name: frame[frame["unique_id"].isin(ids)] if "unique_id" in frame else frame
        for name, frame in tables.items()
    }
    for name, line in (("receipts", LINE), ("invoices", LINE), ("approvals", LINE[:1])):
        kept[name] = kept[name].merge(kept["purchase_orders"][line].drop_duplicates(), on=line)
    named = {*kept["offers"]["supplier_id"], *kept["purchase_orders"]["supplier_id"]}
    kept["suppliers"] = kept["suppliers"][kept["suppliers"]["supplier_id"].isin(named)]
    return kept


def with_planners(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables with what planners and buyers add: overrides of each kind, budgets, references, a last buy."""
    ids, first = tables["items"]["unique_id"].tolist(), pd.Timestamp("2017-12-20")
    rows: list[tuple[str, str, dict[str, object]]] = [
        ("O1", "forecast", {"from": "2018-01-01", "until": "2018-02-01", "factor": 1.5}),
        ("O2", "forecast", {"from": "2018-01-08", "until": "2018-01-22", "units": 40.0}),
        ("O3", "forecast", {"from": "2018-01-01", "until": "2018-03-01", "last_year": True}),
        ("O4", "service_level", {"service_level": 0.9}),
        ("O5", "hold", {"hold_until": "2018-01-20"}),
        ("O6", "quantity", {"quantity": 120.0}),
    ]
    overrides = pd.DataFrame(
        [
            {"override_id": name, "kind": kind, "unique_id": unique_id, **value}
            for (name, kind, value), unique_id in zip(rows, ids[3:], strict=False)
        ]
    ).assign(reason="asked for by sales in December", author="Ana", created=first, expires="2018-06-30")
    for column in ("from", "until", "hold_until", "expires"):
        overrides[column] = pd.to_datetime(overrides[column])
    overrides["last_year"] = overrides["last_year"].astype("boolean")
    suppliers = tables["suppliers"]["supplier_id"].tolist()
    budgets = pd.DataFrame(
        {"period": ["2018-01", "2018", "2018-Q1"], "amount": [9000.0, 250_000.0, 4000.0]}
    ).assign(
        category=[None, None, tables["items"]["category"].iloc[0]], supplier_id=[suppliers[0], None, None]
    )
    orders = tables["purchase_orders"]
    orders = orders.assign(
        reference=("R-" + orders["order_id"].astype(str)).where(orders["received_at"].isna())
    )
    return {**tables, "purchase_orders": orders, "overrides": overrides, "budgets": budgets}


def _sorted(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows in the order in which the data check returns them, so that the two lie side by side."""
    return frame.sort_values(list(KEYS.get(name) or REQUIRED[name]), ignore_index=True, kind="stable")


def _kinds(name: str, config: Config) -> dict[str, Kind]:
    numbers = dict.fromkeys(config.data.covariates if name == "demand" else (), "number")
    return {**TABLES[name], **numbers}  # type: ignore[dict-item]


def _texts(frame: pd.DataFrame) -> dict[str, NDArray[np.object_]]:
    return {name: as_texts(column) for name, column in frame.items()}


def as_texts(column: pd.Series) -> NDArray[np.object_]:
    """Values of a column as a CSV file has them: ISO dates, `true`, numbers without a needless `.0`; or None."""
    texts = np.array([_text(value) for value in column], dtype=object)
    texts[column.isna().to_numpy()] = None
    return texts


def _text(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, bool | np.bool_):
        return str(value).lower()
    return f"{value:.15g}" if isinstance(value, float) else str(value)
