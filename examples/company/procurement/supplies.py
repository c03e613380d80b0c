"""Simulated: what the company uses up itself, by department and site a week, and the bins that hold it at the sites.

About forty supplies (`supply_…`), which are bought beside the goods: they are in `usage` and `bins` only, not in
`items`, `demand` or `stock`. Each is used by two to five departments at every site; a week's use is Poisson.
A bin holds about three weeks' use and was last counted within the week before the as-of day.
"""

import numpy as np
import pandas as pd

from examples.company.procurement.requesters import SITES

SUPPLIES = tuple(
    f"supply_{name}"
    for name in (
        "printer_paper", "toner", "pens", "markers", "envelopes", "labels", "label_rolls", "tape", "stretch_film",
        "boxes_small", "boxes_large", "pallet_wrap", "gloves", "hairnets", "aprons", "masks", "shoe_covers",
        "hand_soap", "disinfectant", "paper_towels", "toilet_paper", "bin_bags", "mop_heads", "sponges",
        "glass_cleaner", "floor_cleaner", "dishwasher_tabs", "coffee", "tea", "cups", "water", "batteries", "bulbs",
        "fuses", "cable_ties", "screws", "blades", "first_aid", "receipt_rolls", "price_tags",
    )
)  # fmt: skip
_SITE_SIZE = (1.6, 1.2, 0.8, 0.4)
_COVER_WEEKS = 3.0


def make_usage(departments: pd.Series, weeks: pd.DatetimeIndex, rng: np.random.Generator) -> pd.DataFrame:
    """The demo's table `usage`: units of each supply that a department at a site used up in a week; no rows of zero."""
    names = np.sort(departments.dropna().unique())
    least, most = min(2, len(names)), min(5, len(names))
    pairs = [
        (supply, department, rng.lognormal(1.0, 0.8))
        for supply in SUPPLIES
        for department in np.sort(rng.choice(names, rng.integers(least, most + 1), replace=False))
    ]
    lanes = pd.DataFrame(pairs, columns=["unique_id", "department", "rate"])
    mean = lanes["rate"].to_numpy()[:, None] * np.array(_SITE_SIZE)
    units = rng.poisson(np.repeat(mean[:, :, None], len(weeks), axis=2))
    lane, site, week = np.nonzero(units)
    return pd.DataFrame(
        {
            "unique_id": lanes["unique_id"].to_numpy(object)[lane],
            "ds": weeks[week],
            "quantity": units[lane, site, week].astype(float),
            "department": lanes["department"].to_numpy(object)[lane],
            "site": np.array(SITES, object)[site],
        }
    ).sort_values(["ds", "unique_id", "department", "site"], ignore_index=True)


def make_bins(usage: pd.DataFrame, as_of: pd.Timestamp, rng: np.random.Generator) -> pd.DataFrame:
    """The demo's table `bins`: one bin a site and supply, with what was in it at its last count."""
    weeks = usage["ds"].nunique()
    weekly = usage.groupby(["site", "unique_id"], as_index=False)["quantity"].sum()
    capacity = np.maximum(5.0, 5 * np.ceil(_COVER_WEEKS * weekly["quantity"].to_numpy() / weeks / 5))
    number = weekly.groupby("site").cumcount() + 1
    return pd.DataFrame(
        {
            "site": weekly["site"],
            "bin": weekly["site"].str[:1].str.upper() + "-" + number.map("{:02d}".format),
            "unique_id": weekly["unique_id"],
            "counted_at": as_of - pd.to_timedelta(rng.integers(1, 7, len(weekly)), unit="D"),
            "count": np.floor(capacity * rng.uniform(0.05, 1.0, len(weekly))),
            "capacity": capacity,
        }
    )
