"""The overrides of a plan together: what was given, what holds for each SKU, what is kept; and what became of each."""

import json
from dataclasses import dataclass, field

import pandas as pd

from planning.overrides.override_tables import (
    QUANTITY,
    REFUSED,
    WAITS,
    no_kept_forecasts,
    no_overrides,
    no_sku_overrides,
)
from planning.overrides.sentences import whose


@dataclass(frozen=True)
class PlanOverrides:
    """The overrides of a plan, tables as `planning.overrides.override_tables` has them.

    Attributes
    ----------
    given : a row an override
    of_skus : a row an override that holds for a SKU
    kept : overridden forecasts beside the model's, and what came
    """

    given: pd.DataFrame = field(default_factory=no_overrides)
    of_skus: pd.DataFrame = field(default_factory=no_sku_overrides)
    kept: pd.DataFrame = field(default_factory=no_kept_forecasts)


def with_outcomes(given: pd.DataFrame, plan: pd.DataFrame) -> pd.DataFrame:
    """The overrides given with what the `plan` says of fixed quantities: used, waiting, or refused and why."""
    quantities = given["kind"] == QUANTITY
    if not quantities.any():
        return given
    texts = plan["override_facts"][plan["unique_id"].isin(given["unique_id"][quantities])]
    facts = [fact for text in texts if text for fact in json.loads(text)]
    found = {fact["override_id"]: fact for fact in facts if fact["status"] in (WAITS, REFUSED)}
    ids = given["override_id"]
    status = ids.map({name: fact["status"] for name, fact in found.items()})
    says = ids.map({name: fact["says"] for name, fact in found.items() if fact["says"]})
    return given.assign(status=status.fillna(given["status"]), says=says.fillna(given["says"]))


def refusals(given: pd.DataFrame) -> list[str]:
    """Sentences about the overrides given that are not used because they break a term of an offer."""
    rows = given[given["status"] == REFUSED].to_dict("records")
    return [f"an override is not used, {whose(row)}: {row['says']}" for row in rows]
