import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configs.schema import CovariateConfig, DataConfig
from features.contract.tables import REQUIRED, TABLES, DataError, RawTable
from features.quality.check import check_tables
from features.quality.switched_off import UNUSED

CONFIG = DataConfig(max_bad_share=1.0)
MONDAYS = [f"{day:%Y-%m-%d}" for day in pd.date_range("2024-01-01", periods=20, freq="W-MON")]
END = pd.Timestamp("2024-05-20")


def demand(**columns) -> pd.DataFrame:
    return pd.DataFrame({"unique_id": "a", "ds": MONDAYS, "y": "3"}).assign(**columns)


def raw(**tables) -> dict[str, RawTable]:
    frames = {"demand": demand()} | {
        name: frame if isinstance(frame, pd.DataFrame) else pd.DataFrame(frame)
        for name, frame in tables.items()
    }
    return {name: RawTable(frame, f"{name}.csv") for name, frame in frames.items()}


def check(config=CONFIG, **tables):
    return check_tables(raw(**tables), config)


def reasons(checked, table):
    return checked.quarantine[table]["reason"].tolist() if table in checked.quarantine else []


def order(**columns) -> pd.DataFrame:
    row = {
        "order_id": "po1",
        "line": "1",
        "supplier_id": "s",
        "unique_id": "a",
        "ordered_at": "2024-02-01",
        "quantity_ordered": "10",
    }
    return pd.DataFrame({name: [value] for name, value in (row | columns).items()})


OFFER = {"supplier_id": "s", "unique_id": "a"}
STOCK = {"unique_id": "a", "as_of": "2024-05-20", "on_hand": "1"}
BAD_VALUES = [
    ("offers", OFFER | {"moq": "-5"}, "moq is -5, expected a number ≥ 0"),
    ("offers", OFFER | {"unit_price": "1,2,0"}, "unit_price is 1,2,0, expected a number such as 1234.5"),
    ("offers", OFFER | {"unit_price": "inf"}, "unit_price is inf, expected a number ≥ 0"),
    ("offers", OFFER | {"supplier_id": None}, "supplier_id is empty, expected a text"),
    ("offers", OFFER | {"preferred": "perhaps"}, "preferred is perhaps, expected true or false"),
    (
        "offers",
        OFFER | {"price_breaks": "100=9"},
        "price_breaks is '100=9', expected pairs such as 100:9.50;500:9.10",
    ),
    ("offers", OFFER | {"moq": "9", "max_quantity": "5"}, "max_quantity is 5, below moq 9"),
    (
        "offers",
        OFFER | {"valid_from": "2024-02-01", "valid_to": "2024-01-01"},
        "valid_to is 2024-01-01, before valid_from 2024-02-01; correct one of the two",
    ),
    (
        "items",
        {"unique_id": "a", "fill_rate": "98"},
        "fill_rate is 98, expected a share between 0 and 1 such as 0.98",
    ),
    (
        "stock",
        STOCK | {"on_hand": "-2"},
        "on_hand is -2, expected a number ≥ 0 (what is owed belongs in backorders)",
    ),
    (
        "stock",
        STOCK | {"as_of": "31/13/2024"},
        "as_of is '31/13/2024', expected a date such as 2024-03-31",
    ),
    (
        "purchase_orders",
        order(quantity_ordered="0").iloc[0].to_dict(),
        "quantity_ordered is 0, expected a number > 0 (leave cancelled lines out)",
    ),
    (
        "purchase_orders",
        order(received_at="2024-01-30").iloc[0].to_dict(),
        "received_at is 2024-01-30, before ordered_at 2024-02-01; correct one of the two",
    ),
    (
        "purchase_orders",
        order(promised_at="1900-01-01").iloc[0].to_dict(),
        "promised_at is 1900-01-01, a placeholder; leave it empty or give the real date",
    ),
    (
        "purchase_orders",
        order(ordered_at="2042-02-01").iloc[0].to_dict(),
        (
            "ordered_at is 2042-02-01, more than a period after demand and stock counts end (2024-05-20); "
            "correct it, or give the as-of date the data were taken on"
        ),
    ),
]


@pytest.mark.parametrize(("table", "row", "reason"), BAD_VALUES)
def test_a_bad_row_is_quarantined_with_value_and_fix(table, row, reason):
    checked = check(**{table: [row]})
    assert reasons(checked, table) == [reason]
    assert checked.rows(table) == 0


def test_the_quarantined_row_is_as_it_came_with_its_place():
    good = [OFFER | {"unique_id": str(i)} for i in range(12)]
    frame = pd.DataFrame([*good, OFFER | {"moq": "-5", "remark": " x "}])
    table = RawTable(frame, "offers.csv", lines=np.arange(2, 15))
    checked = check_tables(raw() | {"offers": table}, CONFIG)
    bad = checked.quarantine["offers"].iloc[0]
    assert (bad["moq"], bad["remark"], bad["source_line"]) == ("-5", " x ", 14)
    assert "offers.csv row 14: moq is -5, expected a number ≥ 0" in checked.report()["quarantined"]


def test_one_row_can_have_several_reasons():
    checked = check(offers=[OFFER | {"moq": "-5", "unit_price": "x"}])
    assert reasons(checked, "offers") == [
        "unit_price is x, expected a number such as 1234.5; moq is -5, expected a number ≥ 0"
    ]


def test_the_second_row_of_a_key_is_quarantined_and_names_the_first():
    checked = check(stock=[STOCK, STOCK | {"on_hand": "7"}])
    assert reasons(checked, "stock") == ["same unique_id, as_of as row 1; keep one row, or add the two up"]
    assert checked.tables.stock["on_hand"].tolist() == [1.0]


def test_a_good_row_is_not_the_duplicate_of_a_bad_one():
    checked = check(stock=[STOCK | {"on_hand": "x"}, STOCK])
    assert checked.tables.stock["on_hand"].tolist() == [1.0]


def test_a_receipt_needs_a_good_order_line_placed_before_it():
    receipt = {"order_id": "po1", "line": "1", "received_at": "2024-02-05", "quantity": "4"}
    checked = check(
        purchase_orders=pd.concat([order(), order(line="2", quantity_ordered="x")]),
        receipts=[
            receipt,
            receipt | {"line": "9"},
            receipt | {"line": "2"},
            receipt | {"received_at": "2024-01-05"},
        ],
    )
    assert checked.tables.receipts["quantity"].tolist() == [4.0]
    assert reasons(checked, "receipts") == [
        "no order_id po1 line 9 in purchase_orders.csv; add it",
        "its order is in quarantine (purchase_orders.csv row 2); correct it there",
        "received_at is 2024-01-05, before ordered_at 2024-02-01; correct one of the two",
    ]


def test_a_date_off_the_calendar_is_quarantined():
    checked = check(demand=demand(ds=[*MONDAYS[:-1], "2024-05-15"]))
    assert reasons(checked, "demand") == [
        "ds is 2024-05-15, a Wednesday, expected a Monday, the start of a week"
    ]


def test_a_year_mistyped_in_one_row_does_not_stretch_the_series():
    frame = pd.concat([demand(unique_id=f"s{i}") for i in range(10)], ignore_index=True)
    frame.loc[5, "ds"] = "1994-02-07"
    checked = check(demand=frame)
    assert "years away from all other rows" in reasons(checked, "demand")[0]
    assert checked.tables.demand["ds"].min() == pd.Timestamp("2024-01-01")


def test_a_quarantined_period_stays_as_unknown_demand_and_never_becomes_a_zero():
    checked = check(demand=demand(y=["3"] * 10 + ["-1"] + ["3"] * 9))
    kept = checked.tables.demand
    assert kept["ds"].tolist() == [pd.Timestamp(day) for day in MONDAYS]
    assert kept["y"].isna().tolist() == [i == 10 for i in range(20)]
    assert (checked.held_as_unknown, checked.rows("demand")) == (1, 19)


def test_an_empty_y_is_quarantined_unless_the_sku_was_out_of_stock():
    checked = check(demand=demand(y=[None, "", *["3"] * 18], in_stock=["false", "true", *["true"] * 18]))
    assert reasons(checked, "demand") == ["y is empty, expected a number ≥ 0 (0 where nothing was asked for)"]
    assert checked.quarantine["demand"]["source_line"].tolist() == [2]


def test_rows_ahead_may_carry_covariates_known_in_advance():
    config = DataConfig(covariates={"price": CovariateConfig(known_in_advance=True)})
    checked = check(config, demand=demand(y=["3"] * 18 + [None, None], price="2.5"))
    assert not checked.quarantine
    assert checked.tables.demand["price"].tolist() == [2.5] * 20
    assert checked.as_of == pd.Timestamp("2024-05-06")


def test_single_rows_times_a_thousand_and_order_lines_in_another_unit_are_quarantined():
    lines = [
        order(order_id=f"po{i}", unit_price="12.0", quantity_ordered="24").iloc[0].to_dict() for i in range(8)
    ]
    lines[3] |= {"unit_price": "1.0", "quantity_ordered": "288"}
    checked = check(demand=demand(y=["30"] * 10 + ["30000"] + ["30"] * 9), purchase_orders=lines)
    assert reasons(checked, "demand") == ["y is 30000, about ×1000 the rows around it; convert the unit"]
    assert reasons(checked, "purchase_orders") == [
        (
            "quantity_ordered is 288 at 1.0, off the other orders by ×12 in opposite directions; "
            "convert both to the SKU's own unit"
        )
    ]


def test_what_other_systems_write_for_none_is_none():
    offer = OFFER | {"order_multiple": "0", "max_quantity": "0", "moq": "5", "valid_to": "9999-12-31"}
    checked = check(offers=[offer])
    row = checked.tables.offers.iloc[0]
    assert row[["order_multiple", "max_quantity", "valid_to"]].isna().all()


def test_clean_tables_have_every_contract_column_in_its_kind():
    checked = check(items={"unique_id": ["a"], "colour": ["red"]})
    for name, columns in TABLES.items():
        frame = getattr(checked.tables, name)
        assert set(columns) <= set(frame.columns)
    assert checked.tables.items["colour"].tolist() == ["red"]
    assert checked.tables.demand.dtypes.astype(str).tolist() == [
        "object",
        "datetime64[ns]",
        "float64",
        "boolean",
    ]


def test_of_demand_and_orders_only_configured_extra_columns_are_kept():
    config = DataConfig(covariates={"price": CovariateConfig()}, order_covariates=("mode",))
    checked = check(
        config,
        demand=demand(price="2", other="1"),
        purchase_orders=order(mode="air", other="1", quantity_ordered="1"),
    )
    assert "other" not in {*checked.tables.demand, *checked.tables.purchase_orders}
    assert checked.tables.demand["price"].dtype == float
    assert checked.tables.purchase_orders["covariate:mode"].tolist() == ["air"]


@pytest.mark.parametrize("table", sorted(set(REQUIRED) - set(UNUSED)))
def test_a_missing_required_column_names_the_table_and_what_is_there(table):
    columns = REQUIRED[table]
    frame = pd.DataFrame({"other": ["1"]} | dict.fromkeys(columns[1:], "2024-01-01"))
    with pytest.raises(DataError, match=rf"{table}.csv: no column {columns[0]}, found other"):
        check(**{table: frame})


def test_a_table_that_nothing_uses_stops_nobody_and_is_named():
    budgets = pd.DataFrame({"period": ["2024-06", "2024-07"], "amount": ["100", "-5"]})
    bad = check(budgets=budgets)
    assert bad.problem is None
    assert bad.quarantine["budgets"]["reason"].tolist() == ["amount is -5, expected a number ≥ 0"]
    without = check(budgets=budgets.rename(columns={"period": "month"}))
    assert without.tables.budgets.empty
    warning = next(str(w) for w in without.warnings if w.kind == "not_read")
    assert "budgets.csv: no column period, found month, amount" in warning


def test_a_misspelt_column_is_suggested():
    with pytest.raises(DataError, match="no column unique_id, found uniqueid, ds, y; is it uniqueid"):
        check(demand=demand().rename(columns={"unique_id": "uniqueid"}))
    checked = check(demand=demand().assign(in_stok="1"))
    assert next(str(w) for w in checked.warnings).startswith("demand: column in_stok of demand.csv is not")


def test_a_column_that_the_config_names_must_be_there():
    with pytest.raises(DataError, match=r"no column promo \(the config names it\)"):
        check(DataConfig(covariates={"promo": CovariateConfig()}))


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({}, "no demand table"),
        (
            {"demand": RawTable(pd.DataFrame(columns=["unique_id", "ds", "y"]), "demand.csv")},
            "no row with demand",
        ),
        ({"demand": RawTable(demand(y="x"), "demand.csv")}, "no good row.*row 1: y is x"),
        ({"demand": RawTable(demand(ds="x"), "demand.csv")}, "row 1: ds is x, expected a date"),
    ],
)
def test_without_usable_demand_nothing_goes_on(tables, message):
    with pytest.raises(DataError, match=message):
        check_tables(tables, CONFIG)


def test_too_many_bad_rows_are_a_problem_that_names_the_commonest_rule():
    offers = [OFFER | {"unique_id": str(i), "moq": "-5" if i < 3 else "5"} for i in range(50)]
    problem = check(DataConfig(max_bad_share=0.05), offers=offers).problem
    assert problem is not None
    assert problem.startswith(
        "offers.csv: 3 of 50 rows break a rule, more than the 5% that data.max_bad_share"
    )
    assert problem.endswith("offers.csv row 1: moq is -5, expected a number ≥ 0")
    assert check(DataConfig(max_bad_share=0.06), offers=offers).problem is None


def test_what_is_missing_is_said():
    assert any(sentence.startswith("no stock: ") for sentence in check().switched_off)
    said = check(stock=[STOCK], offers=[OFFER | {"moq": "1"}]).switched_off
    assert not any(sentence.startswith(("no stock", "no offers", "offers has no moq")) for sentence in said)
    assert any(sentence.startswith("offers has no unit_price") for sentence in said)


def test_the_report_is_json_with_rows_spans_and_reasons():
    report = json.loads(json.dumps(check(stock=[STOCK, STOCK]).report()))
    assert (
        report["tables"]["demand"] | {"rows": 20, "first": MONDAYS[0], "last": MONDAYS[-1]}
        == report["tables"]["demand"]
    )
    assert report["details"]["quarantined"][0]["row"] == 2
    assert (report["as_of"], report["freq"]) == ("2024-05-20", "W-MON")


def cells(good):
    return st.one_of(good, st.sampled_from(["", "x", "-1", "inf", "2024-13-01", None]))


ROWS = st.lists(
    st.tuples(
        cells(st.sampled_from(["a", "b", "c"])),
        cells(st.sampled_from([*MONDAYS[:4], "2024-01-03"])),
        cells(st.integers(0, 99).map(str)),
        cells(st.sampled_from(["true", "false"])),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_good_and_quarantined_rows_are_all_the_rows(rows):
    frame = pd.DataFrame(rows, columns=["unique_id", "ds", "y", "in_stock"])
    whole = pd.concat([demand(unique_id="z"), frame], ignore_index=True)
    checked = check_tables(
        {"demand": RawTable(whole, "demand.csv")}, DataConfig(freq="W-MON", max_bad_share=1)
    )
    bad = checked.quarantine.get("demand", pd.DataFrame({"source_line": [], "reason": []}, dtype=object))
    assert checked.rows("demand") + len(bad) == len(whole)
    assert (bad["reason"].str.len() > 0).all()
    lines = bad["source_line"].astype(int).tolist()
    assert lines == sorted(set(lines))
    kept = checked.tables.demand
    assert not kept.duplicated(["unique_id", "ds"]).any()
    assert (kept["y"].dropna() >= 0).all()
    good = whole.drop(index=[line - 1 for line in lines])
    assert kept["y"].sum() == pytest.approx(pd.to_numeric(good["y"]).sum())


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(20)))
def test_the_order_of_rows_does_not_change_the_clean_tables(order_of_rows):
    shuffled = check(demand=demand(y=[str(i) for i in range(20)]).iloc[list(order_of_rows)])
    assert shuffled.tables.demand["y"].tolist() == list(range(20))
