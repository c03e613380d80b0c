"""The lead-time forecaster that serves: a safe mixture of what was learned, the contract where nothing was."""

import json
from collections.abc import Callable
from copy import copy
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import LeadTimeConfig
from distributions.distribution import Array, Distribution
from distributions.levels import LEAD_TIME_LEVELS
from features.orders.supplier_calendar import REGION, SupplierCalendar
from models.estimator import Estimator
from models.lead_time.calendar.learn_working_time import working_time_that_pays
from models.lead_time.calendar.working_time import WorkingTime
from models.lead_time.changes.forgetting import memory
from models.lead_time.evaluation.backtest import own_half_lives, run_backtest, sample_suppliers
from models.lead_time.evaluation.crps import time_grid
from models.lead_time.evaluation.mixture import Choice, choose_weights, mixture_quantiles, with_tail
from models.lead_time.evaluation.spread import SIZES, learn_spread, size_class, widen
from models.lead_time.imputation import CovariateImputation
from models.lead_time.members.aft import LogNormalAFT
from models.lead_time.members.contract import ContractLeadTime
from models.lead_time.members.design import columns_of
from models.lead_time.members.drifting_aft import DriftingAFT
from models.lead_time.members.empirical_average import EmpiricalAverage
from models.lead_time.partial_deliveries import PartialDeliveries, in_parts
from models.lead_time.shared_delay import learn_shared_delay
from models.lead_time.snapshots import usable
from models.protocols import LeadTimeModel
from planning.projection.arrival_scenarios import INDEPENDENT, SharedDelay

_MOST_PATHS = 6  # grouping columns used beside the supplier
_STRENGTHS = (3.0, 10.0, 30.0)
_ENOUGH_TO_REGRESS = 30  # closed orders; below, a regression's spread is a guess
_KINDS: dict[str, type[EmpiricalAverage] | type[LogNormalAFT] | type[DriftingAFT]] = {
    "supplier": EmpiricalAverage,
    "lane": EmpiricalAverage,
    "aft": LogNormalAFT,
    "pace": DriftingAFT,
}
_VOTES = {"supplier": 1.0, "lane": 1.0, "aft": 1.0, "pace": 0.0}
"""Weights before any backtest. What a supplier does of late is the most or the least of use (SCMS, orders of 2010:
35.3 days of pinball loss alone, 29.7 as an equal fourth, 28.1 left out), so `pace` has to earn its weight."""


class LeadTimeForecaster(Estimator):
    """A mixture of four views of a lead time, with the contract where a supplier has no history.

    - `supplier`: shrunk empirical distributions, the supplier first, then SKU, category or a covariate within it;
    - `lane`: the same with the category or covariate first and the supplier within it;
    - `aft`: a censored LogNormal regression on all of them, order size, value, contract and season;
    - `pace`: that regression with suppliers that move through time and errors as they were seen.

    The shrinkage strength and the weights come from backtests on earlier snapshots of the orders given to `fit`
    (see `blend.choose_weights`), so nothing later than those orders is used.

    Parameters
    ----------
    config : the `lead_time` section; none: its defaults
    seed : for drawing the suppliers that the backtest of a long history runs on
    supplier_calendar : where suppliers are and when they rest; none: not known
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
        """Learn from the frame of `features.orders.history.order_history`."""
        self.config_ = self.config or LeadTimeConfig()
        self.places_ = self.supplier_calendar or SupplierCalendar.unknown()
        rows = self._placed(usable(orders))
        closed = rows[~rows["is_open"].astype(bool)]
        self.counts_ = closed.groupby("supplier_id").size().rename("n_orders").astype(int)
        self.contract_ = ContractLeadTime(self.config_.half_life_days).fit(rows)
        self.waits_ = working_time_that_pays(rows, sample_suppliers(rows, self.seed), self.places_)
        rows = self.waits_.worked(rows, self.places_)
        half_lives = own_half_lives(rows, self.config_.half_life_days)
        rows["half_life_days"] = rows["supplier_id"].map(half_lives).fillna(self.config_.half_life_days)
        sample = sample_suppliers(rows, self.seed)
        self.strength_ = self._strength(sample)
        views = self._views(rows)
        tried = run_backtest(sample, list(views.values()))
        self.choice_ = choose_weights(tried.windows, [_VOTES[name] for name in views])
        self.spread_ = np.ones(len(SIZES) + 1)
        judged = tried.judged(self.choice_.weights)
        if judged:
            self.spread_ = learn_spread(judged, *time_grid(sample))
        self.sharing_ = learn_shared_delay(judged)
        # after the backtests, which must not know what changed later
        rows["memory"] = memory(rows, self.config_.half_life_days, sample=sample)
        self.members_ = {name: make().fit(rows) for name, make in views.items()}
        self.partial_ = PartialDeliveries(self.config_.half_life_days).fit(orders)
        self.usual_ = CovariateImputation.learn(rows)
        return self

    def _strength(self, sample: pd.DataFrame) -> float:
        """κ with the least loss relative to the others, mean over the windows."""
        makes: list[Callable[[], LeadTimeModel]] = [
            partial(EmpiricalAverage, (("supplier_id",),), strength, self.config_.half_life_days)
            for strength in _STRENGTHS
        ]
        windows = run_backtest(sample, makes).windows
        if not windows:
            return _STRENGTHS[1]
        losses = np.array([[window.loss(one) for one in np.eye(len(makes))] for window in windows])
        relative = losses / np.maximum(losses.mean(axis=1, keepdims=True), 1e-12)
        return _STRENGTHS[int(relative.mean(axis=0).argmin())]

    def _views(self, rows: pd.DataFrame) -> dict[str, Callable[[], LeadTimeModel]]:
        columns = columns_of(rows)[:_MOST_PATHS]
        half_life = self.config_.half_life_days
        below = [column for column in columns if column != REGION]  # which says nothing below a supplier
        suppliers = (("supplier_id",), *(("supplier_id", column) for column in below))
        lanes = tuple((column, "supplier_id") for column in columns if column != "unique_id")
        views: dict[str, Callable[[], LeadTimeModel]] = {
            "supplier": partial(EmpiricalAverage, suppliers, self.strength_, half_life)
        }
        if lanes:
            views["lane"] = partial(EmpiricalAverage, lanes, self.strength_, half_life)
        if int(self.counts_.sum()) >= _ENOUGH_TO_REGRESS:
            views["aft"] = partial(LogNormalAFT, half_life_days=half_life)
            views["pace"] = partial(DriftingAFT, half_life_days=half_life)
        return views

    def predict(self, orders: pd.DataFrame) -> Distribution:
        """Lead time of each row; see `describe` for where each comes from."""
        source = self.describe(orders)["source"].to_numpy()
        values = np.empty((len(orders), len(LEAD_TIME_LEVELS)))
        by_contract = source == "contract"
        if by_contract.any():
            certain = self.config_.source == "contract"
            values[by_contract] = self.contract_.predict(orders[by_contract], certain=certain).values
        if not by_contract.all():
            rest = self.usual_(self._placed(orders[~by_contract]))
            members, weights = list(self.members_.values()), self.choice_.weights
            used = np.flatnonzero(weights > 0)
            views = [members[k].predict(rest).values for k in used]
            count = rest["supplier_id"].map(self.counts_).fillna(0).to_numpy(np.int64)
            mixture = widen(mixture_quantiles(views, weights[used]), self.spread_[size_class(count)])
            values[~by_contract] = self.waits_.calendar_days(with_tail(mixture), rest, self.places_)
        begun = self._begun(orders)
        if begun.any():
            values[begun] = with_tail(self.partial_.predict(orders[begun]).values)
        return Distribution(LEAD_TIME_LEVELS, values)

    def remaining_share(self, orders: pd.DataFrame) -> Array:
        """Expected share (n,) of what is open of each row that will come; 1 where no part of it has come yet."""
        share = self.partial_.rest(orders)["share"].to_numpy(float)
        return np.where(self._begun(orders), share, 1.0)

    @property
    def shared_delay(self) -> SharedDelay:
        """How far orders of one supplier are late together."""
        return self.sharing_

    def knowing(self, supplier_calendar: SupplierCalendar) -> Self:
        """The same model with what is known of suppliers by now: shutdowns announced since it was fitted."""
        other = copy(self)
        other.places_ = supplier_calendar
        return other

    def _placed(self, orders: pd.DataFrame) -> pd.DataFrame:
        """`orders` with their supplier's region, where regions are known and no covariate is called so."""
        if REGION in orders or self.places_.regions.empty:
            return orders
        return orders.assign(**{REGION: self.places_.region(orders["supplier_id"])})

    def _begun(self, orders: pd.DataFrame) -> NDArray[np.bool_]:
        """Open orders of which a part has come, if such were learned from."""
        if not self.partial_.learned_ or "is_open" not in orders:
            return np.zeros(len(orders), bool)
        return np.asarray(orders["is_open"].to_numpy(bool) & in_parts(orders), bool)

    def describe(self, orders: pd.DataFrame) -> pd.DataFrame:
        """Where each row's distribution comes from.

        Returns
        -------
        DataFrame
            `source`: learned (the supplier has closed orders), contract, pooled (from all suppliers) or
            unknown (no order of any supplier is known and no contract); `n_orders`: closed orders of the supplier.
        """
        n_orders = orders["supplier_id"].map(self.counts_).fillna(0).astype(int)
        contract = orders["contract_days"] if "contract_days" in orders else pd.Series(np.nan, orders.index)
        by_contract = contract.notna() & ((self.config_.source == "contract") | (n_orders == 0))
        pooled = "pooled" if len(self.counts_) else "unknown"
        source = np.where(by_contract, "contract", np.where(n_orders > 0, "learned", pooled))
        return pd.DataFrame({"source": source, "n_orders": n_orders.to_numpy()}, index=orders.index)

    def save(self, folder: Path) -> None:
        """Write the fitted state as JSON and Parquet into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        facts = {
            "config": self.config_.model_dump(mode="json"),
            "seed": self.seed,
            "strength": self.strength_,
            "weights": dict(zip(self.members_, self.choice_.weights.tolist(), strict=True)),
            "trust": self.choice_.trust,
            "spread": self.spread_.tolist(),
            "sharing": asdict(self.sharing_),
        }
        (folder / "lead_time.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
        self.counts_.reset_index().to_parquet(folder / "suppliers.parquet", index=False)
        self.contract_.save(folder / "contract")
        self.partial_.save(folder / "partial")
        self.usual_.save(folder)
        self.waits_.save(folder)
        self.places_.save(folder)
        for name, member in self.members_.items():
            member.save(folder / name)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        facts = json.loads((folder / "lead_time.json").read_text(encoding="utf-8"))
        model = cls(LeadTimeConfig.model_validate(facts["config"]), facts["seed"])
        model.config_ = LeadTimeConfig.model_validate(facts["config"])
        model.strength_ = facts["strength"]
        model.choice_ = Choice(np.array(list(facts["weights"].values())), facts["trust"])
        model.spread_ = np.array(facts["spread"])
        # not in bundles from before it was learned
        model.sharing_ = SharedDelay(**facts["sharing"]) if "sharing" in facts else INDEPENDENT
        model.counts_ = pd.read_parquet(folder / "suppliers.parquet").set_index("supplier_id")["n_orders"]
        model.contract_ = ContractLeadTime.load(folder / "contract")
        model.partial_ = PartialDeliveries.load(folder / "partial")
        model.usual_ = CovariateImputation.load(folder)
        model.waits_, model.places_ = WorkingTime.nothing(), SupplierCalendar.unknown()
        if (folder / "waits.json").exists():  # not in bundles from before waits were learned
            model.waits_, model.places_ = WorkingTime.load(folder), SupplierCalendar.load(folder)
        model.members_ = {name: _KINDS[name].load(folder / name) for name in facts["weights"]}
        return model
