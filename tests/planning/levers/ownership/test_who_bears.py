import numpy as np

from planning.levers.ownership.who_bears import in_words, who_bears

NOW = {"ordering": np.array([10.0, 20.0]), "stock": np.array([5.0, 0.0])} | dict.fromkeys(
    ("pipeline", "shortage", "spoilage"), np.zeros(2)
)


def test_each_part_is_said_with_who_bears_it():
    then = NOW | {"ordering": np.zeros(2)}
    bearing = who_bears(NOW, then, {"ordering": 15.0})
    assert bearing["ordering"] == {"ours_now": 30.0, "ours_then": 0.0, "theirs_then": 15.0}
    assert bearing["stock"] == {"ours_now": 5.0, "ours_then": 5.0, "theirs_then": 0.0}
    assert in_words(bearing, "EUR") == (
        "ordering 30 now, 0 then and 15 with the supplier; stock 5 now, 5 then (EUR a year)"
    )
