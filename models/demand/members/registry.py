"""What every member of the ensemble can do, and which members there are."""

from pathlib import Path
from typing import Protocol, Self

from configs.schema import BoostingConfig
from features.demand.panel import Array, Panel
from models.demand.members.boosting import Boosting
from models.demand.members.seasonal_level import SeasonalLevel
from models.demand.members.statistical import Statistical

DEFAULT = ("level", "boosting", "theta", "ces", "tsb", "sba", "imapa")


class Member(Protocol):
    """A model of expected demand. Local members learn nothing in `fit` and look at the panel in `mean`."""

    def fit(self, panel: Panel) -> Self:
        """Learn what all SKUs share."""
        ...

    def mean(self, panel: Panel, h: int) -> Array:
        """Expected demand of the h periods after the panel's end, shape (n, h); NaN where it has no opinion."""
        ...

    def save(self, folder: Path) -> None:
        """Write what `fit` learned into `folder`."""
        ...

    def restore(self, folder: Path) -> Self:
        """Read what `save` wrote."""
        ...


def make_members(
    names: tuple[str, ...] | None,
    *,
    season: int,
    h: int,
    boosting: BoostingConfig,
    seed: int,
    threads: int,
) -> dict[str, Member]:
    """The members by name; none named: the default set.

    Raises
    ------
    ValueError
        When a name is not known.
    """
    result: dict[str, Member] = {}
    for name in names or DEFAULT:
        if name == "level":
            result[name] = SeasonalLevel(season)
        elif name == "boosting":
            result[name] = Boosting(season, h, boosting, seed=seed, threads=threads)
        else:
            result[name] = Statistical(name, season)
    return result
