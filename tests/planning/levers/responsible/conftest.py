from dataclasses import replace

import pandas as pd
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig

PRICES = {"sku00000": 9.4, "sku00001": 9.8, "sku00002": 9.5, "sku00003": 9.35}
"""What near, which is local, asks for SKUs that are bought from far at 9."""


@pytest.fixture(scope="session")
def company(assess):
    """Four SKUs, three cakes (70, 70 and 140 a week) and a tea (70), bought from far at 9; near asks `PRICES`."""

    def make(goals=None, *, emission_price=0.0, weight=2.0, known=True, **effort):
        offers = []
        for sku, price in PRICES.items():
            offers.append(offer_row(unique_id=sku, preferred=True))
            offers.append(offer_row(supplier_id="near", unique_id=sku, unit_price=price, preferred=False))
        policy = PolicyConfig(
            effort=effort, responsible={"goals": goals or {}, "emission_price": emission_price}
        )
        items = {"unit_cost": 9.0, "unit_price": 15.0, "category": ["cake", "cake", "cake", "tea"]}
        found = assess(
            means=(70.0, 70.0, 140.0, 70.0),
            spreads=(20.0, 20.0, 40.0, 20.0),
            offers=offers,
            items=items | ({"weight": weight} if weight else {}),
            policy=policy,
        )
        suppliers = pd.DataFrame(
            {
                "supplier_id": ["far", "near"],
                "is_local": [False, True],
                "is_diverse": [True, False],
                "is_certified": pd.array([pd.NA, True], dtype="boolean"),
                "emission_factor": [1.5, 0.5],
            }
        )
        if not known:
            suppliers = suppliers[["supplier_id"]]
        return replace(found, inputs=replace(found.inputs, suppliers=suppliers))

    return make
