import orjson

from serving.precomputed.encoded_rows import OVERHEAD, EncodedRows


def test_rows_are_encoded_once_and_come_in_the_order_asked_for():
    rows, made = EncodedRows(10_000), []

    def encode(keys):
        def these(missing):
            made.append([keys[at] for at in missing])
            return [orjson.dumps({"key": keys[at]}) for at in missing]

        return these

    for keys in (["a", "b"], ["b", "c", "a", "c"]):
        found = orjson.loads(orjson.dumps(rows.rows(keys, encode(keys))))
        assert [row["key"] for row in found] == keys
    assert made == [["a", "b"], ["c", "c"]]


def test_the_row_asked_for_longest_ago_gives_way_when_the_bound_is_reached():
    rows = EncodedRows(3 * (OVERHEAD + 10))
    for key in "abc":
        rows.keep(key, b"x" * 10)
    assert rows.get("a") is not None
    rows.keep("d", b"x" * 10)
    assert (rows.get("b"), rows.get("a")) == (None, b"x" * 10)
    assert len(rows) == 3
    assert rows.bytes <= rows.most_bytes


def test_a_row_larger_than_the_bound_is_not_kept_and_the_count_of_bytes_stays_true():
    rows = EncodedRows(OVERHEAD + 10)
    rows.keep("a", b"x" * 5)
    rows.keep("a", b"x" * 6)
    assert rows.bytes == OVERHEAD + 6
    rows.keep("b", b"x" * 1_000)
    assert (rows.get("b"), rows.bytes) == (None, 0)
