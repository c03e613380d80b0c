"""The result of a data check: clean tables, quarantined rows, warnings, what stays switched off, and the report."""

from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from configs.schema import DataConfig
from features.contract.tables import Tables
from features.quality.warnings.completeness_warnings import completeness_warnings, misspelt_columns
from features.quality.warnings.data_warning import DataWarning
from features.quality.warnings.demand_warnings import demand_warnings
from features.quality.warnings.order_warnings import order_warnings

_SPAN = {
    "demand": "ds",
    "purchase_orders": "ordered_at",
    "receipts": "received_at",
    "stock": "as_of",
    "events": "ds",
}


@dataclass(frozen=True)
class CheckResult:
    """What a data check found.

    Attributes
    ----------
    tables : the clean rows, as known on `as_of`
    quarantine : table → the bad rows as they came, with `reason`, `rule` and `source_line`
    orders : what was known of each order line on `as_of`, as `features.orders.order_history.order_history`
    switched_off : one sentence for each thing that missing tables or columns switch off
    as_of : the day the data describe: the end of the last demand period, or the last stock count if later
    freq : pandas alias of the demand periods
    unseen : table → rows left out because they lie after an explicit as-of date
    origins : table → how messages call it
    columns : table → names of the columns that its source has
    held_as_unknown : periods of demand kept as unknown because their row was quarantined: a gap must not become a zero
    config : what the data were checked by; `max_bad_share` bounds the share of quarantined rows of a usable table
    """

    tables: Tables
    orders: pd.DataFrame
    quarantine: dict[str, pd.DataFrame]
    switched_off: tuple[str, ...]
    as_of: pd.Timestamp
    freq: str
    unseen: dict[str, int]
    origins: dict[str, str]
    columns: dict[str, tuple[str, ...]]
    held_as_unknown: int
    config: DataConfig

    @cached_property
    def warnings(self) -> tuple[DataWarning, ...]:
        """Warnings about data that should not be trusted, the gravest first; computed on first use, never by a plan."""
        tables, freq = self.tables, self.freq
        return (
            *misspelt_columns(self.columns, self.origins),
            *order_warnings(tables.purchase_orders, self.orders),
            *demand_warnings(tables.demand, self.config, freq),
            *completeness_warnings(tables, freq, self.as_of),
        )

    @property
    def problem(self) -> str | None:
        """Why the checked data cannot be used, in one sentence with the fix, or None."""
        for table, bad in self.quarantine.items():
            total = len(bad) + self.rows(table)
            if len(bad) > self.config.max_bad_share * total:
                worst = bad["rule"].value_counts().index[0]
                first = bad[bad["rule"] == worst].iloc[0]
                return (
                    f"{self.origins[table]}: {len(bad):,} of {total:,} rows break a rule, more than the "
                    f"{self.config.max_bad_share:.0%} that data.max_bad_share allows; most often that {worst}, "
                    f"first in {self.origins[table]} row {first['source_line']}: {first['reason']}"
                )
        return None

    def rows(self, table: str) -> int:
        """Number of good rows of `table`; periods of demand that are only kept as unknown do not count."""
        count = len(getattr(self.tables, table))
        return count - self.held_as_unknown if table == "demand" else count

    def report(self) -> dict[str, Any]:
        """Report of the data check for planners, JSON-able; `details` holds the facts behind the sentences."""
        tables = {table: self._facts(table) for table in self.origins}
        broken = [finding for table in self.quarantine for finding in self._by_rule(table)]
        return {
            "as_of": f"{self.as_of:%Y-%m-%d}",
            "freq": self.freq,
            "usable": self.problem is None,
            "problem": self.problem,
            "tables": tables,
            "quarantined": [finding["sentence"] for finding in broken],
            "warnings": [str(warning) for warning in self.warnings],
            "switched_off": list(self.switched_off),
            "details": {"quarantined": broken, "warnings": [asdict(warning) for warning in self.warnings]},
        }

    def _facts(self, table: str) -> dict[str, Any]:
        """Facts of the report about one table: rows, quarantined rows, ids, first and last date."""
        frame: pd.DataFrame = getattr(self.tables, table)
        facts: dict[str, Any] = {
            "origin": self.origins[table],
            "rows": self.rows(table),
            "quarantined": len(self.quarantine.get(table, ())),
            "unseen": self.unseen.get(table, 0),
        }
        for key in ("unique_id", "supplier_id"):
            if key in frame.columns and table not in ("events", "budgets"):
                facts[f"{key}s"] = int(frame[key].nunique())
        if table in _SPAN and len(frame):
            dates = frame[_SPAN[table]]
            dates = dates[frame["y"].notna()] if table == "demand" else dates
            facts |= {"first": f"{dates.min():%Y-%m-%d}", "last": f"{dates.max():%Y-%m-%d}"}
        if table == "demand":
            facts["held_as_unknown"] = self.held_as_unknown
            facts["ahead"] = int((frame["ds"] > dates.max()).sum())
        return facts

    def _by_rule(self, table: str) -> list[dict[str, Any]]:
        """Facts of the report about each rule that rows of a table break, the commonest first."""
        bad, origin = self.quarantine[table], self.origins[table]
        found = []
        for rule, count in bad["rule"].value_counts(sort=True).items():
            first = bad[bad["rule"] == rule].iloc[0]
            example = f"{origin} row {first['source_line']}: {first['reason']}"
            found.append(
                {
                    "table": table,
                    "rule": rule,
                    "count": int(count),
                    "row": int(first["source_line"]),
                    "reason": first["reason"],
                    "sentence": example if count == 1 else f"{example} ({count:,} rows like this)",
                }
            )
        return found
