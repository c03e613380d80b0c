import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]


def purvey(*arguments: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PURVEY_HOME": str(home), "COLUMNS": "200", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "commands", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)


def test_help_names_every_verb_and_imports_no_heavy_library(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom commands.app import main\n"
        "sys.argv = ['purvey', '--help']\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        "print('HEAVY', {'pandas', 'mlflow', 'bentoml', 'statsforecast', 'lightgbm'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    for verb in ("check", "train", "backtest", "plan", "monitor", "models", "db", "serve", "demo"):
        assert re.search(rf"\b{verb}\b", done.stdout), verb
    assert "HEAVY set()" in done.stdout


def test_check_reports_a_good_folder(company: Path, tmp_path: Path) -> None:
    done = purvey("check", company, "--json", home=tmp_path)
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert report["usable"]
    assert report["tables"]["demand"]["rows"] == 24 * 80
    assert any("receipts" in sentence for sentence in report["switched_off"])


def test_check_of_an_unusable_folder_fails_and_names_row_value_and_fix(company: Path, tmp_path: Path) -> None:
    demand = pd.read_csv(company / "demand.csv")
    demand.loc[:300, "y"] = -4
    demand.to_csv(tmp_path / "demand.csv", index=False)
    done = purvey("check", tmp_path, home=tmp_path / "home")
    assert done.returncode == 1
    assert "demand.csv row 2: y is -4" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "no/such/folder"), "no/such/folder"),
        (("train", "--config", "no.yaml", "--data", "x"), "no.yaml: no such file"),
        (("plan", "--data", "configs", "--out", "x"), "purvey train"),
    ],
)
def test_a_failure_is_one_sentence_and_status_1(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = purvey(*arguments, home=tmp_path)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    done = purvey("--debug", "check", "no/such/folder", home=tmp_path)
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_wrong_usage_is_status_2(tmp_path: Path) -> None:
    assert purvey("plan", "--horizn", "3", home=tmp_path).returncode == 2


def test_an_unknown_config_key_is_named(tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text("policy:\n  levl: 0.9\n")
    done = purvey("train", "--config", config, "--data", tmp_path, home=tmp_path / "home")
    assert done.returncode == 1
    assert "policy.levl" in done.stderr


def documented_commands() -> list[str]:
    texts = [path.read_text() for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))]
    return sorted(
        {
            m
            for text in texts
            for m in re.findall(r"^(?:\$ )?(purvey [^\n#]+?)\s*(?:#.*)?$", text, re.MULTILINE)
        }
    )


def test_every_documented_module_can_be_run() -> None:
    texts = [path.read_text() for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))]
    modules = {name for text in texts for name in re.findall(r"python -m ([\w.]+)", text)}
    assert "benchmarks.vn2" in modules
    for name in modules:
        place = ROOT / name.replace(".", "/")
        path = place / "__main__.py" if place.is_dir() else place.with_suffix(".py")
        assert 'if __name__ == "__main__":' in path.read_text() or path.name == "__main__.py", name


def test_every_documented_command_is_one_the_command_line_knows() -> None:
    from typer.main import get_command

    from commands.app import app

    commands = documented_commands()
    assert commands
    for line in commands:
        group = get_command(app)
        words = line.split()[1:]
        while words and words[0] in getattr(group, "commands", {}):
            group = group.commands[words.pop(0)]
        known = {name for parameter in group.params for name in (*parameter.opts, *parameter.secondary_opts)}
        used = {word for word in words if word.startswith("--")} - {"--help"}
        assert used <= known, f"{line}: {used - known}"
