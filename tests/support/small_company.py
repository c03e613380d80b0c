"""A company of six SKUs through the real verbs: change its tables, then check, train and plan, in this process."""

import contextlib
import html
import io
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from clients import person_client

from commands.app import main
from database.settings import Settings
from serving.state.follower import Follower

WEEKS = 60
FIRST = pd.Timestamp("2024-01-01")
COUNTED = FIRST + pd.Timedelta(weeks=WEEKS)  # the end of the last demand period, the day of the stock count
IDS = tuple(f"A{i}" for i in range(6))
CONFIG = """\
name: t
currency: EUR
threads: 1
demand: {horizon: 4, windows: 1, members: [seasonal_naive], boosting: {rounds: 40}}
lead_time: {source: learned}
policy: {target: cycle_service_level, level: 0.95, review_period_days: 7, holding_cost_rate: 0.25}
"""


@dataclass(frozen=True)
class Outcome:
    """What a verb did: its exit status and all it printed."""

    status: int
    text: str


def run(*arguments: str | Path) -> Outcome:
    """Run `purvey ARGUMENTS` in this process, as the console script does."""
    printed = io.StringIO()
    before, sys.argv = sys.argv, ["purvey", *map(str, arguments)]
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            try:
                main()
                status = 0
            except SystemExit as leaving:
                status = int(leaving.code or 0)
    finally:
        sys.argv = before
    return Outcome(status, printed.getvalue())


def small_tables() -> dict[str, pd.DataFrame]:
    """Six SKUs at Poisson 20 a week for 60 weeks, bought from S1 in exactly 14 days, 30 of each on hand."""
    rng = np.random.default_rng(7)
    ds = pd.date_range(FIRST, periods=WEEKS, freq="W-MON")
    demand = pd.DataFrame(
        {
            "unique_id": np.repeat(IDS, WEEKS),
            "ds": np.tile(ds, len(IDS)),
            "y": rng.poisson(20, len(IDS) * WEEKS),
        }
    )
    ids = pd.DataFrame({"unique_id": IDS})
    lines = [
        {
            "order_id": f"PO{unique_id}-{n}",
            "line": "1",
            "supplier_id": "S1",
            "unique_id": unique_id,
            "ordered_at": ordered,
            "quantity_ordered": 40,
            "promised_at": ordered + pd.Timedelta(days=14),
            "received_at": ordered + pd.Timedelta(days=14),
            "quantity_received": 40,
        }
        for unique_id in IDS
        for n, ordered in enumerate(pd.date_range(FIRST + pd.Timedelta(weeks=1), periods=24, freq="14D"))
    ]
    return {
        "demand": demand,
        "items": ids.assign(unit_cost=5.0, unit_price=9.0, category="c"),
        "offers": ids.assign(supplier_id="S1", unit_price=5.0),
        "purchase_orders": pd.DataFrame(lines),
        "stock": ids.assign(as_of=COUNTED, on_hand=30),
    }


class SmallCompany:
    """The company's tables as CSV files in a folder of the test's own, with a model trained on them as they were.

    Attributes
    ----------
    tables : what `check`, `train` and `plan` find; a test changes them, or writes files into `data` itself
    data, config, home : the data directory, the YAML file and PURVEY_HOME
    """

    def __init__(self, folder: Path) -> None:
        self.tables = small_tables()
        self.data, self.config, self.home = folder / "data", folder / "c.yaml", folder / "home"
        self.out = folder / "out"
        self.data.mkdir(parents=True, exist_ok=True)
        self.config.write_text(CONFIG)

    def write(self) -> None:
        """Write the tables as CSV files."""
        for name, table in self.tables.items():
            table.to_csv(self.data / f"{name}.csv", index=False)

    def check(self) -> Outcome:
        """`purvey check` of the tables with the config."""
        self.write()
        return run("check", self.data, "--config", self.config)

    def train(self) -> Outcome:
        """`purvey train` on the tables with the config: about ten seconds."""
        self.write()
        return run("train", "--data", self.data, "--config", self.config, "--promote")

    def plan(self, *arguments: str) -> Outcome:
        """`purvey plan` of the tables with the config; the model trained before, if there was no `train`, is the shared one."""
        self.write()
        return run("plan", "--data", self.data, "--config", self.config, "--out", self.out, *arguments)

    def page(self, path: str) -> str:
        """The text of a page of the service, from the last plan."""
        follower = Follower()
        follower.open(Settings(home=self.home))
        try:
            client = person_client(follower)
            answer = client.get(path, headers={"accept": "text/html"})
        finally:
            follower.close()
        assert answer.status_code == 200, answer.text
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))

    def table(self, name: str = "plan") -> pd.DataFrame:
        """A table that `plan` wrote, by SKU where it has one row a SKU."""
        frame = pd.read_parquet(self.out / f"{name}.parquet")
        return frame.set_index("unique_id", drop=False) if name == "plan" else frame


@pytest.fixture(scope="session")
def small_trained_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a model trained on the small company by the real verb. Not to be written to: copy it."""
    folder = tmp_path_factory.mktemp("small")
    company = SmallCompany(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PURVEY_HOME", str(company.home))
        done = company.train()
    assert done.status == 0, done.text
    return company.home


@pytest.fixture
def small_company(small_trained_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallCompany:
    """The small company with its trained model, to be changed."""
    company = SmallCompany(tmp_path)
    shutil.copytree(small_trained_home, company.home)
    monkeypatch.setenv("PURVEY_HOME", str(company.home))
    monkeypatch.setenv("COLUMNS", "300")
    return company


@pytest.fixture
def untrained_company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallCompany:
    """The small company without a model, to be changed and trained by the test itself."""
    monkeypatch.setenv("PURVEY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "300")
    return SmallCompany(tmp_path)
