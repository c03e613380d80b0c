"""The demo company on a day: what was known then and nothing later, and the models trained on that."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.demand.data_sets import load_config_of
from configs.schema import Config, PolicyConfig
from database.sources.data_directory import write_directory
from database.sources.load_tables import load_tables
from distributions.demand_forecast import DemandForecast
from examples.demo import build
from features.demand.panel import Panel
from features.demand.panel_from_tables import make_panel
from features.demand.recent_demand import daily_rate, recent_demand
from features.orders.supplier_calendar import SupplierCalendar
from features.quality.check_result import CheckResult
from features.quality.fingerprint import fingerprint
from models.demand.forecaster import DemandForecaster
from models.demand.groups.common_error import common_error
from models.demand.groups.group_calibration import GroupCalibration
from models.lead_time.forecaster import LeadTimeForecaster
from planning.inputs import PlanInputs
from planning.planner import Planner

Tables = Mapping[str, pd.DataFrame]

_PLANNED_WEEKS = 12


@dataclass(frozen=True)
class DemoCompany:
    """The demo company's tables and truth, as they were written to a folder.

    Attributes
    ----------
    tables : name → table of the data contract, as on the last day
    truth : suppliers (the true distributions), orders (every lead time), stock (at the start)
    demand : frame of SKUs and weeks: what customers wanted, whatever was there
    """

    tables: Tables
    truth: Tables
    demand: pd.DataFrame

    @property
    def lost_sales(self) -> bool:
        """Whether unmet demand was lost: then what was really wanted is kept beside."""
        return "demand" in self.truth

    @property
    def end(self) -> pd.Timestamp:
        """The day that the tables describe."""
        return pd.Timestamp(self.tables["stock"]["as_of"].max())


def demo_company(work: Path) -> DemoCompany:
    """The demo company, written anew to the folder `work/demo`."""
    build(work / "demo")
    return read_company(work / "demo")


def read_company(folder: Path) -> DemoCompany:
    """The demo company from the folder that it was written to."""
    tables = {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
    truth = {path.stem: pd.read_parquet(path) for path in sorted((folder / "truth").glob("*.parquet"))}
    wanted = truth.get("demand", tables["demand"])  # the same where nothing was lost
    weekly = wanted[wanted["y"].notna()].pivot_table(
        index="unique_id", columns="ds", values="y", aggfunc="sum"
    )
    return DemoCompany(tables, truth, weekly.fillna(0.0))


def known_on(company: DemoCompany, day: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """The demo company's tables as they were on a Monday: nothing of them was written later.

    New promises are left out while a line is open: on what day they came is not kept. Nor are lots and bins of then.
    """
    tables = {name: table for name, table in company.tables.items() if name not in ("inventory_lots", "bins")}
    tables["demand"] = _demand_on(tables["demand"], day)
    tables["purchase_orders"] = _orders_on(tables["purchase_orders"], tables["receipts"], day)
    tables["receipts"] = tables["receipts"][tables["receipts"]["received_at"] < day]
    net = stock_on(company, day)
    tables["stock"] = pd.DataFrame(
        {
            "unique_id": net.index.astype(str),
            "as_of": day,
            "on_hand": net.clip(lower=0).to_numpy(),
            "backorders": (-net).clip(lower=0).to_numpy(),
        }
    )
    return tables


def _demand_on(demand: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Demand recorded before the day, and the plan of mailers and displays for the weeks after it."""
    past = demand["ds"] < day
    started = demand["unique_id"].isin(demand.loc[past, "unique_id"])
    ahead = ~past & started & (demand["ds"] < day + pd.Timedelta(weeks=_PLANNED_WEEKS))
    later = demand[ahead].assign(y=np.nan, price=np.nan)
    later["in_stock"] = later["in_stock"].where(later["y"].notna())
    return pd.concat([demand[past], later]).sort_values(["unique_id", "ds"], ignore_index=True)


def _orders_on(orders: pd.DataFrame, receipts: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Order lines placed before the day, those received later open, with what of them had come."""
    placed = orders[orders["ordered_at"] < day].reset_index(drop=True)
    came = receipts[receipts["received_at"] < day].groupby(["order_id", "line"])["quantity"].sum()
    keys = pd.MultiIndex.from_frame(placed[["order_id", "line"]])
    part = came.reindex(keys).fillna(0.0).to_numpy(float)
    done = placed["received_at"].notna() & (placed["received_at"] < day)
    return placed.assign(
        received_at=placed["received_at"].where(done),
        repromised_at=placed["repromised_at"].where(done),
        quantity_received=placed["quantity_received"].where(done, part),
        quantity_rejected=placed["quantity_rejected"].where(done, 0.0),
    )


def stock_on(company: DemoCompany, day: pd.Timestamp) -> pd.Series:
    """Stock less what is owed of each SKU on a Monday: at the start, and received, rejected, sold, wasted since."""
    orders, receipts, demand = (company.tables[name] for name in ("purchase_orders", "receipts", "demand"))
    start = company.truth["stock"].set_index("unique_id")["start"]
    sku = orders.set_index(["order_id", "line"])["unique_id"]
    came = receipts[receipts["received_at"] < day]
    came = came.assign(unique_id=sku.reindex(pd.MultiIndex.from_frame(came[["order_id", "line"]])).to_numpy())
    rejected = orders[orders["received_at"] < day].groupby("unique_id")["quantity_rejected"].sum()
    sold = demand[demand["ds"] < day].groupby("unique_id")["y"].sum()
    waste = company.truth["waste"]
    wasted = waste[waste["ds"] < day].groupby("unique_id")["units"].sum()
    net = start.add(came.groupby("unique_id")["quantity"].sum(), fill_value=0.0)
    for gone in (rejected, sold, wasted):
        net = net.sub(gone, fill_value=0.0)
    return net.rename_axis("unique_id")


@dataclass(frozen=True)
class DemoDay:
    """What is known on a day, and the models trained on it."""

    day: pd.Timestamp
    config: Config
    checked: CheckResult
    panel: Panel
    demand: DemandForecaster
    groups: GroupCalibration
    lead_times: LeadTimeForecaster

    @cached_property
    def forecast(self) -> DemandForecast:
        """Demand from the day on."""
        return self.demand.predict(self.panel, self.demand.h)

    @cached_property
    def inputs(self) -> PlanInputs:
        """What the plan of the day reads."""
        inputs = PlanInputs.of(
            self.checked.tables,
            self.checked.orders,
            as_of=self.day,
            recent_demand=daily_rate(recent_demand(self.panel), self.checked.freq),
            currency=self.config.currency,
        )
        if self.groups.cumulative is None:  # too little past
            return inputs
        groups = self.groups.predict(self.panel, self.forecast)
        return replace(inputs, common_error=common_error(groups, self.forecast))

    def planner(self, policy: PolicyConfig | None = None) -> Planner:
        """The product's planner of the day."""
        return Planner(self.forecast, self.lead_times, policy or self.config.policy)


def demo_day(company: DemoCompany, day: pd.Timestamp, work: Path) -> DemoDay:
    """The demo company on a Monday: read as any company's tables, the models trained, or read if they are kept."""
    config = load_config_of("demo")
    policy = config.policy.model_copy(update={"lost_sales": company.lost_sales})
    config = config.model_copy(update={"policy": policy})
    tables = company.tables if day == company.end else known_on(company, day)
    folder = work / "days" / f"{day:%Y-%m-%d}"
    write_directory(tables, folder)
    checked = load_tables(str(folder), config.data)
    h = config.demand.horizon or 10
    panel = make_panel(checked.tables, config.data, freq=checked.freq, horizon=h)
    kept = work / "models" / f"{day:%Y-%m-%d}-{fingerprint(checked.tables)[:12]}"
    if not (kept / "groups.json").exists() or not (kept / "done").exists():
        demand = DemandForecaster(config.demand, h, config.seed).fit(panel)
        demand.save(kept / "demand")
        groups = GroupCalibration.fit(demand.backtest_, panel)
        (kept / "groups.json").write_text(json.dumps(groups.to_json()))
        calendar = SupplierCalendar.of(checked.tables)
        LeadTimeForecaster(config.lead_time, config.seed, calendar).fit(checked.orders).save(
            kept / "lead_time"
        )
        (kept / "done").touch()
    return DemoDay(
        day,
        config,
        checked,
        panel,
        DemandForecaster.load(kept / "demand"),
        GroupCalibration.from_json(json.loads((kept / "groups.json").read_text())),
        LeadTimeForecaster.load(kept / "lead_time"),
    )
