"""Which contenders differ over all data sets and cutoffs: mean ranks, and the critical difference (Nemenyi)."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.stats import studentized_range

from charts.canvas import ACCENT, INK, MUTED, new_figure, style, to_svg

CONFIDENCE = 0.95


def losses_by_block(rows_of: Mapping[str, list[dict[str, Any]]], figure: str = "sql") -> pd.DataFrame:
    """Scores of periods, a row a data set and cutoff, a column a contender; those that lack one are left out."""
    found = [
        {"block": f"{name} {row['group']}", "contender": row["contender"], "loss": row[figure]}
        for name, rows in rows_of.items()
        for row in rows
        if row["kind"] == "period" and row["group"].startswith("cutoff ")
    ]
    return pd.DataFrame(found).pivot(index="block", columns="contender", values="loss").dropna()


def mean_ranks(losses: pd.DataFrame) -> pd.Series:
    """Mean rank of each contender over the blocks, 1 the best, ties shared; sorted."""
    return losses.rank(axis=1).mean().sort_values()


def critical_difference(contenders: int, blocks: int) -> float:
    """Difference of mean ranks that chance alone exceeds in 5 % of cases (Nemenyi; Demšar, 2006)."""
    q = float(studentized_range.ppf(CONFIDENCE, contenders, np.inf)) / np.sqrt(2)
    return float(q * np.sqrt(contenders * (contenders + 1) / (6 * blocks)))


def rank_lines(losses: pd.DataFrame) -> Iterable[str]:
    """Lines of the report: contenders by mean rank, and which are no worse than the best beyond chance."""
    ranks, difference = mean_ranks(losses), critical_difference(losses.shape[1], len(losses))
    yield f"\nmean rank by SQL over {len(losses)} data sets and cutoffs, critical difference {difference:.1f}"
    for name, rank in ranks.items():
        yield f"{name:28}{rank:6.1f}" + (
            "  not told from the best" if 0 < rank - ranks.iloc[0] < difference else ""
        )


def rank_chart(losses: pd.DataFrame) -> Figure:
    """Critical-difference plot: contenders on a line of mean ranks, bars over those that may be alike by chance."""
    ranks, difference = mean_ranks(losses), critical_difference(losses.shape[1], len(losses))
    with style():
        figure, axes = new_figure(height=1.2 + 0.24 * len(ranks))
        for row, (name, rank) in enumerate(ranks.items()):
            axes.plot([rank, rank], [0, row + 1], color=MUTED, linewidth=0.8)
            axes.text(rank + 0.08, row + 1, f"{name}  {rank:.1f}", va="center", color=INK, fontsize=8.5)
        for place, group in enumerate(alike(ranks, difference)):
            axes.plot(
                [ranks.iloc[group[0]], ranks.iloc[group[1]]],
                [-0.35 - 0.3 * place] * 2,
                color=ACCENT,
                linewidth=3,
            )
        axes.set_xlim(0.8, len(ranks) + 2.5)
        axes.invert_yaxis()
        axes.xaxis.tick_top()
        axes.set_yticks([])
        axes.set_title(f"Mean rank over {len(losses)} cutoffs; critical difference {difference:.1f}")
    return figure


def alike(ranks: pd.Series, difference: float) -> list[tuple[int, int]]:
    """First and last place of the largest groups of sorted ranks whose ends differ by less than the critical one."""
    values, groups = ranks.to_numpy(), list[tuple[int, int]]()
    for first in range(len(values)):
        last = int(np.searchsorted(values, values[first] + difference)) - 1
        if last > first and (not groups or last > groups[-1][1]):
            groups.append((first, last))
    return groups


def write_chart(losses: pd.DataFrame, path: Path) -> None:
    """Write the critical-difference plot as SVG."""
    path.write_text(to_svg(rank_chart(losses)), encoding="utf-8")
