"""What changed between two plans: reorder points and order quantities that moved, each split into its causes."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from distributions.parallel import map_in_threads, row_chunks
from planning.changes import causes
from planning.changes.causes import CAUSES, REPLACED
from planning.changes.decision_basis import DecisionBasis
from planning.changes.mixed_demand import PlanSide, same_levels
from planning.changes.mixed_plans import MixedPlans
from planning.changes.plan_record import PlanRecord
from planning.changes.split_by_cause import split_by_cause
from planning.policy.targets import FILL

MOST_SPLIT = 5_000
"""SKUs that are split by cause, those with the most money moved first: a hundred thousand would take a minute."""

NUMBERS = ("reorder_point", "order_quantity")
PART_COLUMNS = {number: [f"{number}_{cause}" for cause in CAUSES] for number in NUMBERS}
"""Number → the columns of its parts, one a cause."""

_TOLERANCE = 1e-9
_CHUNK = 500  # rows at a time: keeps the work arrays of a chunk within the processor's cache
_SAID = {
    "expected_lead_time_demand": "lead_time_demand",
    "target_level": "target_level",
    "inventory_position": "inventory_position",
    "lead_time": "lead_time",
    "lead_time_sd": "lead_time_sd",
}
"""Column of a plan → what it is called where both plans' are told."""

_MOVED = [
    "unique_id", "supplier_id", "supplier_before", "unit_price", "money", "order_money",
    *(name for number in NUMBERS for name in (f"{number}_before", number)),
    *(name for said in _SAID.values() for name in (f"{said}_before", said)),
]  # fmt: skip
COLUMNS = [*_MOVED, *(column for number in NUMBERS for column in PART_COLUMNS[number])]


def moved_skus(old: PlanRecord, new: PlanRecord) -> pd.DataFrame:
    """SKUs whose reorder point or order quantity differs between two plans, the most money moved first.

    A number that one of the plans does not have counts as 0 there.

    Returns
    -------
    DataFrame
        unique_id, supplier_id and supplier_before; reorder_point, order_quantity, lead_time_demand, target_level,
        inventory_position, lead_time and lead_time_sd (days), each with its value `_before`; unit_price (the new
        plan's, else the old one's), order_money (change of the order × unit price) and money (the larger of that and of
        the change of the reorder point × unit price, both without their sign)
    """
    both = _described(new).merge(_described(old), on="unique_id", how="outer", suffixes=("", "_before"))
    both = both.rename(columns={"supplier_id_before": "supplier_before"})
    for number in NUMBERS:
        for column in (number, f"{number}_before"):
            both[column] = both[column].fillna(0.0)
    change = {number: both[number] - both[f"{number}_before"] for number in NUMBERS}
    price = both["unit_price"].fillna(both["unit_price_before"]).fillna(0.0)
    both["unit_price"] = price
    both["order_money"] = change["order_quantity"] * price
    both["money"] = np.maximum(both["order_money"].abs(), change["reorder_point"].abs() * price)
    moved = both[np.any([change[number].abs() > _TOLERANCE for number in NUMBERS], axis=0)]
    moved = moved.sort_values(["money", "unique_id"], ascending=[False, True], ignore_index=True)
    for supplier in ("supplier_id", "supplier_before"):
        moved[supplier] = moved[supplier].astype(object).where(moved[supplier].notna(), None)
    return moved[_MOVED]


def skus_to_split(moved: pd.DataFrame, old: PlanRecord, new: PlanRecord) -> NDArray[np.object_]:
    """SKUs of the `moved` ones that can be split by cause: both plans decided on them and kept on what basis."""
    known = moved["unique_id"].isin(old.basis["unique_id"]) & moved["unique_id"].isin(new.basis["unique_id"])
    return np.asarray(moved.loc[known, "unique_id"].head(MOST_SPLIT), dtype=object)


def plan_changes(
    moved: pd.DataFrame,
    old: PlanRecord,
    new: PlanRecord,
    *,
    forecasts: tuple[DemandForecast, DemandForecast] | None,
) -> pd.DataFrame:
    """The table of what changed: the `moved` SKUs with the parts of their changes by cause, which sum to the changes.

    Parameters
    ----------
    moved : of `moved_skus`
    forecasts : of the old and the new plan, of all SKUs to be split; none where there are none
    """
    change = {number: (moved[number] - moved[f"{number}_before"]).to_numpy(float) for number in NUMBERS}
    parts = {number: dict.fromkeys(CAUSES, np.zeros(len(moved))) for number in NUMBERS}
    split = np.zeros(len(moved), bool)
    ids = skus_to_split(moved, old, new)
    if forecasts is not None and len(ids) and same_levels(*forecasts):
        at = pd.Index(moved["unique_id"]).get_indexer(ids)
        split[at] = True
        sides = [_side(record, forecast, ids) for record, forecast in zip((old, new), forecasts, strict=True)]
        ordered = tuple(
            moved[name].to_numpy(float)[at] for name in ("order_quantity_before", "order_quantity")
        )
        for cause, values in _split(sides[0], sides[1], (ordered[0], ordered[1])).items():
            for row, number in enumerate(NUMBERS):
                parts[number][cause] = _placed(values[row], at, len(moved))
    planned = [moved["unique_id"].isin(_planned(record)).to_numpy(bool) for record in (old, new)]
    rest = np.where(planned[0] & planned[1], causes.NOT_SPLIT, causes.ASSORTMENT)
    for number in NUMBERS:
        for cause in (causes.NOT_SPLIT, causes.ASSORTMENT):
            parts[number][cause] = np.where(~split & (rest == cause), change[number], 0.0)
    columns = {f"{number}_{cause}": parts[number][cause] + 0.0 for number in NUMBERS for cause in CAUSES}
    return pd.concat([moved, pd.DataFrame(columns, index=moved.index)], axis=1)[COLUMNS]


def no_changes() -> pd.DataFrame:
    """The table of what changed before there is a plan to compare with: without rows."""
    texts = ("unique_id", "supplier_id", "supplier_before")
    return pd.DataFrame({name: pd.Series(dtype=object if name in texts else float) for name in COLUMNS})


def sku_parts(row: Mapping[str, float], number: str) -> dict[str, float]:
    """Parts of the change of a `number` in a row of the table, cause → units, without those that are 0."""
    parts = {cause: float(row[f"{number}_{cause}"]) for cause in CAUSES}
    return {cause: part for cause, part in parts.items() if abs(part) > _TOLERANCE}


def _planned(record: PlanRecord) -> pd.Series:
    """SKUs that a plan has numbers of."""
    return record.plan.loc[record.plan["reorder_point"].notna(), "unique_id"]


def _described(record: PlanRecord) -> pd.DataFrame:
    """Numbers of a plan that are compared or said, a row a SKU."""
    chosen = record.lead_time[record.lead_time["chosen"]]
    lead_time = chosen.rename(columns={"mean": "lead_time", "std": "lead_time_sd"})
    names = ["unique_id", "supplier_id", *NUMBERS, "unit_price", *_SAID]
    plan = record.plan.drop_duplicates("unique_id")
    described = plan.merge(lead_time[["unique_id", "lead_time", "lead_time_sd"]], on="unique_id", how="left")
    return described.reindex(columns=names).rename(columns=_SAID)


def _side(record: PlanRecord, forecast: DemandForecast, ids: NDArray[np.object_]) -> PlanSide:
    """One of the two plans, of the SKUs `ids` (k,)."""
    rows = pd.Index(record.basis["unique_id"]).get_indexer(ids)
    elapsed = float((record.as_of - pd.Timestamp(forecast.starts[0])) / pd.Timedelta(days=1))
    basis = DecisionBasis.read(record.basis.iloc[rows])
    return PlanSide(forecast.select(forecast.rows(ids)), elapsed, basis)


def _split(old: PlanSide, new: PlanSide, ordered: tuple[Array, Array]) -> dict[str, Array]:
    """Parts of the changes of reorder point and order, cause → units (2, k), of the k SKUs of both sides."""
    by_fill = (old.basis.kind == FILL) | (
        new.basis.kind == FILL
    )  # their formula is dearer, so they go together
    order = np.argsort(by_fill, kind="stable")

    def part(rows: NDArray[np.intp]) -> dict[str, Array]:
        before, after = (
            PlanSide(side.forecast.select(rows), side.elapsed, side.basis.select(rows)) for side in (old, new)
        )
        plans = MixedPlans(before, after, ordered=(ordered[0][rows], ordered[1][rows]))
        return split_by_cause(plans.numbers, REPLACED)

    chunks = row_chunks(order, _CHUNK)
    found = list(map_in_threads(part, chunks))
    back = np.argsort(order, kind="stable")
    return {cause: np.concatenate([some[cause] for some in found], axis=1)[:, back] for cause in REPLACED}


def _placed(values: Array, rows: NDArray[np.intp], n: int) -> Array:
    """Parts `values` (k,) in the `rows` (k,) of n, 0 elsewhere."""
    result = np.zeros(n)
    result[rows] = values
    return result
