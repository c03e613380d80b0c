"""The score tables that `python -m benchmarks.demand` prints."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from benchmarks.demand.scores import win_share

OURS = "Purvey"
HEADS = ("sql", "sql_median", "wql", "mase", "rmsse", "bias", "cover80", "cover90", "even80", "even90")
KINDS = {"period": "periods", "sum": "running sums"}


def report_lines(rows: list[dict[str, Any]], scores: pd.DataFrame) -> Iterable[str]:
    """Lines of a data set's report, the score tables: periods, running sums, classes, steps, Purvey against peers."""
    for kind, title in KINDS.items():
        own = [row for row in rows if row["kind"] == kind]
        yield f"\n{title}"
        yield f"{'':24}{'rows':>7}" + "".join(f"{head:>11}" for head in HEADS)
        for row in own:
            if row["group"] == "all":
                yield f"{row['contender']:24}{row['rows']:7.0f}" + _cells(row)
        yield from _by_group(own, title)
    yield from against_peers(rows, scores)


def _cells(row: dict[str, Any]) -> str:
    return "".join(f"{row[head]:11.4f}" if head != "bias" else f"{row[head]:+11.3f}" for head in HEADS)


def _by_group(rows: list[dict[str, Any]], title: str) -> Iterable[str]:
    """Lines of the report's score tables by group: scaled pinball loss by class, step and cutoff; coverage by class."""
    for figure, kinds in (
        ("sql", ("class", "step", "cutoff")),
        ("cover80", ("class",)),
        ("cover90", ("class",)),
        ("even80", ("class",)),
        ("even90", ("class",)),
    ):
        for kind in kinds:
            part = [row for row in rows if row["group"].startswith(f"{kind} ")]
            groups = list(dict.fromkeys(row["group"] for row in part))
            width = max((len(group) for group in groups), default=0) + 2
            yield f"\n{figure} of {title} by {kind}"
            yield f"{'':24}" + "".join(f"{group.removeprefix(kind + ' '):>{width}}" for group in groups)
            for contender in dict.fromkeys(row["contender"] for row in part):
                values = {row["group"]: row[figure] for row in part if row["contender"] == contender}
                yield f"{contender:24}" + "".join(f"{values[group]:{width}.4f}" for group in groups)


def against_peers(rows: list[dict[str, Any]], scores: pd.DataFrame) -> Iterable[str]:
    """Lines of the report that compare Purvey's scaled pinball loss with each peer's, and with the best peer's."""
    sql = {row["contender"]: row for row in rows if row["kind"] == "period" and row["group"] == "all"}
    peers = [name for name in sql if name != OURS]
    if OURS not in sql or not peers:
        return
    whole = scores[(scores["kind"] == "period") & (scores["step"] == 0)]
    yield f"\n{'Purvey against':24}{'SQL':>9}{'median':>9}{'SKUs won':>10}"
    for peer in peers:
        less = [sql[OURS][f] / sql[peer][f] - 1 for f in ("sql", "sql_median")]
        yield f"{peer:24}{less[0]:+9.1%}{less[1]:+9.1%}{win_share(whole, OURS, peer):10.1%}"
    best = min(peers, key=lambda name: sql[name]["sql"])
    yield f"\nSQL {sql[OURS]['sql'] / sql[best]['sql'] - 1:+.1%} against the best single peer, {best}"
