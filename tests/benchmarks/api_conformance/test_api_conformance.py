"""The small company's service called by its own description: a bounded number of calls, the same each time."""

from homes import planned_home, trained_home  # noqa: F401 -- fixtures

from benchmarks.api_conformance.schemathesis_run import run_schemathesis
from benchmarks.api_conformance.served_copy import served_copy


def test_every_answer_is_one_that_the_description_says(planned_home, tmp_path):  # noqa: F811 -- the fixture
    with served_copy(planned_home, tmp_path) as served:
        found = run_schemathesis(served, tmp_path, examples=6, seed=1, phases="fuzzing,stateful")
    assert found.failures == 0, found.text
    assert found.calls > 100, found.text
