import pytest

from features.contract.notation import Votes


@pytest.mark.parametrize(
    ("votes", "winner"),
    [
        (Votes(0, 0, 0), 0),
        (Votes(3, 0, 0), 0),
        (Votes(0, 3, 0), 1),
        (Votes(0, 0, 3), None),
        (Votes(2, 0, 100), 0),
        (Votes(1, 0, 100), None),
        (Votes(0, 2, 100), 1),
        (Votes(10, 1, 5), 0),
        (Votes(10, 2, 5), None),
        (Votes(200, 4, 5), 0),
        (Votes(200, 5, 5), None),
        (Votes(1, 1, 5), None),
        (Votes(10, 9, 0), 0),
    ],
)
def test_a_reading_needs_two_values_in_a_hundred_that_agree(votes: Votes, winner: int | None) -> None:
    assert votes.winner() == winner


@pytest.mark.parametrize(
    ("votes", "stated", "winner"),
    [
        (Votes(0, 0, 5), 1, 1),
        (Votes(9, 1, 0), 1, 1),
        (Votes(9, 0, 1), 1, 1),
        (Votes(9, 0, 0), 1, 0),
        (Votes(0, 9, 0), 0, 1),
        (Votes(0, 0, 0), 1, 1),
    ],
)
def test_a_stated_reading_holds_wherever_it_fits_any_value(votes: Votes, stated: int, winner: int) -> None:
    assert votes.winner(stated) == winner
