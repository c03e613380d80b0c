import pytest
from normal_forecast import normal_forecast


@pytest.fixture(scope="session")
def make_forecast():
    return normal_forecast
