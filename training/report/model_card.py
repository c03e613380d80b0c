"""The model card: purpose, training data, accuracy out of sample and known limits of a model, as Markdown."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from configs.schema import Config
from training.fit_and_evaluate import TrainedModels

_FIGURES = {
    "wql": "weighted quantile loss",
    "cumulative_wql": "… of running sums",
    "bias": "bias, share of demand",
    "coverage_80": "80 % interval covers",
    "coverage_90": "90 % interval covers",
    "cumulative_coverage_90": "… of running sums",
    "scaled_pinball": "scaled pinball loss",
    "mase": "MASE",
    "rmsse": "RMSSE",
    "median_scaled_pinball": "scaled pinball loss, median SKU",
    "value_added": "share of the seasonal naive's loss saved",
    "win_share": "share of SKUs on which the seasonal naive is beaten",
}


_PURPOSE = (
    "Distributions of demand per SKU and of lead time per supplier, for reorder points, order quantities and "
    "sourcing actions. Not for prices, for periods beyond the horizon, or for SKUs without demand and category."
)

_LIMITS = """## Known limits
- Periods out of stock count as unknown, not as zero: their demand is inferred from the other periods.
- Demand and lead time are taken as independent.
- SKUs with little or no history borrow from their category; the forecast's `reason` says so.
- Figures are means over rolling origins of the same history; a break in the business is not in them."""


def model_card(config: Config, info: Mapping[str, Any], trained: TrainedModels) -> str:
    """Model card of a trained model, as Markdown."""
    parts = [
        f"# Purvey model: {config.name}",
        config.notice and f"> {config.notice}",
        _PURPOSE,
        "## Learned from\n" + _facts(info, trained),
        "## Demand, out of sample\n" + _demand(trained),
        "## Lead times, out of sample\n" + _lead_times(trained.lead_time_evaluation.suppliers),
        _LIMITS,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _facts(info: Mapping[str, Any], trained: TrainedModels) -> str:
    """Facts about the training data as a Markdown list: fingerprint, SKUs, periods, horizon, order lines, seed."""
    rows = {
        "data as of": info["as_of"],
        "data fingerprint": info["fingerprint"],
        "SKUs": f"{len(trained.panel):,}",
        "periods": f"{trained.panel.periods:,} ({info['freq']}), the last from {info['cutoff']}",
        "horizon": f"{info['horizon']} periods",
        "order lines": f"{len(trained.orders):,}, {int(trained.orders['is_open'].sum()):,} of them open",
        "seed": info["seed"],
    }
    return "\n".join(f"- {name}: {value}" for name, value in rows.items())


def _demand(trained: TrainedModels) -> str:
    """Accuracy of the demand forecasts as a Markdown table, one column for all SKUs and one a demand class."""
    metrics = trained.metrics
    classes = sorted(str(name) for name in trained.demand_evaluation.series["demand_class"].unique())
    columns = {"all": "demand", **{name: f"demand.class.{name}" for name in classes}}
    if "demand.wql" not in metrics:
        return "The history is too short for a backtest."
    lines = [f"| | {' | '.join(columns)} |", "|---|" + "---:|" * len(columns)]
    for figure, label in _FIGURES.items():
        values = [metrics.get(f"{prefix}.{figure}") for prefix in columns.values()]
        lines.append(f"| {label} | {' | '.join('–' if v is None else f'{v:.3f}' for v in values)} |")
    return "\n".join(lines)


def _lead_times(suppliers: pd.DataFrame) -> str:
    """Accuracy of the lead-time distributions as a Markdown table, one row for new orders and one for open ones."""
    overall = suppliers[suppliers["supplier_id"] == ""]
    if not len(overall):
        return "Too few closed orders for a backtest."
    lines = [
        "| orders | number | mean pinball loss, days | 90 % interval covers | bias, days |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row.kind} | {row.n:,} | {row.pinball:.2f} | {row.coverage_90:.3f} | {row.bias:+.1f} |"
        for row in overall.itertuples()
    ]
    return "\n".join(lines)
