"""What every batch job begins with: the champion, and the data source as it may be shown."""

from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from database import ledger
from database.ledger import LedgerRow
from database.migrate import check_current, has_tables

NO_CHAMPION = "no model has been promoted yet; run `purvey train --config FILE --data DIR` first"


def current_champion(engine: Engine) -> LedgerRow | None:
    """The ledger's row of the champion, none before the first promotion.

    Raises
    ------
    StateError
        When the state database has another version's schema.
    """
    if not has_tables(engine):
        return None
    check_current(engine)
    return ledger.champion(engine)


def shown_source(source: str) -> str:
    """Data directory or database URL of a job, without a password."""
    return make_url(source).render_as_string(hide_password=True) if "://" in source else source
