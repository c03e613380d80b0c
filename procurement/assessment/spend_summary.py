"""Finding: spend of the last year: with how few it is, off contract, above contract, and what in it is unusual."""

import numpy as np
import pandas as pd

from distributions.distribution import Array
from procurement.assessment.company_facts import YEAR_DAYS, CompanyFacts
from procurement.assessment.finding import Figure, Finding, resampled
from procurement.spend.spend_cube import SpendCube, concentration
from procurement.spend.unusual_spend import KINDS, unusual_spend

TITLE = "Spend"
_YEAR = pd.Timedelta(days=YEAR_DAYS)


def spend_summary(facts: CompanyFacts) -> Finding:
    """Spend of the last 365 days, its concentration, and the money off contract, above contract and unusual."""
    tables = facts.tables
    lines = facts.spend
    recent = lines[lines["ordered_at"] > facts.as_of - _YEAR]
    if not (recent["amount"] > 0).any():
        missing = (
            "no purchase_orders with a unit_price in the last year: give them, and spend is summed and judged"
        )
        return Finding("spend", TITLE, missing=missing)
    limit = facts.config.policy.procurement.approval_limit
    approvals = bool(len(tables.approvals))
    unusual = unusual_spend(lines, tables.invoices, tables.offers, limit=limit, approvals=approvals)
    unusual = unusual[unusual["at"] > facts.as_of - _YEAR]
    cube = SpendCube.of(recent)
    suppliers = cube.by("supplier_id")
    few = concentration(suppliers["amount"].to_numpy(float))
    figures = list(_figures(facts, recent, suppliers, unusual))
    notes = [f"Herfindahl index of suppliers {few['herfindahl']:.2f} (1: all with one)"]
    unpriced = int((~recent["priced"]).sum())
    if unpriced:
        notes.append(f"{unpriced:,} of {len(recent):,} lines have no price: they count as 0")
    if not len(tables.contracts):
        notes.append("No contracts: they would show what is bought off contract and above its price")
    notes.append("Unusual is what to look at, not what is lost; lines odd by several rules count once")
    found = {"by_supplier": suppliers.rename(columns={"name": "supplier_id"}), "unusual": _by_kind(unusual)}
    return Finding("spend", TITLE, tuple(figures), found, tuple(notes))


def above_contract(facts: CompanyFacts) -> Array:
    """Money paid above contract prices in the last 365 days by SKU (n,); lines below their contract's do not offset."""
    lines = facts.spend
    return _by_sku(facts, lines[lines["ordered_at"] > facts.as_of - _YEAR], "over_contract")


def _figures(
    facts: CompanyFacts, recent: pd.DataFrame, suppliers: pd.DataFrame, unusual: pd.DataFrame
) -> list[Figure]:
    draw, amount = facts.resamples, _by_sku(facts, recent, "amount")
    top = suppliers["name"].head(5)
    largest, five = (recent[recent["supplier_id"].isin(top.head(count))] for count in (1, 5))
    figures = [
        resampled("spend", "Spend of the last 365 days", "money", draw.sum(amount), "units committed × price"),
        resampled(
            "largest", "With the largest supplier", "share",
            draw.ratio(_by_sku(facts, largest, "amount"), amount), "its spend, of all",
        ),
        resampled(
            "top_5", "With the five largest", "share", draw.ratio(_by_sku(facts, five, "amount"), amount),
            "their spend, of all",
        ),
    ]  # fmt: skip
    if len(facts.tables.contracts):
        off = _by_sku(facts, recent[recent["off_contract"]], "amount")
        figures += [
            resampled(
                "off_contract", "Bought off contract", "money", draw.sum(off),
                "spend on goods for which somebody else has the contract in force",
            ),
            resampled(
                "above_contract", "Paid above contract", "money",
                draw.sum(_by_sku(facts, recent, "over_contract")),
                "(price − contract price) × units where positive",
            ),
        ]  # fmt: skip
    if recent["lowest_offer"].notna().any():
        figures.append(
            resampled(
                "above_lowest", "Paid above the lowest offer", "money",
                draw.sum(_by_sku(facts, recent, "over_lowest")),
                "(price − lowest offer in force that day) × units where positive",
            )
        )  # fmt: skip
    once = unusual.sort_values("amount", kind="stable").drop_duplicates(["order_id", "line"], keep="last")
    figures.append(
        resampled(
            "unusual", "Unusual spend", "money", draw.sum(_by_sku(facts, once, "amount")),
            "money in question of lines, orders and invoices that are odd by one of ten rules",
        )
    )  # fmt: skip
    return figures


def _by_sku(facts: CompanyFacts, lines: pd.DataFrame, column: str) -> Array:
    """Sum by SKU (n,) of what is positive in a column of lines; 0 for SKUs without any."""
    money = lines[column].clip(lower=0.0).groupby(lines["unique_id"]).sum()
    return np.nan_to_num(facts.aligned(money))


def _by_kind(unusual: pd.DataFrame) -> pd.DataFrame:
    """Unusual spend by rule, the most money first: rule, count, amount."""
    table = unusual.groupby("kind")["amount"].agg(["size", "sum"]).reset_index()
    table = table.sort_values(["sum", "kind"], ascending=[False, True], ignore_index=True)
    return pd.DataFrame({"rule": table["kind"].map(KINDS), "count": table["size"], "amount": table["sum"]})
