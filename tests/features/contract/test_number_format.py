import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.contract.notation import Notation
from features.contract.number_format import plain_numbers, read_numbers

MACHINE = Notation()
SPREADSHEET = Notation(dot_is_decimal=False)


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["1.020", "7.5"], [1.02, 7.5]),
        (["1.020", "0.125"], [1.02, 0.125]),
        (["1.020", "1.250,5"], [1020, 1250.5]),
        (["1.020", "1.020.300"], [1020, 1020300]),
        (["1,020", "7.5"], [1020, 7.5]),
        (["1,5", "960"], [1.5, 960]),
        (["1 020", "1\u00a0020,5", "1\u2009020", "1\u202f020"], [1020, 1020.5, 1020, 1020]),
        (["1'020.50", "1\u2019020"], [1020.5, 1020]),
        (["12,34,567", "1,00,000.5"], [1234567, 100000.5]),
        (["1020", "1e3", "-5"], [1020, 1000, -5]),
        (["1.020e3", "960"], [1020, 960]),
    ],
)
def test_a_column_that_fits_one_format_is_read_in_it(texts, values):
    found, fits, ambiguity = read_numbers(texts, SPREADSHEET)
    assert found.tolist() == values
    assert fits.all()
    assert ambiguity is None


@pytest.mark.parametrize(
    ("texts", "position", "readings"),
    [
        (["960", "1.020"], 1, "1020 where the dot .* and 1.02 where"),
        (["1,000", "960"], 0, "1000 where the comma .* and 1 where"),
        (["960", "-12.500"], 1, "-12500 where the dot .* and -12.5 where"),
    ],
)
def test_three_digits_behind_every_separator_are_ambiguous(texts, position, readings):
    _, _, ambiguity = read_numbers(texts, SPREADSHEET)
    assert ambiguity is not None
    assert ambiguity.position == position
    assert "data.decimal" in ambiguity.why
    import re

    assert re.search(readings, ambiguity.why)


def test_a_dot_alone_is_clear_in_comma_separated_files_and_a_comma_is_not():
    assert read_numbers(["1.020", "960"], MACHINE)[0].tolist() == [1.02, 960]
    assert read_numbers(["1,020", "960"], MACHINE)[2] is not None


def test_decimal_commas_beside_thousands_with_a_dot_are_clear_only_where_a_dot_is_not_a_point():
    texts = ["1.020", "1.030", "7,5", "8,5"]
    assert read_numbers(texts, SPREADSHEET)[0].tolist() == [1020, 1030, 7.5, 8.5]
    assert read_numbers(texts, MACHINE)[2] is not None
    hundred = [f"{n}.125" for n in range(1, 101)]
    values, fits, ambiguity = read_numbers([*hundred, "7,5"], MACHINE)
    assert ambiguity is None
    assert values[0] == 1.125
    assert not fits[-1]


@pytest.mark.parametrize(
    ("notation", "value"),
    [
        (Notation(decimal=",", dot_is_decimal=False), 1020),
        (Notation(decimal=".", dot_is_decimal=False), 1.02),
        (Notation(thousands=".", dot_is_decimal=False), 1020),
        (Notation(thousands=" ", dot_is_decimal=False), 1.02),
        (Notation(decimal=","), 1020),
    ],
)
def test_what_the_config_states_decides_what_fits_both(notation, value):
    values, _, ambiguity = read_numbers(["1.020"], notation)
    assert ambiguity is None
    assert values.tolist() == [value]


def test_what_the_config_states_does_not_spoil_a_column_that_fits_the_other_format_only():
    assert read_numbers(["5.0", "7.25"], Notation(decimal=","))[0].tolist() == [5.0, 7.25]
    assert read_numbers(["5,0", "7,25"], Notation(decimal="."))[0].tolist() == [5.0, 7.25]


def test_where_the_stated_format_fits_some_values_the_others_are_bad():
    values, fits, _ = read_numbers(["1.020", "7.5"], Notation(decimal=",", dot_is_decimal=False))
    assert values[0] == 1020
    assert fits.tolist() == [True, False]


def test_one_typing_error_does_not_decide_for_a_hundred_ambiguous_numbers():
    texts = [f"{n}.000" for n in range(1, 101)]
    assert read_numbers([*texts, "7.5"], SPREADSHEET)[2] is not None
    assert read_numbers([*texts, "7.5", "8.5"], SPREADSHEET)[2] is None


def test_a_mix_of_decimal_points_and_commas_with_ambiguous_numbers_between_is_named():
    _, _, ambiguity = read_numbers(["7.5", "8.5", "7,5", "8,5", "1.020"], SPREADSHEET)
    assert ambiguity is not None
    assert "7.5, with a decimal point, and 7,5, with a decimal comma" in ambiguity.why


def test_the_few_of_another_format_are_bad_where_nothing_is_ambiguous():
    values, fits, ambiguity = read_numbers(["7.5", "8.25", "9,5"], MACHINE)
    assert ambiguity is None
    assert values[:2].tolist() == [7.5, 8.25]
    assert fits.tolist() == [True, True, False]


def test_a_stated_separator_of_thousands_is_the_only_one():
    notation = Notation(decimal=".", thousands="'")
    assert read_numbers(["1'020", "1,020", "1 020"], notation)[1].tolist() == [True, False, False]


def test_price_breaks_are_written_plainly_in_the_one_format_of_all():
    texts = ["1.000:9,50;5.000:9,10", "100:9"]
    assert plain_numbers(texts, SPREADSHEET) == (["1000.0:9.5;5000.0:9.1", "100:9"], None)
    texts = ["100:9.50;500:9.10", "cheap"]
    assert plain_numbers(texts, SPREADSHEET) == (texts, None)
    _, ambiguity = plain_numbers(["100:9", "1.000:8"], SPREADSHEET)
    assert ambiguity is not None
    assert ambiguity.position == 1


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1), st.sampled_from(".,"))
def test_numbers_written_with_a_separator_are_read_back_exactly(values, decimal):
    texts = [repr(value).replace(".", decimal) for value in values]
    found, fits, _ = read_numbers(texts, Notation(decimal=decimal))
    assert fits.all()
    assert found.tolist() == values


@given(
    st.lists(st.integers(-(10**12), 10**12), min_size=1),
    st.sampled_from([(".", ","), (",", "."), (",", " ")]),
)
def test_grouped_numbers_are_read_back_exactly_in_the_stated_format(values, signs):
    decimal, thousands = signs
    texts = [f"{value / 4:,.2f}".translate(str.maketrans({",": thousands, ".": decimal})) for value in values]
    found, fits, _ = read_numbers(texts, Notation(decimal=decimal, thousands=thousands, dot_is_decimal=False))
    assert fits.all()
    assert np.allclose(found, [value / 4 for value in values], atol=0)


@given(st.lists(st.text("0123456789.,' -e", max_size=9)))
def test_reading_never_fails_and_what_does_not_fit_has_no_value(texts):
    values, fits, _ = read_numbers(texts, SPREADSHEET)
    assert len(values) == len(fits) == len(texts)
    assert all(math.isnan(value) != fit for value, fit in zip(values.tolist(), fits.tolist(), strict=True))
