"""The lead-time forecaster of a bundle: a mixture of what was learned, the contract where nothing was."""

import json
from copy import copy
from dataclasses import asdict, replace
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import LeadTimeConfig
from distributions.distribution import Array, Distribution
from distributions.levels import LEAD_TIME_LEVELS
from features.contract.tables import COVARIATE
from features.orders.beyond_experience import beyond_experience
from features.orders.promises import PROMISE, PromiseTrust
from features.orders.supplier_calendar import REGION, SupplierCalendar
from models.estimator import Estimator
from models.lead_time.calendar.validate_working_time import validated_working_time
from models.lead_time.calendar.working_time import WorkingTime
from models.lead_time.changes.forgetting import memory_weights
from models.lead_time.demand_correlation import learn_demand_correlation
from models.lead_time.evaluation.backtest import run_backtest, sample_suppliers
from models.lead_time.evaluation.half_lives import supplier_half_lives
from models.lead_time.evaluation.mixture import with_tail
from models.lead_time.evaluation.shrinkage_strength import best_shrinkage_strength
from models.lead_time.exact_days import on_one_day
from models.lead_time.fitted_mixture import FittedMixture
from models.lead_time.imputation import CovariateImputation
from models.lead_time.members.contract import ContractLeadTime
from models.lead_time.members.registry import (
    MEMBER_CLASSES,
    OF_PROMISES,
    PRIOR_WEIGHTS,
    member_factories,
    promise_factories,
)
from models.lead_time.never_comers import NeverComers, censored_at_closing
from models.lead_time.partial_deliveries import PartialDeliveries, partly_delivered
from models.lead_time.repromised import Repromises
from models.lead_time.shared_delay import learn_shared_delay
from models.lead_time.snapshots import usable
from planning.protocols import INDEPENDENT_DELAYS, Deliveries, SharedDelay


class LeadTimeForecaster(Estimator):
    """A mixture of four lead-time distributions, with the contract where a supplier has no history.

    - `supplier`: shrunk empirical distributions, the supplier first, then SKU, category or a covariate within it;
    - `lane`: the same with the category or covariate first and the supplier within it;
    - `aft`: a censored LogNormal regression on all of them, order size, value, contract and season;
    - `pace`: that regression with suppliers that drift and have seasons, and an empirical error distribution.

    An order line whose promise is known, and was made beforehand, has a mixture of its own, with four members more:
    the promise moved by its usual error, in proportion and in days, and both regressions with the promise among the
    covariates. They have what weight they earned in the backtests; lines without a promise know nothing of them.

    The shrinkage strength and the weights come from backtests on earlier snapshots of the orders given to `fit`
    (see `mixture.choose_weights`), so nothing later than those orders is used.

    Parameters
    ----------
    config : the `lead_time` section; none: its defaults
    seed : for drawing the suppliers that the backtest of a long history runs on
    supplier_calendar : regions of suppliers and their shutdowns; none: not known
    """

    def __init__(
        self,
        config: LeadTimeConfig | None = None,
        seed: int = 0,
        supplier_calendar: SupplierCalendar | None = None,
    ) -> None:
        self.config = config
        self.seed = seed
        self.supplier_calendar = supplier_calendar

    def fit(self, orders: pd.DataFrame) -> Self:
        """Learn mixture, contract ratios, working time, shared and partial deliveries from the order history."""
        self.config_ = self.config or LeadTimeConfig()
        self.covariate_prefix_ = COVARIATE
        self.supplier_calendar_ = self.supplier_calendar or SupplierCalendar.unknown()
        orders = censored_at_closing(orders)
        forgotten = beyond_experience(orders)
        self.never_comers_ = NeverComers(self.config_.half_life_days).fit(orders, forgotten)
        orders = orders[~forgotten]
        self.promise_trust_ = PromiseTrust.learn(orders)
        rows = self.promise_trust_.with_promises(self._with_region(usable(orders)))
        closed = rows[~rows["is_open"].astype(bool)]
        self.closed_orders_ = closed.groupby("supplier_id").size().rename("n_orders").astype(int)
        self.contract_ = ContractLeadTime(self.config_.half_life_days).fit(rows)
        sample = sample_suppliers(rows, self.seed)
        self.working_time_ = validated_working_time(rows, sample, self.supplier_calendar_)
        self._fit_mixture(self.working_time_.in_working_days(rows, self.supplier_calendar_))
        self.partial_deliveries_ = PartialDeliveries(self.config_.half_life_days).fit(orders)
        self.repromises_ = Repromises.none()  # what the rest forecasts is what new promises are judged by
        self.repromises_ = Repromises.learn(usable(orders), self.predict, self.config_.half_life_days)
        return self

    def _fit_mixture(self, rows: pd.DataFrame) -> None:
        """Learn the members, their weights, spread and shared delay from order lines in working days."""
        half_life = self.config_.half_life_days
        half_lives = rows["supplier_id"].map(supplier_half_lives(rows, half_life)).fillna(half_life)
        rows = rows.assign(half_life_days=half_lives)
        sample = sample_suppliers(rows, self.seed)
        self.strength_ = best_shrinkage_strength(sample, half_life)
        usual = member_factories(rows, self.strength_, half_life)
        factories = usual | promise_factories(rows, self.strength_, half_life)
        backtest = run_backtest(sample, list(factories.values()))
        closed = rows[~rows["is_open"].astype(bool)]
        # after the backtests, which must not know what changed later
        rows = rows.assign(memory=memory_weights(rows, half_life, sample=sample))
        members = {name: make().fit(rows) for name, make in factories.items()}
        priors = [PRIOR_WEIGHTS[name] for name in factories]
        k = len(usual)
        known = backtest.part(range(k))
        self.mixture_ = FittedMixture.learn(
            {name: members[name] for name in usual}, known, priors[:k], sample
        )
        self.promised_ = None
        forecasts = known.mixture(self.mixture_.weights.weights)
        if len(factories) > k:
            known = backtest.part(range(len(factories)), PROMISE)
            promised = FittedMixture.learn(members, known, priors, sample)
            if promised.share_of(OF_PROMISES) > 0:
                self.promised_, forecasts = promised, known.mixture(promised.weights.weights)
        shared_delay = learn_shared_delay(forecasts)
        self.shared_delay_ = replace(shared_delay, with_demand=learn_demand_correlation(closed))
        self.imputation_ = CovariateImputation.learn(rows)

    def predict(self, orders: pd.DataFrame) -> Distribution:
        """Lead time in days of each order line from mixture or contract; `describe` says which."""
        source = self.describe(orders)["source"].to_numpy()
        values = np.empty((len(orders), len(LEAD_TIME_LEVELS)))
        by_contract = source == "contract"
        if by_contract.any():
            certain = self.config_.source == "contract"
            values[by_contract] = self.contract_.predict(orders[by_contract], certain=certain).values
        if not by_contract.all():
            values[~by_contract] = self._mixture_quantiles(orders[~by_contract])
        new_promise = self.repromises_.believed(orders)
        if new_promise.any():
            values[new_promise] = self.repromises_.moved(orders[new_promise], values[new_promise])
        partly = self._partly_delivered(orders)
        if partly.any():
            values[partly] = with_tail(self.partial_deliveries_.predict(orders[partly]).values)
        return Distribution(LEAD_TIME_LEVELS, values)

    def _mixture_quantiles(self, orders: pd.DataFrame) -> Array:
        """Lead-time quantiles (n, Q) of order lines by the widened mixture, in calendar days."""
        if not self.covariate_prefix_:
            orders = orders.rename(columns=lambda column: column.removeprefix(COVARIATE))
        rows = self.promise_trust_.with_promises(self.imputation_.impute(self._with_region(orders)))
        n_orders = rows["supplier_id"].map(self.closed_orders_).fillna(0).to_numpy(np.int64)
        values = np.empty((len(rows), len(LEAD_TIME_LEVELS)))
        promised = self._by_promise(rows)
        for mixture, at in ((self.mixture_, ~promised), (self.promised_, promised)):
            if mixture is not None and at.any():
                values[at] = mixture.quantiles(rows[at], n_orders[at])
        days = self.working_time_.in_calendar_days(values, rows, self.supplier_calendar_)
        return on_one_day(days)

    def _by_promise(self, rows: pd.DataFrame) -> NDArray[np.bool_]:
        """Order lines (n,) whose promise is known and worth looking at."""
        if self.promised_ is None:
            return np.zeros(len(rows), bool)
        return np.asarray(rows[PROMISE].notna(), bool)

    def deliveries(self, orders: pd.DataFrame) -> Deliveries:
        """How much of each order line's open quantity is expected to come, with what chance in parts, or never."""
        rest = self.partial_deliveries_.remainder(orders)["share"].to_numpy(float)
        return Deliveries(
            share=np.where(self._partly_delivered(orders), rest, 1.0),
            never=self.never_comers_.chance(orders),
            first_parts=self.partial_deliveries_.first_parts(orders),
        )

    @property
    def shared_delay(self) -> SharedDelay:
        """Correlation of the delays of one supplier's orders, as the forecaster learned it."""
        return self.shared_delay_

    def with_calendar(self, supplier_calendar: SupplierCalendar) -> Self:
        """Copy of the forecaster that knows the shutdowns announced since it was fitted."""
        other = copy(self)
        other.supplier_calendar_ = supplier_calendar
        return other

    def _with_region(self, orders: pd.DataFrame) -> pd.DataFrame:
        """Order lines with their supplier's region, where regions are known."""
        if REGION in orders or self.supplier_calendar_.regions.empty:
            return orders
        return orders.assign(**{REGION: self.supplier_calendar_.region(orders["supplier_id"])})

    def _partly_delivered(self, orders: pd.DataFrame) -> NDArray[np.bool_]:
        """Open order lines (n,) of which a part has come, if such were learned from."""
        if not self.partial_deliveries_.learned_ or "is_open" not in orders:
            return np.zeros(len(orders), bool)
        return np.asarray(orders["is_open"].to_numpy(bool) & partly_delivered(orders), bool)

    def describe(self, orders: pd.DataFrame) -> pd.DataFrame:
        """Source of each order line's lead-time distribution.

        Returns
        -------
        DataFrame
            `source`: learned (the supplier has closed orders), contract, pooled (from all suppliers) or
            unknown (no order of any supplier is known and no contract); `n_orders`: closed orders of the supplier;
            `promise_weight`: weight of the members that look at the line's promise, of a new promise if there is one.
        """
        n_orders = orders["supplier_id"].map(self.closed_orders_).fillna(0).astype(int)
        contract = orders["contract_days"] if "contract_days" in orders else pd.Series(np.nan, orders.index)
        by_contract = contract.notna() & ((self.config_.source == "contract") | (n_orders == 0))
        pooled = "pooled" if len(self.closed_orders_) else "unknown"
        source = np.where(by_contract, "contract", np.where(n_orders > 0, "learned", pooled))
        promised = ~np.isnan(self.promise_trust_.days(orders)) & ~by_contract.to_numpy(bool)
        first = 0.0 if self.promised_ is None else self.promised_.share_of(OF_PROMISES)
        weight = np.where(promised, first, 0.0)
        share = np.where(self.repromises_.believed(orders), self.repromises_.share, 0.0)
        facts = {"source": source, "n_orders": n_orders, "promise_weight": weight + share * (1 - weight)}
        return pd.DataFrame(facts, index=orders.index)

    def save(self, folder: Path) -> None:
        """Write the lead-time forecaster's fitted state as JSON and Parquet into `folder`, a subfolder a member."""
        folder.mkdir(parents=True, exist_ok=True)
        facts = {
            "config": self.config_.model_dump(mode="json"),
            "seed": self.seed,
            "covariate_prefix": self.covariate_prefix_,
            "strength": self.strength_,
            **self.mixture_.to_json(),
            "promised": None if self.promised_ is None else self.promised_.to_json(),
            "promises": self.promise_trust_.to_json(),
            "sharing": asdict(self.shared_delay_),
        }
        (folder / "lead_time.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
        self.closed_orders_.reset_index().to_parquet(folder / "suppliers.parquet", index=False)
        self.contract_.save(folder / "contract")
        self.partial_deliveries_.save(folder / "partial")
        self.repromises_.save(folder / "repromised")
        self.never_comers_.save(folder)
        self.imputation_.save(folder)
        self.working_time_.save(folder)
        self.supplier_calendar_.save(folder)
        for name, member in (self.promised_ or self.mixture_).members.items():
            member.save(folder / name)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the lead-time forecaster that `save` wrote."""
        facts = json.loads((folder / "lead_time.json").read_text(encoding="utf-8"))
        model = cls(LeadTimeConfig.model_validate(facts["config"]), facts["seed"])
        model.config_ = LeadTimeConfig.model_validate(facts["config"])
        model.covariate_prefix_ = facts.get("covariate_prefix", "")  # none in bundles from before
        model.strength_ = facts["strength"]
        # not in bundles from before it was learned
        model.shared_delay_ = SharedDelay(**facts["sharing"]) if "sharing" in facts else INDEPENDENT_DELAYS
        counts = pd.read_parquet(folder / "suppliers.parquet")
        model.closed_orders_ = counts.set_index("supplier_id")["n_orders"]
        model.contract_ = ContractLeadTime.load(folder / "contract")
        model.partial_deliveries_ = PartialDeliveries.load(folder / "partial")
        model.repromises_ = Repromises.load(folder / "repromised")
        model.never_comers_ = NeverComers.load(folder)
        model.imputation_ = CovariateImputation.load(folder)
        model.working_time_, model.supplier_calendar_ = WorkingTime.all_days(), SupplierCalendar.unknown()
        if (folder / "waits.json").exists():  # not in bundles from before working time was learned
            model.working_time_ = WorkingTime.load(folder)
            model.supplier_calendar_ = SupplierCalendar.load(folder)
        promised = facts.get("promised")  # none in bundles from before, as in those without promises
        names = (promised or facts)["weights"]
        members = {name: MEMBER_CLASSES[name].load(folder / name) for name in names}
        model.mixture_ = FittedMixture.from_json(facts, members)
        model.promised_ = FittedMixture.from_json(promised, members) if promised else None
        model.promise_trust_ = PromiseTrust.from_json(facts.get("promises", {"overwriting": None}))
        return model
