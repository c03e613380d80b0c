"""A worker killed between approving, exporting and planning: nothing lost, nothing twice."""

import shutil

import pytest

from benchmarks.kills.kill_runs import kill_runs


@pytest.mark.parametrize("seed", [1])
def test_ten_kills_lose_nothing_and_order_nothing_twice(home, company, tmp_path, seed):
    source, out = tmp_path / "source", tmp_path / "handed_over"
    shutil.copytree(company, source)
    out.mkdir()
    report = kill_runs(home, source, out, 10, seed=seed)
    assert report.trouble == []
    assert (report.by_moment, report.by_statement) == (5, 5)
    assert sum(report.orders.values()) > 2
