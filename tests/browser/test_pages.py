import re

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from starlette.routing import Route, compile_path

from serving.pages.routes import PAGES

PHONE = 390
NOWHERE = "/nothing-is-here"
PASSWORD = "/password"
"""Only of whoever has logged in with one; the site's access is open."""
UNFOLD = """() => {
  document.querySelectorAll("main details").forEach(folded => folded.open = true);
  return new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
}"""


def is_page(route: Route) -> bool:
    """Whether people read it: not a picture, a file or a form's address."""
    return "GET" in (route.methods or ()) and not re.match(r"/drawings/|.*\.\w+$", route.path)


PATHS = [route.path for route in PAGES if is_page(route)]
POSTED = {route.path for route in PAGES} - set(PATHS)
VIEWS = [
    *PATHS,
    "/?status=approved",
    "/?status=rejected",
    "/?status=snoozed",
    "/orders?status=approved",
    "/overrides?show=past",
    "/skus/sku16/what-if?demand=1.2",
    "/suppliers/south/what-if?demand=1.2",
    NOWHERE,
]


@pytest.fixture(scope="module")
def addresses(site) -> dict[str, str]:
    """View → an address that shows it; those with ids are found by links and forms from page to page."""
    found = {view: view for view in VIEWS if "{" not in view}
    unread = list(found)
    with httpx.Client(
        base_url=site.root, headers={"accept": "text/html", "x-forwarded-user": "ada"}
    ) as client:
        while unread:
            for link in re.findall(r'(?:href|action)="(/[^"#?]*)', client.get(found[unread.pop()]).text):
                view = view_of(link)
                if view and view not in found:
                    found[view] = link
                    unread.append(view)
    return found


def view_of(path: str) -> str:
    """The first of the pages that answers a path; none where forms are only sent to it."""
    return "" if path in POSTED else next((p for p in PATHS if compile_path(p)[0].match(path)), "")


@pytest.fixture
def opened(site, addresses, visit):
    """Opens a view in the browser, which may not find the one that is not there, nor the form of who has logged in."""

    def open_view(view: str, **how):
        assert view in addresses, f"no page links to {view}"
        return visit(site.root + addresses[view], **how)

    yield open_view
    refused = (f"at {site.root}{NOWHERE}", f"at {site.root}{PASSWORD}")  # the console says so, too
    visit.troubles[:] = [said for said in visit.troubles if not said.endswith(refused)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_serious(opened, view, scheme):
    page = opened(view, scheme=scheme)
    page.evaluate(UNFOLD)
    found = Axe().run(page).response["violations"]
    serious = [rule for rule in found if rule["impact"] in {"serious", "critical"}]
    said = [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}"
        for rule in serious
        for node in rule["nodes"]
    ]
    assert said == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_fits_a_phone(opened, view):
    page = opened(view, width=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_what_is_not_there_says_so_on_a_page_with_the_way_back(opened):
    page = opened(NOWHERE)
    assert page.title() == "Not found · Purvey"
    page.get_by_role("link", name="Back to the worklist").click()
    assert page.locator("h1").inner_text() == "Worklist"
