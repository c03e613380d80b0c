"""All that is worked out once for one `Served`: encoded rows, known lanes, charts; made anew for the next one."""

from typing import Any

from artifacts.plan_snapshot import PlanSnapshot
from serving.http.json_encoding import json_records
from serving.precomputed.encoded_rows import EncodedRows
from serving.precomputed.known_lanes import KnownLanes
from serving.precomputed.last_used import LastUsed
from serving.state.served import Served

MOST_LANES = 200_000
"""Lanes up to which lead times are worked out before anybody asks: some 100 MB, and half a minute at the start."""

ROW_BYTES = 64 * 2**20
"""Bytes of encoded rows that a process keeps."""

CHART_BYTES = 32 * 2**20
"""Bytes of drawn charts that a process keeps."""

MOST_SKUS = 100
"""SKUs of which a process keeps what their pages show: a page and its charts are asked for together."""


class Precomputed:
    """What is worked out once for the champion and plan of `served`.

    Attributes
    ----------
    rows, charts : what was encoded and drawn before
    skus : what the pages of SKUs show, and their charts are drawn from
    lanes : lead times of the known lanes; none where nothing was bought, or so much that it is looked up as asked
    alone_row : SKU → its row in the plan's table of what each SKU alone would order; empty in plans made without it
    alone_supplier : supplier of each row there, none of a SKU that nobody is ordered from
    left_out : SKU → why the plan has no answer for it, as answers say it
    """

    def __init__(self, served: Served) -> None:
        self.served = served
        self.rows, self.charts = EncodedRows(ROW_BYTES), EncodedRows(CHART_BYTES)
        self.skus = LastUsed(MOST_SKUS)
        self.lanes = KnownLanes.of(served) if 0 < len(served.lanes_bought) <= MOST_LANES else None
        self.alone_row: dict[str, int] = {}
        self.alone_supplier: list[str | None] = []
        self.left_out: dict[str, dict[str, Any]] = {}
        if served.snapshot is not None and served.fresh:
            self._look_at_plan(served.snapshot)

    def _look_at_plan(self, snapshot: PlanSnapshot) -> None:
        self.alone_row = {sku: row for row, sku in enumerate(snapshot.alone["unique_id"].tolist())}
        if self.alone_row:
            supplier_id = snapshot.alone["supplier_id"].astype(object)
            self.alone_supplier = list(supplier_id.where(supplier_id.notna(), None))
        self.left_out = {row["unique_id"]: row for row in json_records(snapshot.unanswered)}
