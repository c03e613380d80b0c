"""`python -m benchmarks.screenshots --home DIR`: pictures of the pages of a home, for the README and docs."""

import argparse
import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

from benchmarks.browser import chromium_path, launch_browser

START_SECONDS = 120


@dataclass(frozen=True)
class Picture:
    """A screenshot to take: its file's name, the page, and the pixels of it that are shown.

    Attributes
    ----------
    links : patterns of the links that are followed in turn, from `page` on; none to show `page` itself
    """

    name: str
    page: str
    links: tuple[str, ...] = ()
    width: int = 1280
    height: int = 1000


PICTURES = (
    Picture("orders", "/orders"),
    Picture("order", "/orders", links=(r"/orders/proposals/",)),
    Picture("worklist", "/"),
    Picture("stock", "/stock"),
    Picture("sku", "/", links=(r"/skus/",), height=1300),
    Picture("suppliers", "/suppliers", height=1100),
    Picture("brief", "/suppliers", links=(r"/suppliers/[^/?]+$", r"/brief$"), height=1100),
    Picture("compare", "/compare", height=1300),
    Picture("service", "/service-cost"),
    Picture("ledger", "/ledger"),
    Picture("loop", "/loop"),
    Picture("changes", "/changes"),
    Picture("phone", "/orders", links=(r"/orders/proposals/",), width=390, height=844),
)


def main() -> None:
    """Take all pictures, or those named, in the light scheme."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(picture.name for picture in PICTURES)}; all")
    parser.add_argument("--home", type=Path, required=True, help="PURVEY_HOME with a champion and plans")
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    given = parser.parse_args()
    browser = chromium_path()
    if browser is None:
        sys.exit("Chromium is not installed; `make browser` installs it where apt-get is")
    wanted = [picture for picture in PICTURES if not given.names or picture.name in given.names]
    given.out.mkdir(parents=True, exist_ok=True)
    with serve_home(given.home) as root:
        take_pictures(wanted, root, browser=browser, out=given.out)


def take_pictures(pictures: list[Picture], root: str, *, browser: str, out: Path) -> None:
    """Take screenshots of pages served at `root` with the browser at a path, and write them as PNG into `out`."""
    with sync_playwright() as playwright:
        running = launch_browser(playwright, browser)
        for picture in pictures:
            page = running.new_page(
                color_scheme="light",
                viewport={"width": picture.width, "height": picture.height},
                device_scale_factor=1 if picture.width > 600 else 2,
            )
            page.goto(root + picture.page)
            for pattern in picture.links:
                links = page.locator("main a").evaluate_all("links => links.map(link => link.href)")
                page.goto(next(link for link in links if re.search(pattern, link)))
            page.wait_for_load_state("networkidle")
            page.screenshot(path=out / f"{picture.name}.png")
            print(out / f"{picture.name}.png")
            page.close()
        running.close()


@contextlib.contextmanager
def serve_home(home: Path) -> Iterator[str]:
    """Serve a home with `purvey serve` at a free port until the block is left; yields the address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "commands", "serve", "--host", "127.0.0.1", "--port", str(port)]
    environment = {**os.environ, "PURVEY_HOME": str(home.absolute())}
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet)  # noqa: S603 -- our own command
    root = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(f"{root}/readyz", server)
        yield root
    finally:
        server.terminate()
        server.wait()


def _wait_until_ready(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server of a home answers that it is ready."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(URLError, ConnectionError), urlopen(address):  # noqa: S310 -- our own address
            return
        time.sleep(0.5)
    sys.exit(f"the service did not become ready within {START_SECONDS} s; try `purvey serve` for why")


if __name__ == "__main__":
    main()
