"""The system's Chromium, driven by Playwright: for the browser tests and for the pictures in the README."""

import shutil

from playwright.sync_api import Browser, Playwright

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Without these Chromium asks its maker's servers at every start."""


def chromium_path() -> str | None:
    """Path of the system's browser, Chromium or Chrome; none where there is none (`make browser` installs it)."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def launch_browser(playwright: Playwright, path: str) -> Browser:
    """Start the browser at `path` without a window, with an empty profile."""
    return playwright.chromium.launch(
        executable_path=path, headless=True, chromium_sandbox=False, args=list(FLAGS)
    )
