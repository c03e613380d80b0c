from pathlib import Path

import pytest

from training.registry.mlflow_registry import MlflowRegistry
from training.registry.run_tracking import _home_tag, close_killed_runs


@pytest.fixture
def client(settings):
    return MlflowRegistry(settings.mlflow_url).client


def test_runs_of_a_killed_training_are_closed_and_those_of_other_homes_go_on(client):
    experiment = client.create_experiment("purvey")
    ours, others = _home_tag(Path("ours")), _home_tag(Path("others"))
    left = [client.create_run(experiment, tags=tags).info.run_id for tags in (ours, ours, others, {})]
    done = client.create_run(experiment, tags=ours).info.run_id
    client.set_terminated(done)
    close_killed_runs(client, experiment, ours)
    found = [client.get_run(run).info.status for run in (*left, done)]
    assert found == ["KILLED", "KILLED", "RUNNING", "RUNNING", "FINISHED"]
    assert all(client.get_run(run).info.end_time for run in left[:2])
