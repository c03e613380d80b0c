import pandas as pd


def test_ids_that_one_table_lacks_are_counted_and_a_spelling_is_suggested(warnings_of):
    items = pd.DataFrame({"unique_id": ["A"]})
    found = warnings_of(items=items)["not_in_items"]
    assert (found.count, found.total) == (1, 1)
    assert found.example == "a, which stands in items as A"


def test_a_stock_count_older_than_a_period_is_old(warnings_of, weeks):
    stock = pd.DataFrame(
        {
            "unique_id": ["a"],
            "as_of": [weeks[-1] + pd.Timedelta(days=7) - pd.Timedelta(days=20)],
            "on_hand": [1.0],
        }
    )
    assert warnings_of(stock=stock)["old_stock"].count == 1
    assert warnings_of(stock=stock.assign(as_of=weeks[-1] + pd.Timedelta(days=7))) == {}
