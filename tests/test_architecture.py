import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PACKAGES = sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))
NAMES = sorted(
    set(re.findall(rf"`((?:{'|'.join(PACKAGES)})\.[\w.]+)`", PAGE)) - {"serving.service.Purvey.plan"}
)
ROOMS = sorted(
    {path.parent for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    - {ROOT / "database" / "migrations" / "versions"}
)


def found(name: str) -> object:
    """What a dotted name stands for: a module, or something in one."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        path = ROOT.joinpath(*parts[:cut])
        if path.with_suffix(".py").is_file() or (path / "__init__.py").is_file():
            thing = import_module(".".join(parts[:cut]))
            for part in parts[cut:]:
                thing = getattr(thing, part)
            return thing
    raise AttributeError(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_on_the_page_exists(name: str) -> None:
    assert found(name) is not None


def test_the_page_names_the_three_walks() -> None:
    assert len(NAMES) > 30
    for outermost in ("training.pipeline.train", "jobs.plan.run_plan", "serving.api.plan_answer.plan_answer"):
        assert outermost in NAMES


def test_the_typed_call_for_plans_is_where_the_page_says() -> None:
    service = (ROOT / "serving" / "service.py").read_text(encoding="utf-8")
    assert "class Purvey" in service
    assert "async def plan(" in service


@pytest.mark.parametrize(
    "package", [package for package in PACKAGES if package not in ("benchmarks", "examples")]
)
def test_every_package_is_drawn(package: str) -> None:
    assert f'["{package}' in PAGE


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(ROOT)))
def test_a_room_has_at_most_fourteen_files_and_opens_with_a_reading_map(room: Path) -> None:
    files = [path for path in room.glob("*.py") if path.name != "__init__.py"]
    assert len(files) <= 14
    if room.name == "migrations":
        return
    map_ = (room / "__init__.py").read_text(encoding="utf-8")
    missing = [
        path.stem for path in files if path.stem != "__main__" and not re.search(rf"\b{path.stem}\b", map_)
    ]
    assert not missing, f"not in the reading map: {missing}"


def test_no_file_of_code_is_longer_than_300_lines() -> None:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path
