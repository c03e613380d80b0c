import pandas as pd

from planning.phase_outs import phase_outs


def table(replaces, days=None):
    ids = [f"n{i}" for i in range(len(replaces))]
    frame = pd.DataFrame({"unique_id": ids, "replaces": replaces})
    if days is not None:
        frame["replaces_from"] = pd.to_datetime(pd.Series(days))
    found = phase_outs(frame)
    return dict(zip(found["unique_id"], found["replaced_from"].dt.strftime("%m-%d"), strict=True))


def test_a_phase_out_ends_with_the_last_of_its_successors():
    found = table(["a", "a; b", None], ["2024-03-01", "2024-05-01", None])
    assert (found["a"], found["b"]) == ("05-01", "05-01")


def test_a_phase_out_without_a_day_has_begun_or_begins_now():
    assert pd.isna(table(["a"])["a"])
    assert pd.isna(table(["a"], [None])["a"])
    assert table(["a", "a"], [None, "2024-03-01"])["a"] == "03-01"


def test_an_id_with_a_semicolon_is_one_id_too():
    assert {"x;y", "x", "y"} <= set(table(["x;y"]))


def test_items_that_replace_nothing_have_no_phase_outs():
    assert table([None, None]) == {}
    assert phase_outs(pd.DataFrame({"unique_id": ["a"]})).empty
