"""An open order line as a supplier agreed to change it: fewer units, later, sooner, or in two parts."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.buyers.desk import Desk


@dataclass(frozen=True)
class _Change:
    """A change of an open line: share of what is to come that is left, days it comes later, share of days it takes."""

    left: float = 1.0
    later: int = 0
    sooner: float = 1.0

    def day(self, t: int, day: int) -> int:
        """Day of arrival, agreed on day t, of what was to come on `day`."""
        when = day + self.later
        return when if self.sooner == 1 else t + max(1, round(self.sooner * (when - t)))


def _change(kind: str, facts: dict[str, Any], whole: float) -> _Change:
    """What an action says of an open line of which `whole` units are to come."""
    if kind in {"cancel", "close_short"}:
        return _Change(left=0.0)
    if kind in {"reduce", "split"}:
        share = min(float(facts["reduced_to"]) / whole, 1.0) if whole else 0.0
        return _Change(left=share, later=int(facts["delay_days"]))
    if kind == "push_back":
        return _Change(later=int(facts["delay_days"]))
    return _Change(sooner=float(facts["share_of_time"]))


def change_line(desk: Desk, kind: str, facts: dict[str, Any], week: int) -> bool:
    """Change an open order line as agreed; False where it has come meanwhile."""
    t, lines, last = 7 * week, desk.play.lines, len(desk.play.arriving) - 1
    hit = (
        (lines["order_id"] == facts["order_id"]) & (lines["line"] == facts["line"]) & (lines["last_day"] >= t)
    )
    if not hit.any():
        return False
    row = lines.index[hit][0]
    line = lines.loc[row]
    copy, arriving = int(line["copy"]), desk.play.arriving
    pending = [
        (int(line[f"{part}_day"]), float(line[f"{part}_units"]))
        for part in ("first", "last")
        if line[f"{part}_day"] >= t and line[f"{part}_units"] > 0
    ]
    whole = sum(units for _, units in pending)
    change = _change(kind, facts, whole)
    kept = float(np.round(change.left * whole))
    rest = whole - kept
    for day, units in pending:
        arriving[day, copy] -= units
        stays = min(units, kept)
        kept -= stays
        when = day if kind == "split" else change.day(t, day)
        arriving[min(when, last), copy] += stays
        if kind == "split":
            arriving[min(day + change.later, last), copy] += units - stays
    desk.fees += float(facts.get("expedite_cost") or 0.0) if kind == "expedite" else 0.0
    lines.loc[row, "last_day"] = min(change.day(t, int(line["last_day"])), last)
    if kind == "split":
        return True
    desk.refunds += rest * float(np.nan_to_num(line["unit_price"]))
    if np.isnan(line.get("payment_days", np.nan)):  # paid with the order, it stays paid for
        desk.prepaid[copy] += (whole - rest) * change.later
    lines.loc[row, "quantity"] = float(line["quantity"]) - rest
    lines.loc[row, "last_units"] = min(float(line["last_units"]), whole - rest)
    lines.loc[row, "shown_later"] = float(line["shown_later"]) + change.later
    if line["first_day"] >= t:
        lines.loc[row, "first_day"] = min(change.day(t, int(line["first_day"])), last)
    return True
