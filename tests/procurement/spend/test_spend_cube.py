import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from procurement.spend.spend_cube import DIMENSIONS, SpendCube, concentration
from procurement.spend.spend_lines import SPEND_LINES, no_spend_lines


def random_lines(seed: int, count: int = 300) -> pd.DataFrame:
    """Spend lines of some orders, whose lines differ in everything."""
    rng = np.random.default_rng(seed)
    number = rng.integers(0, count // 3, count)
    at = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, count)[number], unit="D")
    frame = pd.DataFrame({name: pd.Series([None] * count, dtype=object) for name in SPEND_LINES})
    frame["order_id"] = [f"o{n}" for n in number]
    frame["line"] = [str(n) for n in range(count)]
    frame["ordered_at"], frame["month"] = at, pd.Series(at).dt.strftime("%Y-%m")
    for name, values in (
        ("unique_id", 20),
        ("supplier_id", 5),
        ("category", 3),
        ("department", 3),
        ("site", 2),
    ):
        frame[name] = [None if n == 0 else f"{name}{n}" for n in rng.integers(0, values, count)]
    for name in (
        "units",
        "unit_price",
        "amount",
        "contract_price",
        "over_contract",
        "lowest_offer",
        "over_lowest",
        "invoiced",
    ):
        values = rng.gamma(1.0, 10.0, count)
        frame[name] = np.where(rng.random(count) < 0.2, np.nan, values) if name != "amount" else values
    for name in ("contracted", "off_contract", "priced", "certified", "diverse", "local"):
        frame[name] = rng.random(count) < 0.4
    return frame


def expected(lines: pd.DataFrame, by: str) -> pd.DataFrame:
    """The sums as pandas has them."""
    grouped = lines.assign(name=lines[by].fillna("")).groupby("name")
    return pd.DataFrame(
        {
            "orders": grouped["order_id"].nunique(),
            "lines": grouped.size(),
            "amount": grouped["amount"].sum(),
            "over_contract": grouped["over_contract"].sum(),
            "invoiced": grouped["invoiced"].sum(),
            "amount_off_contract": grouped.apply(
                lambda g: g.loc[g["off_contract"], "amount"].sum(), include_groups=False
            ),
        }
    )


@pytest.mark.parametrize("by", DIMENSIONS)
@pytest.mark.parametrize(
    "where", [{}, {"category": "category1"}, {"supplier_id": "supplier_id2", "site": ""}]
)
def test_sums_by_every_dimension_are_those_of_a_plain_group(by, where):
    lines = random_lines(1)
    cube = SpendCube.of(lines)
    left = lines
    for name, value in where.items():
        left = left[left[name].fillna("") == value]
    found = cube.by(by, cube.rows(where)).set_index("name").sort_index()
    wanted = expected(left, by)
    pd.testing.assert_frame_equal(
        found[list(wanted)], wanted, check_dtype=False, check_names=False, check_exact=False, rtol=1e-9
    )
    assert found["share"].sum() == pytest.approx(1.0)
    np.testing.assert_allclose(found["average_order"], found["amount"] / found["orders"])


def test_the_largest_comes_first_and_ties_go_by_name():
    lines = random_lines(2).assign(amount=1.0)
    table = SpendCube.of(lines).by("supplier_id")
    assert table["amount"].is_monotonic_decreasing
    again = SpendCube.of(lines.sample(frac=1.0, random_state=3).reset_index(drop=True)).by("supplier_id")
    pd.testing.assert_frame_equal(table, again)


def test_months_bound_on_both_sides_and_flags_can_be_turned_round():
    lines = random_lines(4)
    cube = SpendCube.of(lines)
    inside = lines["month"].between("2024-03", "2024-05")
    assert cube.total(cube.rows({}, since="2024-03", until="2024-05"))["lines"] == inside.sum()
    assert cube.total(cube.rows({}, flag="contracted"))["lines"] == lines["contracted"].sum()
    assert cube.total(cube.rows({}, flag="not_priced"))["lines"] == (~lines["priced"]).sum()
    assert len(cube.rows({"supplier_id": "nobody"})) == 0
    assert cube.rows({}) is None


def test_the_total_is_that_of_all_lines():
    lines = random_lines(5)
    total = SpendCube.of(lines).total()
    assert total["amount"] == pytest.approx(lines["amount"].sum())
    assert total["orders"] == lines["order_id"].nunique()


def test_lines_come_back_as_they_were_the_newest_first():
    lines = random_lines(6)
    cube = SpendCube.of(lines)
    found = cube.lines(cube.newest_first()).set_index("line")
    assert found["ordered_at"].is_monotonic_decreasing
    wanted = lines.set_index("line").reindex(found.index)
    for name in ("units", "unit_price", "amount", "contract_price", "invoiced"):
        np.testing.assert_allclose(found[name], wanted[name].astype(float))
    assert (found["ordered_at"] == wanted["ordered_at"]).all()
    assert (found["off_contract"] == wanted["off_contract"]).all()
    assert (found["supplier_id"] == wanted["supplier_id"].fillna("")).all()


def test_a_cube_that_was_written_and_mapped_says_the_same(tmp_path):
    cube = SpendCube.of(random_lines(7))
    with pa.OSFile(str(tmp_path / "c"), "wb") as file, pa.ipc.new_file(file, cube.table.schema) as writer:
        writer.write_table(cube.table)
    mapped = SpendCube(pa.ipc.open_file(pa.memory_map(str(tmp_path / "c"))).read_all())
    pd.testing.assert_frame_equal(cube.by("unique_id"), mapped.by("unique_id"))


def test_an_empty_cube_sums_to_nothing():
    cube = SpendCube.of(no_spend_lines())
    assert cube.by("supplier_id").empty
    assert cube.total()["amount"] == 0.0
    assert not cube.knows("supplier_id", "s")


def test_concentration_by_hand():
    found = concentration(np.array([50.0, 30.0, 20.0]))
    assert found["herfindahl"] == pytest.approx(0.25 + 0.09 + 0.04)
    assert found["largest"] == 0.5
    assert found["top_5"] == 1.0
    assert np.isnan(concentration(np.zeros(2))["herfindahl"])
