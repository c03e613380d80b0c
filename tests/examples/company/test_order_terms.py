import numpy as np
import pandas as pd

from examples.company.order_terms import loads, read_order_terms
from examples.company.suppliers import read_suppliers
from features.contract.tables import TABLES


def test_every_supplier_has_terms_and_none_that_cannot_be_met():
    ids = read_suppliers()["supplier_id"]
    terms = read_order_terms(ids)
    assert set(terms) <= set(TABLES["suppliers"])
    assert len(terms) == len(ids)
    assert (terms["ordering_cost"] > 0).all()
    both = terms[["minimum_order_value", "free_freight_from"]].dropna()
    assert (both["minimum_order_value"] < both["free_freight_from"]).all()
    assert terms.loc[terms["free_freight_from"].notna(), "freight_cost"].gt(0).all()


def test_weights_are_read_from_descriptions_but_not_of_bulk():
    read = loads(
        pd.Series(["Macaroni 16 oz", "Juice 2 l", "Tomatoes bulk 25 lb", "Toilet tissue", "Pills .5 oz"])
    )
    assert read["weight"].tolist() == [0.454, 2.0, 0.3, 0.3, 0.014]
    assert (read["units_per_pallet"] == np.floor(500 / read["weight"])).all()
