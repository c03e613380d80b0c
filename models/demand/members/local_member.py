"""Local members: estimated anew on every panel, SKU by SKU, so that they have no fitted state to save."""

from pathlib import Path
from typing import Self

from features.demand.panel import Panel


class LocalMember:
    """Base of members that estimate each SKU by itself on the panel they forecast, and store nothing."""

    def fit(self, panel: Panel) -> Self:  # noqa: ARG002
        """Learn nothing: a local member has no parameters that SKUs share."""
        return self

    def save(self, folder: Path) -> None:
        """Write nothing: a local member has no fitted state."""

    def restore(self, folder: Path) -> Self:  # noqa: ARG002
        """Read nothing: a local member has no fitted state."""
        return self
