"""The outlook of spend: by month what was spent and what will be, with its range, and what becomes of each budget."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.budget_period import budget_period
from distributions.distribution import Array
from planning.played_ahead.spend_ahead import SpendAhead

SPEND_MONTHS = {
    "month": "object", "spent": "float64", "forecast_low": "float64", "forecast": "float64",
    "forecast_high": "float64", "budget": "float64",
}  # fmt: skip
"""Column of the table of spend by month → dtype."""
BUDGET_OUTLOOK = {
    "budget": "object", "period": "object", "starts": "datetime64[ns]", "ends": "datetime64[ns]",
    "category": "object", "supplier_id": "object", "department": "object", "amount": "float64", "spent": "float64",
    "projected_low": "float64", "projected": "float64", "projected_high": "float64", "over_chance": "float64",
    "over_on": "datetime64[ns]", "over_by": "float64", "state": "object",
}  # fmt: skip
"""Column of the table of what becomes of budgets → dtype."""

PAST, RUNNING, COMING = "past", "running", "coming"
LOW, HIGH = 0.1, 0.9
"""Of ten years eight lie within the range of a forecast."""

_DAY = np.timedelta64(1, "D")
_YEAR = pd.Timedelta(days=365)
_SCOPES = ["category", "supplier_id", "department"]


@dataclass(frozen=True)
class SpendScope:
    """Whose spend a budget is about; None: everybody's."""

    category: str | None
    supplier_id: str | None
    department: str | None

    def of(self, table: pd.DataFrame) -> NDArray[np.bool_]:
        """Rows of a table with these columns that the scope holds for."""
        kept = np.ones(len(table), bool)
        for name in _SCOPES:
            value = getattr(self, name)
            if value is not None:
                kept &= (table[name] == value).to_numpy(bool)
        return kept


def skus_ahead(
    ahead: SpendAhead, lines: pd.DataFrame, items: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Whose the SKUs played are: `row` (in `ahead`), supplier_id, category, department and `share` of its spend.

    A SKU that several departments bought in the last year is shared as they spent on it; one that none did has its
    department in `items`.
    """
    facts = items.drop_duplicates("unique_id").set_index("unique_id")
    ids = ahead.unique_ids
    base = pd.DataFrame(
        {
            "row": np.arange(len(ids)),
            "unique_id": ids,
            "supplier_id": ahead.supplier_ids,
            "category": facts["category"].reindex(ids).to_numpy(object),
        }
    )
    recent = lines[lines["ordered_at"] > as_of - _YEAR].dropna(subset="department")
    spent = recent.groupby(["unique_id", "department"])["amount"].sum()
    spent = spent[spent > 0]
    shares = (spent / spent.groupby("unique_id").transform("sum")).rename("share").reset_index()
    table = base.merge(shares, on="unique_id", how="left").sort_values(
        ["row", "department"], ignore_index=True
    )
    own = facts["department"].reindex(table["unique_id"]).to_numpy(object)
    return table.assign(
        department=table["department"].where(table["share"].notna(), own), share=table["share"].fillna(1.0)
    )


def spend_by_month(lines: pd.DataFrame, ahead: SpendAhead, budgets: pd.DataFrame) -> pd.DataFrame:
    """Spend of each month that had any or will: `SPEND_MONTHS`, money; NaN where there is no forecast, or no budget.

    The month of today has both: `spent` until today, the forecast of the rest. `budget` is that of the whole company,
    or where there is none the sum of the departments'.
    """
    spent = lines.groupby("month")["amount"].sum()
    total = ahead.total()
    months = pd.Index([str(month)[:7] for month in ahead.months])
    low, middle, high = (np.quantile(total, level, axis=1) for level in (LOW, 0.5, HIGH))
    every = spent.index.union(months)
    table = pd.DataFrame({"month": every, "spent": spent.reindex(every).to_numpy(float)})
    for name, values in (("forecast_low", low), ("forecast", middle), ("forecast_high", high)):
        table[name] = pd.Series(values, index=months).reindex(every).to_numpy(float)
    table["budget"] = _monthly_budgets(budgets).reindex(every).to_numpy(float)
    return table[list(SPEND_MONTHS)]


def budget_outlook(
    budgets: pd.DataFrame, lines: pd.DataFrame, ahead: SpendAhead, skus: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """What becomes of each budget: spent so far, projected to its end with a range, and the chance to pass it.

    Parameters
    ----------
    lines : frame of `procurement.spend.spend_lines.spend_lines`
    skus : of `skus_ahead`

    Returns
    -------
    DataFrame
        `BUDGET_OUTLOOK`, running ones first, then coming ones, then past ones, each by the chance to be passed and the
        money: over_on (day by which it is passed with a chance of one half, or was; NaT: it is not), over_by (money
        above it, of the projection in the middle; 0: none), state (past, running, coming). Of a budget that ends
        after the months that are played nothing is projected: NaN, but for one that is passed already
    """
    rows = []
    days = lines["ordered_at"].dt.normalize()
    by_day = lines.groupby([days, *_SCOPES], dropna=False)["amount"].sum().reset_index()
    for budget in budgets.to_dict("records"):
        period = budget_period(str(budget["period"]))
        if period is None:
            continue
        starts, ends = pd.Timestamp(period[0]), pd.Timestamp(period[1])
        scope = SpendScope(*(_text(budget.get(name)) for name in _SCOPES))
        rows.append(
            {
                "budget": " · ".join([str(budget["period"]), *_names(scope)]),
                "period": str(budget["period"]),
                "starts": starts,
                "ends": ends - pd.Timedelta(days=1),
                "category": scope.category,
                "supplier_id": scope.supplier_id,
                "department": scope.department,
                "amount": float(budget["amount"]),
                "state": PAST if ends <= as_of else COMING if starts > as_of else RUNNING,
                **_projected(scope, (starts, ends), float(budget["amount"]), by_day, ahead, skus),
            }
        )
    table = pd.DataFrame(rows, columns=list(BUDGET_OUTLOOK)).astype(BUDGET_OUTLOOK)
    order = table["state"].map({RUNNING: 0, COMING: 1, PAST: 2})
    return (
        table.assign(order=order)
        .sort_values(
            ["order", "over_chance", "amount", "budget"], ascending=[True, False, False, True], kind="stable"
        )
        .drop(columns="order")
        .reset_index(drop=True)
    )


def _projected(
    scope: SpendScope,
    period: tuple[pd.Timestamp, pd.Timestamp],
    amount: float,
    by_day: pd.DataFrame,
    ahead: SpendAhead,
    skus: pd.DataFrame,
) -> dict[str, object]:
    """Money spent of a budget, projected, and when it is passed."""
    starts, ends = period
    own = by_day[scope.of(by_day)]
    own = own[(own["ordered_at"] >= starts) & (own["ordered_at"] < ends)].sort_values(
        "ordered_at", kind="stable"
    )
    spent = float(own["amount"].sum())
    passed = spent > amount
    if ends > _known_until(ahead):
        unknown = dict.fromkeys(("projected_low", "projected", "projected_high", "over_by"), np.nan)
        chance = 1.0 if passed else np.nan
        return {"spent": spent, **unknown, "over_chance": chance, "over_on": _passed_day(own, amount)}
    share = _shares_of_months(ahead.months, starts, ends)
    weight = skus["share"].to_numpy(float) * scope.of(skus)
    owned = np.bincount(skus["row"], weight, len(ahead.unique_ids)).astype(float)
    coming = ahead.total(owned) * share[:, None]
    total = spent + coming.sum(axis=0)
    low, middle, high = (float(np.quantile(total, level)) for level in (LOW, 0.5, HIGH))
    return {
        "spent": spent,
        "projected_low": low,
        "projected": middle,
        "projected_high": high,
        "over_chance": float((total > amount).mean()),
        "over_on": _passed_on(own, amount, ahead.months, spent + np.cumsum(coming, axis=0), period),
        "over_by": max(middle - amount, 0.0),
    }


def _known_until(ahead: SpendAhead) -> pd.Timestamp:
    """The day after the last one that is played; without any months the first of all days."""
    return _month_end(ahead.months[-1]) if len(ahead.months) else pd.Timestamp.min


def _passed_day(own: pd.DataFrame, amount: float) -> pd.Timestamp:
    """The day on which what was spent passed a budget; NaT: it did not."""
    passed = own.loc[own["amount"].cumsum() > amount, "ordered_at"]
    return pd.Timestamp(passed.iloc[0]) if len(passed) else pd.NaT


def _passed_on(
    own: pd.DataFrame,
    amount: float,
    months: NDArray[np.datetime64],
    by_month: Array,
    period: tuple[pd.Timestamp, pd.Timestamp],
) -> pd.Timestamp:
    """The day on which a budget was passed, or by which it is with a chance of one half; NaT: it is not.

    `by_month` (P, M) is spent by the end of each month; within the days of a month it grows evenly.
    """
    day = _passed_day(own, amount)
    if not pd.isna(day):
        return day
    middle = np.median(by_month, axis=1)
    over = np.flatnonzero(middle > amount)
    if not len(over):
        return pd.NaT
    month = int(over[0])
    before = float(own["amount"].sum()) if month == 0 else float(middle[month - 1])
    first = max(pd.Timestamp(months[month]), period[0])
    length = (min(_month_end(months[month]), period[1]) - first).days
    part = (amount - before) / max(float(middle[month]) - before, 1e-9)
    return first + pd.Timedelta(days=int(part * length))


def _shares_of_months(months: NDArray[np.datetime64], starts: pd.Timestamp, ends: pd.Timestamp) -> Array:
    """Share of the days of each month ahead that lies in a period, (P,)."""
    first = months.astype("datetime64[D]")
    last = np.array([_month_end(month).to_datetime64() for month in months], "datetime64[D]")
    overlap = np.minimum(last, ends.to_datetime64()) - np.maximum(first, starts.to_datetime64())
    return np.asarray(np.maximum(overlap / _DAY, 0.0) / np.maximum((last - first) / _DAY, 1.0), float)


def _month_end(month: np.datetime64) -> pd.Timestamp:
    """First day of the month after."""
    return (pd.Timestamp(month).to_period("M") + 1).start_time


def _monthly_budgets(budgets: pd.DataFrame) -> pd.Series:
    """Budget of the whole company by month; where none is, the sum of those of departments."""
    months = [_month_of(str(period)) for period in budgets["period"]]
    monthly = budgets.assign(period=months).dropna(subset="period")
    other = monthly["category"].isna() & monthly["supplier_id"].isna()
    whole = monthly[other & monthly["department"].isna()].groupby("period")["amount"].sum()
    parts = monthly[other & monthly["department"].notna()].groupby("period")["amount"].sum()
    return whole.combine_first(parts)


def _month_of(period: str) -> str | None:
    """The month like 2024-06 that a budget's period is, None where it is another."""
    days = budget_period(period)
    return None if days is None or not 28 <= (days[1] - days[0]).days <= 31 else f"{days[0]:%Y-%m}"


def _text(value: object) -> str | None:
    return None if value is None or pd.isna(value) else str(value)


def _names(scope: SpendScope) -> list[str]:
    """What a budget is about, as people call it."""
    return [name for name in (scope.department, scope.category, scope.supplier_id) if name is not None]
