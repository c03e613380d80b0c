"""Finding: every warning about the data, why it matters, and what it costs in stock or risk in money a year."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from configs.formats import number, share
from features.contract.in_force import in_force
from features.quality.warnings.data_warning import DataWarning
from procurement.assessment.company_facts import YEAR_DAYS, CompanyFacts
from procurement.assessment.finding import Figure, Finding, Range
from procurement.assessment.stockouts import has_stock_flags
from procurement.assessment.warning_costs import COSTS, DefectCost

TITLE = "How far the data can be trusted"
COLUMNS = ["warning", "table", "rows", "total", "message", "why", "low", "middle", "high", "how"]

WHY = {
    "overwritten_promises": "no on-time rate; the buffer has to cover the whole spread of lead times",
    "no_in_stock": "periods out of stock count as low demand, and forecasts are too low by what was missed",
    "no_lead_times": "their lead times are the contract's, taken as certain, or none at all",
    "batched_receipts": "lead times look longer and more scattered than they are, and stock is held for it",
    "unit_jump_row": "one row in another unit lifts the mean and the spread of demand",
    "unit_jump_level": "demand before and after counts in other units, and the mean is of neither",
    "unit_jump_price": "spend and stock value are off by the factor of these lines",
    "forgotten_orders": "goods that will not come count as cover",
    "duplicated_lines": "orders count twice in spend, in lead times and perhaps on the shelf",
    "shared_shipments": "one delay counts many times, and intervals look narrower than they are",
    "placeholder_lead_time": "lead times that were never measured say nothing",
    "over_receipts": "money lies in goods that nobody ordered",
    "draft_lines": "what was placed after all is ordered a second time",
    "gaps": "nobody knows whether nothing was sold or nothing recorded",
    "ended_skus": "SKUs whose export stopped look like SKUs that nobody wants",
    "empty_periods": "a period that was not recorded looks like one without demand",
    "mixed_frequencies": "sums over several periods look like peaks",
    "kept_as_unknown": "what is unknown widens forecasts",
    "old_demand": "what was asked for since is unknown, and forecasts are the wider for it",
    "partial_period": "the newest period, which matters most, is not used",
    "old_stock": "stock since the count is reckoned, not seen",
    "counted_on_different_days": "each count is rolled forward by receipts and sales that have to be complete",
    "counted_within_period": "sales of that period are not taken off, and stock looks higher",
    "sold_since_not_known": "sales since the count are not taken off, and stock looks higher",
    "sold_since_unknown": "sales since the count are not taken off, and stock looks higher",
    "sold_more_than_counted": "receipts are not booked, or counts are wrong",
    "received_on_count_day": "they may be counted twice or not at all",
    "received_without_quantity": "stock may be less than it looks",
    "received_without_date": "no lead time, and not added to stock counted before",
    "received_though_cancelled": "goods came that were written off",
    "receipts_disagree": "two numbers for what came: stock and fill rates rest on one of them",
    "not_in_items": "no price and no category: no money can be said of them",
    "not_in_offers": "nobody is known to order them from",
    "not_in_stock": "no order quantity for them",
    "no_offer_in_force": "they are planned without terms, prices and minimum quantities",
    "spelled_alike": "one thing counts as two, and each half looks small",
    "orders_in_packs": "quantities may be off by the size of a pack",
    "purchase_unit_price": "prices may be off by the size of a pack",
    "old_rate": "prices are converted at a rate of another time",
    "jumping_rate": "prices are converted at a rate that may be upside down",
    "order_days_not_kept": "plans wait for days on which orders are really placed anyway",
    "capped_target": "a target that nobody can plan for",
    "load_not_known": "trucks and containers are filled beyond what they hold",
    "free_freight_of_nothing": "nothing is filled up to save freight",
    "quarantined": "rows that break a rule are left out of everything",
}
"""Kind of warning → why it matters."""
_OTHERWISE = "what rests on these rows cannot be relied on"
_UNPRICED = "nothing in the data says how much of it is wrong, so no money can be worked out"
_EXPOSED = ("not_in_items", "not_in_offers", "not_in_stock", "no_offer_in_force", "ended_skus")


def data_trust_cost(facts: CompanyFacts) -> Finding:
    """Every warning with its cost; the sum is of those that can be priced, and overlaps are not taken out."""
    table = trust_table(facts)
    priced = table["middle"].notna()
    sums = [float(table.loc[priced, end].sum()) for end in ("low", "middle", "high")]
    figures = (
        Figure("warnings", "Defects found", "count", Range(*[float(len(table))] * 3), "a count, so no range"),
        Figure(
            "largest",
            "The costliest defect",
            "money a year",
            Range(*table.loc[table["middle"].idxmax(), ["low", "middle", "high"]].astype(float))
            if priced.any()
            else Range.unknown(),
            "as the table works it out",
        ),
    )
    said = (
        f"{int(priced.sum()):,} of {len(table):,} defects can be priced, together {number(sums[1])} a year "
        f"({number(sums[0])} to {number(sums[2])}) where they do not overlap; for the others the table says why not"
    )
    return Finding("data_trust", TITLE, figures, {"warnings": table}, (said,))


def trust_table(facts: CompanyFacts) -> pd.DataFrame:
    """What each defect of the data costs, the costliest first, those without money last.

    Returns
    -------
    DataFrame
        warning (kind), table, rows (concerned; SKUs, orders or rows as the message says) of total, message, why (it
        matters), low, middle, high (money a year, NaN: not known) and how (it was worked out, or why not)
    """
    rows = []
    for warning in (*_structural(facts), *facts.checked.warnings):
        cost = _cost(facts, warning)
        rows.append(
            (
                warning.kind, warning.table, warning.count, warning.total, warning.message,
                WHY.get(warning.kind, _OTHERWISE), cost.value.low, cost.value.middle, cost.value.high, cost.how,
            )
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"low": float, "middle": float, "high": float})
    return table.sort_values(
        ["middle", "high", "warning", "table", "message"],
        ascending=[False, False, True, True, True],
        ignore_index=True,
    )


def _cost(facts: CompanyFacts, warning: DataWarning) -> DefectCost:
    known = COSTS.get(warning.kind)
    if known is not None:
        return known(facts)
    if warning.kind in _EXPOSED and warning.table in ("demand", "offers"):
        return DefectCost(Range.unknown(), _exposed(facts, warning.kind))
    return DefectCost(Range.unknown(), _UNPRICED)


def _exposed(facts: CompanyFacts, kind: str) -> str:
    """Why a gap between tables has no price, with the demand a year that hangs on it."""
    tables, skus = facts.tables, facts.skus
    demand = np.nan_to_num(facts.numbers("daily_demand")) * YEAR_DAYS
    offers = tables.offers
    there = {
        "not_in_items": tables.items["unique_id"],
        "not_in_offers": offers["unique_id"],
        "not_in_stock": tables.stock["unique_id"],
        "no_offer_in_force": offers.loc[in_force(offers, facts.as_of), "unique_id"],
    }
    if kind not in there:
        return "the export does not say whether they are still sold, so no money can be worked out"
    without = ~skus["unique_id"].isin(there[kind]).to_numpy()
    part = demand[without].sum() / max(demand.sum(), 1e-300)
    return (
        f"{number(demand[without].sum())} units of demand a year ({share(part)} of all) hang on it; what goes wrong "
        "with them depends on what is missing, so no money can be worked out"
    )


def _structural(facts: CompanyFacts) -> Iterator[DataWarning]:
    """Defects that are no warning of the check: columns that nobody fills, and rows in quarantine."""
    n = len(facts.skus)
    if not has_stock_flags(facts):
        rows = len(facts.tables.demand)
        yield DataWarning(
            "no_in_stock", "demand", rows, rows, "demand does not say which periods were out of stock", "",
            "Give in_stock",
        )  # fmt: skip
    sells = facts.numbers("daily_demand") > 0
    without = sells & ~facts.skus["lead_time_from"].isin(["lane", "supplier"]).to_numpy()
    if without.any():
        count = int(without.sum())
        yield DataWarning(
            "no_lead_times", "purchase_orders", count, n,
            f"{count:,} of {int(sells.sum()):,} SKUs that sell ({share(count / sells.sum())}) have no lead time from "
            "received orders", "", "Give purchase_orders with ordered_at and received_at",
        )  # fmt: skip
    for table, bad in facts.checked.quarantine.items():
        if len(bad):
            yield DataWarning(
                "quarantined", table, len(bad), len(bad) + facts.checked.rows(table),
                f"{len(bad):,} rows break a rule, most often that {bad['rule'].value_counts().index[0]}", "",
                "Correct the rows",
            )  # fmt: skip
