"""Sourcing in the browser: offers compared with sliders, what service costs, the levers, and a brief on paper."""

import re

import pytest
from playwright.sync_api import expect


def test_sliding_a_price_compares_anew_and_the_address_follows(site, visit):
    page = visit(site.root + "/compare")
    result = page.locator('[data-refresh="compared"]')
    expect(result.locator("h2")).to_have_text("B costs least")
    price = page.get_by_role("slider", name=re.compile("price of B"))
    price.focus()
    for _ in range(40):
        price.press("ArrowRight")
    expect(result.locator("h2")).to_have_text("A costs least")
    expect(page).to_have_url(re.compile(r"unit_price=10\.4"))
    page.reload()
    expect(result.locator("h2")).to_have_text("A costs least")


def test_a_mistake_is_said_where_the_answer_would_stand_and_can_be_mended(site, visit):
    page = visit(site.root + "/compare")
    field = page.get_by_label("lead time of B", exact=True)
    field.fill("soon")
    expect(page.get_by_role("alert")).to_contain_text('lead time of B is "soon"')
    field.fill("15")
    expect(page.locator('[data-refresh="compared"] h2')).to_have_text("B costs least")
    visit.troubles[:] = [said for said in visit.troubles if "422" not in said]


def test_offers_are_compared_without_a_script(site, browser):
    context = browser.new_context(java_script_enabled=False, extra_http_headers={"x-forwarded-user": "ada"})
    page = context.new_page()
    page.goto(site.root + "/compare")
    assert page.get_by_role("slider").count() == 0
    page.get_by_label("price of B", exact=True).fill("10.60")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator('[data-refresh="compared"] h2')).to_have_text("A costs least")
    context.close()


def test_the_page_of_a_sku_leads_to_its_offers_filled_in(site, visit):
    page = visit(site.root + "/skus/sku19")
    page.get_by_role("link", name="Compare these offers").click()
    expect(page.locator("h1")).to_contain_text("sku19")
    expect(page.locator('[data-refresh="compared"] h2')).to_contain_text("costs least")
    names = page.get_by_label(re.compile("^supplier of"))
    assert names.count() >= 3  # two offers at least, and a row for another
    assert names.first.input_value() != ""


def test_what_service_costs_is_shown_for_all_and_for_a_supplier(site, visit):
    page = visit(site.root + "/levers")
    page.get_by_role("link", name="what a service promise costs").click()
    expect(page.locator(".lead")).to_contain_text("To promise 96.5% instead of 95.0% costs")
    page.get_by_role("link", name="South SA").click()
    expect(page.locator("h1")).to_contain_text("South SA")
    assert page.locator("img.chart").evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    page.get_by_role("link", name="by shelf life").click()
    expect(page.locator("table.list")).to_contain_text("goods that keep")


def test_a_lever_leads_to_its_actions(site, visit):
    page = visit(site.root + "/levers")
    expect(page.locator("nav a[aria-current]")).to_have_text("Sourcing")
    row = page.locator("tbody tr", has=page.locator('a[href^="/?kind="]')).first
    count, label = int(row.get_by_role("link").inner_text()), row.locator(".tag").inner_text()
    row.get_by_role("link").click()
    tags = page.locator(".action .tag")
    expect(tags).to_have_count(min(count, 50))
    assert set(tags.all_inner_texts()) == {label}


@pytest.mark.parametrize("supplier", ["south", "east"])
def test_the_brief_of_a_supplier_is_reached_from_its_page_and_fits_two_sheets(site, visit, supplier):
    page = visit(f"{site.root}/suppliers/{supplier}")
    page.get_by_role("link", name="Brief for a call").click()
    expect(page.locator("h1")).to_contain_text("Brief")
    for part in ("What we can give", "What terms are worth", "Agenda of the review"):
        expect(page.get_by_role("heading", name=part)).to_be_visible()
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    assert sheets <= 2
