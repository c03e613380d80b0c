"""Pilot and hold-out groups: eligible units in matched pairs, and a seeded coin in each pair.

Where one supplier's units would feel what is done to another of its units, all units of a supplier go together:
suppliers are matched instead, and a supplier is in the pilot or in the hold-out with all that is eligible of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import NOTHING, number
from distributions.distribution import Array
from features.contract.tables import DataError
from procurement.pilot.group_balance import group_balance
from procurement.pilot.nearest_pairs import mahalanobis_coordinates, nearest_pairs, scaled_ranks
from procurement.pilot.pair_differences import HOLD_OUT, PILOT

NUMERIC = ("log_value", "log_demand", "demand_cv", "lead_time", "lead_time_cv", "stock_cover")
"""Characteristics that are matched, as far as given: log of value and of quantity a year, coefficient of variation of
demand, mean lead time in days and its coefficient of variation, stock over mean demand."""
TEXT = ("category", "supplier_id", "abc_class")
"""Characteristics whose balance is shown, and within whose values pairs can be asked for."""

NOT_ELIGIBLE, NO_SUPPLIER = "not eligible", "no supplier known"
NO_PARTNER, TOO_FAR, NOT_DRAWN = "no partner in its stratum", "its partner is too far", "not drawn"


@dataclass(frozen=True)
class MatchingRule:
    """How units are chosen and matched.

    Attributes
    ----------
    only : column → the values that are eligible, such as `{"abc_class": ["A"]}`
    exact : columns in which both of a pair are the same
    pairs : pairs to draw at random of all that were matched; none: all
    caliper : largest distance of a pair, in standard deviations of ranks; none: any
    keep_suppliers_together : match suppliers instead of units
    """

    only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    exact: tuple[str, ...] = ()
    pairs: int | None = None
    caliper: float | None = None
    keep_suppliers_together: bool = False


@dataclass(frozen=True)
class MatchedGroups:
    """Who is in the pilot and who in the hold-out.

    Attributes
    ----------
    groups : `unit`, `pair` (from 1), `group` (pilot, hold_out), `distance` of the pair, `supplier_id` where given
    balance : a row a characteristic, see `group_balance`
    left_out : `unit`, `reason`
    warnings : a sentence for each characteristic out of balance
    """

    groups: pd.DataFrame
    balance: pd.DataFrame
    left_out: pd.DataFrame
    warnings: tuple[str, ...]


def matched_groups(units: pd.DataFrame, rule: MatchingRule, *, seed: int) -> MatchedGroups:
    """Choose pilot and hold-out among `units`: `unit` and any of NUMERIC and TEXT, in any order of rows.

    Raises
    ------
    DataError
        a unit is named twice or not at all, a column of the rule is missing, suppliers are to be kept together and
        matched within themselves, a characteristic is infinite
    """
    _check(units, rule)
    names = units["unit"].astype(str)
    units = (
        units.assign(unit=names).iloc[np.argsort(names.to_numpy(str), kind="stable")].reset_index(drop=True)
    )
    reason = _ineligible(units, rule)
    eligible = np.flatnonzero(reason == "")
    numeric = [name for name in NUMERIC if name in units]
    ranks = scaled_ranks(units.loc[eligible, numeric].to_numpy(float))
    stratum = _strata(units.loc[eligible, list(rule.exact)])
    member = np.arange(len(eligible))
    if rule.keep_suppliers_together:
        member = pd.factorize(units.loc[eligible, "supplier_id"].astype(str), sort=True)[0]
        ranks, stratum = _by_cluster(ranks, member), _most_common(stratum, member)
    pairs, distance = _matched(mahalanobis_coordinates(ranks), stratum, seed)
    reason[eligible] = NO_PARTNER
    pairs, distance, why = _drawn(pairs, distance, rule, seed)
    coin = np.random.default_rng([seed, 2]).random(len(pairs)) < 0.5
    placed = np.full((int(member.max()) + 1 if len(member) else 0, 2), -1)
    for text, chosen in why.items():
        reason[eligible[np.isin(member, chosen)]] = text
    placed[pairs[:, 0]] = np.column_stack([np.arange(len(pairs)), coin])
    placed[pairs[:, 1]] = np.column_stack([np.arange(len(pairs)), ~coin])
    pair, first = placed[member].T if len(member) else np.zeros((2, 0), int)
    reason[eligible[pair >= 0]] = ""
    return _answer(units, reason, (eligible[pair >= 0], pair[pair >= 0], first[pair >= 0] == 1), distance)


def _answer(
    units: pd.DataFrame,
    reason: NDArray[np.object_],
    placed: tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]],
    distance: Array,
) -> MatchedGroups:
    """Tables of the groups: rows of `units` that are placed, their pair, and whether they are in the pilot."""
    at, pair, in_pilot = placed
    columns = ["unit", *(["supplier_id"] if "supplier_id" in units else [])]
    groups = units.loc[at, columns].assign(
        pair=pair + 1, group=np.where(in_pilot, PILOT, HOLD_OUT), distance=distance[pair]
    )
    groups = groups.sort_values(["pair", "group", "unit"], ascending=[True, False, True], ignore_index=True)
    text = tuple(name for name in TEXT if name in units)
    shown = units[[*(name for name in NUMERIC if name in units), *text]]
    shown = shown.assign(**{name: shown[name].fillna(NOTHING) for name in text})
    pilot, hold_out = np.zeros((2, len(units)), bool)
    pilot[at[in_pilot]], hold_out[at[~in_pilot]] = True, True
    balance = group_balance(shown, pilot, hold_out, text=text)
    out = balance[balance["out_of_balance"]]
    warnings = tuple(
        f"{name} differs by {number(abs(gap), 2)} standard deviations between pilot and hold-out"
        for name, gap in zip(out["characteristic"], out["after"], strict=True)
    )
    left = reason != ""
    left_out = pd.DataFrame({"unit": units["unit"][left].to_numpy(object), "reason": reason[left]})
    return MatchedGroups(groups, balance, left_out, warnings)


def _check(units: pd.DataFrame, rule: MatchingRule) -> None:
    asked = ["unit", *rule.only, *rule.exact, *(["supplier_id"] if rule.keep_suppliers_together else [])]
    absent = [name for name in asked if name not in units]
    if absent:
        raise DataError(f"units of the pilot: no column {absent[0]}; give it, or take it out of the rule")
    if units["unit"].isna().any() or units["unit"].astype(str).duplicated().any():
        raise DataError("units of the pilot: a unit is named twice or not at all; name each once")
    if rule.keep_suppliers_together and "supplier_id" in rule.exact:
        raise DataError("matching rule: exact has supplier_id while suppliers are kept together; drop one")
    if rule.pairs is not None and rule.pairs < 1:
        raise DataError(f"matching rule: pairs is {rule.pairs}, expected a number ≥ 1")
    for name in NUMERIC:
        if name in units and np.isinf(units[name].to_numpy(float)).any():
            unit = units["unit"][np.isinf(units[name].to_numpy(float))].iloc[0]
            raise DataError(f"units of the pilot: {name} of {unit} is infinite; leave it empty instead")


def _ineligible(units: pd.DataFrame, rule: MatchingRule) -> NDArray[np.object_]:
    """Why each unit cannot be chosen; empty text where it can."""
    reason = np.full(len(units), "", object)
    for column, values in rule.only.items():
        reason[~units[column].astype(str).isin([str(value) for value in values]).to_numpy()] = NOT_ELIGIBLE
    if rule.keep_suppliers_together:
        reason[(reason == "") & units["supplier_id"].isna().to_numpy()] = NO_SUPPLIER
    return reason


def _strata(exact: pd.DataFrame) -> NDArray[np.intp]:
    """Number of each row's combination of values; a missing value is one of its own."""
    if not exact.shape[1]:
        return np.zeros(len(exact), np.intp)
    filled = exact.astype(object).where(exact.notna(), NOTHING).astype(str)
    return np.asarray(filled.groupby(list(exact.columns), sort=True).ngroup(), np.intp)


def _by_cluster(ranks: Array, member: NDArray[np.intp]) -> Array:
    """Mean ranks of each cluster's units, and how many they are."""
    size = np.bincount(member).astype(float)
    means = [np.bincount(member, column, minlength=len(size)) / size for column in ranks.T]
    return np.column_stack([*means, size])


def _most_common(stratum: NDArray[np.intp], member: NDArray[np.intp]) -> NDArray[np.intp]:
    """The stratum that most units of each cluster are in; of equals the first."""
    counts = pd.DataFrame({"member": member, "stratum": stratum}).value_counts().reset_index(name="units")
    counts = counts.sort_values(["member", "units", "stratum"], ascending=[True, False, True], kind="stable")
    return np.asarray(counts.drop_duplicates("member")["stratum"], np.intp)


def _matched(points: Array, stratum: NDArray[np.intp], seed: int) -> tuple[NDArray[np.intp], Array]:
    """Pairs (M, 2) of rows within strata and their distances, in the order of the pairs' first row."""
    order = np.argsort(stratum, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(stratum[order])) + 1)
    found = [(part, *nearest_pairs(points[part], seed)) for part in parts if len(part) > 1]
    pairs = np.concatenate([np.zeros((0, 2), np.intp), *(part[pairs] for part, pairs, _ in found)])
    distance = np.concatenate([np.zeros(0), *(each for _, _, each in found)])
    first = np.argsort(pairs.min(axis=1), kind="stable") if len(pairs) else np.zeros(0, np.intp)
    return pairs[first], distance[first]


def _drawn(
    pairs: NDArray[np.intp], distance: Array, rule: MatchingRule, seed: int
) -> tuple[NDArray[np.intp], Array, dict[str, NDArray[np.intp]]]:
    """Pairs near enough, as many as are wanted; and which rows are left out for which reason."""
    near = distance <= (np.inf if rule.caliper is None else rule.caliper)
    why = {TOO_FAR: pairs[~near].ravel()}
    pairs, distance = pairs[near], distance[near]
    if rule.pairs is not None and rule.pairs < len(pairs):
        drawn = np.sort(np.random.default_rng([seed, 1]).permutation(len(pairs))[: rule.pairs])
        why[NOT_DRAWN] = np.delete(pairs, drawn, axis=0).ravel()
        pairs, distance = pairs[drawn], distance[drawn]
    return pairs, distance, why
