"""Public holidays of a country as events of demand, from the package `holidays`: each by name, any, and their eves."""

import difflib

import pandas as pd

from features.contract.tables import DataError

ANY, EVE = "public holiday", "eve of a public holiday"
"""Events of every public holiday: what one has not shown yet in a short past, all of them have."""

_LANGUAGE = "en_US"
_DAY = pd.Timedelta(days=1)


def public_holidays(place: str, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Events, a row a day: the public holidays of `place` from `first` through `last`, and the days before them.

    Parameters
    ----------
    place : country, or country and subdivision, by ISO 3166: DE, DE-BY, US-CA

    Returns
    -------
    DataFrame
        ds and name: of each holiday its own name in English, `ANY` and, the day before, `EVE`

    Raises
    ------
    DataError
        When there are none known of such a place.
    """
    import holidays

    country, _, part = place.partition("-")
    country, known = country.upper(), holidays.list_supported_countries()
    if country not in known:
        raise DataError(f"data.holidays: no country {country!r}; give an ISO code as DE, FR or US-CA")
    subdivision = next((name for name in known[country] if name.casefold() == part.casefold()), None)
    if part and subdivision is None:
        near = difflib.get_close_matches(part.upper(), known[country], 1, 0.0)
        hint = f", as {country}-{near[0]}" if near else ""
        raise DataError(f"data.holidays: {country} has no subdivision {part!r}; give one{hint}, or {country}")
    years = range(first.year, (last + _DAY).year + 1)
    found = holidays.country_holidays(country, subdiv=subdivision, years=years, language=_LANGUAGE)
    named = [
        (pd.Timestamp(day), name.removesuffix(" (estimated)"))
        for day, names in sorted(found.items())
        for name in names.split("; ")
    ]
    days = sorted({day for day, _ in named})
    rows = [*named, *((day, ANY) for day in days), *((day - _DAY, EVE) for day in days)]
    events = pd.DataFrame(rows, columns=["ds", "name"])
    return events[events["ds"].between(first, last)].reset_index(drop=True)
