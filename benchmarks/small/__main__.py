"""Forecasts of small companies: `python -m benchmarks.small [--companies 300] [--seed 0] [--data vn2 …]`.

Companies of 1, 5, 20 and 50 SKUs are drawn from the data sets of `benchmarks.demand`, each forecast by Purvey with that
data set's config from its own SKUs alone, beside the quantiles of their own past and the ensemble of ETS, Theta, CES
and seasonal naive.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

from benchmarks.demand.data_sets import DATA_SETS, folder_of
from benchmarks.raw_data import is_available
from benchmarks.small.companies import draw, score
from benchmarks.small.report import report_lines


def main(argv: list[str] | None = None) -> None:
    """Draw, forecast and score the companies, print the report, and write each company's scores where asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.small", description=__doc__)
    parser.add_argument("--companies", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", nargs="+", choices=list(DATA_SETS), default=list(DATA_SETS), metavar="DATA")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the scores of each company there")
    given = parser.parse_args(argv)
    names = [name for name in given.data if is_available(folder_of(name))]
    companies = draw(names, given.companies, given.seed)
    tables: list[pd.DataFrame] = []
    with ProcessPoolExecutor(given.processes, mp_context=get_context("spawn")) as processes:
        for done in as_completed([processes.submit(score, company) for company in companies]):
            tables.append(done.result())
            if given.csv:  # each as it comes: what is done is not lost with what fails
                tables[-1].to_csv(given.csv, index=False, mode="a", header=len(tables) == 1)
            if len(tables) % 20 == 0:
                print(f"{len(tables)} of {len(companies)} companies", flush=True)
    for line in report_lines(pd.concat(tables, ignore_index=True).sort_values("number", kind="stable")):
        print(line)


if __name__ == "__main__":
    main()
