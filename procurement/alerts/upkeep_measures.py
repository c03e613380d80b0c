"""What alerts measure of Purvey's own upkeep: how late the tables are, and how old the model is."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from procurement.alerts.plan_facts import PlanFacts

TABLES, STOCK, MODEL = "tables", "stock", "model"
"""Subjects of upkeep."""

AT_ONCE = 3650.0
"""Days that a model which monitoring finds wanting counts as old."""

_DAY = pd.Timedelta(days=1)


def data_age(_: Mapping[str, pd.DataFrame], facts: PlanFacts) -> pd.DataFrame:
    """Days that the tables, and the stock count, are later than they can be: their age less all of a period but a day.

    `subject, value, money, last`: last is the last day they know.
    """
    days = {TABLES: facts.as_of}
    if facts.counted_on is not None:
        days[STOCK] = facts.counted_on
    last = pd.Series(days, dtype="datetime64[ns]")
    age = (facts.today - last) / _DAY - (facts.period_days - 1.0)
    table = pd.DataFrame({"value": age.clip(lower=0.0), "money": np.nan, "last": last})
    return table.rename_axis("subject").reset_index()


def model_age(_: Mapping[str, pd.DataFrame], facts: PlanFacts) -> pd.DataFrame:
    """Days between the data that the model learned from and the plan; `AT_ONCE` where monitoring asks for another."""
    age = (facts.as_of - facts.trained_as_of) / _DAY
    value = max(float(age), AT_ONCE) if facts.retrain else float(age)
    return pd.DataFrame({"subject": [MODEL], "value": [value], "money": [np.nan], "age": [float(age)]})
