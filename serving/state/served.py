"""What is served: one champion and one plan run, loaded together and never changed; every answer comes from it."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from artifacts.bundle import Bundle
from artifacts.bundle_store import open_bundle
from artifacts.plan_snapshot import PlanSnapshot, read_snapshot
from configs.schema import PolicyConfig
from database.ledger import LedgerRow
from database.plan_runs import PlanRun
from database.settings import Settings
from distributions.demand_forecast import DemandForecast
from features.contract.tables import Tables
from features.demand.recent_demand import daily_rate
from features.orders.supplier_calendar import SupplierCalendar
from models.demand.attribution.explanation import Explanation
from models.demand.groups.group_forecast import GroupForecast
from planning.compare.supplier_volume import error_correlation
from planning.inputs import PlanInputs
from planning.lanes.agreed_lead_times import with_agreed
from planning.planner import Planner
from planning.protocols import LeadTimes
from serving.state.row_index import RowIndex, SkuRows
from serving.state.service_costs import summed_service_costs
from serving.state.sku_table import sku_table
from serving.state.spend_view import SpendQuery, SpendView
from suppliers.report import FILE_COLUMNS, SupplierReport, supplier_report

_Z90 = 1.6449
"""Normal quantile of 95 %: nine of ten lie within so many standard deviations."""


@dataclass(frozen=True)
class Served:
    """The champion and the latest plan that answers come from. `snapshot` is none before the first plan run."""

    champion: LedgerRow
    bundle: Bundle
    run: PlanRun | None = None
    snapshot: PlanSnapshot | None = field(default=None, repr=False)

    @property
    def fresh(self) -> bool:
        """Whether the latest plan run used the champion that is served."""
        return self.run is not None and self.run.bundle_hash == self.bundle.hash

    @cached_property
    def forecast(self) -> DemandForecast:
        """The demand forecast served: the plan's where this champion made it, else that of its training."""
        return self.snapshot.forecast if self.snapshot is not None and self.fresh else self.bundle.forecast

    @cached_property
    def explanation(self) -> Explanation | None:
        """The parts of the served forecast, none where the demand model has no explanation."""
        source = self.snapshot if self.snapshot is not None and self.fresh else self.bundle
        return source.explanation

    @cached_property
    def groups(self) -> GroupForecast | None:
        """The served forecast of groups of SKUs, none where the champion was trained before there were any."""
        if self.snapshot is not None and self.fresh:
            return self.snapshot.groups
        return self.bundle.group_forecast

    @cached_property
    def row_of(self) -> dict[str, int]:
        """SKU → its row in the served forecast."""
        return {str(sku): row for row, sku in enumerate(self.forecast.unique_ids)}

    @cached_property
    def policy(self) -> PolicyConfig:
        """The policy of the served plan, before the first plan the one trained with."""
        config = self.snapshot.facts if self.snapshot is not None else self.bundle.config
        return PolicyConfig.model_validate(config.get("policy", {}))

    def planner(self, forecast: DemandForecast) -> Planner:
        """Return the planner of the SKUs of `forecast`, as a plan run has it."""
        return Planner(forecast, self.lead_times, self.policy, self.bundle.rules)

    @property
    def elapsed(self) -> float:
        """Days between the first day the forecast covers and `as_of`."""
        return float((self.as_of - pd.Timestamp(self.forecast.starts[0])) / pd.Timedelta(days=1))

    @cached_property
    def period_starts(self) -> list[str]:
        """First days of the forecast's periods, like 2026-03-02."""
        return [str(day)[:10] for day in self.forecast.starts[:-1]]

    @cached_property
    def as_of(self) -> pd.Timestamp:
        """The day the answers are for: the plan's, before it the first day the forecast covers."""
        if self.snapshot is not None and self.fresh:
            return self.snapshot.as_of
        return pd.Timestamp(self.forecast.starts[0])

    @cached_property
    def inputs(self) -> PlanInputs:
        """Stock, offers and open orders as the plan run saw them; empty tables before the first one."""
        snapshot = self.snapshot
        if snapshot is None:
            return PlanInputs.of(Tables(), no_open_orders(), as_of=self.as_of, currency=self.currency)
        recent = daily_rate(snapshot.demand, str(snapshot.facts["freq"]))
        inputs = PlanInputs.of(
            snapshot, snapshot.orders, as_of=self.as_of, recent_demand=recent, currency=self.currency
        )
        closures = self.supplier_calendar.closed_days(self.as_of)
        return replace(inputs, overrides=snapshot.sku_overrides, closures=closures)

    @property
    def supplier_calendar(self) -> SupplierCalendar:
        """Regions and shutdowns of suppliers as the served plan knew them."""
        known = None if self.snapshot is None else self.snapshot.supplier_calendar
        return SupplierCalendar.unknown() if known is None else known

    @cached_property
    def sku_rows(self) -> SkuRows:
        """The rows of the inputs and of past demand by SKU; there is no demand before the first plan."""
        no_demand = pd.DataFrame({"unique_id": [], "ds": [], "y": []})
        return SkuRows(self.inputs, no_demand if self.snapshot is None else self.snapshot.demand)

    @cached_property
    def supplier_ids(self) -> frozenset[str]:
        """Every supplier that the served plan's tables name."""
        snapshot = self.snapshot
        tables = () if snapshot is None else (snapshot.suppliers, snapshot.offers, snapshot.purchase_orders)
        return frozenset().union(*(table["supplier_id"].dropna() for table in tables))

    @cached_property
    def planned_supplier(self) -> dict[str, str]:
        """SKU → the supplier that the served plan buys it from."""
        if self.snapshot is None:
            return {}
        bought = self.snapshot.plan.dropna(subset=["supplier_id"])
        return dict(zip(bought["unique_id"], bought["supplier_id"], strict=True))

    @cached_property
    def suppliers(self) -> SupplierReport | None:
        """The supplier report of the served plan: scorecards and risk; none before the first plan."""
        return None if self.snapshot is None else supplier_report(self.snapshot)

    @cached_property
    def skus(self) -> pd.DataFrame:
        """Every SKU of the served plan, as lists show and search them; there must be one."""
        assert self.snapshot is not None
        return sku_table(self.snapshot)

    @cached_property
    def descriptions(self) -> dict[str, str]:
        """SKU → its description, where the served plan's tables have one."""
        described = self.inputs.items.dropna(subset=["description"])
        return dict(zip(described["unique_id"], described["description"], strict=True))

    @cached_property
    def categories(self) -> pd.Series:
        """SKU → its category."""
        return self.inputs.items.drop_duplicates("unique_id").set_index("unique_id")["category"]

    @cached_property
    def stock_lists(self) -> dict[str, pd.DataFrame]:
        """Stock that is `running_out` and stock in `excess`, with each SKU's description; there must be a plan."""
        assert self.snapshot is not None
        tables = {"running_out": self.snapshot.running_out, "excess": self.snapshot.excess_stock}
        return {
            name: table.assign(description=table["unique_id"].map(self.descriptions))
            for name, table in tables.items()
        }

    @cached_property
    def errors_together(self) -> float:
        """How far SKUs go together, by the forecast of the whole company; all at once where there is none."""
        groups = self.groups
        if groups is None or "all" not in groups.levels:
            return 1.0
        row, k = groups.level.tolist().index("all"), min(4, groups.cumulative.shape[1])
        quantiles = groups.cumulative[row, k - 1]
        return error_correlation(self.forecast, float(quantiles[-1] - quantiles[0]) / (2 * _Z90), k)

    @cached_property
    def spend(self) -> SpendView | None:
        """Spend of the served plan; none before the first plan, and in plans made before it was worked out."""
        known = None if self.snapshot is None else self.snapshot.procurement
        return None if known is None else SpendView(known)

    @cached_property
    def supplier_segments(self) -> dict[str, str]:
        """Supplier → its segment, where the served plan has worked it out."""
        table = pd.DataFrame() if self.spend is None else self.spend.procurement.table("supplier_segments")
        return {} if table.empty else dict(zip(table["supplier_id"], table["segment"], strict=True))

    @cached_property
    def service_costs(self) -> dict[str, pd.DataFrame]:
        """What service costs by supplier, category and shelf life, as `summed_service_costs`; there must be a plan."""
        assert self.snapshot is not None
        return summed_service_costs(self.snapshot.service_cost)

    @cached_property
    def supplier_names(self) -> dict[str, str]:
        """Supplier → its name, where the served plan's tables have one."""
        named = self.scorecard[self.scorecard["name"].fillna("").astype(str) != ""]
        return dict(zip(named["supplier_id"], named["name"], strict=True))

    def orders_of(self, supplier_id: str) -> pd.DataFrame:
        """All order lines of one supplier in the served plan, open and closed; there must be one."""
        assert self.snapshot is not None
        return self.snapshot.orders.take(self.order_rows.rows([supplier_id]))

    @cached_property
    def order_rows(self) -> RowIndex:
        """Order lines of the served plan by supplier."""
        assert self.snapshot is not None
        return RowIndex(self.snapshot.orders["supplier_id"])

    @property
    def scorecard(self) -> pd.DataFrame:
        """The supplier report's scorecards, a row a supplier; without rows before the first plan."""
        if self.suppliers is None:
            return pd.DataFrame({name: [] for name in FILE_COLUMNS}, dtype=object)
        return self.suppliers.table

    @cached_property
    def lanes_bought(self) -> pd.DataFrame:
        """Lanes `supplier_id, unique_id` that were ordered or are offered, those ordered last first."""
        snapshot = self.snapshot
        if snapshot is None:
            return pd.DataFrame({"supplier_id": [], "unique_id": []}, dtype=object)
        pair = ["supplier_id", "unique_id"]
        ordered = snapshot.orders.sort_values("ordered_at", ascending=False, kind="stable")[pair]
        return pd.concat([ordered, snapshot.offers[pair]]).drop_duplicates(ignore_index=True)

    @cached_property
    def lead_times(self) -> LeadTimes:
        """The champion's lead-time model with the served plan's supplier calendar (shutdowns) and agreements."""
        model, snapshot = self.bundle.lead_time, self.snapshot
        if snapshot is None:
            return model
        calendar = snapshot.supplier_calendar
        return with_agreed(model if calendar is None else model.with_calendar(calendar), snapshot.offers)

    @property
    def currency(self) -> str:
        """The company's currency as pages and answers label it."""
        return self.bundle.currency

    @property
    def notice(self) -> str:
        """A notice about the data that every page shows, often none."""
        return str(self.bundle.info.get("notice", ""))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the served plan run says of its data that should not be trusted, in sentences."""
        return () if self.snapshot is None else tuple(self.snapshot.facts.get("warnings", ()))

    @property
    def version(self) -> dict[str, str]:
        """Bundle hash and version of the served model, as every answer of the API says it."""
        return {"bundle": self.bundle.hash, "version": self.champion.version}


def no_open_orders() -> pd.DataFrame:
    """Open orders that are served before the first plan run: a frame without rows."""
    columns = ["order_id", "line", "supplier_id", "unique_id", "category", "ordered_at", "promised_at"]
    frame = pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    frame["ordered_at"] = frame["ordered_at"].astype("datetime64[ns]")
    frame["promised_at"] = frame["promised_at"].astype("datetime64[ns]")
    return frame.assign(quantity_open=pd.Series(dtype=float), age=pd.Series(dtype=float), is_open=True)


def load_served(champion: LedgerRow, run: PlanRun | None, settings: Settings) -> Served:
    """Load the champion's bundle and the plan snapshot to be served, and build what the first request would wait for.

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
        served.planned_supplier,
        served.lanes_bought,
        served.suppliers,
        served.descriptions,
        served.categories,
        served.sku_rows,
        None if snapshot is None else (served.skus, served.stock_lists, served.order_rows),
        None if served.spend is None else served.spend.total(SpendQuery()),
    )
    return served
