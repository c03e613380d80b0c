"""A real browser before the pages: Debian's Chromium, driven by Playwright; skipped, and said so, where it is missing.

`site`: pages to read, with two plans, decisions, an override and a monitoring report; shared by a file's tests.
`own_site`: the same, to be decided on. `visit`: opens an address in a tab of its own, and fails the test afterwards
where a page asked anybody but us, wrote an error to the console, broke the content security policy or raised.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pandas as pd
import pytest
from clients import FORMS
from homes import planned_home, trained_home  # noqa: F401 -- fixtures
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, sync_playwright
from sites import Site, serve

from benchmarks.browser import chromium_path, launch_browser
from database.access.secrets import digest
from database.settings import Settings
from jobs.monitor import run_monitor
from jobs.plan import run_plan


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright; as long as it runs, this thread has an event loop, which tests of other files must not find."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A running Chromium, with nobody's settings."""
    path = chromium_path()
    if path is None:
        pytest.skip("Chromium is not installed; `make browser` installs it where apt-get is")
    running = launch_browser(request.getfixturevalue("playwright"), path)
    yield running
    running.close()


class Visits:
    """Tabs opened by a test, and what went wrong in them.

    Attributes
    ----------
    troubles : errors in the console, exceptions in scripts, requests that left this machine
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.troubles: list[str] = []

    def __call__(self, address: str, *, scheme: str = "light", width: int = 1280, name: str = "ada") -> Page:
        """Open an address in a new tab, in a colour scheme, at a width in pixels, as somebody of that name."""
        context = self.browser.new_context(
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
            extra_http_headers={"x-forwarded-user": name},
        )
        context.on("request", self._note_request)
        context.on("console", self._note_console)
        context.on("weberror", lambda raised: self.troubles.append(f"raised: {raised.error}"))
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(address)
        return page

    def close(self) -> None:
        """Close all tabs."""
        for context in self.browser.contexts:
            context.close()

    def _note_request(self, request: Request) -> None:
        if (
            urlsplit(request.url).scheme in {"http", "https"}
            and urlsplit(request.url).hostname != "127.0.0.1"
        ):
            self.troubles.append(f"asked {request.url}")

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.troubles.append(f"console: {message.text} at {message.location.get('url')}")


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visits]:
    """Opens tabs, and fails the test where something went wrong in them that it has not taken from `troubles`."""
    visits = Visits(browser)
    yield visits
    visits.close()
    assert visits.troubles == []


@pytest.fixture(scope="session")
def busy_home(
    planned_home: Path,  # noqa: F811 -- the fixture
    company: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A home with two plans, the second after sales, and a monitoring report. Not to be written to: copy it."""
    folder = tmp_path_factory.mktemp("busy")
    home, data = folder / "home", folder / "data"
    shutil.copytree(planned_home, home)
    shutil.copytree(company, data)
    stock = pd.read_csv(data / "stock.csv")
    stock["on_hand"] = (stock["on_hand"] - 25).clip(lower=0)
    stock.to_csv(data / "stock.csv", index=False)
    run_plan(Settings(home=home), source=str(data), out=folder / "out")
    run_monitor(Settings(home=home), source=str(data))
    with serve(home) as site:
        _decide_some(site)
    return home


def _decide_some(site: Site) -> None:
    """Decide on three actions, override one forecast and approve one order, so that no list is empty."""
    headers = {
        "accept": "application/json",
        "x-forwarded-user": "ada",
        "x-form-token": digest(f"form:{FORMS}"),
    }
    with httpx.Client(base_url=site.root, headers=headers, cookies={"purvey_form": FORMS}) as client:
        actions = client.get("/v1/recommendations", params={"status": "open"}).json()["recommendations"][-3:]
        verdicts = (
            {"verdict": "approve"},
            {"verdict": "reject", "reason": "customs are closed"},
            {"verdict": "snooze", "snooze_until": "2024-07-29"},
        )
        for action, verdict in zip(actions, verdicts, strict=True):
            answer = client.post(f"/actions/{action['action_id']}", data=verdict)
            assert answer.is_success, answer.text
        answer = client.post(
            "/overrides",
            data={
                "kind": "forecast",
                "unique_id": "sku16",
                "factor": "2",
                "reason": "promotion agreed with the customer",
                "expires": "2024-08-15",
            },
        )
        assert answer.status_code < 400, answer.text
        page = client.get("/orders", headers={"accept": "text/html"}).text
        order = re.search(r'name="one" value="([^"]+)"', page)[1]
        answer = client.post("/orders", data={"one": order})
        assert "done=" in answer.headers["location"], answer.headers


@pytest.fixture(scope="module")
def site(busy_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Pages to read."""
    home = tmp_path_factory.mktemp("site") / "home"
    shutil.copytree(busy_home, home)
    with serve(home) as running:
        yield running


@pytest.fixture
def own_site(busy_home: Path, tmp_path: Path) -> Iterator[Site]:
    """Pages of a home of the test's own, to decide on."""
    shutil.copytree(busy_home, tmp_path / "home")
    with serve(tmp_path / "home") as running:
        yield running
