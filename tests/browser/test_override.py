"""A buyer overrules the forecast in the browser, plans again, and sees what it did."""

import re
from pathlib import Path

import pandas as pd
from sites import Site

from database.settings import Settings
from jobs.plan import run_plan


def test_a_buyers_override_and_its_effect(own_site: Site, visit, company: Path, tmp_path: Path) -> None:
    _plan_again(own_site, company, tmp_path)
    plan = own_site.follower.current().snapshot.plan
    sku = plan.loc[plan["order_quantity"] > 0, "unique_id"].iloc[0]
    before = _row(own_site, sku)
    page = visit(f"{own_site.root}/skus/{sku}", name="ada")

    # a reason that says nothing is refused, and what was entered stays
    page.get_by_text("Override the forecast").click()
    form = page.locator("form", has=page.locator('input[name="factor"]'))
    form.locator('input[name="factor"]').fill("3")
    form.locator('input[name="reason"]').fill("because")
    assert form.locator('input[name="reason"]').evaluate("field => field.validity.tooShort")

    form.locator('input[name="reason"]').fill("the customer opens a second shop")
    form.locator('input[name="expires"]').fill("2024-12-31")
    form.get_by_role("button", name="Set").click()
    page.wait_for_url(re.compile("done=entered"))
    page.goto(f"{own_site.root}/overrides?q={sku}")
    standing = page.locator("table tbody tr", has_text=sku)
    assert "the customer opens a second shop" in standing.inner_text()
    assert "next plan" in standing.inner_text()
    assert _row(own_site, sku)["order_quantity"] == before["order_quantity"]  # nothing before the next plan

    _plan_again(own_site, company, tmp_path)
    after = _row(own_site, sku)
    assert after["expected_lead_time_demand"] > 2.5 * before["expected_lead_time_demand"]
    assert after["reorder_point"] > 2 * before["reorder_point"]
    assert after["order_quantity"] > before["order_quantity"]
    page.goto(f"{own_site.root}/overrides?q={sku}")
    assert "in use" in page.locator("table tbody tr", has_text=sku).inner_text()
    page.goto(f"{own_site.root}/changes?q={sku}")
    assert "overrides" in page.locator("main").inner_text()

    # taken back, the plan after it is what it was
    page.goto(f"{own_site.root}/overrides?q={sku}")
    page.locator("summary", has_text="End").first.click()
    page.get_by_role("button", name="End it").click()
    page.wait_for_url(re.compile("done=ended"))
    _plan_again(own_site, company, tmp_path)
    for column in ("reorder_point", "expected_lead_time_demand"):
        assert _row(own_site, sku)[column] == before[column], column


def _plan_again(site: Site, company: Path, tmp_path: Path) -> None:
    """Plan on the tables of the first plan, and have the pages follow."""
    run_plan(Settings(home=tmp_path / "home"), source=str(company), out=tmp_path / "out")
    site.follower.refresh()


def _row(site: Site, sku: str) -> pd.Series:
    """What the plan that is served says of a SKU."""
    return site.follower.current().snapshot.plan.set_index("unique_id").loc[sku]
