"""One buyer's company in play: its stock, order lines and agreements, and the tables that a plan of it reads."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.buyers.lead_agreements import LeadAgreements
from benchmarks.decisions.demo_day import DemoCompany, DemoDay
from benchmarks.decisions.past_days.company_play import CompanyPlay, shelf_of
from benchmarks.decisions.past_days.opening import open_lines, opening_batches, real_demand, rest_of_line
from benchmarks.decisions.past_days.shown_orders import shown_orders
from benchmarks.decisions.past_days.true_deliveries import Deliveries
from distributions.distribution import Array
from planning.approved_actions import with_approved_offers
from planning.inputs import PlanInputs

_DAY = pd.Timedelta(days=1)
_APPROVED = (
    "kind", "unique_id", "supplier_id", "alternative_supplier_id", "order_id", "line", "delay_days", "reduced_to",
    "share_of_time", "agreed", "basis",
)  # fmt: skip


@dataclass
class Desk:
    """A buyer's company.

    Attributes
    ----------
    today : the past day on which the play begins
    skus : n SKUs that are played
    play : their days
    agreed : rows about actions that were carried out, as `database.recommendations.approved_actions` has them
    done : action_ids of those
    next_week : such rows about talks: a supplier agrees by the next review
    lead_times : agreements on them
    effort, fees, refunds, ordering : money spent on carrying out and expediting, got back for what was cancelled, and
        spent on placing orders and their lines, freight included
    prepaid : array (n,), unit-days for which goods are paid for and not there
    actions : kind → how many were carried out; `not played` counts those that cannot be
    """

    today: DemoDay
    skus: NDArray[np.object_]
    play: CompanyPlay
    agreed: list[dict[str, Any]] = field(default_factory=list)
    next_week: list[dict[str, Any]] = field(default_factory=list)
    lead_times: LeadAgreements = field(default_factory=LeadAgreements.none)
    done: set[str] = field(default_factory=set)
    effort: float = 0.0
    fees: float = 0.0
    refunds: float = 0.0
    ordering: float = 0.0
    actions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.prepaid = np.zeros(len(self.skus))
        self._number = 0

    @classmethod
    def opened(cls, company: DemoCompany, today: DemoDay, skus: NDArray[np.object_], *, days: int) -> "Desk":
        """The company as the day finds it: stock by age, open order lines, and the demand that really came."""
        names = skus.astype(str).astype(object)
        demand = real_demand(company, today.day, names, 1)[:, 0, :days]
        stock = today.inputs.latest_stock().set_index("unique_id")
        of_skus = pd.DataFrame({"unique_id": names, "copy": np.arange(len(names))})
        batches = of_skus.merge(opening_batches(company, today.day, today.inputs.items), on="unique_id")
        life = today.inputs.items.set_index("unique_id")["shelf_life_days"].reindex(names).to_numpy(float)
        play = CompanyPlay(
            demand=demand,
            shelf_life=life,
            lost_sales=company.lost_sales,
            shelf=shelf_of(batches, len(names)),
            owed=stock["backorders"].reindex(names).fillna(0.0).to_numpy(float),
            lines=pd.DataFrame(),
        )
        desk = cls(today, names, play)
        open_now, left = open_lines(company, today, 1)
        open_now = open_now.assign(left=left[:, 0]).merge(of_skus, on="unique_id")
        units = open_now["quantity_open"].to_numpy(float)
        delivery = rest_of_line(units, open_now["left"].to_numpy(float), -open_now["age"].to_numpy(float))
        frame = pd.DataFrame(
            {
                "order_id": open_now["order_id"].astype(str),
                "line": open_now["line"].astype(str),
                "supplier_id": open_now["supplier_id"],
                "quantity": units,
                "shown_later": 0.0,
                "unit_price": open_now["unit_price"].to_numpy(float),
                "last_units": delivery.last_units,
            }
        )
        play.place(open_now["copy"].to_numpy(np.intp), frame, delivery, own=False)
        return desk

    def begin_week(self) -> None:
        """What was talked about last week is agreed now."""
        self.agreed += self.next_week
        self.next_week = []

    def inputs(self, week: int) -> PlanInputs:
        """What a plan of the company reads on the Monday `week` weeks after the day."""
        as_of, base = self.today.day + 7 * week * _DAY, self.today.inputs.of_skus(self.skus.tolist())
        stock = pd.DataFrame(
            {
                "unique_id": self.skus,
                "as_of": as_of,
                "on_hand": self.play.on_hand,
                "backorders": self.play.owed,
            }
        )
        return replace(
            base,
            as_of=as_of,
            offers=self._offers(base.offers, week),
            stock=stock,
            open_orders=self._open_orders(week),
            purchase_orders=self.purchase_orders(week),
        )

    def _offers(self, offers: pd.DataFrame, week: int) -> pd.DataFrame:
        """The offers as they were agreed."""
        lines = self.play.lines.assign(unique_id=self.skus[self.play.lines["copy"].to_numpy(int)])
        approved = with_approved_offers(offers, self.approved())
        return self.lead_times.on_offers(approved, lines, self.today.day, 7 * week)

    def approved(self) -> pd.DataFrame:
        """What was carried out, as the product hands it to the next plan."""
        return pd.DataFrame(self.agreed, columns=list(_APPROVED))

    def order(self, lines: pd.DataFrame, delivery: Deliveries, day: int, payment_days: Array) -> None:
        """Place order lines (k,) on a day: copy, supplier_id, quantity, unit_price; with what becomes of them."""
        copy, quantity = lines["copy"].to_numpy(np.intp), lines["quantity"].to_numpy(float)
        ids = [f"B{self._number + i}" for i in range(len(lines))]
        self._number += len(lines)
        np.add.at(self.play.counts.orders, copy, 1.0)
        np.add.at(self.play.counts.ordered, copy, quantity)
        np.add.at(self.play.counts.spent, copy, quantity * lines["unit_price"].to_numpy(float))
        frame = lines[["supplier_id", "quantity", "unit_price"]].assign(
            order_id=ids, line="1", shown_later=0.0, last_units=delivery.last_units, payment_days=payment_days
        )
        self.play.place(copy, frame, delivery, own=True)
        on_way = np.clip(delivery.last_day, 0, self.play.days) - day
        unpaid = np.where(np.isnan(payment_days), on_way, -np.nan_to_num(payment_days))
        np.add.at(self.prepaid, copy, quantity * unpaid)

    def purchase_orders(self, week: int) -> pd.DataFrame:
        """All order lines placed until a Monday, with what had come of them."""
        t, old = 7 * week, self.today.inputs.purchase_orders
        old = old[old["unique_id"].isin(self.skus) & old["received_at"].notna()]
        lines = self.play.lines
        came = lines["last_day"].to_numpy(float) < t
        units = np.where(lines["first_day"] < t, lines["first_units"], 0.0) + np.where(
            came, lines["last_units"], 0.0
        )
        new = pd.DataFrame(
            {
                "order_id": lines["order_id"],
                "line": lines["line"],
                "supplier_id": lines["supplier_id"],
                "unique_id": self.skus[lines["copy"].to_numpy(int)],
                "ordered_at": self.today.day + pd.to_timedelta(lines["sent_day"].to_numpy(float), unit="D"),
                "quantity_ordered": lines["quantity"],
                "received_at": pd.Series(
                    self.today.day + pd.to_timedelta(lines["last_day"].to_numpy(float), unit="D"), lines.index
                ).where(came),
                "quantity_received": units,
                "quantity_rejected": 0.0,
                "unit_price": lines["unit_price"],
            }
        )
        return pd.concat([old, new[new["quantity_ordered"] > 0]], ignore_index=True).reindex(
            columns=old.columns
        )

    def _open_orders(self, week: int) -> pd.DataFrame:
        """Open order lines, as an order history has them."""
        lines = self.play.open_lines(7 * week)
        lines = lines[lines["quantity"] > lines["received"] + 1e-9]
        return shown_orders(self.today, lines, week, skus=self.skus[lines["copy"].to_numpy(int)])
