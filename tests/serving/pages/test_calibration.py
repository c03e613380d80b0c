import pytest
from clients import person_client

from database.settings import Settings
from serving.pages.calibration import calibration_tables
from serving.pages.model import metrics_with_sums
from serving.state.follower import Follower


@pytest.fixture
def client(home):
    follower = Follower()
    follower.open(Settings(home=home))
    yield person_client(follower)
    follower.close()


@pytest.mark.parametrize("chart", ["periods", "sums"])
def test_the_model_page_shows_its_calibration_as_a_picture(client, chart):
    answer = client.get(f"/drawings/model/{chart}")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert f"/drawings/model/{chart}?v=" in client.get("/model", headers={"accept": "text/html"}).text


def test_there_is_no_other_picture_of_the_model(client):
    assert client.get("/drawings/model/weather").status_code == 404


def test_all_skus_come_before_their_classes_and_steps_pair_periods_with_sums(client):
    laid_out = calibration_tables(client.app.state.follower.current().bundle.scores)
    assert [row["demand_class"] for row in laid_out["classes"]["sums"]] == ["", "smooth"]
    assert [(row["k"], row["wql"], row["wql_sums"]) for row in laid_out["steps"]] == [
        (1, 0.21, 0.21), (2, 0.21, 0.21),
    ]  # fmt: skip


def test_a_bundle_without_scores_has_nothing_to_lay_out():
    assert calibration_tables(None) == {}


def test_figures_of_periods_stand_beside_those_of_sums():
    metrics = {
        "demand.wql": 0.3,
        "demand.cumulative_wql": 0.2,
        "demand.bias": 0.1,
        "demand.class.smooth.wql": 9.0,
    }
    assert metrics_with_sums(metrics, "demand") == [
        ("weighted quantile loss (lower is better)", 0.3, 0.2), ("bias, share of demand", 0.1, None),
    ]  # fmt: skip
