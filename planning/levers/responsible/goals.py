"""Goals for whom is bought from: the share of a category's spend with suppliers of a kind, or with one supplier."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.assessment import Assessment
from planning.levers.moves import yearly_spend

FLAGS = {"local": "is_local", "diverse": "is_diverse", "certified": "is_certified"}
"""Kind of supplier → its column of `suppliers`."""

MOST_FROM_ONE = "most_from_one"
ALL = "all"
"""Name of the goals for everything that is bought."""


@dataclass(frozen=True)
class Goal:
    """A goal.

    Attributes
    ----------
    category : of the SKUs it is about, or `ALL`
    of : a kind of supplier of `FLAGS`, or `MOST_FROM_ONE`
    share : of the spend, at least, or at most with one supplier; NaN: none is set
    """

    category: str
    of: str
    share: float


def goals(assessment: Assessment) -> Iterator[Goal]:
    """The goals that the policy sets, in the order of its categories."""
    for category, each in assessment.setting.policy.responsible.goals.items():
        for of in (*FLAGS, MOST_FROM_ONE):
            share = getattr(each, of)
            if share is not None:
                yield Goal(category, of, float(share))


def categories(assessment: Assessment) -> NDArray[np.object_]:
    """Category (n,) of each SKU, empty where it has none."""
    found = assessment.chosen_terms.lanes["category"].astype(object)
    return np.asarray(found.where(found.notna(), "").astype(str).to_numpy(object))


def of_category(each: NDArray[np.object_], category: str) -> NDArray[np.bool_]:
    """SKUs (n,) that goals of a category are about, by the `categories` of each."""
    return np.ones(len(each), bool) if category == ALL else np.asarray(each == category, bool)


def lanes_of_kind(assessment: Assessment, of: str) -> NDArray[np.bool_]:
    """Lanes (all,) whose supplier is of a kind of `FLAGS`; of whom nothing is said, it is not."""
    suppliers, column = assessment.inputs.suppliers, FLAGS[of]
    if column not in suppliers:
        return np.zeros(len(assessment.lane_terms.lanes), bool)
    flags = suppliers[column].astype("boolean").fillna(value=False).to_numpy(bool)
    return np.asarray(
        assessment.lane_terms.lanes["supplier_id"].isin(suppliers.loc[flags, "supplier_id"]), bool
    )


def share_now(assessment: Assessment, skus: NDArray[np.bool_], lanes: NDArray[np.bool_]) -> float:
    """Share of the spend on some `skus` (n,) that goes through some of the `lanes` (all,); NaN without spend."""
    spend = np.where(skus, yearly_spend(assessment), 0.0)
    total = float(spend.sum())
    return float(spend[lanes[assessment.chosen_lane]].sum()) / total if total > 0 else float("nan")


def largest_supplier(assessment: Assessment, skus: NDArray[np.bool_]) -> tuple[str, float]:
    """The supplier with most of the spend on some `skus` (n,), and its share; an empty name without spend."""
    rows = np.flatnonzero(skus)
    supplier = assessment.chosen_terms.lanes["supplier_id"].iloc[rows].fillna("").astype(str)
    sums = pd.Series(yearly_spend(assessment)[rows]).groupby(supplier.to_numpy(object)).sum()
    if not sums.sum() > 0:
        return "", float("nan")
    return str(sums.idxmax()), float(sums.max() / sums.sum())
