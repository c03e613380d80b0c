"""The product's planner made to plan copies of SKUs again each Monday: by the day's models, from what then is known.

A variant of a SKU is bought by one offer, at an MOQ and a target of its own; its terms are those that a plan of the
week gives it. A copy of a variant is one draw of its luck, with a stock and open orders of its own; what it orders is
what the plan decides for that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.decisions.demo_day import DemoDay
from benchmarks.decisions.past_days.agreed import AS_IT_IS, on_agreed_terms
from benchmarks.decisions.past_days.cast import BASE
from benchmarks.decisions.past_days.company_play import CompanyPlay
from benchmarks.decisions.past_days.shown_orders import shown_orders
from configs.schema import PolicyConfig
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from features.demand.panel import Panel
from planning.assessment import Assessment, assess
from planning.decision import decide
from planning.inputs import PlanInputs
from planning.levers.lever_plays import steadier_and_sooner
from planning.policy.order_rules import OrderRules
from planning.projection.stock_status import stock_status
from planning.protocols import Deliveries, LeadTimes, SharedDelay
from planning.simulation.engine import demand_paths, lead_time_draws
from planning.simulation.engine.common_random_numbers import name_keys

_MARK = "~"
_AGREED = ["moq", "order_multiple", "ordering_cost", "payment_days", "price_ratio"]
_TALKS = list(asdict(AS_IT_IS))
_DAY = pd.Timedelta(days=1)


def own_names(names: pd.Series | NDArray[np.object_]) -> NDArray[np.object_]:
    """The SKUs that copies and variants are of."""
    return np.asarray(pd.Series(names, dtype=object).astype(str).str.split(_MARK).str[0], object)


@contextmanager
def _luck_of_the_sku() -> Iterator[None]:
    """Within it variants are played with the luck of their SKU, as two plans of it would be."""

    def keys(*names: NDArray[np.object_]) -> NDArray[np.uint64]:
        return name_keys(own_names(names[0]), *names[1:])

    with patch.object(demand_paths, "name_keys", keys), patch.object(lead_time_draws, "name_keys", keys):
        yield


@dataclass(frozen=True)
class NamedAsSku:
    """A lead-time model that is asked about copies and variants as about the SKUs that they are of.

    Attributes
    ----------
    model : the model
    agreed : earlier and spread (`agreed.Agreed`) by variant; of an order of a variant its lead time is as agreed
    """

    model: LeadTimes
    agreed: pd.DataFrame

    @property
    def shared_delay(self) -> SharedDelay:
        """As the model has it."""
        return self.model.shared_delay

    def predict(self, orders: pd.DataFrame) -> Distribution:
        """As the model has it, and as was agreed."""
        found = self.model.predict(_as_skus(orders))
        names = orders["unique_id"].astype(str).str.split(_MARK).str[:2].str.join(_MARK)
        own = self.agreed.reindex(names)
        earlier, spread = (
            own["earlier"].fillna(0.0).to_numpy(float),
            own["spread"].fillna(1.0).to_numpy(float),
        )
        if not (earlier.any() or (spread != 1).any()):
            return found
        return steadier_and_sooner(found, spread, earlier)

    def describe(self, orders: pd.DataFrame) -> pd.DataFrame:
        """As the model has it."""
        return self.model.describe(_as_skus(orders))

    def deliveries(self, orders: pd.DataFrame) -> Deliveries:
        """As the model has it."""
        return self.model.deliveries(_as_skus(orders))


def _as_skus(orders: pd.DataFrame) -> pd.DataFrame:
    """Order lines of copies under the names of their SKUs."""
    return orders.assign(unique_id=own_names(orders["unique_id"]))


@dataclass(frozen=True)
class Copies:
    """n copies: the play that each belongs to, its variant's row and its draw, arrays (n,), and its name."""

    play: NDArray[np.intp]
    variant: NDArray[np.intp]
    draw: NDArray[np.intp]
    names: NDArray[np.object_]

    @classmethod
    def of(cls, plays: pd.DataFrame, variants: pd.DataFrame) -> "Copies":
        """As many copies of each play as it has `draws`, of the variant that it names."""
        play = np.repeat(np.arange(len(plays)), plays["draws"])
        draw = np.concatenate([np.arange(count) for count in plays["draws"]])
        variant = pd.Index(variants["name"]).get_indexer(plays["name"])[play]
        names = [f"{plays['name'].iloc[p]}{_MARK}{p}{_MARK}{k}" for p, k in zip(play, draw, strict=True)]
        return cls(play, variant, draw, np.array(names, object))


@dataclass(frozen=True)
class Replanner:
    """The planner of a past day, that goes on planning with the models of that day.

    Attributes
    ----------
    today : the past day
    panel : demand as recorded before it, and really wanted after it
    variants : as `cast.Cast` has them
    copies : of the variants
    policy : as the day's
    """

    today: DemoDay
    panel: Panel
    variants: pd.DataFrame
    copies: Copies
    policy: PolicyConfig

    @property
    def lead_times(self) -> NamedAsSku:
        """The day's lead-time model, for variants and copies."""
        return NamedAsSku(self.today.lead_times, self.variants.set_index("name")[["earlier", "spread"]])

    @property
    def rows(self) -> NDArray[np.intp]:
        """Row of each variant's SKU in the forecast."""
        return np.asarray(self.today.forecast.rows(self.variants["unique_id"]), np.intp)

    @property
    def base(self) -> NDArray[np.intp]:
        """Row of the variant that each variant's SKU is bought by as it is; its own where that is not played."""
        names = self.variants["name"].to_numpy(object)
        row = pd.Index(names).get_indexer(pd.Series(own_names(names)) + f"{_MARK}{BASE}")
        return np.where(row >= 0, row, np.arange(len(names)))

    def before_talks(self) -> "Replanner":
        """The planner while nothing is agreed yet: copies are planned as their SKUs are bought as it is."""
        agreed = (self.variants[_TALKS] != pd.Series(asdict(AS_IT_IS))[_TALKS]) & self.variants[
            _TALKS
        ].notna()
        variant = np.where(agreed.any(axis=1), self.base, np.arange(len(self.variants)))
        return replace(self, copies=replace(self.copies, variant=variant[self.copies.variant]))

    def forecast(self, week: int) -> DemandForecast:
        """Demand from `week` weeks after the day on, of all SKUs."""
        if week == 0:
            return self.today.forecast
        return self.today.demand.predict(
            self.panel.until(self.today.panel.periods + week), self.today.demand.h
        )

    def assess(self, forecast: DemandForecast, week: int) -> Assessment:
        """The plan's terms of the variants on the Monday `week` weeks after the day."""
        named = replace(forecast.select(self.rows), unique_ids=self.variants["name"].to_numpy(object))
        with _luck_of_the_sku():
            return assess(named, self.lead_times, self._inputs(week), self.policy, OrderRules())

    def _inputs(self, week: int) -> PlanInputs:
        """What the plan of the variants reads; their stock is a matter of the copies."""
        base, variants = self.today.inputs, self.variants
        as_of = self.today.day + 7 * week * _DAY
        items = variants[["unique_id", "name"]].merge(base.items, on="unique_id", how="left")
        for target in ("cycle_service_level", "fill_rate"):
            own = variants["level"].where(variants["target"] == target).to_numpy(float)
            items[target] = own if np.isfinite(own).any() else np.nan
        keys = ["unique_id", "supplier_id"]
        own = variants[[*keys, "name"]].join(variants[_AGREED].add_prefix("own_"))
        offers = own.merge(base.offers.drop_duplicates(keys), on=keys, how="left")
        offers = (
            on_agreed_terms(offers).assign(preferred=True).drop(columns=[f"own_{name}" for name in _AGREED])
        )
        names = variants["name"].to_numpy(object)
        return replace(
            base,
            as_of=as_of,
            items=items.drop(columns="unique_id").rename(columns={"name": "unique_id"}),
            offers=offers.drop(columns="unique_id").rename(columns={"name": "unique_id"}),
            stock=pd.DataFrame({"unique_id": names, "as_of": as_of, "on_hand": 0.0, "backorders": 0.0}),
            open_orders=base.open_orders.iloc[:0],
            purchase_orders=base.purchase_orders.iloc[:0],
            **self._defect_rates(),
        )

    def _defect_rates(self) -> dict[str, Any]:
        """Defect rates with those of the variants' lanes; none in a tree from before there were any."""
        rates = getattr(self.today.inputs, "defect_rates", None)
        if rates is None or rates.lanes.empty:
            return {}
        share = rates.of_lanes(self.variants["supplier_id"], self.variants["unique_id"])
        share = share * self.variants["rejected"].to_numpy(float)
        index = pd.MultiIndex.from_arrays([self.variants["supplier_id"], self.variants["name"]])
        return {"defect_rates": replace(rates, lanes=pd.concat([rates.lanes, pd.Series(share, index)]))}

    def quantities(self, terms: Assessment, forecast: DemandForecast, play: CompanyPlay, week: int) -> Array:
        """Units (n,) that the plan orders for the copies, from their stock and open orders."""
        names, variant = self.copies.names, self.copies.variant
        copied = replace(forecast.select(self.rows[variant]), unique_ids=names)
        lead_times, as_of = self.lead_times, self.today.day + 7 * week * _DAY
        inputs = replace(
            terms.inputs,
            items=self._items(terms, names, variant),
            stock=pd.DataFrame(
                {"unique_id": names, "as_of": as_of, "on_hand": play.on_hand, "backorders": play.owed}
            ),
            open_orders=self._open_orders(play, week),
            purchase_orders=self._receipts(play, as_of),
        )
        status = stock_status(copied, lead_times, inputs, lost_sales=self.policy.lost_sales)
        place = _places(terms, self.variants)[variant]
        decision = decide(terms.chosen_terms.select(place), copied, status, terms.setting)
        return np.nan_to_num(decision.quantity)

    def _items(
        self, terms: Assessment, names: NDArray[np.object_], variant: NDArray[np.intp]
    ) -> pd.DataFrame:
        """Items of the copies: those of their variants."""
        items = terms.inputs.items.set_index("unique_id").loc[self.variants["name"].to_numpy(object)[variant]]
        return items.reset_index(drop=True).assign(unique_id=names)

    def _receipts(self, play: CompanyPlay, as_of: pd.Timestamp) -> pd.DataFrame:
        """Receipts of the copies by which what lies there is as old as it is."""
        copy, left = np.nonzero(play.shelf)
        age = pd.to_timedelta(play.shelf_life[copy] - left, unit="D")
        return pd.DataFrame(
            {
                "unique_id": self.copies.names[copy],
                "received_at": as_of - age,
                "quantity_received": play.shelf[copy, left],
            }
        )

    def _open_orders(self, play: CompanyPlay, week: int) -> pd.DataFrame:
        """The copies' open order lines, as an order history has them."""
        lines = play.open_lines(7 * week)
        copy = lines["copy"].to_numpy(int)
        skus = self.variants["unique_id"].to_numpy(object)[self.copies.variant[copy]]
        lines = lines.assign(order_id=[f"L{k}" for k in lines.index], line="1", unit_price=np.nan)
        return shown_orders(self.today, lines, week, skus=skus).assign(unique_id=self.copies.names[copy])


def _places(terms: Assessment, variants: pd.DataFrame) -> NDArray[np.intp]:
    """Row of each variant among the SKUs that the assessment could plan."""
    return np.asarray(terms.forecast.rows(variants["name"]), np.intp)
