"""Covariate features: a SKU's own price, promotion … and those of the other SKUs of its groups."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from features.demand.feature_rows.prefix_sums import PrefixSums
from features.demand.panel import Array, Panel
from features.demand.sku_groups import groupings

Codes = NDArray[np.int64]

Suffix = tuple[str | None, ...]
"""What a feature says of its covariate: ("usual",) … ("around", column of `items`), ("around", None) of all SKUs."""

_PREFIX = "covariate("


def covariate_feature(name: str, suffix: Suffix) -> str:
    """Name of a covariate's feature, which no other feature has, whatever covariates and columns are called."""
    return f"covariate{(name, *suffix)!r}"


def is_covariate_feature(feature: str) -> bool:
    """Whether `covariate_feature` gave the name; no other feature's name begins so."""
    return feature.startswith(_PREFIX)


def plain_covariate_feature(name: str, suffix: Suffix) -> str:
    """Name of a covariate's feature in bundles from before these names were told apart from all others."""
    return "_".join((name, *(part or "all" for part in suffix)))


@dataclass(frozen=True)
class GroupChange:
    """Mean change of a covariate among the SKUs of each group.

    Attributes
    ----------
    codes : int array (n,), group of each SKU
    change : array (G, T + future), mean of value less recent mean
    """

    codes: Codes
    change: Array


@dataclass(frozen=True)
class Covariate:
    """One covariate, ready for its features to be looked up.

    Attributes
    ----------
    own : prefix sums of its values
    window : periods whose mean is the usual value
    known : whether it is known in advance
    around : column of `items` that groups, none: all SKUs → change in its groups; only when known in advance
    """

    own: PrefixSums
    window: int
    known: bool
    around: dict[str | None, GroupChange]

    @classmethod
    def of(cls, panel: Panel, name: str, window: int) -> Self:
        """The panel's covariate `name`, with changes against the mean of `window` periods."""
        values, known = panel.covariates[name], name in panel.known
        own = PrefixSums.of(values)
        if not known:
            return cls(own, window, known, {})
        change = _change_from_mean(values, own, window)
        groups: list[tuple[str | None, Codes]] = [
            (None, np.zeros(len(panel), np.int64)),
            *groupings(panel).items(),
        ]
        around = {kind: GroupChange(codes, _group_means(change, codes)) for kind, codes in groups}
        return cls(own, window, known, around)

    def rows(self, i: Codes, t: Codes, k: Codes) -> dict[Suffix, Array]:
        """Covariate features of SKU i, k periods after an origin that saw t periods; suffix → array (R,)."""
        then = t + k - 1
        usual = self.own.mean(i, t - self.window, t)
        divisor = np.where(usual == 0, np.nan, usual)
        out: dict[Suffix, Array] = {
            ("usual",): usual,
            ("change",): self.own.mean(i, t - 1, t) / divisor,
        }
        if self.known:
            ahead = self.own.mean(i, then, then + 1)
            out |= {
                ("ahead",): ahead,
                ("ahead_change",): ahead / divisor,
                ("before",): self.own.mean(i, then - 1, then),
            }
        for kind, group in self.around.items():
            at = np.minimum(then, group.change.shape[1] - 1)
            out["around", kind] = group.change[group.codes[i], at]
        return out


def _change_from_mean(values: Array, own: PrefixSums, window: int) -> Array:
    """Change of a covariate: value less its mean in the `window` periods before, (n, T); 0 where one is not known."""
    i, t = np.meshgrid(*map(np.arange, values.shape), indexing="ij")
    return np.nan_to_num(values - own.mean(i, np.maximum(t - window, 0), t))


def _group_means(values: Array, codes: Codes) -> Array:
    """Mean change of a covariate over the SKUs of each group, (G, T)."""
    total = np.zeros((int(codes.max(initial=0)) + 1, values.shape[1]))
    np.add.at(total, codes, values)
    return np.asarray(total / np.maximum(np.bincount(codes, minlength=len(total)), 1)[:, None])
