"""Keys on the worklist, whose rows are decided on without loading the page anew."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from database.decisions import decision_history

FOCUSED = ".actions > .action:focus"


@pytest.fixture
def worklist(own_site, visit) -> Page:
    """The worklist, as ada sees it."""
    page = visit(own_site.root + "/", name="ada")
    page.evaluate("window.stayed = true")
    return page


def row(page: Page, at: int):
    return page.locator(".actions > .action").nth(at)


def count(page: Page, tab: str) -> int:
    return int(page.locator(".tabs a", has_text=tab).locator(".count").inner_text())


def press(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_j_and_k_move_the_focus_from_row_to_row_and_it_is_seen(worklist):
    press(worklist, "j")
    expect(row(worklist, 0)).to_be_focused()
    press(worklist, "jj")
    expect(row(worklist, 2)).to_be_focused()
    press(worklist, "k")
    expect(row(worklist, 1)).to_be_focused()
    assert row(worklist, 1).evaluate("row => getComputedStyle(row).outlineStyle") == "solid"


def test_the_focus_stays_on_the_first_and_the_last_row(worklist):
    last = worklist.locator(".actions > .action").count() - 1
    press(worklist, "jk")
    expect(row(worklist, 0)).to_be_focused()
    press(worklist, "j" * (last + 3))
    expect(row(worklist, last)).to_be_focused()


def test_enter_opens_the_row_that_has_the_focus(worklist):
    press(worklist, "jj")
    title = row(worklist, 1).locator("h3").inner_text()
    worklist.keyboard.press("Enter")
    expect(worklist.locator("h1")).to_have_text(title)


def test_a_approves_the_focused_row_in_place_and_goes_to_the_next(worklist, own_site):
    before = {tab: count(worklist, tab) for tab in ("open", "approved")}
    approved_so_far = worklist.locator(".tile.good dd").inner_text()
    press(worklist, "ja")
    expect(row(worklist, 0).get_by_role("status")).to_contain_text("Approved")
    expect(row(worklist, 1)).to_be_focused()
    expect(worklist.locator(".tabs a", has_text="open").locator(".count")).to_have_text(
        str(before["open"] - 1)
    )
    assert count(worklist, "approved") == before["approved"] + 1
    assert worklist.locator(".tile.good dd").inner_text() != approved_so_far
    assert worklist.evaluate("window.stayed")
    newest = decision_history(own_site.follower.engine)[0]
    assert (newest.verdict, newest.who) == ("approve", "ada")
    assert row(worklist, 0).get_attribute("id") == f"a-{newest.action_id}"


def test_nothing_is_decided_while_no_row_has_the_focus(worklist, own_site):
    before = len(decision_history(own_site.follower.engine))
    press(worklist, "ars")
    expect(worklist.locator(".decide details[open]")).to_have_count(0)
    assert len(decision_history(own_site.follower.engine)) == before


def test_r_asks_for_the_reason_and_rejects(worklist, own_site):
    press(worklist, "jr")
    reason = row(worklist, 0).locator("[name=reason]")
    expect(reason).to_be_focused()
    worklist.keyboard.type("jar of a rival")  # keys are letters here
    expect(reason).to_have_value("jar of a rival")
    worklist.keyboard.press("Enter")
    expect(row(worklist, 0).get_by_role("status")).to_contain_text("Rejected")
    expect(row(worklist, 1)).to_be_focused()
    assert decision_history(own_site.follower.engine)[0].reason == "jar of a rival"


def test_s_snoozes_until_the_day_chosen(worklist):
    press(worklist, "js")
    expect(row(worklist, 0).locator("[name=snooze_until]")).to_be_focused()
    row(worklist, 0).get_by_role("button", name="Snooze").click()
    expect(row(worklist, 0).get_by_role("status")).to_contain_text("Snoozed")


def test_escape_closes_the_form_and_returns_to_the_row(worklist):
    press(worklist, "jjr")
    expect(row(worklist, 1).locator("[name=reason]")).to_be_focused()
    worklist.keyboard.press("Escape")
    expect(row(worklist, 1)).to_be_focused()
    expect(worklist.locator(".decide details[open]")).to_have_count(0)


@pytest.mark.parametrize("by_key", [True, False], ids=["u", "button"])
def test_a_decision_is_undone_in_its_row_and_can_be_taken_again(worklist, own_site, by_key):
    title, open_before = row(worklist, 0).locator("h3").inner_text(), count(worklist, "open")
    press(worklist, "ja")
    undo = row(worklist, 0).get_by_role("button", name="Undo")
    expect(row(worklist, 1)).to_be_focused()
    if by_key:
        press(worklist, "ku")
    else:
        undo.click()
    expect(undo).to_have_count(0)
    expect(row(worklist, 0)).to_be_focused()
    expect(row(worklist, 0).locator("h3")).to_have_text(title)
    assert count(worklist, "open") == open_before
    press(worklist, "a")
    expect(row(worklist, 0).get_by_role("status")).to_contain_text("Approved")
    verdicts = [row.verdict for row in decision_history(own_site.follower.engine)][:3]
    assert verdicts == ["approve", "reopen", "approve"]
    assert worklist.evaluate("window.stayed")


def test_rows_decided_on_are_skipped_after_the_next_decision(worklist):
    press(worklist, "jja")
    expect(row(worklist, 2)).to_be_focused()
    press(worklist, "kk")
    expect(row(worklist, 0)).to_be_focused()
    press(worklist, "a")
    expect(row(worklist, 2)).to_be_focused()


def test_what_somebody_else_decided_meanwhile_is_said_in_the_row(worklist, own_site, visit):
    other = visit(own_site.root + "/", name="bob")
    press(other, "ja")
    expect(row(other, 0).get_by_role("status")).to_contain_text("Approved")
    press(worklist, "jr")
    worklist.keyboard.type("no room in the warehouse")
    worklist.keyboard.press("Enter")
    expect(row(worklist, 0).get_by_role("alert")).to_contain_text("bob has decided to approve this")
    expect(row(worklist, 0).locator("[name=reason]")).to_have_value("no room in the warehouse")
    visit.troubles[:] = [said for said in visit.troubles if "409" not in said]  # the console says so as well


def test_slash_goes_to_the_search_and_question_mark_lists_the_keys(worklist):
    press(worklist, "/")
    expect(worklist.locator("#q")).to_be_focused()
    press(worklist, "?")
    expect(worklist.locator("#q")).to_have_value("?")
    worklist.locator("#q").blur()
    press(worklist, "?")
    expect(worklist.get_by_role("dialog", name="Keys")).to_be_visible()
    press(worklist, "j")
    expect(worklist.locator(FOCUSED)).to_have_count(0)
    worklist.keyboard.press("Escape")
    expect(worklist.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_the_keys_are_found_without_knowing_them(worklist):
    worklist.get_by_role("button", name="Keys").click()
    dialog = worklist.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


def test_keys_work_on_the_page_of_one_action(own_site, visit):
    page = visit(own_site.root + "/", name="ada")
    page.locator(".action h3 a").first.click()
    page.wait_for_url("**/actions/*")
    press(page, "r")
    expect(page.locator("main > .decide [name=reason]").first).to_be_focused()
    page.keyboard.press("Escape")
    press(page, "a")
    expect(page).to_have_url(re.compile("done="))
    expect(page.locator(".standing")).to_contain_text("approved")


def test_keys_together_with_control_are_the_browser_s(worklist, own_site):
    before = len(decision_history(own_site.follower.engine))
    press(worklist, "j")
    worklist.keyboard.press("Control+a")
    expect(row(worklist, 0)).to_be_focused()
    assert len(decision_history(own_site.follower.engine)) == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_decided_rows_and_the_dialog(own_site, visit, scheme):
    page = visit(own_site.root + "/", name="ada", scheme=scheme)
    press(page, "ja")
    expect(row(page, 0).get_by_role("status")).to_contain_text("Approved")
    press(page, "?")
    found = Axe().run(page).response["violations"]
    assert [rule["id"] for rule in found if rule["impact"] in {"serious", "critical"}] == []
