"""Members that learn nothing shared."""

from pathlib import Path
from typing import Self

from features.demand.panel import Panel


class Local:
    """A member that re-estimates itself on whatever panel it is shown, and so keeps nothing."""

    def fit(self, panel: Panel) -> Self:  # noqa: ARG002
        """Nothing shared to learn."""
        return self

    def save(self, folder: Path) -> None:
        """Nothing to write."""

    def restore(self, folder: Path) -> Self:  # noqa: ARG002
        """Nothing to read."""
        return self
