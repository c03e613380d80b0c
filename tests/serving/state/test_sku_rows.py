import pandas as pd

from planning.inputs import SKU_TABLES


def test_a_sku_s_rows_are_those_of_a_search_through_the_tables(served) -> None:
    for names in (["sku16"], ["sku19", "sku00"], ["nope"]):
        found, searched = served.sku_rows.inputs_of(names), served.inputs.of_skus(names)
        for table in SKU_TABLES:
            pd.testing.assert_frame_equal(getattr(found, table), getattr(searched, table))
    demand = served.snapshot.demand
    assert len(served.sku_rows.demand_of("sku16")) > 10
    pd.testing.assert_frame_equal(served.sku_rows.demand_of("sku16"), demand[demand["unique_id"] == "sku16"])
    assert served.sku_rows.demand_of("nope").empty
