"""Where poor suppliers meet high consumption."""

import pandas as pd

from features.contract.tables import empty_table
from suppliers.risk import SkuSupply, heat_map, performance_band, segments, sku_risk

AS_OF = pd.Timestamp("2026-03-01")
CARD = pd.DataFrame(
    {
        "supplier_id": ["bad", "good", "new"],
        "region": ["West", "East", "East"],
        "score": [30.0, 90.0, float("nan")],
        "state": ["eroding", "stable", ""],
    }
)


def supply() -> SkuSupply:
    offers = empty_table("offers").reindex(range(4))
    offers = offers.assign(
        unique_id=["a", "a", "a", "b"],
        supplier_id=["bad", "good", "new", "bad"],
        valid_to=pd.to_datetime([None, None, "2025-01-01", None]),
    )
    items = (
        empty_table("items").reindex(range(3)).assign(unique_id=["a", "b", "c"], unit_cost=[10.0, 1.0, 1.0])
    )
    orders = pd.DataFrame({"unique_id": ["c"], "supplier_id": ["good"], "ordered_at": [AS_OF]})
    supplier = pd.Series({"a": "bad", "b": "bad", "c": "good"})
    return SkuSupply(supplier, pd.Series({"a": 1.0, "b": 0.5}), items, offers, orders)


def test_the_worst_supplier_and_the_most_used_sku_come_first() -> None:
    risk = sku_risk(CARD, supply(), AS_OF)
    assert risk["unique_id"].tolist() == ["a", "b", "c"]
    assert risk["performance"].tolist() == ["poor", "poor", "good"]
    assert risk["consumption"].tolist() == [3650.0, 182.5, 0.0]
    assert risk["consumption_class"].tolist() == ["A", "C", "C"]


def test_an_offer_that_has_ended_is_no_alternative() -> None:
    risk = sku_risk(CARD, supply(), AS_OF).set_index("unique_id")
    assert risk.loc["a", ["sources", "sourcing", "alternatives"]].tolist() == [2, "dual", "good"]
    assert risk.loc["b", ["sources", "sourcing", "alternatives"]].tolist() == [1, "single", ""]


def test_cells_hold_every_sku_once() -> None:
    cells = heat_map(sku_risk(CARD, supply(), AS_OF)).set_index(["performance", "consumption_class"])
    assert cells["skus"].sum() == 3
    assert cells.loc[("poor", "A"), ["skus", "suppliers", "consumption"]].tolist() == [1, 1, 3650.0]


def test_a_supplier_is_a_single_source_where_half_of_its_skus_have_no_other() -> None:
    table = segments(sku_risk(CARD, supply(), AS_OF))
    assert table.loc["bad", ["skus", "single_source_skus", "sourcing"]].tolist() == [2, 1, "single"]


def test_bands_end_at_their_upper_score() -> None:
    assert performance_band(pd.Series([40.0, 40.1, 80.0, 80.1, float("nan")])).tolist() == [
        "poor",
        "weak",
        "fair",
        "good",
        "unknown",
    ]
