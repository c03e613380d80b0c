"""VN2 Inventory Planning Challenge (2025): weekly store × product sales, stock and pipeline.

`python -m examples.vn2 RAW OUT`. Real: sales, in-stock flags, stock, units in transit, product hierarchy, the
costs and lead time of the game. Nothing is simulated.

Dates. Let W be the Monday on which the last week of sales starts. Its end is the as-of day A = W + 7 days: stock
is what was left then, and the next order is placed then. An order placed at A arrives at the start of the third
week from now, A + 14 days: the contract lead time. So units "in transit W+1", which arrive at the start of the
coming week, are orders of A − 14 promised for A itself (still open: they come in before the week's sales), and
"in transit W+2" are orders of A − 7 promised for A + 7. Each such order is exactly 14 days under way.

The unit of cost is the game's: 0.2 for a unit left at the end of a week, 1.0 for a unit missed.
"""

import re
from pathlib import Path

import pandas as pd

from examples.files import find_files, need_columns, read_file, run
from features.contract.tables import DataError

SUPPLIER = "dc"
LEAD_TIME_DAYS = 14
HOLDING_COST = 0.2
SHORTAGE_COST = 1.0
_KEY = ["Store", "Product"]
_IN_TRANSIT = {"In Transit W+1": 0, "In Transit W+2": 7}
"""Column of the state → days from as-of to arrival."""
_STATIC = {
    "Store": "store",
    "Product": "product",
    "ProductGroup": "category",
    "Division": "division",
    "Department": "department",
    "DepartmentGroup": "department_group",
    "StoreFormat": "store_format",
    "Format": "format",
}


def read(raw: Path) -> dict[str, pd.DataFrame]:
    """Read the VN2 challenge's files in `raw`: `sales`, `in_stock` (wide, weeks as columns), `state`, `master`.

    Several weekly files of one kind are put together, the later one winning; of states the last counts.

    Raises
    ------
    DataError
        When a file is missing or unreadable, or the state's file name gives another week than the last of sales.
    """
    sales = _stack(find_files(raw, "sales", (".csv",)))
    state_file = find_files(raw, "state", (".csv",))[-1]
    dated = re.search(r"\d{4}-\d{2}-\d{2}", state_file.name)
    last = sales.columns[-1]
    if dated and dated.group() != last:
        raise DataError(
            f"{state_file}: state of the week {dated.group()}, but sales end with {last}; give the state of that week"
        )
    return {
        "sales": sales,
        "in_stock": _stack(find_files(raw, "in stock", (".csv",))),
        "state": read_file(state_file),
        "master": read_file(find_files(raw, "master", (".csv",))[-1]),
    }


def tables(raw: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Turn the VN2 challenge's files, as `read` returns them, into the contract's tables.

    A week that `in_stock` does not cover keeps an empty flag.

    Raises
    ------
    DataError
        When a column is missing, no week column is found, or a series of sales has no state or no master row.
    """
    for name, columns in (("state", (*_KEY, "End Inventory", *_IN_TRANSIT)), ("master", tuple(_STATIC))):
        need_columns(raw[name], columns, name)
    demand = _long(raw["sales"], "y").merge(
        _long(raw["in_stock"], "in_stock"), "left", on=["unique_id", "ds"]
    )
    ids = pd.Index(demand["unique_id"].unique())
    state = _of_series(raw["state"], ids, "state")
    as_of = demand["ds"].max() + pd.Timedelta(days=7)
    return {
        "demand": demand.dropna(subset=["y"]).astype({"in_stock": "boolean"}),
        "items": _items(_of_series(raw["master"], ids, "master")),
        "suppliers": pd.DataFrame({"supplier_id": [SUPPLIER], "name": ["Distribution centre"]}),
        "offers": pd.DataFrame(
            {
                "supplier_id": SUPPLIER,
                "unique_id": ids,
                "moq": 1.0,
                "order_multiple": 1.0,
                "ordering_cost": 0.0,
                "lead_time_days": float(LEAD_TIME_DAYS),
                "preferred": True,
            }
        ),
        "stock": pd.DataFrame(
            {
                "unique_id": ids,
                "as_of": as_of,
                "on_hand": state["End Inventory"].to_numpy(float),
                "backorders": 0.0,
            }
        ),
        "purchase_orders": _open_orders(state, as_of),
    }


def _stack(paths: list[Path]) -> pd.DataFrame:
    """Put wide weekly VN2 files side by side, weeks in order; in the later file stands the later knowledge."""
    wide = pd.DataFrame()
    for path in paths:
        frame = read_file(path)
        need_columns(frame, tuple(_KEY), str(path))
        wide = frame.set_index(_KEY).combine_first(wide) if len(wide) else frame.set_index(_KEY)
    weeks = sorted(column for column in wide.columns if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(column)))
    if not weeks:
        raise DataError(
            f"{paths[0]}: no column named by a week's Monday such as 2024-04-08; give the file as published"
        )
    return wide[weeks].sort_index().copy().reset_index()  # the copy puts 150 single columns together


def _unique_id(frame: pd.DataFrame) -> pd.Series:
    return frame["Store"].astype(str) + "_" + frame["Product"].astype(str)


def _long(wide: pd.DataFrame, value: str) -> pd.DataFrame:
    """Wide weekly columns of a VN2 file as rows: unique_id, ds and `value`."""
    frame = wide.assign(unique_id=_unique_id(wide)).drop(columns=_KEY)
    frame = frame.melt("unique_id", var_name="ds", value_name=value)
    return frame.assign(ds=pd.to_datetime(frame["ds"])).sort_values(["unique_id", "ds"], ignore_index=True)


def _of_series(frame: pd.DataFrame, ids: pd.Index, origin: str) -> pd.DataFrame:
    """Rows of a VN2 file in the order of the series `ids`, indexed by unique_id."""
    frame = frame.set_index(_unique_id(frame))
    unknown = ids.difference(frame.index)
    if len(unknown):
        raise DataError(f"{origin}: no row for Store_Product {unknown[0]} ({len(unknown)} lacking); add it")
    return frame.loc[ids]


def _items(master: pd.DataFrame) -> pd.DataFrame:
    """The `items` table of VN2: static categories of each series, and the costs of the challenge."""
    static = master[list(_STATIC)].astype(str).rename(columns=_STATIC)
    return pd.DataFrame(
        {
            "unique_id": master.index,
            "description": ("product " + static["product"] + " in store " + static["store"]).to_numpy(),
            "holding_cost": HOLDING_COST,
            "shortage_cost": SHORTAGE_COST,
            **{name: static[name].to_numpy() for name in static.columns},
        }
    )


def _open_orders(state: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """The `purchase_orders` table of VN2, all open: an order a column of transit, a line a series (see Dates above)."""
    orders = []
    for column, days in _IN_TRANSIT.items():
        moving = state[state[column] > 0]
        promised = as_of + pd.Timedelta(days=days)
        ordered = promised - pd.Timedelta(days=LEAD_TIME_DAYS)
        orders.append(
            pd.DataFrame(
                {
                    "order_id": f"{SUPPLIER}-{ordered:%Y-%m-%d}",
                    "line": moving.index,
                    "supplier_id": SUPPLIER,
                    "unique_id": moving.index,
                    "ordered_at": ordered,
                    "quantity_ordered": moving[column].to_numpy(float),
                    "promised_at": promised,
                    "received_at": pd.NaT,
                }
            )
        )
    frame = pd.concat(orders, ignore_index=True)
    return frame.astype({"received_at": "datetime64[ns]"})


def main(argv: list[str] | None = None) -> None:
    """Run `python -m examples.vn2 RAW OUT`."""
    run("vn2", lambda raw: tables(read(raw)), argv)


if __name__ == "__main__":
    main()
