"""Years of lanes as they are and as a lever's lines would have them, played on the same luck."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array, Distribution
from planning.actions.played_worth import PlayedYears, played_years
from planning.assessment import Assessment, as_played
from planning.lanes.lane_terms import LaneTerms, make_terms
from planning.levers.lever_catalog import lever
from planning.levers.lever_lines import LINE_COLUMNS, OFFER_TERMS

_CHANGES = [name for name in LINE_COLUMNS if name not in ("action_id", "worth")]

_AS_IT_IS = np.inf
"""Value of a setting of which a line says nothing."""

Key = TypeVar("Key", bound=Hashable)


class _Kept(Generic[Key]):
    """Years that were played, by what they are of."""

    def __init__(self) -> None:
        self.years: dict[Key, tuple[PlayedYears, int]] = {}

    def unknown(self, keys: Sequence[Key]) -> dict[Key, int]:
        """Those of the `keys` that were not played yet, with the first place of each."""
        return {keys[i]: i for i in reversed(range(len(keys))) if keys[i] not in self.years}

    def keep(self, keys: Sequence[Key], played: PlayedYears) -> None:
        """Keep the years of `keys` (n,)."""
        self.years |= {key: (played, i) for i, key in enumerate(keys)}

    def of(self, keys: Sequence[Key]) -> PlayedYears:
        """Years of `keys` (k,), at least one."""
        found = [self.years[key] for key in keys]
        names = found[0][0].parts
        return PlayedYears(
            total=np.stack([played.total[i] for played, i in found]),
            parts={name: np.array([played.parts[name][i] for played, i in found]) for name in names},
            slope=np.array([played.slope[i] for played, i in found]),
        )


@dataclass
class LeverPlays:
    """Plays of an assessment's lanes; a year of a lane, as it is or on other terms, is played once, whoever asks.

    Attributes
    ----------
    assessment : the day
    """

    assessment: Assessment
    _as_it_is: "_Kept[int]" = field(default_factory=_Kept, repr=False)
    _changed: "_Kept[tuple[object, ...]]" = field(default_factory=_Kept, repr=False)

    def now(self, skus: NDArray[np.intp]) -> PlayedYears:
        """Years of the chosen lanes of some SKUs (k,) as they are; of at least one."""
        each = skus.tolist()
        new = np.array(sorted(self._as_it_is.unknown(each)), np.intp)
        if len(new):
            played = played_years(self.assessment, self.assessment.chosen_terms.select(new))
            self._as_it_is.keep(new.tolist(), played)
        return self._as_it_is.of(each)

    def then(self, lines: pd.DataFrame) -> PlayedYears:
        """Years of lines (k,) as they would be, with the reorder points that their targets then need; at least one."""
        keys = _keys(lines)
        new = list(self._changed.unknown(keys).values())
        some = lines.iloc[new].reset_index(drop=True)
        for plays, rows in self.in_settings(some):
            played = played_years(plays.assessment, plays.terms(some.iloc[rows].reset_index(drop=True)))
            self._changed.keep([keys[new[row]] for row in rows], played)
        return self._changed.of(keys)

    def saved(self, lines: pd.DataFrame) -> Array:
        """What lines save against the year as it is, (k, M) over the scenarios, money a year."""
        return np.asarray(self.now(self.skus(lines)).total - self.then(lines).total)

    def effort(self, kind: str) -> float:
        """What carrying out an action of a kind costs, money."""
        return float(getattr(self.assessment.setting.policy.effort, lever(kind).effort))

    def skus(self, lines: pd.DataFrame) -> NDArray[np.intp]:
        """Rows of the forecast (k,) that lines are about."""
        return np.asarray(self.assessment.forecast.rows(lines["unique_id"]), np.intp)

    def terms(self, lines: pd.DataFrame) -> LaneTerms:
        """Terms (k,) that lines would have, met in play.

        In the setting of the assessment: lines with another one are for `in_settings`.
        """
        assessment = self.assessment
        return as_played(
            self.formula_terms(lines), assessment.forecast, assessment.inputs.items, assessment.setting
        )

    def formula_terms(self, lines: pd.DataFrame) -> LaneTerms:
        """Terms (k,) that lines would have by closed form alone, nothing played: a thousandth of the time."""
        given, setting = self.assessment.lane_terms, self.assessment.setting
        rows = lines["lane"].to_numpy(np.intp)
        lanes = given.lanes.iloc[rows].reset_index(drop=True)
        for name in OFFER_TERMS:
            new = lines[name].to_numpy(object)
            said = pd.notna(new)
            if said.any():
                old = lanes[name].astype(object).to_numpy()
                values = np.where(said, new, old)
                values[values == ""] = None
                lanes[name] = values.astype(float) if lanes[name].dtype.kind == "f" else values
        lead_time = changed_lead_time(given.lead_time[rows], lines)
        for name in ("holding_factor", "price_factor"):
            lanes[name] = lines[name].astype(float).fillna(1.0).to_numpy()
        return make_terms(lanes, self.assessment.forecast, lead_time, self.assessment.inputs.items, setting)

    def in_settings(self, lines: pd.DataFrame) -> list[tuple["LeverPlays", NDArray[np.intp]]]:
        """Plays of the settings that lines (k,) have, each with the rows of those that have it.

        A setting is what holds beside a lane's own terms: days between reviews, and how far delays go with demand.
        """
        said = lines[["review_days", "delays_with_demand"]].astype(float).fillna(_AS_IT_IS).to_numpy()
        settings, row = np.unique(said, axis=0, return_inverse=True)
        each = enumerate(settings.tolist())
        return [(self._in_setting(*values), np.flatnonzero(row == k)) for k, values in each]

    def _in_setting(self, review: float, with_demand: float) -> "LeverPlays":
        """The same with so many days between reviews, and delays that go with demand so far."""
        if review == with_demand == _AS_IT_IS:
            return self
        setting = self.assessment.setting
        if review != _AS_IT_IS:
            policy = setting.policy.model_copy(update={"review_period_days": review})
            setting = replace(setting, policy=policy)
        if with_demand != _AS_IT_IS:
            setting = replace(setting, delays_with_demand=with_demand)
        return LeverPlays(replace(self.assessment, setting=setting))


def changed_lead_time(lead_time: Distribution, lines: pd.DataFrame) -> Distribution:
    """Lead times of lines (k,): their spread about the mean shrunk by `spread_factor`, then `earlier_days` sooner."""
    factor = lines["spread_factor"].astype(float).fillna(1.0).to_numpy()
    return steadier_and_sooner(lead_time, factor, lines["earlier_days"].astype(float).fillna(0.0).to_numpy())


def steadier_and_sooner(lead_time: Distribution, factor: Array, earlier: Array) -> Distribution:
    """Lead times (n) with a `factor` (n,) of their spread about the mean left, and so many days (n,) `earlier`."""
    mean = lead_time.mean()[:, None]
    values = mean + factor[:, None] * (lead_time.values - mean) - earlier[:, None]
    return Distribution(lead_time.levels, np.maximum(values, 0.0))


def _keys(lines: pd.DataFrame) -> list[tuple[object, ...]]:
    """What each line (k,) changes, whoever's it is: lines of one key play the same."""
    said = lines[_CHANGES].astype(object)
    return list(said.where(said.notna(), None).itertuples(index=False, name=None))
