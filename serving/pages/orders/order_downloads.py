"""Downloads of today's order lines, all suppliers' together, as CSV and Excel."""

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from database.purchase_orders.records import OrderLine
from planning.inputs import texts_by_sku
from serving.orders.order_view import PROPOSED, open_proposals, orders_now
from serving.pages.orders.order_list import TABS, TO_DECIDE
from serving.rendering.listing import download
from serving.state.follower import Follower, follower_of

_COLUMNS = (
    "order_id", "status", "supplier_id", "line", "unique_id", "description", "quantity", "purchase_quantity",
    "purchase_unit", "unit_price", "goods", "order_on", "due", "proposed",
)  # fmt: skip


def orders_csv(request: Request) -> Response:
    """Download the lines of a tab's orders as a CSV file."""
    return _lines_file(request, "csv")


def orders_xlsx(request: Request) -> Response:
    """Download the lines of a tab's orders as an Excel workbook."""
    return _lines_file(request, "xlsx")


def _lines_file(request: Request, kind: str) -> Response:
    """The lines of the orders of the tab that is asked for, as a file."""
    tab = request.query_params.get("status", TO_DECIDE)
    tab = tab if tab in TABS else TO_DECIDE
    follower = follower_of(request)
    name = f"orders-{tab.replace('_', '-')}-{follower.current().as_of:%Y-%m-%d}"
    return download(order_lines_table(follower, TABS[tab]), kind, name)


def order_lines_table(follower: Follower, statuses: tuple[str, ...]) -> pd.DataFrame:
    """Lines with a quantity of all orders of these statuses, a row a line; goods sum up to what the page shows."""
    served = follower.current()
    proposals = open_proposals(follower) if PROPOSED in statuses else []
    rows = [
        _row(line, order_id="", status=PROPOSED, supplier_id=each.supplier_id, order_on=each.order_on)
        for each in proposals
        for line in each.lines
    ]
    for order in orders_now(follower).orders:
        if order.order is None or order.status not in statuses:
            continue
        rows += [
            _row(
                line,
                order_id=order.order_id,
                status=order.status,
                supplier_id=order.supplier_id,
                order_on=order.order_on,
            )
            for line in order.order.ordered
        ]
    table = pd.DataFrame(rows, columns=[name for name in _COLUMNS if name != "description"])
    names = texts_by_sku(served.inputs.items, "description", table["unique_id"].to_numpy(object))
    for day in ("order_on", "due"):
        table[day] = pd.to_datetime(table[day])
    return table.assign(description=names)[list(_COLUMNS)]


def _row(line: OrderLine, **order: object) -> dict[str, object]:
    """A line of an order in the file."""
    names = ("line", "unique_id", "quantity", "purchase_unit", "unit_price", "goods", "due", "proposed")
    packs = round(line.quantity / line.units_each, 9)
    return {**order, **{name: getattr(line, name) for name in names}, "purchase_quantity": packs}
