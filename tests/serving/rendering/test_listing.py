import pandas as pd
from starlette.datastructures import QueryParams
from starlette.requests import Request

from serving.rendering.listing import Column, headers, list_part, sorted_table

COLUMNS = (Column("name", "name"), Column("worth", "worth", numeric=True, rising=False))
TABLE = pd.DataFrame({"name": ["b", "a", "c"], "worth": [1.0, None, 1.0]})


def request(query: str = "") -> Request:
    return Request(
        {"type": "http", "method": "GET", "path": "/things", "query_string": query.encode(), "headers": []}
    )


def test_a_list_is_sorted_as_asked_ties_keep_their_order_and_what_is_missing_comes_last() -> None:
    def order(query: str) -> list[str]:
        return sorted_table(TABLE, COLUMNS, QueryParams(query), "name")["name"].tolist()

    assert order("") == ["a", "b", "c"]
    assert order("sort=-name") == ["c", "b", "a"]
    assert order("sort=-worth") == order("sort=worth") == ["b", "c", "a"]
    assert order("sort=nonsense") == ["a", "b", "c"]


def test_a_header_turns_the_order_round_and_keeps_the_rest_of_the_address() -> None:
    made = headers(COLUMNS, QueryParams("q=x&sort=-worth&page=3&done=1"), "name")
    assert (made["worth"].link, made["worth"].order) == ("?q=x&sort=worth", "descending")
    assert (made["name"].link, made["name"].order) == ("?q=x&sort=name", "")
    assert headers(COLUMNS, QueryParams(""), "name")["worth"].link == "?sort=-worth"
    assert headers(COLUMNS, QueryParams(""), "name")["name"].link == "?sort=-name"


def test_a_part_has_its_rows_and_files_with_the_same_filter_and_order() -> None:
    part = list_part(request("q=x&sort=name&page=2"), TABLE, COLUMNS, "name", per_page=2)
    assert [row["name"] for row in part["rows"]] == ["c"]
    assert part["downloads"]["csv"] == "/things.csv?q=x&sort=name"
