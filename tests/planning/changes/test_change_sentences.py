from planning.changes.causes import CAUSES
from planning.changes.change_sentences import WORDS, change_sentence
from planning.changes.plan_changes import NUMBERS


def row(**values: float) -> dict[str, float]:
    parts = {f"{number}_{cause}": 0.0 for number in NUMBERS for cause in CAUSES}
    same = {
        "reorder_point_before": 41.0,
        "reorder_point": 41.0,
        "order_quantity_before": 0.0,
        "order_quantity": 0.0,
    }
    return same | parts | values


def test_a_change_is_told_with_its_parts_the_largest_first():
    told = row(
        reorder_point=52.0,
        reorder_point_demand_level=8.0,
        reorder_point_lead_time_spread=-9.0,
        reorder_point_play=12.3,
        reorder_point_lot=-0.3,
    )
    assert change_sentence(told) == (
        "reorder point 41 → 52: play +12, lead-time spread −9, demand level +8"
    ), "what is small beside the others needs no word"


def test_what_did_not_move_is_not_told():
    assert change_sentence(row()) == ""
    moved = row(order_quantity=96.0, order_quantity_stock_and_orders=96.0)
    assert change_sentence(moved) == "order quantity 0 → 96: stock and orders +96"


def test_every_cause_has_words():
    assert set(WORDS) == set(CAUSES)
    assert not any("_" in words for words in WORDS.values())
