import pandas as pd

from features.quality.warnings.offer_warnings import offer_warnings

DAY = pd.Timestamp("2024-03-01")
NO_ITEMS = pd.DataFrame({"unique_id": [], "cycle_service_level": [], "fill_rate": []})


def found(spans, items=NO_ITEMS):
    offers = pd.DataFrame(spans, columns=["unique_id", "supplier_id", "valid_from", "valid_to"])
    for column in ("valid_from", "valid_to"):
        offers[column] = pd.to_datetime(offers[column])
    return {warning.kind: warning for warning in offer_warnings(offers, items, DAY)}


def test_skus_of_whose_offers_none_is_in_force_are_counted():
    warning = found(
        [
            ("a", "s", None, "2024-02-29"),
            ("b", "s", None, "2024-02-29"),
            ("b", "t", None, None),
            ("c", "s", "2024-03-02", None),
            ("d", "s", "2024-03-01", "2024-03-01"),
        ]
    )["no_offer_in_force"]
    assert (warning.count, warning.total) == (2, 4)
    assert warning.example == "a at s: valid_to 2024-02-29"
    assert (
        found([("c", "s", "2024-03-02", None)])["no_offer_in_force"].example
        == "c at s: valid_from 2024-03-02"
    )


def test_offers_in_force_raise_no_warning():
    assert found([("a", "s", None, None), ("a", "t", None, "2024-02-01")]) == {}


def test_service_targets_above_what_plans_go_by_are_counted():
    items = pd.DataFrame(
        {
            "unique_id": list("abc"),
            "cycle_service_level": [0.99999, 0.9999, None],
            "fill_rate": [None, None, 0.99995],
        }
    )
    warning = found([], items)["capped_target"]
    assert (warning.count, warning.total) == (2, 3)
    assert warning.example == "a: 0.99999"
