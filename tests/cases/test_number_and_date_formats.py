"""Numbers and dates as spreadsheets write them are read in the one way that fits their column, or not at all."""

import gzip

import pandas as pd
import pytest
from small_company import CONFIG, SmallCompany


def states(company: SmallCompany, **options: str) -> None:
    """Write a config that states how the data are written."""
    lines = "".join(f"  {name}: {value}\n" for name, value in options.items())
    company.config.write_text(f"{CONFIG}data:\n{lines}")


def german(value: float) -> str:
    """A quantity with a dot for thousands, as a German spreadsheet shows it."""
    return f"{value:,.0f}".replace(",", ".")


def write_semicolons(company: SmallCompany, name: str, **written: pd.Series) -> None:
    """Write a table of the company with semicolons between columns, and some columns as they are `written`."""
    company.write()
    table = company.tables.pop(name).assign(**written)
    table.to_csv(company.data / f"{name}.csv", index=False, sep=";")


def test_thousands_with_a_dot_are_refused_and_the_config_says_how_to_read_them(
    small_company: SmallCompany,
) -> None:
    y = small_company.tables["demand"]["y"] * 52
    write_semicolons(small_company, "demand", y=y.map(german))
    done = small_company.check()
    assert done.status == 1
    assert (
        "demand.csv row 2: y is 1.248, which is 1248 where the dot separates thousands and 1.248" in done.text
    )
    assert 'set data.decimal in the config to "," or "."' in done.text
    assert "demand.csv row 2: y is 1.248" in small_company.train().text
    assert "demand.csv row 2: y is 1.248" in small_company.plan().text

    states(small_company, decimal='","')
    done = small_company.check()
    assert done.status == 0, done.text
    assert "×1000" not in done.text


def test_a_price_in_thousands_with_a_dot_is_refused_beside_comma_separated_tables(
    small_company: SmallCompany,
) -> None:
    prices = pd.Series(["1.250", "1.300", "980", "1.100", "995", "1.020"])
    write_semicolons(small_company, "offers", unit_price=prices)
    done = small_company.plan()
    assert done.status == 1
    assert (
        "offers.csv row 2: unit_price is 1.250, which is 1250 where the dot separates thousands" in done.text
    )


def test_a_plan_reads_what_its_config_states_of_a_format_that_training_had_not(
    small_company: SmallCompany,
) -> None:
    stock = pd.Series(["1.030", "2.040", "30", "30", "30", "30"])
    write_semicolons(small_company, "stock", on_hand=stock)
    done = small_company.plan()
    assert done.status == 1
    assert "stock.csv row 2: on_hand is 1.030, which is 1030 where the dot separates thousands" in done.text
    states(small_company, decimal='","')
    done = small_company.plan("--config", str(small_company.config))
    assert done.status == 0, done.text
    assert small_company.table()["on_hand"].tolist() == [1030, 2040, 30, 30, 30, 30]


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009", "'", "."])
def test_a_plan_from_decimal_commas_is_that_from_decimal_points(
    small_company: SmallCompany, space: str
) -> None:
    small_company.tables["stock"]["on_hand"] = [1030.5, 1000000.25, 0.75, 31, 30, 29]
    assert small_company.plan().status == 0
    before = small_company.table()

    written = small_company.tables["stock"]["on_hand"].map(
        lambda units: f"{units:,.2f}".translate(str.maketrans({",": space, ".": ","}))
    )
    days = small_company.tables["demand"]["ds"].map("{:%d.%m.%Y}".format)
    write_semicolons(small_company, "stock", on_hand=written)
    write_semicolons(small_company, "demand", ds=days)
    done = small_company.plan()
    assert done.status == 0, done.text
    assert small_company.table()["on_hand"].tolist() == before["on_hand"].tolist()
    assert small_company.table()["reorder_point"].tolist() == before["reorder_point"].tolist()


@pytest.mark.parametrize("pattern", ["%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y 00:00", "serial"])
def test_dates_of_a_column_that_fits_one_format_are_read(small_company: SmallCompany, pattern: str) -> None:
    demand = small_company.tables["demand"]
    days = demand["ds"]
    demand["ds"] = (
        (days - pd.Timestamp("1899-12-30")).dt.days
        if pattern == "serial"
        else days.map(f"{{:{pattern}}}".format)
    )
    done = small_company.check()
    assert done.status == 0, done.text
    assert "2024-01-01  2025-02-17" in done.text


def test_month_starts_could_be_days_of_january_and_are_refused_until_the_config_says(
    small_company: SmallCompany,
) -> None:
    stock = small_company.tables["stock"]
    stock["as_of"] = "02.03.2025"
    done = small_company.check()
    assert done.status == 1
    assert (
        "stock.csv row 2: as_of is 02.03.2025, which is 2025-03-02 with the day first and 2025-02-03 with the month "
        "first"
    ) in done.text
    assert "set data.dayfirst in the config to true or false" in done.text
    states(small_company, dayfirst="true")
    assert "2025-03-02" in small_company.check().text


def test_two_formats_in_one_column_are_refused_by_name(small_company: SmallCompany) -> None:
    demand = small_company.tables["demand"]
    half = demand.index < len(demand) / 2
    demand["ds"] = demand["ds"].map("{:%d.%m.%Y}".format).where(half, demand["ds"].map("{:%Y-%m-%d}".format))
    demand.loc[180:, "ds"] = (pd.to_datetime(demand.loc[180:, "ds"]) + pd.Timedelta(weeks=60)).map(
        "{:%Y-%m-%d}".format
    )
    done = small_company.check()
    assert done.status == 1
    assert "but other dates of the column are written like 20" in done.text


def test_a_decimal_comma_in_quotes_of_a_comma_separated_file_is_read(small_company: SmallCompany) -> None:
    small_company.tables["offers"]["unit_price"] = "5,25"
    assert small_company.check().status == 0
    small_company.tables["offers"]["unit_price"] = "1,250"
    done = small_company.check()
    assert done.status == 1
    assert "unit_price is 1,250, which is 1250 where the comma separates thousands and 1.25" in done.text


def test_price_breaks_are_read_like_other_numbers(small_company: SmallCompany) -> None:
    small_company.tables["offers"]["price_breaks"] = "1.000:4,50;5.000:4,10"
    done = small_company.check()
    assert done.status == 1
    assert "in it 1.000, which is 1000 where the dot separates thousands and 1 where" in done.text
    states(small_company, decimal='","')
    done = small_company.check()
    assert done.status == 0, done.text
    assert "price_breaks is" not in done.text


def test_a_compressed_file_of_a_spreadsheet_is_read_and_judged_alike(small_company: SmallCompany) -> None:
    small_company.write()
    demand = small_company.tables.pop("demand")
    text = demand.assign(y=(demand["y"] * 52).map(german)).to_csv(index=False, sep=";")
    (small_company.data / "demand.csv").unlink()
    (small_company.data / "demand.csv.gz").write_bytes(gzip.compress(text.encode()))
    assert "demand.csv.gz row 2: y is 1.248" in small_company.check().text


def test_a_time_zone_and_separators_that_there_are_not_are_refused_in_the_config(
    small_company: SmallCompany,
) -> None:
    for option, sentence in (
        (
            {"timezone": "Europe/Berlyn"},
            "'Europe/Berlyn' is no IANA time zone; give one such as Europe/Berlin",
        ),
        ({"decimal": '","', "thousands": '","'}, "decimal and thousands are both ','"),
        ({"decimal": '";"'}, "';' is not allowed"),
    ):
        states(small_company, **option)
        done = small_company.check()
        assert done.status == 1
        assert sentence in done.text
