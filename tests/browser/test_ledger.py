"""Own numbers and reasons in the browser: approved at what was agreed, rejected because of something."""

import re

from playwright.sync_api import expect


def open_action(page, site):
    """The page of the first action of the list whose agreement may state terms of an offer."""
    page.goto(site.root + "/")
    for link in page.locator("li.action h3 a").all():
        address = link.get_attribute("href")
        if 'name="agreed.moq"' in page.request.get(site.root + address).text():
            return address
    raise AssertionError("no action has terms to agree on")


def test_an_action_is_approved_at_what_was_agreed(own_site, visit):
    page = visit(own_site.root + "/")
    page.goto(own_site.root + open_action(page, own_site))
    page.get_by_text("Approve with own numbers").click()
    page.get_by_label("MOQ", exact=True).fill("24")
    entry = page.locator("details", has_text="Approve with own numbers")
    if entry.get_by_label("Your name").count():
        entry.get_by_label("Your name").fill("ada")
    page.get_by_role("button", name="Approve so").click()
    expect(page.locator("table", has_text="worth then")).to_contain_text("approve at moq 24")
    page.goto(own_site.root + "/loop")
    expect(page.locator("#source")).to_contain_text("approved")


def test_a_rejection_says_because_of_what(own_site, visit):
    page = visit(own_site.root + "/")
    page.goto(own_site.root + open_action(page, own_site))
    page.locator("summary", has_text=re.compile("^Reject$")).click()
    entry = page.locator("details[open]")
    entry.get_by_label("Because").select_option("supplier")
    entry.get_by_label("Why not").fill("they never will")
    if entry.get_by_label("Your name").count():
        entry.get_by_label("Your name").fill("ada")
    entry.get_by_role("button", name="Reject").click()
    expect(page.locator("table", has_text="worth then")).to_contain_text("reject: the supplier refuses")
    page.goto(own_site.root + "/loop")
    expect(page.locator("#source")).to_contain_text("the supplier refuses")
