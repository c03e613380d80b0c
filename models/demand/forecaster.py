"""The demand model in use: several members, weighted by class, with calibrated distributions."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import DemandConfig
from distributions.demand_forecast import DemandForecast
from distributions.levels import DEMAND_LEVELS
from features.contract.calendar import season_length
from features.demand.demand_class import known_demand
from features.demand.lifecycle import living
from features.demand.panel import Array, Panel
from models.demand.backtest.backtest import DemandBacktest
from models.demand.backtest.panel_state import Fitted, look
from models.demand.backtest.rolling_origins import OriginForecasts, choose_origins, play
from models.demand.backtest.weights import combined, member_weights
from models.demand.cold_start import reasons, recent_levels
from models.demand.distributions.calibration import Calibration
from models.demand.distributions.quantile_blend import best_shares, blended
from models.demand.distributions.quantile_boosting import QuantileBoosting, Single
from models.demand.members.registry import Member, make_members

STATE = "demand.json"


def _shares(replay: OriginForecasts, quantiles: Array, y: Array, knots: Array) -> dict[str, float]:
    """How far the boosted quantiles are believed in each demand class, by all origins together."""
    everything = np.ones(len(replay.at), bool)
    return best_shares(
        quantiles.reshape(-1, *quantiles.shape[2:]), knots.reshape(-1, *knots.shape[2:]),
        replay.rows(y, everything), replay.spread_inputs(y, everything), replay.scale.ravel(),
    )  # fmt: skip


class DemandEnsemble:
    """Demand distributions for all SKUs of a panel.

    `fit` plays rolling origins, learns the members' weights per demand class and the distributions of period and
    cumulative demand from the out-of-sample errors, then fits the members on everything. `predict` refits nothing
    shared: members that learn per SKU look at the panel they are given.

    Parameters
    ----------
    config : the `demand` section
    h : longest horizon in periods
    seed, threads : for the boosting; the result does not depend on `threads`

    Attributes
    ----------
    backtest_ : the rolling origins with their forecasts and outcomes
    weights_ : demand class → member → weight
    shares_ : period or sum → demand class → how far distributions are blended toward the boosted quantiles
    per_series_ : one row per SKU: demand_class, reason, known periods, recent level, backtest bias and error
    """

    def __init__(self, config: DemandConfig, h: int, seed: int = 0, threads: int = 2) -> None:
        self.config = config
        self.h = h
        self.seed = seed
        self.threads = threads

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002
        """Parameters by name, as scikit-learn's `clone` asks for them."""
        return {"config": self.config, "h": self.h, "seed": self.seed, "threads": self.threads}

    def set_params(self, **params: Any) -> Self:
        """Change parameters by name."""
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def fit(self, panel: Panel) -> Self:
        """DemandBacktest, weigh, calibrate, and fit the members on all periods."""
        self.season_ = self.config.season_length or season_length(panel.freq)
        origins = choose_origins(panel, self.h, self.config.windows, self.season_)
        names = list(self._members())
        with ThreadPoolExecutor(self.threads) as pool:
            *past, now = pool.map(self._fitted, [*origins.starts(panel), panel])
        self.members_, self.quantiles_ = now.members, now.quantiles
        replay = play(panel, origins, past, names=names, h=self.h, season=self.season_)
        weights = member_weights(replay.learned, replay.members, replay.demand_class, replay.scale)
        self.weights_ = {c: dict(zip(names, w.tolist(), strict=True)) for c, w in weights.items()}
        mean = combined(replay.members, weights, replay.demand_class)
        self.period_, self.cumulative_ = self._calibration(replay, mean, origins.window >= 0)
        period, cumulative = self._crossed(replay, mean)
        self.shares_ = {
            "period": _shares(replay, period, replay.learned, replay.knots),
            "sum": _shares(replay, cumulative, replay.cumulative(mean), replay.sum_knots),
        }
        for o in range(len(origins)):
            seen = replay.demand_class[o], replay.whole[o]
            period[o] = self._blended(period[o], "period", replay.knots[o], *seen)
            cumulative[o] = self._blended(cumulative[o], "sum", replay.sum_knots[o], *seen)
        self.backtest_ = DemandBacktest.of(panel, replay, mean, period, cumulative)
        self.per_series_ = self._per_series(panel)
        return self

    def predict(self, panel: Panel, h: int) -> DemandForecast:
        """Forecast h periods after the panel's end.

        Raises
        ------
        ValueError
            When h is longer than the horizon the model was trained for.
        """
        if h > self.h:
            raise ValueError(f"horizon {h} is longer than the {self.h} periods this model was trained for")
        view = look(panel, Fitted(self.members_, self.quantiles_), h, self.season_)
        weights = {c: np.array([w[name] for name in self.members_]) for c, w in self.weights_.items()}
        mean = combined(view.members, weights, view.demand_class)
        total = np.cumsum(mean, axis=1)
        period = self.period_.quantiles(view.spread_inputs(mean))
        cumulative = self.cumulative_.quantiles(view.spread_inputs(total, sums=True))
        seen = view.demand_class, view.whole
        period = self._blended(period, "period", view.knots, *seen)
        cumulative = self._blended(cumulative, "sum", view.sum_knots, *seen)
        return DemandForecast(
            unique_ids=panel.unique_ids,
            cutoff=panel.cutoff,
            starts=panel.future(h),
            levels=DEMAND_LEVELS,
            mean=mean,
            quantiles=period.astype(float),
            cumulative_mean=total,
            cumulative=cumulative.astype(float),
            demand_class=view.demand_class,
            reason=reasons(panel, view.demand_class),
        )

    def save(self, folder: Path) -> None:
        """Write the fitted state: one JSON file and what the members keep. The backtest is not part of it."""
        folder.mkdir(parents=True, exist_ok=True)
        state = {
            "params": {"config": self.config.model_dump(mode="json"), "h": self.h, "seed": self.seed},
            "season": self.season_,
            "weights": self.weights_,
            "period": self.period_.to_json(),
            "cumulative": self.cumulative_.to_json(),
            "shares": self.shares_,
        }
        (folder / STATE).write_text(json.dumps(state, sort_keys=True), encoding="utf-8")
        for member in self.members_.values():
            member.save(folder)
        self.quantiles_.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
        params = state["params"]
        model = cls(DemandConfig.model_validate(params["config"]), params["h"], params["seed"])
        model.season_ = state["season"]
        model.weights_ = state["weights"]
        model.period_ = Calibration.from_json(state["period"])
        model.cumulative_ = Calibration.from_json(state["cumulative"])
        model.shares_ = state["shares"]
        model.members_ = {name: member.restore(folder) for name, member in model._members().items()}
        model.quantiles_ = model._quantiles().restore(folder)
        return model

    def _members(self) -> dict[str, Member]:
        return make_members(
            self.config.members,
            season=self.season_,
            h=self.h,
            boosting=self.config.boosting,
            seed=self.seed,
            threads=self.threads,
        )

    def _quantiles(self) -> QuantileBoosting:
        return QuantileBoosting(
            self.season_, self.h, self.config.boosting, seed=self.seed, threads=self.threads
        )

    def _fitted(self, panel: Panel) -> Fitted:
        """Members fitted on `panel`, and boosted quantiles where boosting is wanted."""
        members = {name: member.fit(panel) for name, member in self._members().items()}
        quantiles = self._quantiles()
        return Fitted(members, quantiles.fit(living(panel)) if "boosting" in members else quantiles)

    def _calibration(
        self, replay: OriginForecasts, mean: Array, origins: NDArray[np.bool_]
    ) -> tuple[Calibration, Calibration]:
        """Calibrations of periods and of sums from the chosen origins (bool, (O,))."""
        total = np.cumsum(mean, axis=2)
        return (
            Calibration.fit(replay.spread_inputs(mean, origins), replay.rows(replay.learned, origins)),
            Calibration.fit(
                replay.spread_inputs(total, origins, sums=True), replay.rows(replay.cumulative(mean), origins)
            ),
        )

    def _crossed(self, replay: OriginForecasts, mean: Array) -> tuple[Array, Array]:
        """Quantiles of periods and of sums, (O, n, h, Q), each window's calibrated on the other windows only."""
        total = np.cumsum(mean, axis=2)
        shape = (*mean.shape, len(DEMAND_LEVELS))
        period, cumulative = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        for w in np.unique(replay.window):
            here = replay.window == w
            for_period, for_sum = self._calibration(replay, mean, ~here)
            inside = (int(here.sum()), *shape[1:])
            period[here] = for_period.quantiles(replay.spread_inputs(mean, here)).reshape(inside)
            cumulative[here] = for_sum.quantiles(replay.spread_inputs(total, here, sums=True)).reshape(inside)
        return period, cumulative

    def _blended(
        self,
        quantiles: Array,
        kind: str,
        knots: Array | Single,
        demand_class: NDArray[np.object_],
        whole: NDArray[np.bool_],
    ) -> Array:
        """Quantiles (n, h, Q) blended toward the boosted ones; those of sums rise with the steps."""
        share = np.array([self.shares_[kind][c] for c in demand_class])
        result = blended(quantiles, knots, share, whole)
        return np.asarray(np.maximum.accumulate(result, axis=1)) if kind == "sum" else result

    def _per_series(self, panel: Panel) -> pd.DataFrame:
        past = self.backtest_
        known = ~np.isnan(past.y)
        error = np.where(known, past.mean - np.nan_to_num(past.y), 0.0)
        count = np.maximum(known.sum(axis=(0, 2)), 1)
        view_class = look(panel, Fitted({}, self._quantiles()), 1, self.season_).demand_class
        return pd.DataFrame(
            {
                "unique_id": panel.unique_ids,
                "demand_class": view_class,
                "reason": reasons(panel, view_class),
                "known_periods": (~np.isnan(known_demand(panel))).sum(axis=1),
                "recent_level": recent_levels(panel),
                "backtest_bias": error.sum(axis=(0, 2)) / count,
                "backtest_mae": np.abs(error).sum(axis=(0, 2)) / count,
            }
        )
