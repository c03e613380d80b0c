"""What every member of the ensemble can do, and which members there are."""

from pathlib import Path
from typing import Protocol, Self

from features.panel import Array, Panel
from models.demand.level import SeasonalLevel


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


class Local:
    """A member that learns nothing from other periods than those it is shown."""

    def fit(self, panel: Panel) -> Self:  # noqa: ARG002
        """Nothing to learn."""
        return self

    def save(self, folder: Path) -> None:
        """Nothing to write."""

    def restore(self, folder: Path) -> Self:  # noqa: ARG002
        """Nothing to read."""
        return self


class LevelMember(Local):
    """`SeasonalLevel` as a member."""

    def __init__(self, season: int) -> None:
        self.model = SeasonalLevel(season)

    def mean(self, panel: Panel, h: int) -> Array:
        """Level × season."""
        return self.model.mean(panel, h)


def make_members(
    names: tuple[str, ...] | None, *, season_length: int, h: int, seed: int, threads: int
) -> dict[str, Member]:
    """The members by name; none named: all."""
    return {"level": LevelMember(season_length)}
