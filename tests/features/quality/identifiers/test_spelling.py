import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.quality.identifiers.id_rules import shown, visible
from features.quality.identifiers.spelling import difference, fold, spelled_alike


@pytest.mark.parametrize(
    ("name", "other", "how"),
    [
        ("S1", "s1", "case"),
        ("Straße", "STRASSE", "case"),
        ("A 1", "A1", "blanks"),
        ("A\u00a01", "A1", "blanks"),
        ("A\u00a01", "A 1", "blanks"),
        ("007", "7", "leading zeros or decimals"),
        ("7", "7.0", "leading zeros or decimals"),
        ("000", "0", "leading zeros or decimals"),
        ("Caf\u00e9", "Cafe\u0301", "Unicode form"),
        ("\uff21\uff11", "A1", "Unicode form"),
        ("\u200eA1", "A1", "invisible characters"),
        ("A\u00ad1", "A1", "invisible characters"),
        ("a\u200b 1", "A1", "invisible characters and blanks and case"),
    ],
)
def test_spellings_of_one_id_fold_to_the_same_and_say_how_they_differ(name, other, how):
    assert fold(name) == fold(other)
    assert difference(name, other) == how


@pytest.mark.parametrize(
    ("name", "other"),
    [("A1", "A01"), ("7", "70"), ("7.5", "7"), ("A-1", "A1"), ("é", "e"), ("0", ""), ("7.0.0", "7")],
)
def test_other_ids_do_not(name, other):
    assert fold(name) != fold(other)


@given(st.text(st.characters(codec="ascii")))
def test_the_quick_way_of_plain_ids_is_the_thorough_one(name):
    assert fold(name) == fold(f"{name}\u200b")


def test_the_first_spelling_of_several_is_the_one_that_is_named():
    known = pd.Index(["A1", "a1", "B"], dtype=object)
    assert spelled_alike(pd.Index(["a 1", "C"], dtype=object), known) == {"a 1": "A1"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("A 1", "A 1"),
        ("A  1", "'A  1'"),
        ("A\u200b", r"'A\u200b'"),
        ("A\u31641", r"'A\u31641'"),
        ("日本", "日本"),
    ],
)
def test_an_id_is_shown_with_escapes_where_something_hides(name, text):
    assert shown(name) == text


def test_a_long_id_is_shown_in_part():
    assert shown("x" * 61) == "x" * 57 + "…"
    assert shown("x" * 60) == "x" * 60


def test_joiners_are_seen_between_letters_of_their_scripts_only():
    assert visible("نامه\u200cها") == "نامه\u200cها"
    assert visible("A\u200d1") == "A1"
    assert visible("日\u200d") == "日"
