"""The company that the other cases change gives a plan that a planner would sign."""

from small_company import IDS, SmallCompany


def test_sound_tables_pass_the_check_without_a_warning(small_company: SmallCompany) -> None:
    done = small_company.check()
    assert done.status == 0
    assert "warnings" not in done.text


def test_poisson_twenty_a_week_over_three_weeks_reorders_near_its_textbook_point(
    small_company: SmallCompany,
) -> None:
    assert small_company.plan().status == 0
    plan = small_company.table()
    assert list(plan.index) == list(IDS)
    assert plan["reorder_point"].between(60, 100).all()
    assert (plan["order_quantity"] == plan["order_up_to"] - 30).all()
