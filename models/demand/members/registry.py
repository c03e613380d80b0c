"""Registry of the ensemble's members: what each can do, and how they are made from their names."""

from pathlib import Path
from typing import Protocol, Self

from configs.schema import BoostingConfig
from features.demand.panel import Array, Panel
from models.demand.members.boosting import Boosting
from models.demand.members.seasonal_level import SeasonalLevel
from models.demand.members.statistical import Statistical

DEFAULT_MEMBERS = ("level", "boosting", "theta", "ces", "tsb", "sba", "imapa")


class Member(Protocol):
    """A model of expected demand. Local members learn nothing in `fit` and are estimated on the panel in `mean`."""

    def fit(self, panel: Panel) -> Self:
        """Learn the parameters that all SKUs of the panel share."""
        ...

    def mean(self, panel: Panel, h: int) -> Array:
        """Expected demand of the h periods after the panel's end, (n, h); NaN where the member has no forecast."""
        ...

    def save(self, folder: Path) -> None:
        """Write the member's fitted state into `folder`."""
        ...

    def restore(self, folder: Path) -> Self:
        """Read the member's fitted state as `save` wrote it."""
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
    """Make unfitted members by their registered names; the default set when no names are given.

    Raises
    ------
    ValueError
        When a name is not known.
    """
    result: dict[str, Member] = {}
    for name in names or DEFAULT_MEMBERS:
        if name == "level":
            result[name] = SeasonalLevel(season)
        elif name == "boosting":
            result[name] = Boosting(season, h, boosting, seed=seed, threads=threads)
        else:
            result[name] = Statistical(name, season)
    return result
