"""Warnings about a config that asks for what the checked tables do not have: days of a backtest, contracts, costs."""

from collections.abc import Iterator

import pandas as pd

from configs.schema import Config
from features.contract.tables import Tables
from features.quality.warnings.data_warning import DataWarning, named


def config_warnings(config: Config, tables: Tables, as_of: pd.Timestamp) -> Iterator[DataWarning]:
    """Warnings about values of the config that are allowed and have nothing to work on in these tables."""
    yield from _idle_cutoffs(config, tables, as_of)
    if config.lead_time.source == "contract" and tables.offers["lead_time_days"].isna().all():
        yield _nothing_for(
            "lead_time.source: contract",
            "no offer has lead_time_days: lead times are learned from orders, or not known",
            "Give lead_time_days in offers, or set it to learned",
        )
    if config.policy.target == "cost" and tables.items["shortage_cost"].isna().all():
        yield _nothing_for(
            "policy.target: cost",
            "no item has a shortage_cost: SKUs without a price to tell it from are planned by policy.level",
            "Give shortage_cost in items, or set another target",
        )


def _idle_cutoffs(config: Config, tables: Tables, as_of: pd.Timestamp) -> Iterator[DataWarning]:
    """Warnings about days of `purvey backtest` before which, or after which, there is nothing to compare."""
    demand = tables.demand["ds"][tables.demand["y"].notna()]
    spans = {
        "demand.cutoffs": (config.demand.cutoffs, demand.min(), demand.max(), "demand"),
        "lead_time.cutoffs": (
            config.lead_time.cutoffs,
            tables.purchase_orders["ordered_at"].min(),
            as_of,
            "order history",
        ),
    }
    for place, (days, first, last, what) in spans.items():
        idle = [f"{day:%Y-%m-%d}" for day in days if not first <= pd.Timestamp(day) < last]
        if idle:
            span = "there is no" if pd.isna(first) else f"from {first:%Y-%m-%d} to {last:%Y-%m-%d} there is"
            yield _nothing_for(
                f"{place}: {named(idle)}",
                f"{span} {what}: there is nothing to learn from before, or nothing to compare with after",
                "Give days in between",
            )


def _nothing_for(option: str, why: str, fix: str) -> DataWarning:
    return DataWarning("config", "config", 1, 1, f"{option}, but {why}", "", fix)
