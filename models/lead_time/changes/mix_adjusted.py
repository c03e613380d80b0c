"""Mix-adjusted lead times: what each shipment would have taken had it been its supplier's usual mix of orders."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from models.lead_time.members.aft import LogNormalAFT
from models.lead_time.members.design_matrix import covariate_columns
from models.lead_time.members.group_keys import grouping_columns
from models.lead_time.snapshots import SAME_DAY, folds, usable

_SHIPMENT = ["supplier_id", "order_id", "ordered_at", "is_open", "duration"]
_WINDOWS, _FIRST_SHARE = 4, 0.25
_MOST_LEARNED = 50_000  # lines a mix is learned from, the latest
_BASKET = 50
_RIDGE = (30.0,)  # a mix seen in few orders must not add noise to what it should smooth
_LATEST = 400  # lines of a supplier: older ones show no change worth acting on


def comparable_shipments(orders: pd.DataFrame) -> pd.DataFrame:
    """Shipments by supplier in the order of placing, with `days`, the mix-adjusted lead time; one row each.

    Columns `supplier_id, order_id, ordered_at, is_open, duration, days`. Lines of one order that came on the same day
    travelled together, and their delay counts once. An open line is `is_open` with its age.

    Parameters
    ----------
    orders : frame of `features.orders.order_history.order_history`; the latest 400 lines of a supplier count
    """
    rows = _latest_lines(usable(orders))
    if "order_id" not in rows:
        rows = rows.assign(order_id=np.arange(len(rows)))
    rows = rows.sort_values(["supplier_id", "ordered_at", "order_id", "duration"], kind="stable")
    rows = rows.groupby("supplier_id", sort=False).tail(_LATEST).reset_index(drop=True)
    together = rows.assign(days=comparable_days(rows)).groupby(_SHIPMENT, sort=False)["days"].median()
    return together.reset_index()


def _latest_lines(rows: pd.DataFrame) -> pd.DataFrame:
    """Order lines whose lead times are mix-adjusted: placed no earlier than the 400th latest of their supplier."""
    # numbers sort far quicker than names do
    code, suppliers = pd.factorize(rows["supplier_id"], use_na_sentinel=False)
    placed = rows["ordered_at"].to_numpy()
    lines = np.bincount(code, minlength=len(suppliers))
    end = lines.cumsum()
    earliest = placed[np.lexsort((placed, code))[np.maximum(end - lines, end - _LATEST)]]
    return rows[placed >= earliest[code]].reset_index(drop=True)


def comparable_days(rows: pd.DataFrame) -> Array:
    """Mix-adjusted days (n,) of each order line: what it would have taken had it been its supplier's usual order.

    log x_i = log L_i − (m_i − m̄_s): the line's lead time less what was forecast of its SKU, category, size,
    covariates and season beyond the mean of that over a basket of the supplier's lines. The forecast is a censored
    regression on what was known before the line was placed (for the lines before the first one, the first). What the
    supplier's own level has done since cancels, so that a change of the mix alone leaves these days as they were.
    """
    days = np.maximum(rows["duration"].to_numpy(float), SAME_DAY)
    columns = [*grouping_columns(rows), *covariate_columns(rows)[1]]
    cut = folds(rows, _WINDOWS, _FIRST_SHARE) if columns else []
    window = pd.DatetimeIndex([fold.as_of for fold in cut[1:]]).searchsorted(rows["ordered_at"])
    basket = _basket(rows)
    for number, fold in enumerate(cut):
        part = np.flatnonzero(window == number)
        latest = fold.past.sort_values("ordered_at", kind="stable").tail(_MOST_LEARNED)
        model = LogNormalAFT(_RIDGE).fit(latest)
        forecast = np.log(model.predict(rows.iloc[np.concatenate([part, basket])]).quantile(0.5))
        usual_mix = pd.Series(forecast[len(part) :]).groupby(rows["supplier_id"].to_numpy()[basket]).mean()
        beyond = forecast[: len(part)] - rows["supplier_id"].iloc[part].map(usual_mix).to_numpy(float)
        days[part] *= np.exp(-beyond)
    return np.asarray(days)


def _basket(rows: pd.DataFrame) -> NDArray[np.intp]:
    """Row numbers of the basket that stands for each supplier's usual mix: 50 of its lines, evenly over its history."""
    place = rows.groupby("supplier_id").cumcount()
    size = rows.groupby("supplier_id")["duration"].transform("size")
    step = np.maximum(size / _BASKET, 1.0)
    return np.flatnonzero((place // step) != ((place - 1) // step))
