"""Stock elsewhere: units of a SKU that lie at the company's own sites, by lots and by what was counted in bins."""

import pandas as pd


def stock_by_site(lots: pd.DataFrame, bins: pd.DataFrame) -> pd.DataFrame:
    """Units by SKU and site: of `inventory_lots`, else the last count of each of its `bins`.

    Returns
    -------
    DataFrame
        unique_id, site, units, counted_at (NaT for lots), sorted; sites without any units are left out
    """
    of_lots = (
        lots.dropna(subset="site").groupby(["unique_id", "site"])["quantity"].sum().reset_index(name="units")
    )
    last = bins.sort_values("counted_at", kind="stable", na_position="first")
    last = last.drop_duplicates(["site", "bin", "unique_id"], keep="last")
    counted = last.groupby(["unique_id", "site"]).agg(
        units=("count", "sum"), counted_at=("counted_at", "min")
    )
    both = [of_lots.assign(counted_at=pd.NaT), counted.reset_index()]
    table = pd.concat([part for part in both if len(part)] or [both[0]], ignore_index=True)
    table = table.drop_duplicates(["unique_id", "site"]).astype({"counted_at": "datetime64[ns]"})
    table = table[table["units"] > 0]
    return table.sort_values(["unique_id", "site"], ignore_index=True)[
        ["unique_id", "site", "units", "counted_at"]
    ]
