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

    country, _, subdivision = place.upper().partition("-")
    known = holidays.list_supported_countries()
    if country not in known:
        raise DataError(f"data.holidays: no country {country!r}; give an ISO code as DE, FR or US-CA")
    if subdivision and subdivision not in known[country]:
        near = difflib.get_close_matches(subdivision, known[country], 1, 0.0) or known[country][:1]
        hint = f", as {country}-{near[0]}" if near else ""
        raise DataError(
            f"data.holidays: {country} has no subdivision {subdivision!r}; give one{hint}, or {country}"
        )
    years = range(first.year, (last + _DAY).year + 1)
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=years, language=_LANGUAGE)
    named = [(pd.Timestamp(day), name) for day, names in sorted(found.items()) for name in names.split("; ")]
    days = sorted({day for day, _ in named})
    rows = [*named, *((day, ANY) for day in days), *((day - _DAY, EVE) for day in days)]
    events = pd.DataFrame(rows, columns=["ds", "name"])
    return events[events["ds"].between(first, last)].reset_index(drop=True)
