"""Warnings about ids that another table lacks, and about ids spelled in more ways than one."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations

import pandas as pd

from features.contract.tables import Tables
from features.quality.identifiers.spelling import both_shown, difference, fold, spelled_alike
from features.quality.warnings.data_warning import DataWarning

Place = tuple[str, str]
"""A table and its column of ids."""

_LINKS: tuple[tuple[Place, tuple[Place, ...], str], ...] = (
    (
        ("demand", "unique_id"),
        (("items", "unique_id"),),
        "SKUs of demand have no row in items: no money and no category for them",
    ),
    (
        ("demand", "unique_id"),
        (("offers", "unique_id"),),
        "SKUs of demand have no offer: nobody to order them from",
    ),
    (
        ("demand", "unique_id"),
        (("stock", "unique_id"),),
        "SKUs of demand have no stock row: no order quantity for them",
    ),
    (("offers", "unique_id"), (("items", "unique_id"),), "SKUs of offers have no row in items"),
    (
        ("stock", "unique_id"),
        (("demand", "unique_id"), ("items", "unique_id")),
        "SKUs of stock have no demand and no row in items: nothing is planned for them",
    ),
    (
        ("offers", "supplier_id"),
        (("suppliers", "supplier_id"),),
        "suppliers of offers have no row in suppliers",
    ),
    (
        ("purchase_orders", "supplier_id"),
        (("suppliers", "supplier_id"),),
        "suppliers of purchase_orders have no row in suppliers",
    ),
    (
        ("purchase_orders", "unique_id"),
        (("demand", "unique_id"),),
        "ordered SKUs have no demand: nothing says what they sell",
    ),
    (
        ("events", "unique_id"),
        (("demand", "unique_id"), ("items", "unique_id")),
        "SKUs of events have no demand and no row in items: their events change nothing",
    ),
    (
        ("events", "category"),
        (("items", "category"),),
        "categories of events are those of no item: their events change nothing",
    ),
    (
        ("events", "supplier_id"),
        (("suppliers", "supplier_id"), ("offers", "supplier_id"), ("purchase_orders", "supplier_id")),
        "suppliers of events are in no other table: their shutdowns change nothing",
    ),
    (
        ("events", "region"),
        (("suppliers", "region"),),
        "regions of events are those of no supplier: their shutdowns change nothing",
    ),
    (
        ("budgets", "supplier_id"),
        (("suppliers", "supplier_id"), ("offers", "supplier_id"), ("purchase_orders", "supplier_id")),
        "suppliers of budgets are in no other table: their budgets bind nothing",
    ),
    (
        ("budgets", "category"),
        (("items", "category"),),
        "categories of budgets are those of no item: their budgets bind nothing",
    ),
    (
        ("budgets", "department"),
        (("items", "department"), ("purchase_orders", "department"), ("approvals", "department")),
        "departments of budgets are those of no item, order or approval: their budgets bind nothing",
    ),
    (
        ("contracts", "supplier_id"),
        (("suppliers", "supplier_id"), ("offers", "supplier_id"), ("purchase_orders", "supplier_id")),
        "suppliers of contracts are in no other table: nothing is bought under their contracts",
    ),
    (
        ("contracts", "unique_id"),
        (("items", "unique_id"), ("offers", "unique_id"), ("purchase_orders", "unique_id")),
        "SKUs of contracts are in no other table: nothing is bought under their contracts",
    ),
    (
        ("contracts", "category"),
        (("items", "category"),),
        "categories of contracts are those of no item: nothing is bought under their contracts",
    ),
    (
        ("approvals", "order_id"),
        (("purchase_orders", "order_id"),),
        "orders of approvals are not in purchase_orders: their approvals are of nothing",
    ),
    (
        ("invoices", "order_id"),
        (("purchase_orders", "order_id"),),
        "orders of invoices are not in purchase_orders: nothing says what was ordered for that money",
    ),
    (
        ("inventory_lots", "unique_id"),
        (("demand", "unique_id"), ("items", "unique_id"), ("stock", "unique_id")),
        "SKUs of inventory_lots are in no other table: nothing is planned for them",
    ),
    (
        ("bins", "unique_id"),
        (("usage", "unique_id"), ("demand", "unique_id")),
        "SKUs of bins have no usage and no demand: nothing says when their bins are empty",
    ),
    (
        ("overrides", "unique_id"),
        (("demand", "unique_id"), ("items", "unique_id")),
        "SKUs of overrides have no demand and no row in items: their overrides change nothing",
    ),
    (
        ("overrides", "category"),
        (("items", "category"),),
        "categories of overrides are those of no item: their overrides change nothing",
    ),
)
"""Where ids stand, the places one of which must have them, and what is off for those that none has."""

_SPELLED: dict[str, tuple[Place, ...]] = {
    "SKUs": tuple(
        (table, "unique_id")
        for table in (
            *("items", "demand", "offers", "purchase_orders", "stock", "events", "overrides"),
            *("contracts", "inventory_lots", "usage", "bins"),
        )
    ),
    "suppliers": tuple(
        (table, "supplier_id")
        for table in ("suppliers", "offers", "purchase_orders", "events", "budgets", "contracts")
    ),
    "categories": tuple(
        (table, "category") for table in ("items", "events", "budgets", "overrides", "contracts")
    ),
    "departments": tuple(
        (table, "department") for table in ("items", "purchase_orders", "approvals", "budgets", "usage")
    ),
    "sites": tuple((table, "site") for table in ("purchase_orders", "inventory_lots", "usage", "bins")),
    "people": (("approvals", "requested_by"), ("approvals", "approved_by")),
    "regions": (("suppliers", "region"), ("events", "region")),
    "events": (("events", "name"),),
}
"""What is called by an id → the places where it stands."""


def link_warnings(tables: Tables) -> Iterator[DataWarning]:
    """Warnings about ids that no table has which should, and about spellings of one id within and between tables."""

    @cache
    def ids(place: Place) -> pd.Index:
        return pd.Index(getattr(tables, place[0])[place[1]].unique(), dtype=object).dropna()

    yield from _unmatched_lines(tables)
    told: set[frozenset[str]] = set()
    for place, others, sentence in _LINKS:
        there = [other for other in others if other[0] in tables.present]
        if not there:
            continue
        known = ids(there[0]).append([ids(other) for other in there[1:]]).unique()
        lost = ids(place).difference(known)
        if len(lost):
            alike = spelled_alike(lost, known)
            told |= {frozenset(pair) for pair in alike.items()}
            yield _unmatched(lost, alike, len(ids(place)), (place[0], there[0][0]), sentence)
    for what, places in _SPELLED.items():
        yield from _spellings(what, {place: ids(place) for place in places}, told)


def _unmatched(
    lost: pd.Index, alike: dict[str, str], total: int, tables: tuple[str, str], sentence: str
) -> DataWarning:
    """Warning about the ids `lost` of a table, one of `total`, that the other table does not have; some `alike`."""
    table, other = tables
    example, fix = str(lost[0]), f"Add them to {other}, or leave them out"
    if alike:
        name, spelled = both_shown(*next(iter(alike.items())))
        example = f"{name}, which stands in {other} as {spelled}"
        fix = "Spell ids alike in all tables"
    return DataWarning(
        f"not_in_{other}",
        table,
        len(lost),
        total,
        f"{len(lost):,} of {total:,} {sentence}",
        example,
        fix,
    )


def _unmatched_lines(tables: Tables) -> Iterator[DataWarning]:
    """Warning about invoices of a line that their order does not have."""
    lines, orders = tables.invoices[["order_id", "line"]].dropna(), tables.purchase_orders
    lines = lines[lines["order_id"].isin(orders["order_id"])].drop_duplicates()
    there = pd.MultiIndex.from_frame(orders[["order_id", "line"]])
    lost = lines[~pd.MultiIndex.from_frame(lines).isin(there)]
    if len(lost):
        order_id, line = lost.iloc[0]
        yield DataWarning(
            "not_in_purchase_orders",
            "invoices",
            len(lost),
            len(lines),
            f"{len(lost):,} of {len(lines):,} lines of invoices are not in purchase_orders: nothing says what was "
            "ordered for that money",
            f"{order_id} line {line}",
            "Spell lines alike in both, or leave line empty where an invoice is for the whole order",
        )


def _spellings(what: str, ids: dict[Place, pd.Index], told: set[frozenset[str]]) -> Iterator[DataWarning]:
    """Warning about the ids of `what` that stand in several spellings, those `told` of already left out."""
    names = pd.Index([name for found in ids.values() for name in found], dtype=object).unique()
    folded = pd.Series([fold(name) for name in names], index=names, dtype=object)
    several = folded[folded.duplicated(keep=False)]
    groups = [list(group.index) for _, group in several.groupby(several, sort=False)]
    groups = [
        group for group in groups if not any(frozenset(pair) in told for pair in combinations(group, 2))
    ]
    if not groups:
        return
    name, other = groups[0][:2]
    (table, _), (first, _) = (
        next(place for place in ids if spelled in ids[place]) for spelled in (other, name)
    )
    a, b = both_shown(name, other)
    where = f"{a} in {first}, {b} in {table}" if table != first else f"{a} and {b} in {table}"
    yield DataWarning(
        "spelled_alike",
        table,
        len(groups),
        folded.nunique(),
        f"{len(groups):,} of {folded.nunique():,} {what} are spelled in more ways than one, and each spelling counts "
        "as another",
        f"{where}, which differ in {difference(name, other)}",
        "Spell ids alike in all tables",
    )
