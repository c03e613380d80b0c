import numpy as np
import pandas as pd
import pytest

from features.contract.date_format import read_dates
from features.contract.local_dates import zoned_dates
from features.contract.notation import Notation

NOTHING = Notation()
BERLIN = Notation(timezone="Europe/Berlin")
YEAR = pd.date_range("2024-01-01", "2024-12-31", freq="D")


def midnights(zone: str, days: pd.DatetimeIndex = YEAR) -> pd.DatetimeIndex:
    return days.tz_localize(zone, nonexistent="shift_forward", ambiguous=np.ones(len(days), bool))


def texts(stamps: pd.DatetimeIndex) -> list[str]:
    return [stamp.isoformat() for stamp in stamps]


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "Europe/London", "America/New_York", "America/Santiago", "Australia/Lord_Howe"]
)
def test_local_midnights_with_offset_are_the_days_they_say_through_both_clock_changes(zone):
    days, ambiguity = read_dates(texts(midnights(zone)), NOTHING)
    assert ambiguity is None
    assert (days == YEAR.to_numpy()).all()


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "Asia/Kolkata", "Asia/Tokyo", "Pacific/Auckland", "Asia/Beirut"]
)
def test_midnights_east_of_greenwich_written_in_utc_are_refused_until_the_zone_is_stated(zone):
    stamps = midnights(zone).tz_convert("UTC")
    for written in (texts(stamps), [text.replace("+00:00", "Z") for text in texts(stamps)]):
        _, ambiguity = read_dates(written, NOTHING)
        assert ambiguity is not None
        assert "data.timezone" in ambiguity.why
        days, ambiguity = read_dates(written, Notation(timezone=zone))
        assert ambiguity is None
        assert (days == YEAR.to_numpy()).all()


def test_the_refusal_names_both_days():
    _, ambiguity = read_dates([f"2024-08-{day}T22:00:00Z" for day in (29, 30, 31)], NOTHING)
    assert ambiguity is not None
    assert "2024-08-29 as written and 2024-08-30 where that moment is midnight" in ambiguity.why


def test_midnights_west_of_greenwich_written_in_utc_are_their_days():
    days, ambiguity = read_dates(texts(midnights("America/New_York").tz_convert("UTC")), NOTHING)
    assert ambiguity is None
    assert (days == YEAR.to_numpy()).all()


@pytest.mark.parametrize(
    "written",
    [
        [f"2024-08-{day}T12:00:00Z" for day in (29, 30, 31)],  # noon, so that no zone moves the day
        [f"2024-08-{day}T23:59:59Z" for day in (29, 30, 31)],  # the end of a day
        [f"2024-08-{day} 18:00:00" for day in (29, 30, 31)],  # a count every evening, without a zone
        ["2024-08-31T22:00:00Z", "2024-08-31T22:00:00Z", "2024-08-30T22:00:00Z"],  # too few to tell
        ["2024-08-29T22:00:00Z", "2024-08-30T22:00:00Z", "2024-08-31T09:13:00Z"],  # times of events
    ],
)
def test_other_stamps_in_utc_are_the_days_they_say(written):
    days, ambiguity = read_dates(written, NOTHING)
    assert ambiguity is None
    assert [str(day) for day in days] == [text[:10] for text in written]


def test_stamps_without_a_zone_that_change_by_summer_time_are_midnights_in_utc():
    naive = midnights("Europe/Berlin").tz_convert("UTC").tz_localize(None)
    assert zoned_dates(pd.Series(naive), NOTHING)[1] is not None
    days, ambiguity = zoned_dates(pd.Series(naive), BERLIN)
    assert ambiguity is None
    assert (days == YEAR.to_numpy()).all()


def test_offsets_of_several_zones_are_refused_unless_all_are_midnights():
    mixed = ["2024-03-01T09:30:00+01:00", "2024-03-01T09:30:00-05:00"]
    _, ambiguity = read_dates(mixed, NOTHING)
    assert ambiguity is not None
    assert "−05:00" in ambiguity.why
    assert read_dates(["2024-03-01T00:00:00+01:00", "2024-03-02T00:00:00-05:00"], NOTHING)[1] is None
    assert read_dates(["2024-03-01T09:30:00+01:00", "2024-07-01T09:30:00+02:00"], NOTHING)[1] is None


def test_times_with_and_without_an_offset_are_refused_and_dates_beside_them_are_not():
    assert read_dates(["2024-03-01T09:30:00+01:00", "2024-03-01 09:30:00"], NOTHING)[1] is not None
    days, ambiguity = read_dates(["2024-03-01T09:30:00+01:00", "2024-03-02"], NOTHING)
    assert ambiguity is None
    assert str(days[1]) == "2024-03-02"


def test_with_a_time_zone_stamps_are_moments_and_dates_stay():
    written = [
        "2024-03-01T23:30:00Z",
        "2024-03-01T23:30:00-05:00",
        "2024-03-01 23:30",
        "2024-03-01",
        "2024-03-01 22:59",
    ]
    days, ambiguity = read_dates(written, BERLIN)
    assert ambiguity is None
    assert [str(day) for day in days] == [
        "2024-03-02",
        "2024-03-02",
        "2024-03-02",
        "2024-03-01",
        "2024-03-01",
    ]


def test_a_date_without_a_time_is_no_moment_of_another_zone():
    days, _ = read_dates(["2024-03-01", "2024-03-02T03:30:00Z"], Notation(timezone="America/New_York"))
    assert [str(day) for day in days] == ["2024-03-01", "2024-03-01"]


def test_a_column_with_a_zone_of_its_own_is_read_in_it():
    stamps = pd.Series(midnights("Europe/Berlin"))
    days, ambiguity = zoned_dates(stamps, NOTHING)
    assert ambiguity is None
    assert (days == YEAR.to_numpy()).all()
    assert zoned_dates(stamps.dt.tz_convert("UTC"), NOTHING)[1] is not None
    assert (zoned_dates(stamps.dt.tz_convert("UTC"), BERLIN)[0] == YEAR.to_numpy()).all()


def test_missing_stamps_stay_missing():
    stamps = pd.Series([pd.NaT, pd.Timestamp("2024-03-01 09:30", tz="UTC")])
    for notation in (NOTHING, BERLIN):
        days, ambiguity = zoned_dates(stamps, notation)
        assert ambiguity is None
        assert np.isnat(days[0])
        assert str(days[1]) == "2024-03-01"
