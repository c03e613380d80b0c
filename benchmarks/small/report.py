"""The tables that `python -m benchmarks.small` prints: Purvey beside each peer, company by company."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

OURS = "Purvey"


def report_lines(scores: pd.DataFrame) -> Iterable[str]:
    """Lines of the report: how much less loss Purvey has than each peer, and in how many companies it has more."""
    wide = scores.pivot(index=["number", "data_set", "skus"], columns="contender", values="sql").dropna()
    yield f"{len(wide)} companies; scaled pinball loss (SQL) of Purvey against the peer's, each company counted once"
    yield f"\n{'':24}{'SQL':>9}{'peer':>9}{'less':>9}{'median':>9}{'± error':>9}{'worse in':>10}{'at most':>9}"
    groups = [("all companies", wide)]
    for level, title in (("skus", "SKUs"), ("data_set", "")):
        groups += [(f"{name} {title}".strip(), rows) for name, rows in wide.groupby(level=level)]
    for peer in wide.columns.drop(OURS):
        yield f"against {peer}"
        for name, rows in groups:
            yield f"  {name:22}" + _cells(rows[OURS], rows[peer])
    bias = scores.groupby("contender", sort=False)[["bias", "demand"]].sum()
    yield "\nforecast − demand, over all companies: " + ", ".join(
        f"{name} {row.bias / row.demand:+.1%}" for name, row in bias.iterrows()
    )


def _cells(ours: pd.Series, peer: pd.Series) -> str:
    """One row: mean losses, their ratio, the median company's, worse companies and the worst one."""
    ratio = ours / peer - 1
    error = float(np.std(ours - peer, ddof=1) / np.sqrt(len(ours)) / peer.mean()) if len(ours) > 1 else np.nan
    return (
        f"{ours.mean():9.4f}{peer.mean():9.4f}{ours.mean() / peer.mean() - 1:+9.1%}{ratio.median():+9.1%}"
        f"{error:9.1%}{(ratio > 0).mean():10.0%}{ratio.max():+9.0%}"
    )
