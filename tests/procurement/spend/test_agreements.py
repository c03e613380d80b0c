import numpy as np
import pytest
from purchases import day, table

from procurement.spend.agreements import contract_of_lines, contract_prices, contracted_elsewhere


def lines(*rows):
    """Order lines (supplier, SKU, category, day)."""
    import pandas as pd

    columns = ["supplier_id", "unique_id", "category", "ordered_at"]
    return pd.DataFrame([(s, u, c, day(at)) for s, u, c, at in rows], columns=columns)


CONTRACTS = table(
    "contracts",
    [
        {"contract_id": "all", "supplier_id": "s", "price": 9.0},
        {"contract_id": "cat", "supplier_id": "s", "category": "x", "price": 8.0},
        {"contract_id": "sku", "supplier_id": "s", "unique_id": "a", "price": 7.0,
         "valid_from": day("03-01"), "valid_to": day("06-30")},
        {"contract_id": "new", "supplier_id": "s", "unique_id": "a", "price": 6.0, "valid_from": day("06-01")},
        {"contract_id": "other", "supplier_id": "t", "category": "y"},
    ],
)  # fmt: skip


@pytest.mark.parametrize(
    ("line", "contract"),
    [
        (("s", "a", "x", "02-29"), "cat"),  # the SKU's has not begun
        (("s", "a", "x", "03-01"), "sku"),
        (("s", "a", "x", "05-31"), "sku"),
        (("s", "a", "x", "06-01"), "new"),  # the one that came into force last
        (("s", "a", "x", "07-01"), "new"),
        (("s", "b", "x", "07-01"), "cat"),
        (("s", "b", "z", "07-01"), "all"),
        (("s", "b", None, "07-01"), "all"),
        (("t", "b", "y", "07-01"), "other"),
        (("t", "a", "x", "07-01"), None),
    ],
)
def test_the_most_particular_contract_in_force_holds(line, contract):
    row = contract_of_lines(lines(line), CONTRACTS)[0]
    assert (None if row < 0 else CONTRACTS["contract_id"][row]) == contract


def test_a_contract_holds_through_the_hours_of_its_last_day():
    until = CONTRACTS[CONTRACTS["contract_id"] == "sku"].reset_index(drop=True)
    rows = contract_of_lines(lines(("s", "a", "x", "2024-06-30 23:00"), ("s", "a", "x", "07-01")), until)
    assert rows.tolist() == [0, -1]


def test_prices_are_those_of_the_contract_and_not_known_without_one():
    prices = contract_prices(CONTRACTS, np.array([2, -1, 4]))
    np.testing.assert_array_equal(prices, [7.0, np.nan, np.nan])


def test_somebody_has_a_contract_for_the_sku_or_its_category_but_not_for_all_of_a_supplier():
    asked = lines(
        ("t", "a", "q", "07-01"),
        ("t", "b", "x", "07-01"),
        ("t", "b", "z", "07-01"),
        ("t", "b", None, "07-01"),
    )
    assert contracted_elsewhere(asked, CONTRACTS).tolist() == [True, True, False, False]


def test_nothing_is_found_without_contracts_or_lines():
    assert contract_of_lines(lines(("s", "a", "x", "07-01")), CONTRACTS[:0]).tolist() == [-1]
    assert contract_of_lines(lines(), CONTRACTS).tolist() == []
