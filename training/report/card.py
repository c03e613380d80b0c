"""The model card: what the model is, what it was learned from, how good it is and what it must not be used for."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from configs.schema import Config
from training.learning import Learned

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


def model_card(config: Config, info: Mapping[str, Any], learned: Learned) -> str:
    """Return the card as Markdown."""
    parts = [
        f"# Purvey model: {config.name}",
        config.notice and f"> {config.notice}",
        _PURPOSE,
        "## Learned from\n" + _facts(info, learned),
        "## Demand, out of sample\n" + _demand(learned),
        "## Lead times, out of sample\n" + _lead_times(learned.suppliers),
        _LIMITS,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _facts(info: Mapping[str, Any], learned: Learned) -> str:
    rows = {
        "data as of": info["as_of"],
        "data fingerprint": info["fingerprint"],
        "SKUs": f"{len(learned.panel):,}",
        "periods": f"{learned.panel.periods:,} ({info['freq']}), the last from {info['cutoff']}",
        "horizon": f"{info['horizon']} periods",
        "order lines": f"{len(learned.orders):,}, {int(learned.orders['is_open'].sum()):,} of them open",
        "seed": info["seed"],
    }
    return "\n".join(f"- {name}: {value}" for name, value in rows.items())


def _demand(learned: Learned) -> str:
    classes = sorted(str(name) for name in learned.series["demand_class"].unique())
    columns = {"all": "demand", **{name: f"demand.class.{name}" for name in classes}}
    if "demand.wql" not in learned.metrics:
        return "The history is too short for a backtest."
    lines = [f"| | {' | '.join(columns)} |", "|---|" + "---:|" * len(columns)]
    for figure, label in _FIGURES.items():
        values = [learned.metrics.get(f"{prefix}.{figure}") for prefix in columns.values()]
        lines.append(f"| {label} | {' | '.join('–' if v is None else f'{v:.3f}' for v in values)} |")
    return "\n".join(lines)


def _lead_times(suppliers: pd.DataFrame) -> str:
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
