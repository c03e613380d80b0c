"""Families of demand features: whether a feature describes the level, the season, a covariate or an event."""

from collections.abc import Collection
from typing import Literal

from features.demand.feature_rows.covariate_features import is_covariate_feature

Family = Literal["level", "season", "covariate", "event", "other"]

_SEASON = {"position", "day_of_year", "day_of_month", "same_place"}
_SEASON_STEMS = (
    "season_",
    "around_",
    "wide_",
    "growth_",
    "group_season",
    "group_growth",
    "group_then",
    "all_season",
    "all_growth",
    "all_then",
)
_LEVEL = {"k", "level", "ever", "since_sale", "age", "out_now"}
_LEVEL_STEMS = ("lag_", "mean_", "sd_", "sold_", "out_", "group_", "all_", "static_")


def feature_family(name: str, plain_covariates: Collection[str] = ()) -> Family:
    """Family of the feature `name`: level, season, covariate or event; `other` for an unknown name.

    Recent demand, its spread and what a SKU is all describe how much it sells: the level. What last year's same
    periods and the calendar add is the season.

    Parameters
    ----------
    plain_covariates : names of covariates whose features are `{covariate}_…`, in bundles from before
    """
    if is_covariate_feature(name) or any(name.startswith(f"{plain}_") for plain in plain_covariates):
        return "covariate"
    if name.startswith("event_"):
        return "event"
    if name in _SEASON or name.startswith(_SEASON_STEMS):
        return "season"
    return "level" if name in _LEVEL or name.startswith(_LEVEL_STEMS) else "other"
