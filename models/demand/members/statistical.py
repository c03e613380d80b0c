"""Classical models from statsforecast, each asked only for the demand classes it was made for."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.demand.demand_class import demand_classes
from features.demand.panel import Array, Panel
from models.demand.members.local import Local
from models.demand.members.seasonal_level import SeasonalLevel

REGULAR = ("smooth", "erratic")
SPORADIC = ("intermittent", "lumpy", "dead")

ROUTES: dict[str, tuple[str, ...]] = {
    "theta": REGULAR,
    "ces": REGULAR,
    "ets": REGULAR,
    "seasonal_naive": REGULAR,
    "tsb": SPORADIC,
    "sba": SPORADIC,
    "imapa": SPORADIC,
}
"""Member → classes it forecasts."""

LONGEST = 104
"""Periods of history shown to a model: the season is out already, and fitting grows faster than the length."""

SLOW, POINTS = ("theta", "ets", "ces"), 10_000
"""Above so many points slow members have no opinion: the backtest asks 16 times, and the boosting gains more."""


def _model(name: str, season: int) -> Any:
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


class Statistical(Local):
    """One statsforecast model on demand without its season, the season put back afterwards.

    Taking the pooled season out first makes season 52 as cheap as no season, and lets a SKU with two years of
    history use the season of its category. Missing periods are filled with the seasonal level's forecast.
    """

    def __init__(self, name: str, season: int) -> None:
        if name not in ROUTES:
            known = ", ".join(("level", "boosting", *ROUTES))
            raise ValueError(f"demand.members: no member {name!r}; there are {known}")
        self.name = name
        self.level = SeasonalLevel(season)

    def mean(self, panel: Panel, h: int) -> Array:
        """Expected demand of the next h periods, (n, h); NaN for classes and lengths the model is not for."""
        result = np.full((len(panel), h), np.nan)
        asked = np.flatnonzero(self._asked(panel))
        points = len(asked) * min(panel.periods, LONGEST)
        if not len(asked) or (self.name in SLOW and points > POINTS):
            return result
        history, first, profile = self.level.filled(panel, h)
        plain = self.name == "seasonal_naive"
        if not plain:
            history = history / profile[:, : panel.periods]
        start = np.maximum(first, panel.periods - LONGEST)
        forecast = _forecast([history[i, start[i] :] for i in asked], _model(self.name, self.level.season), h)
        ceiling = 3 * np.max(history[asked], axis=1, initial=0.0)
        forecast = np.clip(forecast, 0.0, ceiling[:, None])
        result[asked] = forecast if plain else forecast * profile[asked, panel.periods :]
        return result

    def _asked(self, panel: Panel) -> NDArray[np.bool_]:
        known = (~np.isnan(panel.y) & panel.in_stock).sum(axis=1)
        enough = max(8, self.level.season + 1) if self.name == "seasonal_naive" else 8
        sold = (np.nan_to_num(panel.y) > 0).sum(axis=1) >= 2
        return np.asarray(np.isin(demand_classes(panel), ROUTES[self.name]) & (known >= enough) & sold)


def _forecast(histories: list[Array], model: Any, h: int) -> Array:
    """Forecasts (len(histories), h); the last level where a model fails on a SKU."""
    from statsforecast.core import GroupedArray
    from statsforecast.models import HistoricAverage

    data = np.concatenate(histories).astype(np.float64)
    indptr = np.concatenate([[0], np.cumsum([len(x) for x in histories])]).astype(np.int32)
    output = GroupedArray(data, indptr).forecast(
        models=[model], h=h, fallback_model=HistoricAverage(), fitted=False, X=None
    )
    return np.asarray(output["forecasts"], float).reshape(len(histories), h)
