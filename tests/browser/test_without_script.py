"""Pages without JavaScript, and on paper."""

import pytest
from playwright.sync_api import expect

SHEET = 1046
"""Pixels between the margins of a sheet of A4 across: 297 mm less 20, at 96 pixels an inch."""

VIEWS = [
    "/",
    "/orders",
    "/stock",
    "/skus",
    "/skus/sku16",
    "/suppliers",
    "/suppliers/south",
    "/supplier-risk",
    "/responsible",
    "/model",
    "/compare",
    "/service-cost",
    "/levers",
    "/ledger",
    "/loop",
    "/suppliers/south/brief",
]


@pytest.fixture
def printed(site, visit):
    def printed_view(path: str, **how):
        page = visit(site.root + path, width=SHEET, **how)
        page.emulate_media(media="print")
        return page

    return printed_view


@pytest.mark.parametrize("path", [*VIEWS, "/overrides", "/changes", "/monitor"])
def test_paper_clips_nothing(printed, path):
    page = printed(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= SHEET
    clipped = """[...document.querySelectorAll("main *")].filter(e => e.checkVisibility()
        && getComputedStyle(e).overflowX !== "visible" && !e.matches("input, select, svg, img, .sr")
        && e.scrollWidth > e.clientWidth + 1).map(e => e.outerHTML.slice(0, 120))"""
    assert page.evaluate(clipped) == []


def test_paper_shows_what_a_click_would_open_and_nothing_to_click(printed):
    page = printed("/skus/sku16")
    folded = page.locator("details:has(> .scroll) td")
    assert folded.count() > 10
    shut = "cells => cells.filter(c => !c.checkVisibility({contentVisibilityAuto: true})).length"
    assert folded.evaluate_all(shut) == 0
    for part in ("nav", "button", ".filter", ".decide"):
        assert page.locator(part).evaluate_all("found => found.filter(e => e.checkVisibility()).length") == 0


def test_paper_is_white_in_the_dark_scheme_too(printed):
    page = printed("/", scheme="dark")
    red, green, blue = page.evaluate("getComputedStyle(document.body).color.match(/\\d+/g).map(Number)")
    assert max(red, green, blue) < 100


def test_a_decision_can_be_taken_and_undone_without_a_script(own_site, browser):
    context = browser.new_context(java_script_enabled=False, extra_http_headers={"x-forwarded-user": "ada"})
    page = context.new_page()
    page.goto(own_site.root + "/")
    title = page.locator(".action h3").first.inner_text()
    page.locator(".action").first.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_contain_text("Approved by ada")
    expect(page.locator(".action h3").first).not_to_have_text(title)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".action h3").first).to_have_text(title)
    expect(page.get_by_role("button", name="Keys")).to_be_hidden()
    context.close()
