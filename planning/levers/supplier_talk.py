"""Talks with a supplier about what holds for all that is bought there: one action each, with what it means by SKU."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.actions.action_table import act_by_next_order, action_rows, confidence
from planning.actions.played_worth import PlayedWorth
from planning.assessment import Assessment
from planning.levers.bundles import line_facts
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays

LIKELY = 0.5
"""Chance of paying its effort that a proposal has at least."""

MOST_PLAYED = 800
"""Lanes that a lever on suppliers plays, those of the suppliers with the most at stake."""


@dataclass(frozen=True)
class Talk:
    """A talk with one supplier.

    Attributes
    ----------
    skus : rows of the forecast (k,) that it is about
    saved : array (k, M), money a year that it saves with each, in each scenario
    says : what changes for each
    facts : numbers behind the evidence, by name
    terms : what its lines set anew, by name, (k,) or one value; None: it has no lines that a play could set
    besides : array (M,) or number, money a year that it saves beyond what its SKUs do
    assumed : it rests on an assumption that no data bear out: nobody can be sure of it
    """

    skus: NDArray[np.intp]
    saved: Array
    says: list[str]
    facts: Mapping[str, Any]
    terms: Mapping[str, Any] | None = None
    besides: Array | float = 0.0
    assumed: bool = False


def talk_result(
    plays: LeverPlays, kind: str, talks: list[Talk], describe: Callable[[str, Any], tuple[str, str]]
) -> LeverResult:
    """The talks of a kind that are worth more than their effort, and the policy's minimum, as actions with lines.

    What is less likely than not to pay its effort is left out.

    Parameters
    ----------
    describe : title and evidence from the currency and a row with `supplier`, `worth`, `lines` and the facts
    """
    effort = plays.effort(kind)
    least = max(effort, plays.assessment.setting.policy.minimum_action_value)
    worth = [_worth(talk, effort, plays.assessment.inputs.common_error) for talk in talks]
    kept = [i for i, each in enumerate(worth) if each.mean[0] > least and each.chance[0] >= LIKELY]
    if not kept:
        return LeverResult()
    rows = [_action(plays.assessment, kind, talks[i], worth[i], describe) for i in kept]
    actions = pd.concat(rows, ignore_index=True)
    playable = [(n, talks[i]) for n, i in enumerate(kept) if talks[i].terms is not None]
    if not playable:
        return LeverResult(actions)
    lines = pd.concat([_lines(plays.assessment, talk) for _, talk in playable], ignore_index=True)
    return LeverResult.of(actions, lines, [n for n, talk in playable for _ in talk.skus])


def by_supplier(assessment: Assessment, skus: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Positions (k,) in `skus` of those bought from each supplier, one array a supplier."""
    suppliers = assessment.chosen_terms.lanes["supplier_id"].to_numpy(object)[skus].astype(str)
    return [np.flatnonzero(suppliers == name) for name in np.unique(suppliers)]


def playable_skus(assessment: Assessment) -> NDArray[np.bool_]:
    """SKUs (n,) that are bought on an offer, and all whose costs are known: a talk about them can be priced."""
    terms = assessment.chosen_terms
    offered = terms.lanes["has_offer"].to_numpy(bool) & terms.lanes["supplier_id"].notna().to_numpy(bool)
    return np.asarray(offered & terms.bought & terms.costs.known & ~terms.limits.impossible)


def of_most_at_stake(assessment: Assessment, stake: Array, least: float) -> NDArray[np.intp]:
    """SKUs (k,) of the suppliers with more than the `least` at `stake` (n,), as many as a lever may play.

    Where a supplier has none at stake with a SKU, the talk is about it all the same: it holds for all.
    """
    asked = playable_skus(assessment)
    suppliers = assessment.chosen_terms.lanes["supplier_id"].to_numpy(object)
    by_name = pd.Series(np.where(asked, np.nan_to_num(stake), 0.0)).groupby(suppliers).sum()
    by_name = by_name[by_name > least].sort_values(ascending=False, kind="stable")
    sizes = pd.Series(asked).groupby(suppliers).sum().reindex(by_name.index)
    kept = by_name.index[(sizes.cumsum() - sizes < MOST_PLAYED).to_numpy()]
    return np.flatnonzero(asked & np.isin(suppliers, kept.to_numpy(object)))


def counted(lines: Sequence[object]) -> str:
    """How many SKUs an action is about, in words."""
    return "1 SKU" if len(lines) == 1 else f"{len(lines)} SKUs"


def _worth(talk: Talk, effort: float, common_error: float) -> PlayedWorth:
    saved = talk.saved.sum(axis=0) + talk.besides
    common = common_error if len(talk.skus) > 1 else 0.0
    return PlayedWorth.of_saved(saved[None], effort, common_error=common)


def _lines(assessment: Assessment, talk: Talk) -> pd.DataFrame:
    """Lines of a talk, one a SKU."""
    ids = assessment.forecast.unique_ids[talk.skus].tolist()
    lanes = assessment.chosen_lane[talk.skus].tolist()
    return lever_lines(ids, lanes, worth=talk.saved.mean(axis=1), **dict(talk.terms or {}))


def _action(
    assessment: Assessment,
    kind: str,
    talk: Talk,
    worth: PlayedWorth,
    describe: Callable[[str, Any], tuple[str, str]],
) -> pd.DataFrame:
    """The action of a talk, one row."""
    lanes = assessment.chosen_terms.lanes.iloc[talk.skus]
    first = int(np.argmax(talk.saved.mean(axis=1)))
    seen = confidence(assessment, assessment.chosen_lane[talk.skus[[first]]])
    seen = np.where(talk.assumed & (seen == "high"), "medium", seen)
    head = pd.DataFrame(
        {
            "kind": kind,
            "unique_id": "",
            "supplier_id": [lanes["supplier_id"].iloc[0]],
            "alternative_supplier_id": None,
            "subject": "",
            "quantity": np.nan,
            "worth": worth.mean,
            "worth_period": "year",
            "act_by": act_by_next_order(assessment)[talk.skus].min(),
            "confidence": worth.confidence(seen),
        }
    )
    names = assessment.names
    called = [names.sku(name) for name in lanes["unique_id"].tolist()]
    says = [f"{name} {what}" for name, what in zip(called, talk.says, strict=True)]
    lines = line_facts(lanes, talk.saved.mean(axis=1), says, called)
    facts = pd.DataFrame([{"lines": lines, **talk.facts}]).assign(**worth.facts())
    return action_rows(assessment, head, facts, partial(describe, assessment.inputs.currency))
