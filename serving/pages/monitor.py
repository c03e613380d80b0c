"""The monitor page: how the champion did since its training, from the report of the last `purvey monitor`.

The page shows what that run left and computes nothing: it needs all demand that came in since, which the service does
not read, and scoring a large company takes longer than a page may.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from artifacts.monitor_report import read_monitor_report
from serving.rendering.layout import page_context
from serving.rendering.templates import render_page
from serving.state.follower import follower_of


def monitor_page(request: Request) -> Response:
    """Show the monitoring report: whether to retrain, live losses, lead times by supplier."""
    base = page_context(request)
    if base["served"] is None:
        return render_page(request, "welcome.html", base)
    return render_page(request, "monitor.html", base | {"report": monitor_report_of(request)})


def monitor_report_of(request: Request) -> dict[str, Any] | None:
    """Read the champion's monitoring report, None before the first `purvey monitor`."""
    follower = follower_of(request)
    return read_monitor_report(follower.settings, follower.current().bundle.hash)
