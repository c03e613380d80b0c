"""When exceptions open, stay and close: past one threshold they open, and only past another one they close."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from configs.formats import money, number, share
from procurement.alerts.evaluate import Findings
from procurement.alerts.rules import KINDS, AlertRule

STANDING = {"id": "int64", "rule": "object", "subject": "object"}
PENDING = {"rule": "object", "subject": "object", "since": "datetime64[ns]"}
"""Columns → dtypes of standing exceptions, and of findings that wait."""
_KEY = ["rule", "subject"]
SWITCHED_OFF = "its rule was switched off"


@dataclass(frozen=True)
class Settled:
    """What becomes of findings and standing exceptions.

    Attributes
    ----------
    opened : findings that open an exception, as `procurement.alerts.evaluate.FINDINGS`, with severity and owner
    kept : findings of standing exceptions, with their `id`
    closed : `id, reason` of exceptions whose cause has gone
    pending : `rule, subject, since` of findings that have not lasted long enough, or whose rule is muted
    """

    opened: pd.DataFrame
    kept: pd.DataFrame
    closed: pd.DataFrame
    pending: pd.DataFrame


def settle(
    rules: Sequence[AlertRule],
    found: Findings,
    *,
    standing: pd.DataFrame,
    pending: pd.DataFrame,
    day: pd.Timestamp,
) -> Settled:
    """Which findings open an exception, which exceptions stay, and which close because their cause has gone.

    An exception opens when its value is at the opening threshold or beyond, and has been beyond the closing one since
    `least_days` before. It stays while the value is at the closing threshold or beyond, so that noise around one
    threshold opens it once. What a rule could not look at stays as it is.

    Parameters
    ----------
    standing : `STANDING` of exceptions that have not closed
    pending : `PENDING` of the evaluation before
    day : day of the plan run
    """
    table = _rule_table(rules, day)
    rows = found.frame.merge(table, on="rule").merge(standing[list(STANDING)], on=_KEY, how="left")
    rows = rows.merge(pending[list(PENDING)], on=_KEY, how="left")
    worse = rows["value"] * rows["sign"]
    opens, stays = worse >= rows["open_at"] * rows["sign"], worse >= rows["close_at"] * rows["sign"]
    stands = rows["id"].notna()
    waits = ~stands & stays & (opens | rows["since"].notna())
    since = rows["since"].where(rows["since"] <= day, day)
    lasted = (day - since) >= pd.to_timedelta(rows["least_days"], unit="D")
    opening = waits & opens & lasted & ~rows["muted"]
    kept = rows[stands & stays]
    unlooked = pending[pending["rule"].isin(found.not_looked)]
    left = rows.assign(since=since)[waits & ~opening][list(PENDING)]
    return Settled(
        opened=rows[opening][[*found.frame.columns, "severity", "owner"]].reset_index(drop=True),
        kept=kept[[*found.frame.columns, "id"]].astype({"id": "int64"}).reset_index(drop=True),
        closed=_closed(rules, rows[stands & ~stays], standing, kept["id"], found.not_looked),
        pending=_together(left, unlooked[list(PENDING)]),
    )


def _together(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Rows of both frames of findings that wait."""
    parts = [part for part in (left, right) if len(part)] or [left]
    return pd.concat(parts, ignore_index=True).astype(PENDING)


def _rule_table(rules: Sequence[AlertRule], day: pd.Timestamp) -> pd.DataFrame:
    """The rules as a frame, a row a rule."""
    return pd.DataFrame(
        {
            "rule": pd.Series([rule.name for rule in rules], dtype=object),
            "sign": np.array([rule.sign for rule in rules], float),
            "open_at": np.array([rule.open_at for rule in rules], float),
            "close_at": np.array([rule.close_at for rule in rules], float),
            "least_days": np.array([rule.least_days for rule in rules], float),
            "severity": pd.Series([rule.severity for rule in rules], dtype=object),
            "owner": pd.Series([rule.owner for rule in rules], dtype=object),
            "muted": np.array(
                [rule.mute_until is not None and day < pd.Timestamp(rule.mute_until) for rule in rules], bool
            ),
        }
    )


def _closed(
    rules: Sequence[AlertRule],
    passed: pd.DataFrame,
    standing: pd.DataFrame,
    kept: "pd.Series[float]",
    not_looked: Sequence[str],
) -> pd.DataFrame:
    """`id, reason` of standing exceptions that are not kept, but for those that could not be looked at."""
    named = {rule.name: rule for rule in rules}
    over = standing[~standing["id"].isin(kept) & ~standing["rule"].isin(not_looked)]
    values = passed.drop_duplicates("id").set_index("id")["value"].reindex(over["id"])
    reasons = [_reason(named.get(rule), value) for rule, value in zip(over["rule"], values, strict=True)]
    return pd.DataFrame({"id": over["id"].to_numpy(np.int64), "reason": np.array(reasons, dtype=object)})


def _reason(rule: AlertRule | None, value: float) -> str:
    """Why an exception closed."""
    if rule is None:
        return SWITCHED_OFF
    if np.isnan(value):
        return KINDS[rule.kind].gone
    side = "below" if rule.sign > 0 else "above"
    return f"it is {written(rule, value)} now, {side} {written(rule, rule.close_at)}"


def written(rule: AlertRule, value: float) -> str:
    """A value of a rule as people write it."""
    unit = KINDS[rule.kind].unit
    if unit == "share":
        return share(value)
    return money(value) if unit == "money" else f"{number(value)} days"
