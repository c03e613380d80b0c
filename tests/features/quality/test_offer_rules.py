import pandas as pd
import pytest

from configs.schema import DataConfig
from features.contract.tables import RawTable
from features.quality.check import check_tables

NONE_FITS = (
    "no multiple of order_multiple 30 lies from moq 100 to max_quantity 119: nothing could be ordered; "
    "correct one of the three"
)


@pytest.fixture
def check_offers(sound_demand):
    """Check an offer of `s` for SKU `a` with the terms given: its reason for quarantine, and the warnings by kind."""

    def run(**terms):
        offer = pd.DataFrame({"supplier_id": ["s"], "unique_id": ["a"], "unit_price": ["10"]}).assign(**terms)
        raw = {"demand": RawTable(sound_demand(), "demand.csv"), "offers": RawTable(offer, "offers.csv")}
        found = check_tables(raw, DataConfig(max_bad_share=1.0))
        bad = found.quarantine.get("offers")
        return None if bad is None else bad["reason"].iloc[0], {each.kind: each for each in found.warnings}

    return run


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"moq": "100", "order_multiple": "30"}, None),
        ({"moq": "100", "order_multiple": "30", "max_quantity": "120"}, None),
        ({"max_quantity": "150", "order_multiple": "100"}, None),
        ({"moq": "0.3", "order_multiple": "0.1", "max_quantity": "0.3"}, None),
        ({"moq": "0", "order_multiple": "0", "max_quantity": "0.5"}, None),
        ({"moq": "100", "max_quantity": "100"}, None),
        ({"moq": "101", "max_quantity": "100"}, "max_quantity is 100, below moq 101"),
        (
            {"order_multiple": "30", "max_quantity": "20"},
            "max_quantity is 20, below order_multiple 30: nothing could be ordered",
        ),
        (
            {"moq": "100", "order_multiple": "30", "max_quantity": "119"},
            NONE_FITS,
        ),
        (
            {"purchase_unit": "pack", "units_per_purchase_unit": "10", "max_quantity": "0.5"},
            "max_quantity is 0.5, below order_multiple 1: nothing could be ordered",
        ),
        ({"moq": "100", "max_quantity": "0"}, None),  # no maximum
        ({"order_multiple": "12", "max_quantity": "-5"}, "max_quantity is -5, expected a number ≥ 0"),
    ],
)
def test_an_offer_must_allow_some_quantity(check_offers, terms, reason):
    assert check_offers(**terms)[0] == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("100:9.50;500:9.10", None),
        ("500:9.10; 100:9.50;", None),
        ("100:9.50;100:9.50", None),
        ("100", "expected pairs such as 100:9.50;500:9.10"),
        ("-5:9", "expected pairs such as 100:9.50;500:9.10"),
        ("5:0.00", "expected prices above 0"),
        ("100:9;100:8", "which begins twice at one quantity; keep one price of it"),
    ],
)
def test_price_breaks_must_say_one_price_for_a_quantity(check_offers, text, reason):
    found = check_offers(price_breaks=text)[0]
    assert found is None if reason is None else found.endswith(reason)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("100:9.50;500:9.10", set()),
        ("100:10;500:10", set()),
        ("0:10;500:9.10", set()),
        ("100:11", {"dearer_price_break"}),
        ("100:9;500:9.5", {"dearer_price_break"}),
        ("0:11", {"odd_price_break"}),
        ("100:9;100:9", {"odd_price_break"}),
        ("0:9;50:9.5", {"odd_price_break", "dearer_price_break"}),
    ],
)
def test_price_breaks_that_hardly_say_what_was_meant_are_a_warning(check_offers, text, kinds):
    found = check_offers(price_breaks=text)[1]
    assert set(found) & {"dearer_price_break", "odd_price_break"} == kinds
    for kind in kinds:
        assert found[kind].example.startswith("offers.csv row 1: price_breaks is")
        assert found[kind].example.endswith("with unit_price 10")


def test_price_breaks_without_a_unit_price_are_compared_with_each_other_only(check_offers):
    reason, found = check_offers(price_breaks="0:9;100:9", unit_price="")
    assert reason is None
    assert not {"dearer_price_break", "odd_price_break"} & set(found)
