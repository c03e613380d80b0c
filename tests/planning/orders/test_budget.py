import numpy as np
import pandas as pd
import pytest

from planning.orders.budget import Budget, budgets_of_today, with_placed_here, within_budget
from planning.orders.fill_up import Orders
from planning.orders.keep_budgets import keep_budgets
from planning.orders.supplier_terms import SupplierTerms

ITEMS = pd.DataFrame({"unique_id": ["x", "y"], "category": ["tea", "oil"]})
PLACED = pd.DataFrame(
    {
        "supplier_id": ["a", "a", "b", "b", "a"],
        "unique_id": ["x", "y", "x", "x", "x"],
        "ordered_at": pd.to_datetime(["2024-03-02", "2024-03-05", "2024-03-07", "2024-02-28", "2024-03-20"]),
        "quantity_ordered": [10.0, 10.0, 10.0, 10.0, 10.0],
        "quantity_received": [10.0, 4.0, np.nan, 10.0, np.nan],
        "unit_price": [2.0, 3.0, 5.0, 7.0, 11.0],
        "status": ["received", "closed", None, None, None],
    }
)


def budgets_on(day, *rows):
    table = pd.DataFrame(list(rows), columns=["period", "amount", "category", "supplier_id"])
    return budgets_of_today(table, PLACED, ITEMS, pd.Timestamp(day))


def test_spent_is_what_was_ordered_in_the_period_by_today():
    total, tea, of_a, other = budgets_on(
        "2024-03-19",
        ("2024-03", 100.0, None, None),
        ("2024-Q1", 100.0, "tea", None),
        ("2024", 100.0, None, "a"),
        ("2024-W12", 9.0, "oil", "b"),
    )
    assert total.spent == pytest.approx(10 * 2 + 4 * 3 + 10 * 5), "a line closed short counts as it came"
    assert tea.spent == pytest.approx(10 * 2 + 10 * 5 + 10 * 7)
    assert of_a.spent == pytest.approx(10 * 2 + 4 * 3)
    assert (other.spent, other.left, other.name) == (0, 9.0, "2024-W12 · oil · b")
    assert total.left == pytest.approx(18)
    assert tea.left == 0
    on_the_day = budgets_on("2024-03-20", ("2024-03", 100.0, None, None))[0]
    assert on_the_day.spent == pytest.approx(total.spent + 10 * 11)


def test_a_budget_of_a_department_counts_its_lines_and_those_without_one_by_their_sku():
    items = ITEMS.assign(department=["shop", "bar"])
    lines = PLACED.assign(department=["bar", None, None, "bar", None])
    table = pd.DataFrame(
        [
            ("2024-03", 100.0, None, None, "shop"),
            ("2024-Q1", 100.0, None, None, "bar"),
            ("2024-03", 100.0, "tea", "a", "bar"),
            ("2024", 7.0, None, None, "garden"),
            ("2024", 7.0, None, None, None),
        ],
        columns=["period", "amount", "category", "supplier_id", "department"],
    )
    shop, bar, some, garden, all_ = budgets_of_today(table, lines, items, pd.Timestamp("2024-03-20"))
    assert shop.spent == pytest.approx(10 * 5 + 10 * 11), "x of b on the 7th, x of a on the 20th"
    assert bar.spent == pytest.approx(10 * 2 + 4 * 3 + 10 * 7), "its own two lines, and y, which came short"
    assert some.spent == pytest.approx(10 * 2), "tea from a for the bar"
    assert (garden.spent, garden.left) == (0, 7.0)
    assert all_.spent == pytest.approx(20 + 12 + 50 + 70 + 110)
    assert [budget.name for budget in (shop, some, all_)] == [
        "2024-03 · shop",
        "2024-03 · tea · a · bar",
        "2024",
    ]
    assert [budget.department for budget in (shop, all_)] == ["shop", None]
    by_sku = budgets_of_today(table.head(2), PLACED, items, pd.Timestamp("2024-03-20"))
    assert [budget.spent for budget in by_sku] == [10 * 2 + 10 * 5 + 10 * 11, 4 * 3]
    unknown = budgets_of_today(table.head(1), PLACED, ITEMS, pd.Timestamp("2024-03-20"))
    assert unknown[0].spent == 0, "nobody says whose the lines are"


def test_only_budgets_of_todays_period_bind():
    assert budgets_on("2024-04-01", ("2024-03", 1.0, None, None), ("soon", 1.0, None, None)) == []
    assert len(budgets_on("2024-03-31", ("2024-03", 1.0, None, None))) == 1
    assert budgets_of_today(pd.DataFrame(), PLACED, ITEMS, pd.Timestamp("2024-03-20")) == []


def orders_of(line_worth, n, *, seed=0, supplier=None):
    rng = np.random.default_rng(seed)
    worth = line_worth(
        list(rng.uniform(-60, -5, n)),
        position=rng.uniform(-30, 60, n),
        shortage=rng.uniform(1, 9, n),
        daily=rng.uniform(2, 20, n),
    )
    return Orders(
        worth=worth,
        supplier=np.zeros(n, np.intp) if supplier is None else supplier,
        loads=np.zeros((n, 3)),
        fillable=np.ones(n, bool),
        settled=np.zeros(n, bool),
        quantity=np.round(rng.uniform(40, 140, n)),
    )


def spend(orders, money):
    quantity, use = within_budget(
        orders, np.arange(len(orders.quantity)), Budget("b", None, None, money, 0.0)
    )
    saved = orders.worth.worth(quantity).sum()
    return quantity, use, saved


def test_a_budget_that_is_enough_changes_nothing(line_worth):
    orders = orders_of(line_worth, 8)
    money = 4.0 * orders.quantity.sum()
    quantity, use, _ = spend(orders, money)
    assert quantity.tolist() == orders.quantity.tolist()
    assert (use.binds, use.saves, use.wanted, use.ordered) == (False, 0.0, money, money)


@pytest.mark.parametrize("n", [8, 60])
def test_a_budget_is_spent_on_what_is_worth_most(line_worth, n):
    orders = orders_of(line_worth, n)
    full = 4.0 * orders.quantity.sum()
    worths = []
    for share in np.linspace(0, 1, 9):
        quantity, use, saved = spend(orders, share * full)
        assert use.ordered == pytest.approx(4.0 * quantity.sum())
        assert use.ordered <= share * full + 1e-6
        assert (quantity <= orders.quantity).all()
        worths.append(saved)
    assert (np.diff(worths) >= -1e-6).all()
    even = orders.worth.worth(np.floor(orders.quantity / 2)).sum()
    assert worths[4] > even, "better than half of everything"


def test_what_100_more_would_save_falls_as_the_budget_rises_and_is_what_a_re_plan_saves(line_worth):
    orders = orders_of(line_worth, 400, seed=5)
    full = 4.0 * orders.quantity.sum()
    prices = []
    for share in (0.3, 0.45, 0.6, 0.75, 0.9):
        _, use, saved = spend(orders, share * full)
        _, _, more = spend(orders, 1.01 * share * full)
        prices.append(use.saves)
        assert use.saves == pytest.approx((more - saved) / (0.01 * share * full) * 100, rel=0.10)
    assert (np.diff(prices) <= 1e-9).all()
    assert prices[0] > prices[-1] > 0


def test_settled_lines_are_paid_first(line_worth):
    orders = orders_of(line_worth, 6)
    settled = np.array([True, False, False, False, False, False])
    fixed = Orders(orders.worth, orders.supplier, orders.loads, ~settled, settled, orders.quantity)
    quantity, _, _ = spend(fixed, 4.0 * orders.quantity[0] + 1)
    assert quantity.tolist() == [orders.quantity[0], 0, 0, 0, 0, 0]


def test_an_order_that_a_budget_cuts_below_its_minimum_goes_whole_or_not_at_all(line_worth):
    orders = orders_of(line_worth, 8, supplier=np.repeat([0, 1], 4))
    orders = orders.with_quantity(np.where(orders.supplier == 0, 2 * orders.quantity, orders.quantity))
    first, second = 4.0 * orders.quantity[:4].sum(), 4.0 * orders.quantity[4:].sum()
    table = pd.DataFrame({"supplier_id": ["s", "t"], "minimum_order_value": [first, np.nan]})
    terms = SupplierTerms.of(table, np.array(["s", "t"], object))
    small = Budget("b", None, None, second + 1, 0.0)
    kept = keep_budgets(orders, terms, [small], [np.arange(8)])
    assert kept.too_small.tolist() == [True, False]
    assert kept.orders.quantity[:4].tolist() == [0, 0, 0, 0]
    assert kept.orders.quantity[4:].tolist() == orders.quantity[4:].tolist(), "its money is the other's"
    assert set(kept.bound_by[:4]) == {"b"}
    for share in np.linspace(0.3, 1, 8):
        budget = Budget("b", None, None, share * (first + second), 0.0)
        some = keep_budgets(orders, terms, [budget], [np.arange(8)]).orders
        assert some.value(2)[0] in (0.0, pytest.approx(first))
        assert some.value(2).sum() <= budget.left + 1e-6
    assert some.quantity.tolist() == orders.quantity.tolist()


def test_several_budgets_bind_together(line_worth):
    orders = orders_of(line_worth, 8, supplier=np.repeat([0, 1], 4))
    terms = SupplierTerms.of(pd.DataFrame({"supplier_id": ["s", "t"]}), np.array(["s", "t"], object))
    total, own = Budget("b", None, None, 1500.0, 0.0), Budget("t", None, "t", 100.0, 0.0)
    both = keep_budgets(orders, terms, [total, own], [np.arange(8), np.arange(4, 8)])
    assert both.orders.value(2)[1] <= 100
    assert both.orders.value(2).sum() <= 1500
    assert "t" in set(both.bound_by[4:])
    assert [use.budget.name for use in both.uses] == ["b", "t"]


def test_orders_placed_here_are_spent_until_the_erp_shows_them_and_then_as_it_does():
    here = pd.DataFrame(
        {
            "order_id": ["PV-1", "PV-1", "4711"], "supplier_id": ["a", "a", "b"], "unique_id": ["x", "y", "x"],
            "ordered_at": pd.to_datetime(["2024-03-20", "2024-03-20", "2024-03-07"]),
            "quantity_ordered": [3.0, 4.0, 10.0], "quantity_received": [0.0, 0.0, 0.0], "unit_price": [2.0, 5.0, 5.0],
            "is_open": True,
        }
    )  # fmt: skip
    erp = PLACED.head(4).assign(order_id=["1", "2", "4711", "4"])
    table = pd.DataFrame(
        {"period": ["2024-03"], "amount": [100.0], "category": [None], "supplier_id": [None]}
    )

    def spent(erp, open_orders, day="2024-03-20"):
        ordered = with_placed_here(erp, open_orders)
        return budgets_of_today(table, ordered, ITEMS, pd.Timestamp(day))[0].spent

    before = spent(erp, here.iloc[:0])
    assert spent(erp, here.tail(1)) == before, "the ERP's own line is not counted twice"
    assert spent(erp, here) == pytest.approx(before + 3 * 2 + 4 * 5)
    shown = erp.iloc[[0]].assign(
        order_id="PV-1", unique_id="y", quantity_ordered=7.0, unit_price=5.0, quantity_received=np.nan, status=None,
        ordered_at=pd.Timestamp("2024-03-20 08:00"),
    )  # fmt: skip
    assert spent(pd.concat([erp, shown]), here) == pytest.approx(before + 3 * 2 + 7 * 5)
    assert spent(erp.iloc[:0], here) == pytest.approx(3 * 2 + 4 * 5 + 10 * 5)
    assert spent(erp, pd.DataFrame()) == before
    of_shop, items = table.assign(department="shop"), ITEMS.assign(department=["shop", "bar"])
    ordered = with_placed_here(erp.assign(department="bar"), here)
    placed = budgets_of_today(of_shop, ordered, items, pd.Timestamp("2024-03-20"))[0]
    assert placed.spent == pytest.approx(3 * 2), "x placed here is the shop's, whatever the ERP's lines are"
