"""Registry of the ensemble's members: which there are, and how they are made from their names."""

from configs.schema import BoostingConfig
from models.demand.members.boosting import Boosting
from models.demand.members.seasonal_level import SeasonalLevel
from models.demand.members.statistical import Statistical
from models.demand.members.trend import Trend
from models.protocols import DemandMember

DEFAULT_MEMBERS = ("level", "trend", "boosting", "tsb", "sba", "imapa")


def make_members(
    names: tuple[str, ...] | None,
    *,
    season: int,
    h: int,
    boosting: BoostingConfig,
    seed: int,
    threads: int,
) -> dict[str, DemandMember]:
    """Make unfitted members by their registered names; the default set when no names are given.

    Raises
    ------
    ValueError
        When a name is not known.
    """
    result: dict[str, DemandMember] = {}
    for name in names or DEFAULT_MEMBERS:
        if name == "level":
            result[name] = SeasonalLevel(season)
        elif name == "trend":
            result[name] = Trend(season)
        elif name == "boosting":
            result[name] = Boosting(season, h, boosting, seed=seed, threads=threads)
        else:
            result[name] = Statistical(name, season)
    return result
