"""The demand forecaster: an ensemble of members, weighted by demand class, with calibrated distributions."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd

from configs.schema import DemandConfig
from distributions.demand_forecast import DemandForecast
from distributions.levels import DEMAND_LEVELS
from features.contract.frequency import season_length
from features.demand.lifecycle.adjusted_history import apply_lifecycle
from features.demand.panel import Array, Panel
from models.demand.backtest.cross_calibration import (
    backtest_blend_shares,
    blend_cross_calibrated,
    blend_own_errors,
    calibrate_on_origins,
    cross_calibrated_quantiles,
)
from models.demand.backtest.demand_backtest import DemandBacktest
from models.demand.backtest.ensemble_weights import apply_ensemble_weights, member_weights
from models.demand.backtest.origin_forecasts import forecast_from_origins
from models.demand.backtest.rolling_origins import choose_origins
from models.demand.backtest.sku_summary import summarise_skus
from models.demand.distributions.calibration import Calibration, CalibrationPair, DemandQuantiles
from models.demand.distributions.own_errors import OwnErrorBlend
from models.demand.distributions.quantile_blend import blend_by_class
from models.demand.distributions.quantile_boosting import QuantileBoosting
from models.demand.later_demand import later_demand
from models.demand.member_forecasts import FittedMembers, MemberForecasts, forecast_members
from models.demand.members.registry import make_members
from models.demand.reason_codes import reason_codes
from models.estimator import Estimator
from models.protocols import DemandMember

STATE_FILE, OWN_SPREAD_FILE = "demand.json", "own_spread.parquet"


class DemandForecaster(Estimator):
    """Demand distributions for all SKUs of a panel, by an ensemble of members.

    `fit` forecasts from rolling origins, learns the members' weights per demand class and the distributions of period
    and cumulative demand from the out-of-sample errors, then fits the members on everything. `predict` refits nothing
    shared: members that learn per SKU are estimated on the panel they are given.

    Parameters
    ----------
    config : the `demand` section
    h : longest horizon in periods
    seed, threads : for the boosting; the result does not depend on `threads`

    Attributes
    ----------
    season_ : periods in a season
    members_, quantiles_ : the members by name and the boosted quantiles, fitted on all periods
    weights_ : demand class → member → weight
    calibrations_ : calibrations of period and cumulative demand
    unique_ids_ : SKUs that the calibrations know factors of their own spread of
    shares_ : period or sum → demand class → how far distributions are blended toward the boosted quantiles
    own_errors_ : how far they are blended toward those of the SKUs' own trends
    backtest_ : the rolling origins with their forecasts and outcomes
    per_series_ : one row per SKU: demand_class, reason, known periods, recent level, backtest bias and error
    """

    def __init__(self, config: DemandConfig, h: int, seed: int = 0, threads: int = 2) -> None:
        self.config = config
        self.h = h
        self.seed = seed
        self.threads = threads

    def fit(self, panel: Panel) -> Self:
        """Backtest the ensemble on the panel, learn weights and calibrations, and fit the members on all periods."""
        self.season_ = self.config.season_length or season_length(panel.freq)
        origins = choose_origins(panel, self.h, self.config.windows, self.season_)
        names = list(self._make_members())
        with ThreadPoolExecutor(self.threads) as pool:
            *past, now = pool.map(self._fit_members, [*origins.window_panels(panel), panel])
        self.members_, self.quantiles_ = dict(now.members), now.quantiles
        forecasts = forecast_from_origins(panel, origins, past, names=names, h=self.h, season=self.season_)
        weights = member_weights(
            forecasts.uncensored, forecasts.members, forecasts.demand_class, forecasts.scale
        )
        self.weights_ = {c: dict(zip(names, w.tolist(), strict=True)) for c, w in weights.items()}
        mean = apply_ensemble_weights(forecasts.members, weights, forecasts.demand_class)
        self.calibrations_ = calibrate_on_origins(forecasts, mean, origins.window >= 0)
        self.unique_ids_ = panel.unique_ids
        quantiles = cross_calibrated_quantiles(forecasts, mean)
        self.shares_ = backtest_blend_shares(forecasts, mean, quantiles)
        blend_cross_calibrated(forecasts, quantiles, self.shares_)
        self.own_errors_ = blend_own_errors(forecasts, mean, quantiles)
        self.backtest_ = DemandBacktest.of(panel, forecasts, mean, quantiles)
        # classes as a forecast of the next period has them: replaced SKUs have their successors'
        nothing = FittedMembers({}, self._make_quantile_boosting())
        demand_class = forecast_members(panel, nothing, 1, self.season_).demand_class
        self.per_series_ = summarise_skus(self.backtest_, panel, demand_class)
        return self

    def predict(self, panel: Panel, h: int) -> DemandForecast:
        """Forecast demand distributions of the h periods after the panel's end.

        Raises
        ------
        ValueError
            When h is longer than the horizon the model was trained for.
        """
        return self.forecast_from_members(panel, self.forecast_members(panel, h))

    def forecast_members(
        self, panel: Panel, h: int, means: dict[str, Array] | None = None
    ) -> MemberForecasts:
        """Forecast the h periods after the panel's end with every fitted member of the ensemble.

        Parameters
        ----------
        means : member → forecast (n, h) of the `apply_lifecycle` panel, where these are known already

        Raises
        ------
        ValueError
            When h is longer than the horizon the model was trained for.
        """
        self.require_horizon(h)
        fitted = FittedMembers(self.members_, self.quantiles_)
        return forecast_members(panel, fitted, h, self.season_, means=means)

    def require_horizon(self, h: int) -> None:
        """Raise ValueError when h is longer than the horizon the forecaster was trained for."""
        if h > self.h:
            raise ValueError(f"horizon {h} is longer than the {self.h} periods this model was trained for")

    def forecast_from_members(self, panel: Panel, members: MemberForecasts) -> DemandForecast:
        """Demand distributions around the weighted mean of the members' forecasts for the panel."""
        weights = {c: np.array([w[name] for name in self.members_]) for c, w in self.weights_.items()}
        mean = apply_ensemble_weights(members.members, weights, members.demand_class)
        total = np.cumsum(mean, axis=1)
        quantiles = self._quantiles(panel, members, mean)
        dead = members.demand_class == "dead"
        later = later_demand(panel, mean, self.season_, dead=dead, steady=members.steady)
        return DemandForecast(
            unique_ids=panel.unique_ids,
            cutoff=panel.cutoff,
            starts=panel.future(mean.shape[1]),
            levels=DEMAND_LEVELS,
            mean=mean,
            quantiles=quantiles.period.astype(float),
            cumulative_mean=total,
            cumulative=quantiles.cumulative.astype(float),
            demand_class=members.demand_class,
            reason=reason_codes(panel, members.demand_class),
            later_mean=later.mean,
            later_ends_days=later.ends_days,
        )

    def _quantiles(self, panel: Panel, members: MemberForecasts, mean: Array) -> DemandQuantiles:
        """Calibrated quantiles around `mean` (n, h) and its sums, blended with the boosted ones, (n, h, Q)."""
        calibrated = self.calibrations_.quantiles(
            members.spread_inputs(mean),
            members.spread_inputs(np.cumsum(mean, axis=1), sums=True),
            sku=np.asarray(pd.Index(self.unique_ids_).get_indexer(pd.Index(panel.unique_ids)), np.int64),
        )
        blend = partial(blend_by_class, demand_class=members.demand_class, step=members.step)
        unit = members.unit[:, None, None]
        period = blend(calibrated.period * unit, members.boosted, self.shares_["period"], sums=False)
        cumulative = blend(calibrated.cumulative * unit, members.boosted_sums, self.shares_["sum"], sums=True)
        if "trend" in members.members:
            self.own_errors_.blend(
                DemandQuantiles(period, cumulative),
                members.members["trend"],
                members.own_errors,
                demand_class=members.demand_class,
                step=members.step,
            )
        period[members.steady] = mean[members.steady, :, None]
        cumulative[members.steady] = np.cumsum(mean[members.steady], axis=1)[:, :, None]
        return DemandQuantiles(period, cumulative)

    def save(self, folder: Path) -> None:
        """Write the demand forecaster: one JSON file, and what its members store. The backtest is not part of it."""
        folder.mkdir(parents=True, exist_ok=True)
        state = {
            "params": {"config": self.config.model_dump(mode="json"), "h": self.h, "seed": self.seed},
            "season": self.season_,
            "weights": self.weights_,
            "period": self.calibrations_.period.to_json(),
            "cumulative": self.calibrations_.cumulative.to_json(),
            "shares": self.shares_,
            "own_errors": self.own_errors_.to_json(),
        }
        (folder / STATE_FILE).write_text(json.dumps(state, sort_keys=True), encoding="utf-8")
        own = {
            "unique_id": self.unique_ids_,
            "period": self.calibrations_.period.own,
            "cumulative": self.calibrations_.cumulative.own,
        }
        pd.DataFrame(own).to_parquet(folder / OWN_SPREAD_FILE, index=False)
        for member in self.members_.values():
            member.save(folder)
        self.quantiles_.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the demand forecaster as `save` wrote it."""
        state = json.loads((folder / STATE_FILE).read_text(encoding="utf-8"))
        params = state["params"]
        model = cls(DemandConfig.model_validate(params["config"]), params["h"], params["seed"])
        model.season_ = state["season"]
        model.weights_ = state["weights"]
        own = _read_own_spread(folder)
        model.unique_ids_ = own["unique_id"].to_numpy(object)
        model.calibrations_ = CalibrationPair(
            replace(Calibration.from_json(state["period"]), own=own["period"].to_numpy(float)),
            replace(Calibration.from_json(state["cumulative"]), own=own["cumulative"].to_numpy(float)),
        )
        model.shares_ = state["shares"]
        model.own_errors_ = OwnErrorBlend.nothing(model.h)
        if "own_errors" in state:  # not in models from before they were learned
            model.own_errors_ = OwnErrorBlend.from_json(state["own_errors"])
        weighed = next(
            iter(model.weights_.values())
        )  # a model from before a member was added has no weight of it
        made = {name: member for name, member in model._make_members().items() if name in weighed}
        model.members_ = {name: member.restore(folder) for name, member in made.items()}
        model.quantiles_ = model._make_quantile_boosting().restore(folder)
        return model

    def _make_members(self) -> dict[str, DemandMember]:
        """Make the unfitted members that the config names."""
        return make_members(
            self.config.members,
            season=self.season_,
            h=self.h,
            boosting=self.config.boosting,
            seed=self.seed,
            threads=self.threads,
        )

    def _make_quantile_boosting(self) -> QuantileBoosting:
        """Make the unfitted quantile boosting."""
        return QuantileBoosting(
            self.season_, self.h, self.config.boosting, seed=self.seed, threads=self.threads
        )

    def _fit_members(self, panel: Panel) -> FittedMembers:
        """Members fitted on `panel`, and boosted quantiles where boosting is among them."""
        members = {name: member.fit(panel) for name, member in self._make_members().items()}
        quantiles = self._make_quantile_boosting()
        return FittedMembers(
            members, quantiles.fit(apply_lifecycle(panel)) if "boosting" in members else quantiles
        )


def _read_own_spread(folder: Path) -> pd.DataFrame:
    """Own factors of the SKUs' spread by `unique_id`; none in a model that was trained before they were learned."""
    if (folder / OWN_SPREAD_FILE).exists():
        return pd.read_parquet(folder / OWN_SPREAD_FILE)
    return pd.DataFrame({"unique_id": np.empty(0, object), "period": np.empty(0), "cumulative": np.empty(0)})
