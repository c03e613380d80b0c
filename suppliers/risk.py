"""Supply risk, where poor suppliers meet high consumption: SKUs by supplier performance, ABC class and sourcing."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.inputs import numbers_by_sku

PERFORMANCE = ("poor", "weak", "fair", "good", "unknown")
"""Scores up to 40, 60, 80, above, none: lower bounds, so that a good band is earned."""
CONSUMPTION = ("A", "B", "C")
"""SKUs that make the first 80 % of consumption, the next 15 %, the rest."""
SOURCING = ("single", "dual", "multiple")

COLUMNS = [
    "unique_id", "description", "supplier_id", "region", "performance", "state", "score", "consumption_class",
    "consumption", "sources", "sourcing", "alternatives",
]  # fmt: skip
SEGMENT_COLUMNS = ["skus", "single_source_skus", "single_source_share", "consumption", "sourcing"]
_CUTS = (40.0, 60.0, 80.0)
_YEAR = pd.Timedelta(days=365)


@dataclass(frozen=True)
class SkuSupply:
    """How SKUs are supplied and used: what the supply risk rests on.

    Attributes
    ----------
    supplier : SKU → the supplier it is bought from
    daily_demand : SKU → units used a day
    items, offers, orders : tables of the data contract and the order history
    """

    supplier: "pd.Series[str]"
    daily_demand: "pd.Series[float]"
    items: pd.DataFrame
    offers: pd.DataFrame
    orders: pd.DataFrame


def sku_risk(card: pd.DataFrame, supply: SkuSupply, as_of: pd.Timestamp) -> pd.DataFrame:
    """Supply risk of each SKU that is bought from somebody, `COLUMNS`: the most at risk first, then the most used.

    consumption is money a year (units where no cost is known of any SKU), sources the number of suppliers with an
    offer in force or an order of the last year, alternatives those but the one it is bought from, the best score first.
    """
    ids = supply.supplier.index.to_numpy(object)
    cost = numbers_by_sku(supply.items, "unit_cost", ids)
    daily = supply.daily_demand.reindex(ids).fillna(0.0).to_numpy()
    used = daily * 365 * (np.nan_to_num(cost) if np.isfinite(cost).any() else 1.0)
    facts = card.drop_duplicates("supplier_id").set_index("supplier_id").reindex(supply.supplier.to_numpy())
    sources = _sources(supply, as_of)
    others = _alternatives(sources, supply.supplier, card)
    described = supply.items.drop_duplicates("unique_id").set_index("unique_id")["description"]
    count = sources.groupby("unique_id").size().reindex(ids).fillna(1).clip(lower=1).astype(int).to_numpy()
    table = pd.DataFrame(
        {
            "unique_id": ids,
            "description": described.reindex(ids).fillna("").to_numpy(),
            "supplier_id": supply.supplier.to_numpy(object),
            "region": facts["region"].fillna("").to_numpy(),
            "performance": performance_band(facts["score"]),
            "state": facts["state"].fillna("").to_numpy(),
            "score": facts["score"].to_numpy(float),
            "consumption_class": _abc(used),
            "consumption": used,
            "sources": count,
            "sourcing": np.array(SOURCING, object)[np.minimum(count, 3) - 1],
            "alternatives": others.reindex(ids).fillna("").to_numpy(),
        }
    )
    order = table["performance"].map(PERFORMANCE.index)
    table = table.assign(order=order).sort_values(
        ["order", "consumption", "unique_id"], ascending=[True, False, True], ignore_index=True
    )
    return table[COLUMNS]


def performance_band(score: pd.Series) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """Supply-risk band (n,) of supplier performance by score, 0 … 100: poor, weak, fair, good; NaN is unknown."""
    values = score.to_numpy(float)
    band = np.searchsorted(_CUTS, np.nan_to_num(values), side="left")
    return np.array(PERFORMANCE, object)[np.where(np.isnan(values), len(PERFORMANCE) - 1, band)]


def heat_map(risk: pd.DataFrame) -> pd.DataFrame:
    """Risk heat map: skus, suppliers and consumption of every cell of performance × consumption_class."""
    cells = pd.MultiIndex.from_product([PERFORMANCE, CONSUMPTION], names=["performance", "consumption_class"])
    grouped = risk.groupby(["performance", "consumption_class"])
    table = grouped.agg(
        skus=("unique_id", "size"), suppliers=("supplier_id", "nunique"), consumption=("consumption", "sum")
    )
    return table.reindex(cells).fillna(0.0).astype({"skus": int, "suppliers": int}).reset_index()


def segments(risk: pd.DataFrame) -> pd.DataFrame:
    """Supply risk by supplier: SKUs bought there, of them single-sourced, consumption; `SEGMENT_COLUMNS`."""
    rows = risk.assign(alone=risk["sources"] == 1)
    grouped = rows.groupby("supplier_id")
    table = grouped.agg(
        skus=("unique_id", "size"), single_source_skus=("alone", "sum"), consumption=("consumption", "sum")
    )
    share = table["single_source_skus"] / table["skus"]
    sourcing = np.where(share >= 0.5, "single", "dual")
    return table.assign(single_source_share=share, sourcing=sourcing)[SEGMENT_COLUMNS]


def regions(card: pd.DataFrame, risk: pd.DataFrame) -> pd.DataFrame:
    """Supply risk by region: suppliers, SKUs, consumption and its share, the part of it bought from a single source."""
    rows = risk.assign(alone=risk["consumption"].where(risk["sources"] == 1, 0.0))
    table = rows.groupby("region").agg(
        skus=("unique_id", "size"), consumption=("consumption", "sum"), single_source=("alone", "sum")
    )
    total = table["consumption"].sum()
    table = table.assign(
        suppliers=card.groupby("region").size().reindex(table.index).fillna(0).astype(int),
        share=table["consumption"] / (total if total > 0 else np.nan),
    )
    return table.sort_values("consumption", ascending=False).reset_index()


def _sources(supply: SkuSupply, as_of: pd.Timestamp) -> pd.DataFrame:
    """Sources that supply risk counts, `unique_id, supplier_id`: an offer in force, or an order of the last year."""
    offers, orders = supply.offers, supply.orders
    in_force = offers["valid_to"].isna() | (offers["valid_to"] >= as_of)
    recent = orders["ordered_at"] > as_of - _YEAR
    if "never_came" in orders:  # not in snapshots from before it was known
        recent &= orders["never_came"] < 1
    pair = ["unique_id", "supplier_id"]
    return pd.concat([offers.loc[in_force, pair], orders.loc[recent, pair]]).drop_duplicates(
        ignore_index=True
    )


def _alternatives(sources: pd.DataFrame, supplier: "pd.Series[str]", card: pd.DataFrame) -> pd.Series:
    """Alternatives to a supplier at risk, SKU → its other suppliers, comma-separated, the best score first."""
    score = card.set_index("supplier_id")["score"]
    rows = sources[sources["supplier_id"] != sources["unique_id"].map(supplier)]
    rows = rows.assign(score=rows["supplier_id"].map(score))
    rows = rows.sort_values(["score", "supplier_id"], ascending=[False, True], kind="stable")
    named: dict[str, list[str]] = {}
    for sku, other in zip(rows["unique_id"], rows["supplier_id"], strict=True):
        named.setdefault(sku, []).append(other)
    return pd.Series({sku: ", ".join(others) for sku, others in named.items()}, dtype=object)


def _abc(
    used: "np.ndarray[tuple[int], np.dtype[np.float64]]",
) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """ABC class of each SKU by its consumption `used` (n,): A the first 80 %, B the next 15 %, C the rest."""
    order = np.argsort(-used, kind="stable")
    total = used.sum()
    before = (np.cumsum(used[order]) - used[order]) / (total if total > 0 else 1.0)
    abc = np.empty(len(used), object)
    abc[order] = np.where(used[order] <= 0, "C", np.select([before < 0.8, before < 0.95], ["A", "B"], "C"))
    return abc
