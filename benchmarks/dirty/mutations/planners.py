"""Mutations of what planners and buyers write: terms of suppliers, weights, budgets, overrides, references, papers."""

import numpy as np

from benchmarks.dirty.dirty_company import DirtyCompany, NothingToDo, Rng, some_rows
from benchmarks.dirty.dirty_table import Verdict

_SUPPLIER_TERMS = {
    "order_days": ("Mon", "Mon,Thu", "monday;friday", "1", "x", "Mo/Do", "Mon-Sun", ""),
    "ordering_cost": ("0", "1e9", "-5"),
    "minimum_order_value": ("0", "1e9", "-1", "n/a"),
    "minimum_order_quantity": ("1e9", "0.5", "100"),
    "freight_cost": ("0", "1e7", "-3"),
    "free_freight_from": ("0", "1e12", "0.01"),
    "capacity_weight": ("0", "0.001", "-1", "1e12"),
    "capacity_volume": ("0", "0.001", "1e12"),
    "capacity_pallets": ("0", "0.5", "33"),
    "payment_days": ("0", "-30", "100000", "30 net"),
}  # fmt: skip
_WEIGHTS = {
    "weight": ("0", "-1", "1e9", "2,5"),
    "volume": ("0", "1e-9", "1e9"),
    "units_per_pallet": ("0", "0.1", "1e9", "-4"),
}
_PERIODS = (
    "2018-13",
    "2018-Q5",
    "18-01",
    "January",
    "2018-W53",
    "2018-W60",
    "2017",
    "",
    "2018/01",
    "2018-01-01",
)
_PAPERS = (
    ("contracts", "price", "0"), ("contracts", "price", "-1"), ("contracts", "sla", "1"), ("contracts", "sla", "95"),
    ("contracts", "category", "beef"), ("contracts", "valid_to", "2001-01-01"), ("contracts", "valid_to", "9999-12-31"),
    ("contracts", "unique_id", ""), ("contracts", "supplier_id", "nobody"), ("approvals", "order_id", "PO-0"),
    ("approvals", "order_id", ""), ("approvals", "approved_by", ""), ("approvals", "at", "2019-06-01"),
    ("approvals", "department", "Grocery"), ("invoices", "amount", "-20"), ("invoices", "amount", "1e15"),
    ("invoices", "amount", ""), ("invoices", "at", "2019-06-01"), ("invoices", "line", "001"),
    ("invoices", "invoice_id", "1"), ("invoices", "order_id", "PO-0"), ("inventory_lots", "quantity", "-3"),
    ("inventory_lots", "expires_at", "2001-01-01"), ("inventory_lots", "expires_at", "9999-12-31"),
    ("inventory_lots", "unit_cost", "-1"), ("inventory_lots", "unique_id", "nope"), ("usage", "quantity", "-1"),
    ("usage", "quantity", "many"), ("usage", "ds", "2019-06-01"), ("usage", "site", "North"), ("bins", "count", "-1"),
    ("bins", "count", ""), ("bins", "capacity", "0"), ("bins", "unique_id", "nope"), ("bins", "site", ""),
)  # fmt: skip
"""Table, column and text of what people and systems write about purchases and stock."""
_OVERRIDES = (
    ("kind", "forcast"), ("kind", "hold"), ("kind", "quantity"), ("kind", ""), ("factor", "-1"), ("factor", "1e6"),
    ("factor", "0"), ("units", "-40"), ("units", "1e12"), ("service_level", "95"), ("service_level", "1"),
    ("service_level", "0"), ("hold_until", "2017-01-01"), ("hold_until", "2099-01-01"), ("quantity", "-1"),
    ("quantity", "1e9"), ("quantity", "0.5"), ("last_year", "maybe"), ("last_year", "false"), ("reason", "x"),
    ("reason", ""), ("author", ""), ("expires", "2017-12-01"), ("expires", ""), ("created", "2018-05-01"),
    ("from", "2018-03-01"), ("until", "2017-12-01"), ("category", "beef"), ("unique_id", ""), ("unique_id", "nope"),
)  # fmt: skip


def absurd_supplier_terms(company: DirtyCompany, rng: Rng) -> str:
    """Minimum order, freight, capacity, order days or payment of a supplier that nobody could order by."""
    return _absurd(company, rng, "suppliers", _SUPPLIER_TERMS)


def absurd_weights(company: DirtyCompany, rng: Rng) -> str:
    """Weights, volumes and pallets of items that no truck carries."""
    return _absurd(company, rng, "items", _WEIGHTS)


def odd_overrides(company: DirtyCompany, rng: Rng) -> str:
    """Overrides that say nothing, too much, the impossible, or end before they begin."""
    overrides = company.table("overrides")
    done = []
    for place in rng.choice(len(_OVERRIDES), int(rng.integers(1, 4)), replace=False):
        column, text = _OVERRIDES[place]
        if column not in overrides.columns and column != "category":
            continue
        rows = some_rows(rng, np.arange(len(overrides)), float(rng.choice([0.03, 1.0])))
        overrides.have(column)
        overrides.put(rows, column, [text or None] * len(rows), Verdict.OPEN)
        overrides.judge_all(rows, Verdict.OPEN)
        done.append(f"{column} {text!r} in {len(rows)}")
    if not done:
        raise NothingToDo
    return f"overrides: {', '.join(done)}"


def odd_budgets(company: DirtyCompany, rng: Rng) -> str:
    """Budgets of periods that there are not, of nothing, below zero, or twice the same."""
    budgets = company.table("budgets")
    rows = some_rows(rng, np.arange(len(budgets)), 1.0)
    column, text = (
        ("period", str(rng.choice(_PERIODS))), ("amount", str(rng.choice(["0", "-100", "1e15", "1"]))),
        ("supplier_id", "nobody"), ("category", "nothing"),
    )[rng.integers(4)]  # fmt: skip
    if column not in budgets.columns:
        raise NothingToDo
    budgets.put(rows, column, [text or None] * len(rows), Verdict.OPEN)
    budgets.judge_all(rows, Verdict.OPEN)
    return f"budgets: {column} {text!r} in {len(rows)} rows"


def odd_papers(company: DirtyCompany, rng: Rng) -> str:
    """Contracts, approvals, invoices, lots, usage and bins that say too much, the impossible, or of nobody."""
    done = []
    for place in rng.choice(len(_PAPERS), int(rng.integers(1, 4)), replace=False):
        name, column, text = _PAPERS[place]
        table = company.table(name)
        if column not in table.columns:
            continue
        rows = some_rows(rng, np.arange(len(table)), float(rng.choice([0.03, 1.0])))
        table.put(rows, column, [text or None] * len(rows), Verdict.OPEN)
        table.judge_all(rows, Verdict.OPEN)
        done.append(f"{name}.{column} {text!r} in {len(rows)}")
    if not done:
        raise NothingToDo
    return ", ".join(done)


def odd_references(company: DirtyCompany, rng: Rng) -> str:
    """References of orders that are ours several times, or no words at all."""
    orders = company.table("purchase_orders")
    if "reference" not in orders.columns:
        raise NothingToDo
    rows = some_rows(rng, np.arange(len(orders)), 0.1)
    text = str(rng.choice(["PV-000001", "PV-000001-1", "=1+1", "1e5", " ", "R-" * 200]))
    orders.put(rows, "reference", [text] * len(rows), Verdict.OPEN)
    return f"orders.reference: {text[:20]!r} in {len(rows)} rows"


def _absurd(company: DirtyCompany, rng: Rng, name: str, texts: dict[str, tuple[str, ...]]) -> str:
    """Texts out of `texts` in one to three columns of a table, in a few rows or in most; a new column where needed."""
    table = company.table(name)
    rows = some_rows(rng, np.arange(len(table)), float(rng.choice([0.03, 1.0])))
    done = []
    for column in rng.choice(list(texts), int(rng.integers(1, 4)), replace=False):
        text = str(rng.choice(texts[column]))
        table.have(column)
        table.put(rows, column, [text or None] * len(rows), Verdict.OPEN)
        done.append(f"{column} {text}")
    table.judge_all(rows, Verdict.OPEN)
    return f"{name}: {', '.join(done)} in {len(rows)} rows"


MUTATIONS = (absurd_supplier_terms, absurd_weights, odd_overrides, odd_budgets, odd_papers, odd_references)
