"""Years of lanes as they are and as a lever's lines would have them, played on the same luck."""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array, Distribution
from planning.actions.played_worth import PlayedYears, played_years
from planning.assessment import Assessment, as_played
from planning.inputs import numbers_by_sku
from planning.lanes.lane_terms import LaneTerms, PlanSetting, make_terms
from planning.levers.lever_catalog import lever
from planning.levers.lever_lines import OFFER_TERMS


@dataclass
class LeverPlays:
    """Plays of an assessment's lanes; a year of a chosen lane as it is is played once, whoever asks.

    Attributes
    ----------
    assessment : the day
    """

    assessment: Assessment
    _known: dict[int, tuple[Array, float]] = field(default_factory=dict, repr=False)
    _parts: dict[int, dict[str, float]] = field(default_factory=dict, repr=False)

    def now(self, skus: NDArray[np.intp]) -> PlayedYears:
        """Years of the chosen lanes of some SKUs (k,) as they are; of at least one."""
        new = np.array([sku for sku in np.unique(skus).tolist() if sku not in self._known], np.intp)
        if len(new):
            played = played_years(self.assessment, self.assessment.chosen_terms.select(new))
            for i, sku in enumerate(new.tolist()):
                self._known[sku] = (played.total[i], float(played.slope[i]))
                self._parts[sku] = {name: float(values[i]) for name, values in played.parts.items()}
        each = skus.tolist()
        return PlayedYears(
            total=np.stack([self._known[sku][0] for sku in each]),
            parts={name: np.array([self._parts[sku][name] for sku in each]) for name in self._parts[each[0]]},
            slope=np.array([self._known[sku][1] for sku in each]),
        )

    def then(self, lines: pd.DataFrame) -> PlayedYears:
        """Years of lines (k,) as they would be, with the reorder points that their targets then need; at least one."""
        review = lines["review_days"].astype(float).fillna(0.0).to_numpy()
        if not review.any():
            return played_years(self.assessment, self.terms(lines))
        rows = [np.flatnonzero(review == days) for days in np.unique(review)]
        parts = []
        for some in rows:
            plays = self.at_review(review[some[0]]) if review[some[0]] else self
            own = lines.iloc[some].reset_index(drop=True)
            parts.append(played_years(plays.assessment, plays.terms(own)))
        back = np.argsort(np.concatenate(rows))
        return PlayedYears(
            total=np.concatenate([part.total for part in parts])[back],
            parts={
                name: np.concatenate([part.parts[name] for part in parts])[back] for name in parts[0].parts
            },
            slope=np.concatenate([part.slope for part in parts])[back],
        )

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

        With the review period of the assessment: lines with another one are for `at_review`.
        """
        terms, items = self._by_formula(lines)
        return as_played(terms, self.assessment.forecast, items, self.assessment.setting)

    def formula_terms(self, lines: pd.DataFrame) -> LaneTerms:
        """Terms (k,) that lines would have by closed form alone, nothing played: a thousandth of the time."""
        return self._by_formula(lines)[0]

    def _by_formula(self, lines: pd.DataFrame) -> tuple[LaneTerms, pd.DataFrame]:
        """Terms (k,) of lines by closed form, and the items with the holding costs that they have then."""
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
        items = _with_holding(self.assessment.inputs.items, lines, setting)
        return make_terms(lanes, self.assessment.forecast, lead_time, items, setting), items

    def at_review(self, days: float) -> "LeverPlays":
        """The same with so many days between reviews, all else as it is."""
        setting = self.assessment.setting
        policy = setting.policy.model_copy(update={"review_period_days": days})
        return LeverPlays(replace(self.assessment, setting=replace(setting, policy=policy)))


def changed_lead_time(lead_time: Distribution, lines: pd.DataFrame) -> Distribution:
    """Lead times of lines (k,): their spread about the mean shrunk by `spread_factor`, then `earlier_days` sooner."""
    factor = lines["spread_factor"].astype(float).fillna(1.0).to_numpy()
    return steadier_and_sooner(lead_time, factor, lines["earlier_days"].astype(float).fillna(0.0).to_numpy())


def steadier_and_sooner(lead_time: Distribution, factor: Array, earlier: Array) -> Distribution:
    """Lead times (n) with a `factor` (n,) of their spread about the mean left, and so many days (n,) `earlier`."""
    mean = lead_time.mean()[:, None]
    values = mean + factor[:, None] * (lead_time.values - mean) - earlier[:, None]
    return Distribution(lead_time.levels, np.maximum(values, 0.0))


def _with_holding(items: pd.DataFrame, lines: pd.DataFrame, setting: PlanSetting) -> pd.DataFrame:
    """The items with the holding cost that remains to the SKUs of the lines."""
    factor = lines.set_index("unique_id")["holding_factor"].astype(float).dropna()
    if factor.empty:
        return items
    ids = factor.index.to_numpy(object)
    rate, a_period = (numbers_by_sku(items, name, ids) for name in ("holding_cost_rate", "holding_cost"))
    rate = np.where(np.isnan(rate), setting.policy.holding_cost_rate, rate)
    rest = items.drop_duplicates("unique_id", keep="last").set_index("unique_id")
    rest = rest.reindex(rest.index.union(factor.index))
    rest.loc[ids, ["holding_cost_rate", "holding_cost"]] = (
        np.stack([rate, a_period], axis=1) * factor.to_numpy()[:, None]
    )
    return rest.reset_index()
