"""What the service answers from: one champion and one planning run, loaded together and never changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

import pandas as pd

from artifacts.bundle import Bundle, open_bundle
from artifacts.plan_run import PlanSnapshot, read_snapshot
from configs.schema import PolicyConfig
from database.ledger import LedgerRow
from database.plan_runs import PlanRun
from database.settings import Settings
from distributions.demand_forecast import DemandForecast
from features.contract.tables import empty_table
from features.demand.recent import daily_rate
from models.demand.attribution.explanation import Explanation
from models.demand.groups.forecast import GroupForecast
from planning.assessment import Assessment, assess
from planning.inputs import PlanInputs
from planning.protocols import LeadTimes
from suppliers.report import FILE_COLUMNS, SupplierReport, supplier_report


@dataclass(frozen=True)
class Served:
    """A champion and the latest plan. `snapshot` is none before the first planning run."""

    champion: LedgerRow
    bundle: Bundle
    run: PlanRun | None = None
    snapshot: PlanSnapshot | None = field(default=None, repr=False)

    @property
    def fresh(self) -> bool:
        """Whether the latest plan was made with this champion."""
        return self.run is not None and self.run.bundle_hash == self.bundle.hash

    @cached_property
    def forecast(self) -> DemandForecast:
        """The plan's forecast where this champion made it, else the one the champion was trained with."""
        return self.snapshot.forecast if self.snapshot is not None and self.fresh else self.bundle.forecast

    @cached_property
    def explanation(self) -> Explanation | None:
        """The parts of `forecast`, none where the demand model could not say."""
        here = self.snapshot if self.snapshot is not None and self.fresh else self.bundle
        return here.explanation

    @cached_property
    def groups(self) -> GroupForecast | None:
        """The sums of `forecast` by group, none where the champion was trained before there were any."""
        if self.snapshot is not None and self.fresh:
            return self.snapshot.groups
        return self.bundle.group_forecast

    @cached_property
    def row_of(self) -> dict[str, int]:
        """SKU → its row in the forecast."""
        return {str(sku): row for row, sku in enumerate(self.forecast.unique_ids)}

    @cached_property
    def policy(self) -> PolicyConfig:
        """The policy planned with, before the first plan the one trained with."""
        config = self.snapshot.facts if self.snapshot is not None else self.bundle.config
        return PolicyConfig.model_validate(config.get("policy", {}))

    def assess(self, forecast: DemandForecast, inputs: PlanInputs) -> Assessment:
        """Decide about the SKUs of `forecast` as a planning run does, without what only its files need."""
        return assess(forecast, self.lead_times, inputs, self.policy, self.bundle.rules)

    @property
    def as_of(self) -> pd.Timestamp:
        """The day the answers are for: the plan's, before it the first day the forecast covers."""
        if self.snapshot is not None and self.fresh:
            return self.snapshot.as_of
        return pd.Timestamp(self.forecast.starts[0])

    @cached_property
    def inputs(self) -> PlanInputs:
        """Stock, offers and open orders as the planning run saw them; empty tables before the first one."""
        seen = self.snapshot
        if seen is None:
            tables = {name: empty_table(name) for name in ("items", "offers", "stock", "suppliers")}
            return PlanInputs(as_of=self.as_of, open_orders=no_open_orders(), **tables)
        return PlanInputs(
            as_of=self.as_of,
            items=seen.items,
            offers=seen.offers,
            stock=seen.stock,
            suppliers=seen.suppliers,
            open_orders=seen.orders[seen.orders["is_open"]].reset_index(drop=True),
            purchase_orders=seen.purchase_orders,
            recent_demand=daily_rate(seen.demand, str(seen.facts["freq"])),
        )

    def inputs_of(self, unique_ids: Sequence[str]) -> PlanInputs:
        """Return the rows of some SKUs."""
        every, wanted = self.inputs, set(unique_ids)
        mine = {
            name: (table := getattr(every, name))[table["unique_id"].isin(wanted)].reset_index(drop=True)
            for name in ("items", "offers", "stock", "open_orders", "purchase_orders", "recent_demand")
        }
        return replace(every, **mine)

    @cached_property
    def supplier_ids(self) -> frozenset[str]:
        """Every supplier the tables name."""
        seen = self.snapshot
        tables = () if seen is None else (seen.suppliers, seen.offers, seen.purchase_orders)
        return frozenset().union(*(table["supplier_id"].dropna() for table in tables))

    @cached_property
    def usual_supplier(self) -> dict[str, str]:
        """SKU → the supplier the latest plan buys it from."""
        if self.snapshot is None:
            return {}
        bought = self.snapshot.plan.dropna(subset=["supplier_id"])
        return dict(zip(bought["unique_id"], bought["supplier_id"], strict=True))

    @cached_property
    def suppliers(self) -> SupplierReport | None:
        """How suppliers did and where that is a risk; none before the first plan."""
        return None if self.snapshot is None else supplier_report(self.snapshot)

    @property
    def scorecard(self) -> pd.DataFrame:
        """The report's table, a row a supplier; without rows before the first plan."""
        if self.suppliers is None:
            return pd.DataFrame({name: [] for name in FILE_COLUMNS}, dtype=object)
        return self.suppliers.table

    @cached_property
    def bought(self) -> pd.DataFrame:
        """Pairs `supplier_id, unique_id` that were ordered or are offered, those ordered last first."""
        seen = self.snapshot
        if seen is None:
            return pd.DataFrame({"supplier_id": [], "unique_id": []}, dtype=object)
        pair = ["supplier_id", "unique_id"]
        ordered = seen.orders.sort_values("ordered_at", ascending=False, kind="stable")[pair]
        return pd.concat([ordered, seen.offers[pair]]).drop_duplicates(ignore_index=True)

    @cached_property
    def lead_times(self) -> LeadTimes:
        """The champion's lead-time model, knowing the shutdowns that the latest plan knew."""
        model, seen = self.bundle.lead_time, self.snapshot
        placed = (
            model if seen is None or seen.supplier_calendar is None else model.knowing(seen.supplier_calendar)
        )
        return cast("LeadTimes", placed)

    @property
    def currency(self) -> str:
        """The company's currency, for labels."""
        return str(self.bundle.config.get("currency", "USD"))

    @property
    def notice(self) -> str:
        """What every page must say about the data, often nothing."""
        return str(self.bundle.info.get("notice", ""))

    @property
    def version(self) -> dict[str, str]:
        """Which model answers, for every answer of the API."""
        return {"bundle": self.bundle.hash, "version": self.champion.version}


def no_open_orders() -> pd.DataFrame:
    """Return the frame of open orders without rows."""
    columns = ["order_id", "line", "supplier_id", "unique_id", "category", "ordered_at", "promised_at"]
    frame = pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    frame["ordered_at"] = frame["ordered_at"].astype("datetime64[ns]")
    frame["promised_at"] = frame["promised_at"].astype("datetime64[ns]")
    return frame.assign(quantity_open=pd.Series(dtype=float), age=pd.Series(dtype=float), is_open=True)


def load_served(champion: LedgerRow, run: PlanRun | None, settings: Settings) -> Served:
    """Read champion and plan from disk and build everything the first request would wait for.

    Raises
    ------
    BundleError, SnapshotError
        When a file is missing or damaged.
    """
    bundle = open_bundle(settings.bundles, champion.bundle_hash)
    snapshot = None if run is None else read_snapshot(settings.plans / run.folder)
    served = Served(champion, bundle, run, snapshot)
    _ = (
        served.forecast,
        served.lead_times,
        served.inputs,
        served.row_of,
        served.usual_supplier,
        served.bought,
        served.suppliers,
    )
    return served
