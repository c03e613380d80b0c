"""Part `year`: the demand that a plan expects of the year to come, beside what was wanted in the last one."""

import numpy as np

from benchmarks.decisions.demo_day import DemoCompany
from benchmarks.decisions.figures import Figure, inside, shown
from planning.assessment import Assessment

FAR, SHARE_FAR = 0.30, 0.10
_LEAST = 26  # units a year: what sold less is nobody's year


def year(company: DemoCompany, assessment: Assessment) -> list[Figure]:
    """Share of SKUs whose expected year is off last year's by more than 30 %, and the sums."""
    expected = assessment.chosen_terms.demand.yearly
    last = company.demand.sum(axis=1).reindex(assessment.forecast.unique_ids).fillna(0.0).to_numpy(float)
    started = (company.demand.cumsum(axis=1) > 0).mean(axis=1).reindex(assessment.forecast.unique_ids)
    whole = (last >= _LEAST) & (started.fillna(0.0).to_numpy(float) > 1 - 1e-9)
    off = np.abs(expected - last)[whole] / last[whole]
    return [
        inside("share of SKUs off by more than 30 %", float((off > FAR).mean()), 0.0, SHARE_FAR),
        shown("SKUs that sold all year", np.nan, float(whole.sum())),
        shown("median distance, %", np.nan, 100 * float(np.median(off))),
        _sum("units of all SKUs", expected[whole].sum(), last[whole].sum()),
    ]


def _sum(name: str, expected: float, last: float) -> Figure:
    """Sums within a tenth of each other."""
    return Figure(
        name, float(expected), float(last), target="10 %", passed=bool(abs(expected / last - 1) <= 0.1)
    )
