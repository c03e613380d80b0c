"""A panel prepared for feature rows: levels, prefix sums, seasonal positions and codes, computed once."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.demand.demand_unit import DemandUnits
from features.demand.feature_rows.covariate_features import Covariate
from features.demand.feature_rows.demand_level import periods_without_sale, pooled_demand, smoothed_level
from features.demand.feature_rows.prefix_sums import PrefixSums
from features.demand.feature_rows.static_features import static_codes
from features.demand.lifecycle.adjusted_history import apply_lifecycle
from features.demand.panel import Array, Panel
from features.demand.seasonality.positions import season_positions
from features.demand.sku_groups import category_codes

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class FeatureSettings:
    """Settings by which a panel is prepared for feature rows.

    Attributes
    ----------
    season : periods in a season
    h : longest horizon
    alpha : weight of the newest period in a SKU's smoothed level
    windows : lengths of the trailing means, in periods
    vocabulary : static column → values that have a code
    """

    season: int
    h: int
    alpha: float
    windows: tuple[int, ...]
    vocabulary: dict[str, list[str]]


@dataclass(frozen=True)
class PreparedPanel:
    """A panel prepared for its feature rows to be looked up. `t` counts the periods an origin has seen.

    Attributes
    ----------
    panel : the panel as models see it, with its life cycle applied
    y : array (n, T), demand with censored periods imputed
    unit : array (n,), what the SKU's quantities are counted in
    level : array (n, T + 1), smoothed level after t periods
    groups : int array (n,), code of each SKU's category
    prefix_sums : means of demand, its square, sales, stockouts, and of pooled demand by group and over all SKUs
    since_sale : array (n, T + 1), known periods since the last sale
    position, day_of_year, day_of_month : int arrays (T + h,), place of each period in season, year and month
    codes : static column → code of each SKU (n,)
    covariates : name → covariate
    """

    panel: Panel
    y: Array
    unit: Array
    level: Array
    groups: Codes
    prefix_sums: dict[str, PrefixSums]
    since_sale: Array
    position: Codes
    day_of_year: Codes
    day_of_month: Codes
    codes: dict[str, Codes]
    covariates: dict[str, Covariate]

    @classmethod
    def of(cls, panel: Panel, settings: FeatureSettings) -> Self:
        """Prepare a panel: everything about its feature rows that depends on the panel only."""
        panel = apply_lifecycle(panel)
        y, groups, unit = panel.uncensored, category_codes(panel), DemandUnits.of(panel.y).count
        calendar = np.concatenate([panel.ds, panel.future(settings.h)[: settings.h]])
        window = settings.windows[4]
        return cls(
            panel=panel,
            y=y,
            unit=unit,
            level=smoothed_level(y, groups, settings.alpha),
            groups=groups,
            prefix_sums=_prefix_sums(
                panel, groups, unit, alpha=min(settings.alpha, 1 / max(settings.season, 26))
            ),
            since_sale=periods_without_sale(y),
            position=season_positions(calendar, panel.freq, settings.season),
            day_of_year=np.asarray(pd.DatetimeIndex(calendar).dayofyear),
            day_of_month=np.asarray(pd.DatetimeIndex(calendar).day),
            codes=static_codes(panel, settings.vocabulary),
            covariates={name: Covariate.of(panel, name, window) for name in panel.covariates},
        )


def _prefix_sums(panel: Panel, groups: Codes, unit: Array, *, alpha: float) -> dict[str, PrefixSums]:
    """Prefix sums by name; pooled demand is relative to a level smoothed slowly, with weight `alpha`."""
    y = panel.uncensored
    slow = smoothed_level(y, groups, alpha)[:, :-1]
    return {
        "y": PrefixSums.of(y),
        "square": PrefixSums.of(y**2),
        "sold": PrefixSums.of(np.where(np.isnan(y), np.nan, y > 0)),
        "out": PrefixSums.of((~panel.in_stock).astype(float)),
        "group": PrefixSums.of(pooled_demand(y, slow, unit, groups)),
        "all": PrefixSums.of(pooled_demand(y, slow, unit, np.zeros_like(groups))),
    }
