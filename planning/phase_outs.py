"""Phase-outs: SKUs that others replace, and the day from which the last of these has taken over."""

import pandas as pd


def phase_outs(items: pd.DataFrame) -> pd.DataFrame:
    """Phase-outs that `items.replaces` and `replaces_from` tell of, one row a replaced SKU.

    Returns
    -------
    DataFrame
        unique_id and replaced_from, the latest day named by a successor; NaT where none names a day: the change has
        begun, or begins with the forecast
    """
    if "replaces" not in items or not items["replaces"].notna().any():
        return no_phase_outs()
    replacing = items[items["replaces"].notna()]
    # an id may hold a `;` itself: the whole text is looked up as well as its parts
    ids = [[text, *(part.strip() for part in text.split(";"))] for text in replacing["replaces"].astype(str)]
    start = pd.to_datetime(replacing["replaces_from"]) if "replaces_from" in items else pd.NaT
    pairs = pd.DataFrame({"unique_id": ids, "replaced_from": start}).explode("unique_id")
    return pairs.groupby("unique_id", as_index=False)["replaced_from"].max()


def no_phase_outs() -> pd.DataFrame:
    """Phase-outs of plan inputs that have none: an empty table."""
    return pd.DataFrame(
        {"unique_id": pd.Series(dtype=object), "replaced_from": pd.Series(dtype="datetime64[ns]")}
    )
