"""Endpoints of the chart images, which import what draws them when the first is asked for.

Matplotlib takes a worker a tenth of its start, and whoever asks for an answer needs none of it.
"""

from starlette.requests import Request
from starlette.responses import Response


def sku_drawing(request: Request) -> Response:
    """The chart image of one SKU."""
    from serving.pages.chart_images import sku_chart_image

    return sku_chart_image(request)


def supplier_drawing(request: Request) -> Response:
    """The chart image of one supplier."""
    from serving.pages.chart_images import supplier_chart_image

    return supplier_chart_image(request)


def calibration_drawing(request: Request) -> Response:
    """The chart image of how the model is calibrated."""
    from serving.pages.chart_images import calibration_chart_image

    return calibration_chart_image(request)


def live_loss_drawing(request: Request) -> Response:
    """The chart image of the champion's loss since it forecasts."""
    from serving.pages.chart_images import live_loss_chart_image

    return live_loss_chart_image(request)


def ledger_drawing(request: Request) -> Response:
    """The chart image of what actions promised and brought."""
    from serving.pages.ledger.ledger_chart import ledger_chart_image

    return ledger_chart_image(request)


def service_drawing(request: Request) -> Response:
    """The chart image of what a promise of service costs."""
    from serving.pages.service.service_chart import service_chart_image

    return service_chart_image(request)


def spend_drawing(request: Request) -> Response:
    """The chart image of spend by month."""
    from serving.pages.spend.spend_chart import spend_chart_image

    return spend_chart_image(request)
