"""The status of order lines: words of ERP systems as the contract's five, and what they say of dates and quantities."""

from functools import partial

import numpy as np
import pandas as pd

from features.contract.lead_time_clock import ARRIVED
from features.contract.parsing import distinct
from features.quality.table_check import Mask, TableCheck

DRAFT, OPEN, RECEIVED, CLOSED, CANCELLED = "draft", "open", "received", "closed", "cancelled"
"""The contract's words: not an order yet, on order, all has come, ended short of its quantity, ended without goods."""

_WORDS = {
    DRAFT: ("draft", "sent", "rfq", "rfq sent", "quotation", "to approve", "proposed", "planned"),
    # Odoo's `done` is a locked order, which may be locked before its goods come
    OPEN: (
        *("open", "purchase", "purchase order", "done", "locked", "approved", "confirmed", "ordered", "released"),
        *("on hold", "to receive", "to receive and bill", "partially received"),
    ),
    RECEIVED: ("received", "fully received", "completed", "complete", "delivered", "to bill"),
    CLOSED: ("closed", "closed short"),
    CANCELLED: ("cancelled", "canceled", "cancel"),
}  # fmt: skip
_KEY = ["order_id", "line"]
_MEANING = {word: status for status, words in _WORDS.items() for word in words}


def read_status(check: TableCheck) -> None:
    """Read the status of order lines in the contract's words, and reject lines whose status is none of the known ones.

    Drafts without a receipt are no orders, and a cancelled line of quantity 0 says nothing: both are left out. The date
    of receipt of a line that ended with nothing received is the day on which it ended.
    """
    frame = check.frame
    if check.name != "purchase_orders" or not frame["status"].notna().any():
        return
    codes, texts = distinct(frame["status"])
    words = [_MEANING.get(" ".join(text.lower().replace("_", " ").split())) for text in texts]
    status = np.array([*words, None], object)[codes]
    check.reject((codes >= 0) & pd.isna(status), "status is a known word", partial(_unknown_word, check))
    frame["status"] = status
    came = frame["received_at"].notna() | (frame["quantity_received"] > 0)
    cancelled, units = status == CANCELLED, frame["quantity_received"].to_numpy(float)
    _forget_receipts(frame, (cancelled & ~(units > 0)) | ((status == CLOSED) & (units == 0)))
    check.unseen |= (status == DRAFT) & ~came.to_numpy()
    check.unseen |= cancelled & (frame["quantity_ordered"] == 0).to_numpy()


def draft_lines(check: TableCheck) -> pd.DataFrame:
    """Order lines of the checked table that were left out because their status says they were never placed."""
    columns = ["order_id", "line", "supplier_id", "unique_id", "quantity_ordered", "status"]
    return check.frame.loc[check.unseen & (check.frame["status"] == DRAFT).to_numpy(), columns]


def _unknown_word(check: TableCheck, row: int) -> str:
    return (
        f"status is {check.value(row, 'status')}, expected {', '.join(_WORDS)} or a word of Odoo, ERPNext or frePPLe "
        "(docs/data.md lists them)"
    )


def _forget_receipts(frame: pd.DataFrame, rows: Mask) -> None:
    """Take the date of receipt of order lines whose status says that nothing came as the date of their closing."""
    frame["closed_at"] = frame["closed_at"].fillna(frame["received_at"].where(rows))
    for column in {"received_at", ARRIVED} & set(frame.columns):
        frame[column] = frame[column].mask(rows)


def date_endings(checks: dict[str, TableCheck], as_of: pd.Timestamp) -> None:
    """Give order lines that their status ended on a day nobody entered the as-of date: earlier it was not known.

    Lines with a receipt that is not seen yet (it comes after the as-of date, or is not put away where that ends the
    lead-time clock) are still to come, whatever their status says.
    """
    if "purchase_orders" not in checks:
        return
    frame = checks["purchase_orders"].frame
    ended = frame["status"].isin([RECEIVED, CLOSED, CANCELLED]) & frame["closed_at"].isna()
    if not ended.any():
        return
    if ARRIVED in frame:
        ended &= frame[ARRIVED].isna() | frame["received_at"].notna()
    if "receipts" in checks:
        coming = checks["receipts"].frame.loc[checks["receipts"].unseen, _KEY]
        ended &= ~pd.MultiIndex.from_frame(frame[_KEY]).isin(pd.MultiIndex.from_frame(coming))
    frame["closed_at"] = frame["closed_at"].mask(ended, as_of)
