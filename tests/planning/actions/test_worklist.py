from plan_rows import offer_row, order_line

from configs.schema import PolicyConfig
from planning.actions.action_table import COLUMNS
from planning.actions.worklist import list_actions


def test_the_same_action_keeps_its_id_and_different_ones_have_their_own(assess):
    orders = [order_line(order_id="a"), order_line(order_id="b", age=1)]
    first, again = (list_actions(assess(on_hand=[stock], orders=orders)) for stock in (3000, 3100))
    assert first["action_id"].is_unique
    pushed = [set(frame.loc[frame["kind"] == "push_back", "action_id"]) for frame in (first, again)]
    assert len(pushed[0]) == 2
    assert pushed[0] == pushed[1]


def test_actions_are_ranked_by_worth_and_small_ones_left_out(assess):
    tables = {
        "offers": [offer_row(moq=2000, ordering_cost=30)],
        "on_hand": [4000],
        "orders": [order_line(quantity_open=500)],
    }
    all_ = list_actions(assess(**tables))
    assert list(all_) == COLUMNS
    assert len(all_) >= 2
    assert all_["worth"].is_monotonic_decreasing
    assert (all_["worth"] > 0).all()
    bar = float(all_["worth"].iloc[0])
    few = list_actions(assess(**tables, policy=PolicyConfig(minimum_action_value=bar - 0.01)))
    assert len(few) == 1


def test_no_action_means_an_empty_list_with_the_same_columns(assess):
    nothing = list_actions(assess(on_hand=[500]))
    assert list(nothing) == COLUMNS
    assert len(nothing) == 0
