"""How the champion did since its training: the result of the last `purvey monitor`.

The page shows what that run left and computes nothing: it needs all demand that came in since, which the service does
not read, and scoring a large company takes longer than a page may.
"""

from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from artifacts.monitor_report import read_report
from charts.monitoring import loss_chart
from serving.http.web import page
from serving.pages.drawings import picture
from serving.pages.frame import context, follower_of


def show(request: Request) -> Response:
    """Show the signal and the tables behind it."""
    frame = context(request)
    if frame["served"] is None:
        return page(request, "welcome.html", frame)
    return page(request, "monitor.html", frame | {"report": _report(request)})


def draw(request: Request) -> Response:
    """Draw the loss of each period against the backtest's band."""
    report = _report(request)
    if report is None or not report["periods"]:
        return picture(None)
    periods = pd.DataFrame(report["periods"])
    losses = ["scaled_pinball", "usual", "low", "high"]
    periods[losses] = periods[losses].astype(float)
    return picture(loss_chart(periods.assign(ds=pd.to_datetime(periods["ds"])), title="Forecast errors"))


def _report(request: Request) -> dict[str, Any] | None:
    follower = follower_of(request)
    return read_report(follower.settings, follower.current().bundle.hash)
