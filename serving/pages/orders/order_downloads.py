"""Downloads of today's order lines, all suppliers' together, as CSV and Excel."""

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from database.purchase_orders.records import OrderLine, PurchaseOrder
from planning.inputs import texts_by_sku
from serving.orders.order_view import PROPOSED, OrdersNow, orders_now
from serving.pages.orders.order_list import TABS, TO_DECIDE
from serving.rendering.listing import list_file
from serving.state.follower import follower_of

_COLUMNS = (
    "order_id", "status", "supplier_id", "line", "unique_id", "quantity", "purchase_quantity",
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
    table = order_lines_table(orders_now(follower), TABS[tab])
    names = texts_by_sku(follower.current().inputs.items, "description", table["unique_id"].to_numpy(object))
    table.insert(table.columns.get_loc("unique_id") + 1, "description", names)
    return list_file(table, kind, name)


def order_lines_table(now: OrdersNow, statuses: tuple[str, ...]) -> pd.DataFrame:
    """Lines with a quantity of all orders of these statuses, a row a line; goods sum up to what the page shows."""
    stored = pd.DataFrame(
        [
            _row(line, row.order)
            for row in now.orders
            if row.order is not None and row.status in statuses
            for line in row.order.ordered
        ],
        columns=list(_COLUMNS),
    )
    lines = now.proposed if PROPOSED in statuses else now.proposed.iloc[:0]
    proposed = lines.assign(
        order_id="",
        status=PROPOSED,
        line=lines.groupby("supplier_id").cumcount() + 1,
        goods=lines["quantity"] * lines["unit_price"],
        due=lines["expected_arrival"],
        proposed=lines["quantity"],
    )
    parts = [part.reindex(columns=list(_COLUMNS)) for part in (proposed, stored) if len(part)]
    table = pd.concat(parts, ignore_index=True) if parts else stored
    for day in ("order_on", "due"):
        table[day] = pd.to_datetime(table[day])
    return table


def _row(line: OrderLine, order: PurchaseOrder) -> dict[str, object]:
    """A line of a purchase order in the file."""
    of_order = {name: getattr(order, name) for name in ("order_id", "status", "supplier_id", "order_on")}
    of_line = {name: getattr(line, name) for name in ("line", "unique_id", "quantity", "purchase_unit", "unit_price",
                                                      "goods", "due", "proposed")}  # fmt: skip
    return {**of_order, **of_line, "purchase_quantity": round(line.quantity / line.units_each, 9)}
