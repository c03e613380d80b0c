"""Warnings about what order lines say of their end: receipts that disagree, over-receipts, closed and draft lines."""

from collections.abc import Iterator

import pandas as pd

from configs.formats import quantity
from features.contract.tables import Tables
from features.quality.warnings.data_warning import DataWarning

_KEY = ["order_id", "line"]
_SLACK = 1 + 1e-9  # against rounding in sums of receipts


def receipt_warnings(
    tables: Tables, history: pd.DataFrame, drafts: pd.DataFrame | None
) -> Iterator[DataWarning]:
    """Warnings about receipts and endings of order lines, each with the units concerned.

    Parameters
    ----------
    history : `features.orders.order_history.order_history` of the tables on the as-of date
    drafts : order lines left out because their status says that they were never placed
    """
    lines = tables.purchase_orders
    if drafts is not None and len(drafts):
        yield from _drafts(drafts, len(drafts) + len(lines))
    if not len(lines):
        return
    yield from _disagreeing(lines, tables.receipts)
    yield from _over_receipts(history)
    yield from _received_though_cancelled(lines, history)
    yield from _ended_without_date(history, lines)


def _warning(kind: str, rows: pd.DataFrame, total: int, *, message: str, fix: str) -> Iterator[DataWarning]:
    """A warning about the order lines `rows` with their `units`; none without any."""
    if not len(rows):
        return
    first = rows.iloc[0]
    yield DataWarning(
        kind,
        "purchase_orders",
        len(rows),
        total,
        f"{len(rows):,} of {total:,} lines {message.format(units=quantity(float(rows['units'].sum())))}",
        f"order {first['order_id']} line {first['line']} of supplier {first['supplier_id']}: "
        f"{quantity(float(first['units']))}",
        fix,
    )


def _drafts(drafts: pd.DataFrame, total: int) -> Iterator[DataWarning]:
    """Warning about lines that are drafts, proposals or requests for quotation: they are not on order."""
    yield from _warning(
        "draft_lines",
        drafts.assign(units=drafts["quantity_ordered"]),
        total,
        message="are drafts, proposals or requests by their status; their {units} units are not on order",
        fix="If they were placed, give the status purchase, confirmed or open",
    )


def _disagreeing(lines: pd.DataFrame, receipts: pd.DataFrame) -> Iterator[DataWarning]:
    """Warning about received lines whose quantity is another than the sum of their receipts, which counts."""
    if not len(receipts):
        return
    total = receipts.groupby(_KEY)["quantity"].sum().reindex(pd.MultiIndex.from_frame(lines[_KEY])).to_numpy()
    units = (lines["quantity_received"] - total).abs()
    rows = lines[units > (_SLACK - 1) * lines["quantity_ordered"]]
    yield from _warning(
        "receipts_disagree",
        rows.assign(units=units[rows.index]),
        len(lines),
        message="have a quantity_received that is not the sum of their receipts, by {units} units; the receipts count",
        fix="Book every delivery in receipts, or leave the receipts of these lines out",
    )


def _over_receipts(history: pd.DataFrame) -> Iterator[DataWarning]:
    """Warning about lines of which more came than was ordered."""
    over = history["quantity_received"] - history["quantity_ordered"]
    rows = history[history["quantity_received"] > history["quantity_ordered"] * _SLACK]
    yield from _warning(
        "over_receipts",
        rows.assign(units=over[rows.index]),
        len(history),
        message="brought more than was ordered, {units} units in all",
        fix="Check these receipts; they count as received in full, and do not make up for lines that fell short",
    )


def _received_though_cancelled(lines: pd.DataFrame, history: pd.DataFrame) -> Iterator[DataWarning]:
    """Warning about cancelled lines of which goods came all the same."""
    cancelled = lines.loc[lines["status"] == "cancelled", _KEY]
    rows = history.merge(cancelled, on=_KEY)
    rows = rows[rows["quantity_received"] > 0]
    yield from _warning(
        "received_though_cancelled",
        rows.assign(units=rows["quantity_received"]),
        len(history),
        message="are cancelled and have receipts of {units} units; they count as closed with what came",
        fix="Give them the status closed, or take the receipts out",
    )


def _ended_without_date(history: pd.DataFrame, lines: pd.DataFrame) -> Iterator[DataWarning]:
    """Warning about lines that are complete or closed with goods, and do not say on which day these came."""
    came = ~history["is_open"] & history["lead_time"].isna() & (history["never_came"] < 1)
    rows = history[came]
    units = rows["quantity_received"].where(rows["quantity_received"] > 0, rows["quantity_ordered"])
    yield from _warning(
        "received_without_date",
        rows.assign(units=units),
        len(lines),
        message="are received by status or quantity, {units} units, and have no received_at; they are not on order, "
        "tell no lead time and are not added to stock counted before",
        fix="Give the day of receipt",
    )
