import pytest

from serving.precomputed.last_used import LastUsed


def test_a_thing_is_made_once_until_enough_others_were_asked_for():
    kept, made = LastUsed(2), []

    def make(key):
        made.append(key)
        return key.upper()

    asked = [kept.get(key, lambda key=key: make(key)) for key in "abacb"]
    assert asked == ["A", "B", "A", "C", "B"]
    assert made == ["a", "b", "c", "b"]


def test_what_cannot_be_made_is_tried_again():
    kept = LastUsed(2)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 / 0)
    assert kept.get("a", lambda: 1) == 1
