"""Demand of groups of SKUs: means that add up, and distributions that know that SKUs err together.

The mean of a group is the sum of its SKUs' means. Quantiles of a sum are no sums of quantiles, and SKUs of one group
share their weather: the distributions are calibrated on the errors of the groups' own summed forecasts in the
rolling origins of the training, all groups and origins pooled.
"""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from distributions.demand_forecast import DemandForecast
from distributions.levels import BACKTEST_LEVELS, DEMAND_LEVELS
from features.demand.panel import Array, Panel
from models.demand.backtest.backtest import DemandBacktest
from models.demand.distributions.calibration import MINIMUM, Calibration, SpreadInputs
from models.demand.groups.forecast import GroupForecast
from models.demand.groups.totals import Grouping, GroupTotals

PRIOR = 4.0
"""Origins that the usual error of groups of this size, or no bias at all, is worth beside what was seen."""

_OUTER = np.where(DEMAND_LEVELS == 0.5, 0.4, DEMAND_LEVELS)  # the median has no distance to be stretched


@dataclass(frozen=True)
class Usual:
    """Mean |√y − √forecast| of a period: log-linear in the log of a group's mean demand, `at` + `slope` · size."""

    at: float
    slope: float

    @classmethod
    def of(cls, mean: Array, error: Array) -> Self:
        """Least squares over groups (G,); the slope between none (pure noise) and ½ (errors in proportion)."""
        size, log = _size(mean), np.log(np.maximum(error, 1e-3))
        gap = size - size.mean()
        slope = float(np.clip((gap * log).sum() / max(float((gap**2).sum()), 1e-9), 0.0, 0.5))
        return cls(float(log.mean() - slope * size.mean()), slope)

    def error(self, mean: Array) -> Array:
        """What is usual for groups of these means, (G,)."""
        return np.asarray(np.exp(self.at + self.slope * _size(mean)))


@dataclass(frozen=True)
class Groups:
    """What was learned about the errors of summed forecasts.

    Attributes
    ----------
    period, cumulative : calibrations of periods and of running sums; none: too few errors to learn from
    usual : the error of groups that have no past of their own
    own : level → group → (sum of mean absolute errors of √demand, number of origins)
    """

    period: Calibration | None
    cumulative: Calibration | None
    usual: Usual
    own: dict[str, dict[str, tuple[float, int]]]

    @classmethod
    def fit(cls, past: DemandBacktest, panel: Panel) -> Self:
        """Learn from the rolling origins of a training on `panel`."""
        grouping = Grouping.of(panel)
        return cls.learn(GroupTotals.of(past, panel, grouping), grouping)

    @classmethod
    def learn(cls, totals: GroupTotals, grouping: Grouping) -> Self:
        """Learn from the totals of some origins."""
        error, count = _errors(totals)
        some = count.sum(axis=0) > 0
        if (~np.isnan(totals.y)).sum() < MINIMUM or (~np.isnan(totals.y_cumulative)).sum() < MINIMUM:
            return cls(None, None, Usual(0.0, 0.0), {})
        mean = totals.mean.mean(axis=(0, 2))
        total, number = error.sum(axis=0), count.sum(axis=0)
        usual = Usual.of(mean[some], (total / np.maximum(number, 1))[some])
        volatility = _without_own_window(totals, error, count, usual)

        periods = len(np.unique(totals.window)) * totals.mean.shape[2]

        def calibrated(forecast: Array, actual: Array) -> Calibration:
            h = forecast.shape[2]
            rows = np.tile(grouping.whole, len(forecast))
            spread_inputs = _situation(forecast.reshape(-1, h), volatility.ravel(), rows)
            return Calibration.fit(spread_inputs, actual.reshape(-1, h))

        own: dict[str, dict[str, tuple[float, int]]] = {}
        for name, group, e, c in zip(grouping.level, grouping.group, total, number, strict=True):
            own.setdefault(str(name), {})[str(group)] = (float(e), int(c))
        return cls(
            calibrated(totals.mean, totals.y),
            _widened(calibrated(totals.cumulative_mean, totals.y_cumulative), periods),
            usual,
            own,
        )

    def predict(self, panel: Panel, forecast: DemandForecast) -> GroupForecast:
        """The forecast of the panel's groups, from that of its SKUs (same rows).

        Where the training had too few origins to learn from, quantiles are the sums of the SKUs' quantiles: as if
        all were wrong together, the safe side.
        """
        grouping = Grouping.of(panel)
        mean = grouping.sums(forecast.mean)
        total = np.cumsum(mean, axis=1)
        kept = np.searchsorted(forecast.levels, BACKTEST_LEVELS)
        calibrated = self.quantiles(grouping, mean)
        if calibrated is None:
            calibrated = _together(grouping, forecast.quantiles), _together(grouping, forecast.cumulative)
        period, cumulative = (values[..., kept] for values in calibrated)
        skus = grouping.sums(np.ones((len(panel), 1)))[:, 0]
        return GroupForecast(
            level=grouping.level,
            group=grouping.group,
            skus=skus.astype(np.int64),
            starts=forecast.starts,
            mean=mean,
            quantiles=period,
            cumulative_mean=total,
            cumulative=cumulative,
        )

    def quantiles(self, grouping: Grouping, mean: Array) -> tuple[Array, Array] | None:
        """Quantiles of periods and of running sums around `mean` (G, h), (G, h, Q) at `DEMAND_LEVELS`.

        None where the training had too few origins to learn from.
        """
        if self.period is None or self.cumulative is None:
            return None
        own = [
            self.own.get(str(level), {}).get(str(group), (0.0, 0))
            for level, group in zip(grouping.level, grouping.group, strict=True)
        ]
        error, count = np.array(own, float).reshape(-1, 2).T
        volatility = _shrunk(error, count, self.usual.error(mean.mean(axis=1)))
        period = self.period.quantiles(_situation(mean, volatility, grouping.whole))
        total = np.cumsum(mean, axis=1)
        cumulative = self.cumulative.quantiles(_situation(total, volatility, grouping.whole))
        return period.astype(float), np.maximum.accumulate(cumulative, axis=1).astype(float)

    def to_json(self) -> dict[str, Any]:
        """As plain lists."""
        return {
            "period": None if self.period is None else self.period.to_json(),
            "cumulative": None if self.cumulative is None else self.cumulative.to_json(),
            "usual": [self.usual.at, self.usual.slope],
            "own": {
                level: {group: list(found) for group, found in groups.items()}
                for level, groups in self.own.items()
            },
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        period, cumulative = (
            None if values[name] is None else Calibration.from_json(values[name])
            for name in ("period", "cumulative")
        )
        own = {
            level: {group: (float(e), int(c)) for group, (e, c) in groups.items()}
            for level, groups in values["own"].items()
        }
        return cls(period, cumulative, Usual(*values["usual"]), own)


def _size(mean: Array) -> Array:
    return np.asarray(np.log(np.maximum(mean, 0.05)))


def _errors(totals: GroupTotals) -> tuple[Array, NDArray[np.int64]]:
    """Mean |√y − √forecast| over the periods of each origin and group, and whether there is one: (O, G) each."""
    known = ~np.isnan(totals.y)
    error = np.abs(np.sqrt(np.nan_to_num(totals.y) + 0.25) - np.sqrt(totals.mean + 0.25)) * known
    number = known.sum(axis=2)
    return error.sum(axis=2) / np.maximum(number, 1), (number > 0).astype(np.int64)


def _without_own_window(totals: GroupTotals, error: Array, count: NDArray[np.int64], usual: Usual) -> Array:
    """Each group's error at each origin, (O, G), from the windows that the origin is not in.

    An origin judged by its own errors would look better foretold than the next one can be.
    """
    volatility = np.empty_like(error)
    for w in np.unique(totals.window):
        here = totals.window == w
        typical = usual.error(totals.mean[here].mean(axis=(0, 2)))
        volatility[here] = _shrunk(error[~here].sum(axis=0), count[~here].sum(axis=0), typical)
    return volatility


def _widened(sums: Calibration, periods: int) -> Calibration:
    """Quantiles of errors of sums as wide as the few sums behind them leave room for.

    Groups share their weather, so that what counts are periods replayed: `periods` hold N = periods / k sums of k
    that do not overlap. Distances from the median are those of Student's t with N degrees of freedom instead of
    a normal's (N at least 2), and the median, the bias that was seen, counts N / (N + 4). Without it 80 % intervals
    of the orange juice's sums held 69 % of what came in windows not learned from, with it 80 %.
    """
    last = np.append(sums.edges[1:] - 1, sums.edges[-1])
    tables = []
    for k, table in zip((sums.edges + last) / 2, sums.tables, strict=True):
        freedom = max(periods / k, 2.0)
        wider = stdtrit(freedom, _OUTER) / ndtri(_OUTER)
        middle = table[:, [len(DEMAND_LEVELS) // 2]]
        tables.append(middle * freedom / (freedom + PRIOR) + (table - middle) * wider)
    return replace(sums, tables=tables)


def _shrunk(total: Array, count: NDArray[Any], typical: Array) -> Array:
    return np.asarray((total + PRIOR * typical) / (count + PRIOR))


def _together(grouping: Grouping, quantiles: Array) -> Array:
    """Sums (G, h, Q) of the SKUs' quantiles (n, h, Q)."""
    levels = range(quantiles.shape[2])
    return np.stack([grouping.sums(quantiles[:, :, q]) for q in levels], axis=2)


def _situation(mean: Array, volatility: Array, whole: NDArray[np.bool_]) -> SpreadInputs:
    return SpreadInputs(
        mean=mean,
        steps=np.arange(1, mean.shape[1] + 1, dtype=float),
        volatility=volatility,
        demand_class=np.full(len(mean), "smooth", object),
        whole=whole,
        doubt=np.zeros_like(mean),
    )
