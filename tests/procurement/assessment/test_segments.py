"""Segments by value, steadiness and supplier, by hand."""

import numpy as np
import pandas as pd
import pytest

from procurement.assessment.segments import segment_by_sku, segments


def test_variation_of_demand_is_x_y_or_z_and_a_sku_without_demand_none(facts_of, weekly) -> None:
    demand = weekly(x=10, y=np.tile([0.4, 19.6], 26), z=np.tile([0.0, 0, 0, 40], 13), none=0)
    found = segment_by_sku(facts_of(demand=demand)).set_index("unique_id")["xyz"]
    assert found.to_dict() == {"none": "-", "x": "X", "y": "Y", "z": "Z"}


def test_a_dependable_supplier_keeps_its_promises_or_where_none_are_known_is_steady(
    facts_of, weekly, lines
) -> None:
    def promised(unique_id: str, late: int) -> pd.DataFrame:
        frame = lines([10.0] * 20, unique_id=unique_id, supplier_id=unique_id.upper())
        days = np.where(np.arange(20) < late, 9, 12)
        return frame.assign(promised_at=frame["ordered_at"] + pd.to_timedelta(days, unit="D"))

    orders = pd.concat(
        [
            promised("kept", 2),
            promised("late", 3),
            lines([10.0, 11.0] * 4, unique_id="steady", supplier_id="STEADY"),
            lines([2.0, 20.0] * 4, unique_id="loose", supplier_id="LOOSE"),
            lines([10.0] * 7, unique_id="few", supplier_id="FEW"),
        ],
        ignore_index=True,
    )
    demand = weekly(kept=5, late=5, steady=5, loose=5, few=5, never=5)
    found = segment_by_sku(facts_of(demand=demand, purchase_orders=orders)).set_index("unique_id")["supplier"]
    assert found.to_dict() == {
        "kept": "dependable", "late": "not dependable", "steady": "dependable", "loose": "not dependable",
        "few": "not known", "never": "not known",
    }  # fmt: skip


def test_counts_and_values_of_segments_add_up(facts_of, weekly) -> None:
    items = pd.DataFrame({"unique_id": ["a", "b"], "unit_cost": [2.0, 1.0]})
    stock = pd.DataFrame({"unique_id": ["a", "b"], "as_of": "2024-01-01", "on_hand": [10.0, 30.0]})
    finding = segments(facts_of(demand=weekly(a=70, b=7), items=items, stock=stock))
    table = finding.tables["segments"]
    assert table["skus"].sum() == 2
    assert table["stock_value"].sum() == pytest.approx(50)
    assert table["demand_value"].sum() == pytest.approx(365 * (10 * 2 + 1))
    assert finding.value("a_skus").middle == 1
