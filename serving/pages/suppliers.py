"""The list of suppliers, and the scorecard of one."""

from typing import Any

import numpy as np
import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from charts.lead_time import lead_time_bins
from database.recommendations import Wanted
from database.recommendations import listing as actions
from distributions.distribution import Distribution
from planning.projection.open_orders import make_pipeline
from planning.tables.plan import dates
from serving.api.forecast import lead_time_laws, lead_time_rows
from serving.api.suppliers import report_of
from serving.http.problems import Problem
from serving.http.web import page
from serving.pages.frame import context, follower_of, pages
from serving.pages.supplier_risk import heat
from serving.pages.worklist import snooze_choices
from serving.state.served import Served

QUARTERS = 8
MOST_SKUS = 50
CHANGED = ("eroding", "improving", "erratic")


def listing(request: Request) -> Response:
    """Show all suppliers with their scorecards."""
    frame = context(request)
    served = frame["served"]
    if served is None or served.snapshot is None:
        return page(request, "welcome.html", frame)
    part = pages(request, len(served.scorecard), 200)
    rows = served.scorecard.iloc[part["start"] : part["stop"]].to_dict("records")
    report = report_of(served)
    changed = report.table[report.table["state"].isin(CHANGED)].sort_values("flagged_at", ascending=False)
    more = {
        "rows": rows,
        "part": part,
        "flagged": changed.to_dict("records"),
        "heat": heat(report),
        "not_measured": report.card.not_measured,
    }
    return page(request, "suppliers.html", frame | more)


def show(request: Request) -> Response:
    """Show one supplier."""
    frame, supplier_id = context(request), request.path_params["supplier_id"]
    served = follower_of(request).current()
    card = served.scorecard[served.scorecard["supplier_id"] == supplier_id]
    if card.empty or served.snapshot is None:
        raise Problem(404, "unknown_supplier", f"no supplier {supplier_id}; /suppliers lists those there are")
    orders = supplier_orders(served, supplier_id)
    proposed = actions(
        follower_of(request).engine, Wanted(supplier_id=supplier_id), today=frame["today"], proposed=False
    )
    report = report_of(served)
    mine = {
        name: table[table["supplier_id"] == supplier_id].to_dict("records")
        for name, table in (
            ("changes", report.card.flags),
            ("delays", report.delays),
            ("bought", report.risk),
        )
    }
    more = (
        mine
        | _lead_time(served, supplier_id)
        | {
            "bought": mine["bought"][:MOST_SKUS],
            "not_measured": report.card.not_measured,
            "ranked": int(report.table["rank"].notna().sum()),
            "card": card.iloc[0].to_dict(),
            "about": _about(served, supplier_id),
            "open_orders": open_lines(served, orders).head(50).to_dict("records"),
            "quarters": by_quarter(orders),
            "actions": proposed,
            "here": request.url.path,
            "snoozes": snooze_choices(frame["today"]),
            "skus": int(
                served.snapshot.offers.loc[
                    served.snapshot.offers["supplier_id"] == supplier_id, "unique_id"
                ].nunique()
            ),
        }
    )
    return page(request, "supplier.html", frame | more)


def _lead_time(served: Served, supplier_id: str) -> dict[str, Any]:
    """What was seen of a supplier's lead time, and what is expected of it."""
    days, law, source = supplier_lead_time(served, supplier_id)
    edges, counts = lead_time_bins(days)
    return {
        "bins": [
            {"from": low, "to": high, "orders": count}
            for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
            if count
        ],
        "law": {p: float(law.quantile(p)[0]) for p in (0.05, 0.25, 0.5, 0.75, 0.9, 0.95)},
        "law_mean": float(law.mean()[0]),
        "law_sd": float(law.std()[0]),
        "source": source,
    }


def supplier_orders(served: Served, supplier_id: str) -> pd.DataFrame:
    """All order lines of a supplier, open and closed."""
    assert served.snapshot is not None
    orders = served.snapshot.orders
    return orders[orders["supplier_id"] == supplier_id]


def supplier_lead_time(served: Served, supplier_id: str) -> tuple[np.ndarray, Distribution, str]:
    """Lead times of a supplier's closed orders, in days; the law of its next order; and where that is from."""
    orders = supplier_orders(served, supplier_id)
    days = orders.loc[~orders["is_open"].astype(bool), "duration"].to_numpy(float)
    rows = lead_time_rows(served, [supplier_id], [None])
    return days, lead_time_laws(served, rows), str(served.lead_times.describe(rows)["source"].iloc[0])


def open_lines(served: Served, orders: pd.DataFrame) -> pd.DataFrame:
    """Open lines of `orders` with the day by which each has arrived with 5, 50 and 95 %, the next one first."""
    rows = orders[orders["is_open"].astype(bool)].reset_index(drop=True)
    if rows.empty:
        return rows
    pipeline = make_pipeline(
        rows, np.zeros(len(rows), np.int64), served.lead_times.predict
    )  # as plans see them
    arrival = {
        name: dates(served.as_of, np.ceil(pipeline.remaining.quantile(p)))
        for name, p in (("low", 0.05), ("expected", 0.5), ("high", 0.95))
    }
    wanted = ["order_id", "line", "unique_id", "quantity_open", "ordered_at", "promised_at", "age"]
    frame = pipeline.orders[wanted].assign(**arrival)
    return frame.sort_values(["expected", "order_id", "line"], ignore_index=True)


def by_quarter(orders: pd.DataFrame) -> list[dict[str, Any]]:
    """Closed orders by the quarter they were placed in: how lead time and punctuality have moved."""
    closed = orders[~orders["is_open"].astype(bool) & orders["duration"].notna()]
    arrived = closed["ordered_at"] + pd.to_timedelta(closed["duration"], unit="D")
    on_time = (arrived <= closed["promised_at"]).astype(float).where(closed["promised_at"].notna())
    grouped = closed.assign(on_time=on_time).groupby(closed["ordered_at"].dt.to_period("Q"))
    table = grouped.agg(
        orders=("order_id", "size"),
        mean=("duration", "mean"),
        sd=("duration", "std"),
        p90=("duration", lambda d: d.quantile(0.9)),
        on_time=("on_time", "mean"),
    ).tail(QUARTERS)
    found: list[dict[str, Any]] = table.rename_axis("quarter").reset_index().to_dict("records")
    return found


def _about(served: Served, supplier_id: str) -> dict[str, Any]:
    assert served.snapshot is not None
    known = served.snapshot.suppliers
    mine = known[known["supplier_id"] == supplier_id]
    if mine.empty:
        return {}
    return {
        name: value
        for name, value in mine.iloc[0].items()
        if name not in {"supplier_id", "name"} and pd.notna(value)
    }
