"""What a plan run reads before it decides: champion, checked tables, and the forecast of the periods to come."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd
from sqlalchemy import Engine

from artifacts.bundle import Bundle
from artifacts.bundle_store import open_bundle
from artifacts.plan_files import PlanRunError
from configs.progress import Progress
from configs.schema import DataConfig, PolicyConfig
from configs.sourcing import OrdersConfig
from database.settings import Settings
from database.sources.load_tables import load_tables
from distributions.demand_forecast import DemandForecast
from features.contract.frequency import same_freq
from features.contract.tables import DataError
from features.demand.panel import Panel
from features.demand.panel_from_tables import make_panel
from features.demand.recent_demand import recent_demand
from features.orders.order_history import contract_days
from features.orders.supplier_calendar import SupplierCalendar
from features.quality.check_result import CheckResult
from features.quality.fingerprint import panel_fingerprint
from jobs.champion import NO_CHAMPION, current_champion
from models.demand.attribution.explanation import Explanation
from models.demand.groups.group_forecast import GroupForecast
from planning.approved_actions import (
    with_agreed_lead_times,
    with_approved_offers,
    with_approved_orders,
)
from planning.inputs import texts_by_sku
from planning.overrides.plan_overrides import PlanOverrides
from planning.placed_orders import (
    Sightings,
    as_open_orders,
    sight_orders,
    unseen_lines,
    with_answered_today,
)
from planning.realised.book_actions import Booking


@dataclass(frozen=True)
class DemandOutlook:
    """The forecasts of demand among the data of a plan run.

    Attributes
    ----------
    forecast : demand of every SKU
    explanation : what its means are made of, none where the demand model cannot say
    group_forecast : demand of groups of SKUs, none where the champion has not learned it
    """

    forecast: DemandForecast
    explanation: Explanation | None
    group_forecast: GroupForecast | None


@dataclass(frozen=True)
class PlanData:
    """All data of a plan run: what it reads and forecasts before it decides.

    Attributes
    ----------
    bundle, model_version : the champion, and its version in the registry
    checked : the tables of the data contract after their checks
    panel : demand by SKU and period
    outlook : the forecasts
    recent_demand : `unique_id, ds, y, in_stock` of the last periods
    supplier_calendar : regions and shutdowns of suppliers as known now
    overrides : what people set in place of the model's numbers, and what is kept to judge it
    """

    bundle: Bundle
    model_version: str
    checked: CheckResult
    panel: Panel
    outlook: DemandOutlook
    recent_demand: pd.DataFrame
    supplier_calendar: SupplierCalendar
    overrides: PlanOverrides = field(default_factory=PlanOverrides)

    @property
    def currency(self) -> str:
        """The company's currency, in which the plan's data have all money."""
        return self.bundle.currency

    @property
    def trained_policy(self) -> PolicyConfig:
        """The ordering policy that the champion was trained with."""
        return PolicyConfig.model_validate(self.bundle.config["policy"])


def read_plan_data(
    settings: Settings,
    engine: Engine,
    source: str,
    *,
    as_of: pd.Timestamp | None,
    written: DataConfig | None = None,
    progress: Progress,
) -> PlanData:
    """Read the data of a plan, champion and tables, as of `as_of` (none: the day they describe), and forecast demand.

    `written` says how the tables' numbers and dates are written (none: as those trained on); all else is the model's.

    Raises
    ------
    PlanRunError
        When no model has been promoted.
    StateError, BundleError, DataError
        When state, model or data cannot be used.
    """
    champion = current_champion(engine)
    if champion is None:
        raise PlanRunError(NO_CHAMPION)
    bundle = open_bundle(settings.bundles, champion.bundle_hash)
    data = bundle.data_config if written is None else bundle.data_config.written_as(written)
    checked = load_tables(source, data, as_of=as_of)
    progress("Forecasting", 0.3)
    return plan_data(bundle, champion.version, checked)


def plan_data(bundle: Bundle, model_version: str, checked: CheckResult) -> PlanData:
    """All data of a plan run from its champion and its checked tables; demand is forecast where it has changed.

    Raises
    ------
    DataError
        When demand has another frequency than the champion was trained on.
    """
    freq = str(bundle.info["freq"])
    if not same_freq(checked.freq, freq):
        raise DataError(f"demand is {checked.freq} now, the champion was trained on {freq}; train again")
    data = bundle.data_config
    horizon = int(bundle.info["horizon"])
    panel = make_panel(checked.tables, data, freq=freq, horizon=horizon, until=checked.as_of)
    return PlanData(
        bundle=bundle,
        model_version=model_version,
        checked=checked,
        panel=panel,
        outlook=forecast_demand(bundle, panel),
        recent_demand=recent_demand(panel),
        supplier_calendar=SupplierCalendar.of(checked.tables),
    )


def with_approved(
    data: PlanData, approved: pd.DataFrame, bookings: Sequence[Booking] = (), *, at_once: bool = False
) -> PlanData:
    """Data of a plan run in which the `approved` actions hold that its tables do not show yet.

    Parameters
    ----------
    approved : as `database.recommendations.approved_actions` has them
    bookings : what became of them, by which agreed lead times count: with `at_once` before orders show it
    """
    tables = data.checked.tables
    offers = with_approved_offers(tables.offers, approved)
    offers = with_agreed_lead_times(offers, bookings, at_once=at_once)
    orders = with_approved_orders(data.checked.orders, approved)
    checked = replace(data.checked, tables=replace(tables, offers=offers), orders=orders)
    return replace(data, checked=checked)


def with_placed_orders(
    data: PlanData, placed: pd.DataFrame, config: OrdersConfig
) -> tuple[PlanData, Sightings]:
    """Data of a plan run in which orders placed here are open orders until its tables show them, and what they show.

    Parameters
    ----------
    placed : as `database.purchase_orders.sightings.placed_lines` has them
    """
    tables, history, as_of = data.checked.tables, data.checked.orders, data.checked.as_of
    if placed.empty:
        return data, Sightings()
    key = ["order_id", "line"]
    named = tables.purchase_orders.dropna(subset="reference")[[*key, "reference"]]
    erp = history.merge(named, on=key, how="left")
    sightings = sight_orders(placed, erp, as_of=as_of, config=config)
    unseen = unseen_lines(placed, sightings)
    orders = history
    if len(unseen):
        unseen = unseen.assign(
            category=texts_by_sku(tables.items, "category", unseen["unique_id"].to_numpy(object)),
            contract_days=contract_days(tables.offers, unseen["supplier_id"], unseen["unique_id"], as_of),
        )
        orders = pd.concat([history, as_open_orders(unseen, history, as_of)], ignore_index=True)
    orders = with_answered_today(orders, placed, sightings, as_of)
    return replace(data, checked=replace(data.checked, orders=orders)), sightings


def forecast_demand(bundle: Bundle, panel: Panel) -> DemandOutlook:
    """Demand forecasts among a plan's data: the bundle's own where the panel is the one trained on, else new ones."""
    if panel_fingerprint(panel) == bundle.info.get("panel_fingerprint"):
        return DemandOutlook(bundle.forecast, bundle.explanation, bundle.group_forecast)
    from models.demand.attribution.explained_forecast import explained_forecast

    forecast, explanation = explained_forecast(bundle.demand, panel, int(bundle.info["horizon"]))
    groups = None if bundle.groups is None else bundle.groups.predict(panel, forecast)
    return DemandOutlook(forecast, explanation, groups)
