"""Statistical members: classical statsforecast models (Theta, CES, TSB, Croston …), each for certain demand classes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from configs.errors import ConfigError
from features.demand.demand_class import demand_classes
from features.demand.panel import Array, Panel
from models.demand.members.local_member import LocalMember
from models.demand.members.seasonal_level import GapFreeHistory, SeasonalLevel

REGULAR = ("smooth", "erratic")
INTERMITTENT = ("intermittent", "lumpy", "dead")

CLASSES_OF: dict[str, tuple[str, ...]] = {
    "theta": REGULAR,
    "ces": REGULAR,
    "ets": REGULAR,
    "seasonal_naive": REGULAR,
    "tsb": INTERMITTENT,
    "sba": INTERMITTENT,
    "imapa": INTERMITTENT,
}
"""Member → demand classes that it forecasts."""

HISTORY_PERIODS = 104
"""Periods of history a model is fitted on: the season is out already, and fitting grows faster than the length."""

MOST_LOST = 3.0
"""Factor that a rare seller's forecast is corrected by at most for what dividing by its season loses."""

SLOW, MOST_SKUS = ("theta", "ets", "ces"), 96
"""In panels of more SKUs slow members do not forecast: the backtest runs them 16 times, and the boosting gains more. It
goes by all SKUs, whose number is the same at each origin: weights learned with a member need it at the end, too."""


def _statsforecast_model(name: str, season: int) -> Any:
    """The unfitted statsforecast model of a member's name."""
    from statsforecast import models as sf

    makers = {
        "theta": lambda: sf.DynamicOptimizedTheta(season_length=1),
        "ces": lambda: sf.AutoCES(season_length=1, model="N"),
        "ets": lambda: sf.AutoETS(season_length=1, model="ZZN"),
        "seasonal_naive": lambda: sf.SeasonalNaive(season_length=season),
        "tsb": lambda: sf.TSB(alpha_d=0.1, alpha_p=0.1),
        "sba": sf.CrostonSBA,
        "imapa": sf.IMAPA,
    }
    return makers[name]()


class Statistical(LocalMember):
    """One statsforecast model on demand without its season, the season put back afterwards.

    Taking the pooled season out first makes season 52 as cheap as no season, and lets a SKU with two years of
    history use the season of its category. Missing periods are filled with the seasonal level's forecast.
    """

    def __init__(self, name: str, season: int) -> None:
        if name not in CLASSES_OF:
            known = ", ".join(("level", "trend", "boosting", *CLASSES_OF))
            raise ConfigError(f"demand.members: no member {name!r}; there are {known}")
        self.name = name
        self.level = SeasonalLevel(season)

    def mean(self, panel: Panel, h: int) -> Array:
        """Expected demand of the next h periods, (n, h); NaN for demand classes and lengths the model is not for."""
        result = np.full((len(panel), h), np.nan)
        served = np.flatnonzero(self._served(panel))
        if not len(served) or (self.name in SLOW and len(panel) > MOST_SKUS):
            return result
        filled = self.level.filled(panel, h)
        plain = self.name == "seasonal_naive"
        history = filled.y if plain else filled.y / filled.season[:, : panel.periods]
        start = np.maximum(filled.first, panel.periods - HISTORY_PERIODS)
        model = _statsforecast_model(self.name, self.level.season)
        forecast = _forecast([history[i, start[i] :] for i in served], model, h)
        ceiling = 3 * np.max(history[served], axis=1, initial=0.0)
        forecast = np.clip(forecast, 0.0, ceiling[:, None])
        if CLASSES_OF[self.name] == INTERMITTENT:
            forecast *= _lost_to_season(filled, start)[served, None]
        result[served] = forecast if plain else forecast * filled.season[served, panel.periods :]
        return result

    def _served(self, panel: Panel) -> NDArray[np.bool_]:
        """Whether the model forecasts a SKU, by its demand class and known and sold periods, (n,)."""
        known = (~np.isnan(panel.y) & panel.in_stock).sum(axis=1)
        enough = max(8, self.level.season + 1) if self.name == "seasonal_naive" else 8
        sold = (np.nan_to_num(panel.y) > 0).sum(axis=1) >= 2
        return np.asarray(np.isin(demand_classes(panel), CLASSES_OF[self.name]) & (known >= enough) & sold)


def _lost_to_season(filled: GapFreeHistory, start: NDArray[np.int64]) -> Array:
    """What demand without its season must be multiplied by to add up to demand with it, (n,), from periods `start` on.

    Σy / (ΣS · mean of y/S): 1 where demand follows its season, more for a rare seller, whose season rises where it
    happened to sell, so that each of its sales is divided by more than the others.
    """
    periods = filled.y.shape[1]
    inside = np.arange(periods) >= start[:, None]
    season = np.where(inside, filled.season[:, :periods], 0.0)
    without = np.where(inside, filled.y / filled.season[:, :periods], 0.0).sum(axis=1)
    count = np.maximum(inside.sum(axis=1), 1)
    expected = season.sum(axis=1) * without / count
    ratio = np.where(inside, filled.y, 0.0).sum(axis=1) / np.where(expected > 0, expected, 1.0)
    return np.asarray(np.where(expected > 0, np.clip(ratio, 1 / MOST_LOST, MOST_LOST), 1.0))


def _forecast(histories: list[Array], model: Any, h: int) -> Array:
    """Run a statsforecast model on each history: forecasts (len(histories), h), the historic mean where it fails."""
    from statsforecast.core import GroupedArray
    from statsforecast.models import HistoricAverage

    data = np.concatenate(histories).astype(np.float64)
    indptr = np.concatenate([[0], np.cumsum([len(x) for x in histories])]).astype(np.int32)
    output = GroupedArray(data, indptr).forecast(
        models=[model], h=h, fallback_model=HistoricAverage(), fitted=False, X=None
    )
    return np.asarray(output["forecasts"], float).reshape(len(histories), h)
