"""The model in use: how it came to be champion, how good it was, and who was champion before."""

from starlette.requests import Request
from starlette.responses import Response

from database import ledger
from serving.http.web import page
from serving.pages.calibration import tables
from serving.pages.frame import context, follower_of

WORDS = {
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


def show(request: Request) -> Response:
    """Show the champion."""
    frame = context(request)
    served = frame["served"]
    if served is None:
        return page(request, "welcome.html", frame)
    metrics = served.bundle.metrics
    series = served.bundle.per_series
    worst = series.sort_values("mase", ascending=False) if "mase" in series else series
    more = {
        "champion": served.champion,
        "bundle": served.bundle,
        "overall": beside_sums(metrics, "demand"),
        "calibration": tables(served.bundle.scores),
        "classes": by_group(metrics, "demand.class."),
        "lead_time": {kind: named(metrics, f"lead_time.{kind}") for kind in ("new", "open")},
        "other": [(words(name), value) for name, value in sorted(metrics.items()) if "." not in name],
        "worst": worst.head(15).to_dict("records"),
        "history": ledger.history(follower_of(request).engine),
        "words": WORDS,
    }
    return page(request, "model.html", frame | more)


def words(name: str) -> str:
    """Return a metric's name as people say it; the same figure of demand and of lead time has another unit."""
    family, figure = name.partition(".")[0], name.rpartition(".")[2]
    return WORDS.get(f"{family}.{figure}", WORDS.get(figure, figure.replace("_", " ")))


def named(metrics: dict[str, float], prefix: str) -> list[tuple[str, float]]:
    """Figures named `prefix.FIGURE`, as (words, value)."""
    depth = prefix.count(".") + 2
    return [
        (words(name), value)
        for name, value in sorted(metrics.items())
        if name.startswith(f"{prefix}.") and len(name.split(".")) == depth
    ]


def beside_sums(metrics: dict[str, float], prefix: str) -> list[tuple[str, float | None, float | None]]:
    """Figures named `prefix.FIGURE` as (words, of periods, of running sums), in the order of `WORDS`."""
    own = {
        name.removeprefix(f"{prefix}."): value for name, value in metrics.items() if name.startswith(prefix)
    }
    return [
        (WORDS[figure], own.get(figure), own.get(f"cumulative_{figure}"))
        for figure in WORDS
        if figure in own or f"cumulative_{figure}" in own
    ]


def by_group(metrics: dict[str, float], prefix: str) -> dict[str, dict[str, float]]:
    """Figures named `prefixGROUP.FIGURE`, by group."""
    groups: dict[str, dict[str, float]] = {}
    for name, value in metrics.items():
        if name.startswith(prefix):
            group, _, figure = name.removeprefix(prefix).rpartition(".")
            groups.setdefault(group, {})[figure] = value
    return dict(sorted(groups.items()))
