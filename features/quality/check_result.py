"""The result of a data check: clean tables, quarantined rows, warnings, what stays switched off, and the report."""

from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from configs.formats import level
from configs.schema import DataConfig
from features.contract.period_calendar import PeriodCalendar
from features.contract.tables import Tables
from features.quality.cross_checks import COPIES
from features.quality.switched_off import UNUSED
from features.quality.warnings.completeness_warnings import completeness_warnings, misspelt_columns
from features.quality.warnings.data_warning import DataWarning, named
from features.quality.warnings.demand_end_warnings import KnownDemand, demand_end_warnings
from features.quality.warnings.demand_warnings import demand_warnings, kept_as_unknown
from features.quality.warnings.offer_warnings import offer_warnings
from features.quality.warnings.order_day_warnings import order_day_warnings
from features.quality.warnings.order_warnings import order_warnings
from features.quality.warnings.receipt_warnings import receipt_warnings
from features.quality.warnings.stock_warnings import ON_COUNT_DAY, RolledStock, stock_warnings
from features.quality.warnings.supplier_term_warnings import supplier_term_warnings
from features.quality.warnings.unit_warnings import unit_warnings

_SPAN = {
    "demand": "ds",
    "purchase_orders": "ordered_at",
    "receipts": "received_at",
    "stock": "as_of",
    "events": "ds",
    "approvals": "at",
    "invoices": "at",
    "inventory_lots": "received_at",
    "usage": "ds",
    "bins": "counted_at",
}
"""Table → its date whose first and last day the report says."""
_FEW_IDS = ("events", "budgets", "overrides", "contracts")
"""Tables whose rows may be about no SKU or supplier: theirs are not counted."""


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
    calendar : the calendar of the demand periods
    partial : starts of periods whose demand had not all come in, and is unknown
    good_rows : table → number of its good rows; periods of demand that are only kept as unknown do not count
    unseen : table → rows left out because they lie after an explicit as-of date
    origins : table → how messages call it
    columns : table → names of the columns that its source has
    drafts : order lines left out because their status says that they were never placed; none without orders
    held_as_unknown : periods of demand kept as unknown because their row was quarantined: a gap must not become a zero
    config : what the data were checked by; `max_bad_share` and `max_bad_rows` bound the quarantined rows of a usable
        table, copies of good rows left out
    row_warnings : warnings that name a row of the source, found while its rows were checked
    source_warnings : warnings about files or tables of the source that were not read
    """

    tables: Tables
    orders: pd.DataFrame
    quarantine: dict[str, pd.DataFrame]
    switched_off: tuple[str, ...]
    as_of: pd.Timestamp
    calendar: PeriodCalendar
    partial: tuple[pd.Timestamp, ...]
    good_rows: dict[str, int]
    unseen: dict[str, int]
    origins: dict[str, str]
    columns: dict[str, tuple[str, ...]]
    drafts: pd.DataFrame | None
    held_as_unknown: int
    config: DataConfig
    row_warnings: tuple[DataWarning, ...] = ()
    source_warnings: tuple[DataWarning, ...] = ()

    @cached_property
    def warnings(self) -> tuple[DataWarning, ...]:
        """Warnings about data that should not be trusted, the gravest first; computed on first use, never by a plan."""
        tables = self.tables
        return (
            *self.source_warnings,
            *misspelt_columns(self.columns, self.origins),
            *order_warnings(tables.purchase_orders, self.orders),
            *order_day_warnings(tables.suppliers, tables.purchase_orders),
            *supplier_term_warnings(tables.suppliers, tables.offers, tables.items),
            *receipt_warnings(tables, self.orders, self.drafts),
            *self.stock_warnings,
            *self.demand_end_warnings,
            *kept_as_unknown(self.held_as_unknown, len(tables.demand)),
            *demand_warnings(tables.demand, self.config, self.calendar),
            *self.unit_warnings,
            *self.row_warnings,
            *offer_warnings(tables.offers, tables.items, self.as_of),
            *completeness_warnings(tables, self.calendar, self.as_of),
        )

    @property
    def first_warnings(self) -> tuple[DataWarning, ...]:
        """Warnings that a training and a plan say of the checked data, too: about sources, demand, counts, units."""
        stock = (warning for warning in self.stock_warnings if warning.kind != ON_COUNT_DAY)
        return *self.source_warnings, *self.demand_end_warnings, *stock, *self.unit_warnings

    @cached_property
    def unit_warnings(self) -> tuple[DataWarning, ...]:
        """Warnings about purchase units and exchange rates, by which every price of a plan may be off."""
        return tuple(unit_warnings(self.tables, self.config, self.as_of))

    @cached_property
    def stock_warnings(self) -> tuple[DataWarning, ...]:
        """Warnings about what cannot be rolled forward from the stock counts to the as-of date."""
        return tuple(stock_warnings(RolledStock(self.tables, self.calendar, self.as_of)))

    @cached_property
    def demand_end_warnings(self) -> tuple[DataWarning, ...]:
        """Warnings about where demand ends: quick, and what a training and a plan say of the checked data, too."""
        known = KnownDemand(self.tables, self.calendar, self.as_of, self.partial)
        return tuple(demand_end_warnings(known, self.config))

    @property
    def problem(self) -> str | None:
        """Why the checked data cannot be used, in one sentence with the fix, or None."""
        for table, quarantined in self.quarantine.items():
            bad = quarantined[quarantined["rule"] != COPIES]
            if table not in UNUSED and self._too_many(len(bad), len(bad) + self.rows(table)):
                worst = bad["rule"].value_counts().index[0]
                first = bad[bad["rule"] == worst].iloc[0]
                return (
                    f"{self.origins[table]}: {len(bad):,} of {len(bad) + self.rows(table):,} rows break a rule, more "
                    f"than the {level(self.config.max_bad_share)} that data.max_bad_share allows; most often that "
                    f"{worst}, first in {self.origins[table]} row {first['source_line']}: {first['reason']}"
                )
        return None

    def _too_many(self, bad: int, total: int) -> bool:
        """Whether `bad` of a table's rows are too many to go on: by their share, and in a small table by number."""
        few = bad <= self.config.max_bad_rows and 2 * bad <= total and self.config.max_bad_share > 0
        return bad > self.config.max_bad_share * total and not few

    @property
    def freq(self) -> str:
        """Frequency of the demand periods: a pandas alias, or that of a listed calendar."""
        return self.calendar.freq

    def rows(self, table: str) -> int:
        """Number of good rows of `table`; periods of demand that are only kept as unknown do not count."""
        return self.good_rows[table]

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
            if key in frame.columns and table not in _FEW_IDS:
                facts[f"{key}s"] = int(frame[key].nunique())
        if table in _SPAN and len(frame):
            dates = frame[_SPAN[table]]
            dates = dates[frame["y"].notna()] if table == "demand" else dates
            if dates.notna().any():
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
            skus = [] if "unique_id" not in bad else bad["unique_id"][bad["rule"] == rule].dropna().unique()
            more = f"{count:,} rows like this" + (f", of {named(skus)}" if len(skus) else "")
            found.append(
                {
                    "table": table,
                    "rule": rule,
                    "count": int(count),
                    "row": int(first["source_line"]),
                    "reason": first["reason"],
                    "unique_ids": [str(name) for name in skus],
                    "sentence": example if count == 1 else f"{example} ({more})",
                }
            )
        return found
