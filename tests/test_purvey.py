import re
import subprocess
import sys
from pathlib import Path

import pytest

import purvey

ROOT = Path(__file__).resolve().parents[1]


def test_every_public_name_is_where_it_is_said_to_be():
    assert dir(purvey) == sorted(purvey._HOME) == purvey.__all__
    for name in purvey.__all__:
        assert getattr(purvey, name).__name__ == name


def test_importing_purvey_imports_no_heavy_library():
    code = "import sys, purvey; print({'pandas', 'mlflow', 'bentoml', 'statsforecast', 'lightgbm'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "set()"


def test_an_unknown_name_is_answered_with_those_there_are():
    with pytest.raises(AttributeError, match=r"no 'Forecaster'; it has .*DemandForecaster"):
        purvey.Forecaster  # noqa: B018


def test_the_documented_walk_from_tables_to_orders_runs(company: Path):
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)[1]
    config = "data: {freq: W-MON}\ndemand: {windows: 2, members: [sba], boosting: {rounds: 5}}\n"
    (company.parent / "quick.yaml").write_text(config)
    code = code.replace("configs/demo.yaml", str(company.parent / "quick.yaml")).replace("DIR", str(company))
    names: dict = {}
    exec(compile(code, "docs/python.md", "exec"), names)
    plan = names["plan"].plan
    assert len(plan) == 24
    assert plan["order_quantity"].notna().any()


def test_every_name_that_the_page_shows_exists():
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"purvey\.([A-Za-z_]+)\b", text))
    assert shown
    assert shown <= set(purvey.__all__)
