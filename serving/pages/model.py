"""The page of the model in use: when it was promoted, its backtest metrics, and the ledger of champions."""

from starlette.requests import Request
from starlette.responses import Response

from database import ledger
from serving.pages.calibration import calibration_tables
from serving.rendering.layout import page_context
from serving.rendering.templates import render_page
from serving.state.follower import follower_of

METRIC_LABELS = {
    "wql": "weighted quantile loss (lower is better)",
    "bias": "bias, share of demand",
    "coverage_80": "80% interval holds",
    "coverage_90": "90% interval holds",
    "scaled_pinball": "quantile loss against naive",
    "median_scaled_pinball": "quantile loss of the median SKU",
    "mase": "mean error against naive (MASE)",
    "median_mase": "MASE of the median SKU",
    "rmsse": "squared error against naive (RMSSE)",
    "median_rmsse": "RMSSE of the median SKU",
    "value_added": "share of the seasonal naive's loss saved",
    "win_share": "share of SKUs better than seasonal naive",
    "pinball": "quantile loss, days",
    "lead_time.bias": "bias, days (above zero: expected too long)",
    "series": "SKUs",
    "periods": "periods scored",
    "n": "orders scored",
    "decision_cost": "cost of the decisions in replay",
}


def model_page(request: Request) -> Response:
    """Show the champion model: backtest metrics, calibration, worst SKUs and ledger."""
    base = page_context(request)
    served = base["served"]
    if served is None:
        return render_page(request, "welcome.html", base)
    metrics = served.bundle.metrics
    series = served.bundle.per_series
    worst = series.sort_values("mase", ascending=False) if "mase" in series else series
    more = {
        "champion": served.champion,
        "bundle": served.bundle,
        "overall": metrics_with_sums(metrics, "demand"),
        "calibration": calibration_tables(served.bundle.scores),
        "classes": metrics_by_group(metrics, "demand.class."),
        "lead_time": {kind: labelled_metrics(metrics, f"lead_time.{kind}") for kind in ("new", "open")},
        "other": [(metric_label(name), value) for name, value in sorted(metrics.items()) if "." not in name],
        "worst": worst.head(15).to_dict("records"),
        "history": ledger.history(follower_of(request).engine),
        "labels": METRIC_LABELS,
    }
    return render_page(request, "model.html", base | more)


def metric_label(name: str) -> str:
    """Label of a metric on the model page; the same metric of demand and of lead time has another unit."""
    family, figure = name.partition(".")[0], name.rpartition(".")[2]
    return METRIC_LABELS.get(f"{family}.{figure}", METRIC_LABELS.get(figure, figure.replace("_", " ")))


def labelled_metrics(metrics: dict[str, float], prefix: str) -> list[tuple[str, float]]:
    """Metrics of the model page named `prefix.METRIC`, as (label, value)."""
    depth = prefix.count(".") + 2
    return [
        (metric_label(name), value)
        for name, value in sorted(metrics.items())
        if name.startswith(f"{prefix}.") and len(name.split(".")) == depth
    ]


def metrics_with_sums(metrics: dict[str, float], prefix: str) -> list[tuple[str, float | None, float | None]]:
    """Metrics of the model page named `prefix.METRIC`: (label, of periods, of sums), in the order of the labels."""
    own = {
        name.removeprefix(f"{prefix}."): value for name, value in metrics.items() if name.startswith(prefix)
    }
    return [
        (METRIC_LABELS[figure], own.get(figure), own.get(f"cumulative_{figure}"))
        for figure in METRIC_LABELS
        if figure in own or f"cumulative_{figure}" in own
    ]


def metrics_by_group(metrics: dict[str, float], prefix: str) -> dict[str, dict[str, float]]:
    """Metrics of the model page named `prefixGROUP.METRIC`, by group such as the demand class."""
    groups: dict[str, dict[str, float]] = {}
    for name, value in metrics.items():
        if name.startswith(prefix):
            group, _, figure = name.removeprefix(prefix).rpartition(".")
            groups.setdefault(group, {})[figure] = value
    return dict(sorted(groups.items()))
