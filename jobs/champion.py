"""What every batch job begins with: the champion, as the ledger of a state database of this version names it."""

from sqlalchemy import Engine

from database import ledger
from database.ledger import LedgerRow
from database.migrate import check_current, has_tables

NO_CHAMPION = "no model has been promoted yet; run `purvey train --config FILE --data DIR` first"


def current_champion(engine: Engine) -> LedgerRow | None:
    """The champion that a batch job works with, its row of the ledger; none before the first promotion.

    Raises
    ------
    StateError
        When the state database has another version's schema.
    """
    if not has_tables(engine):
        return None
    check_current(engine)
    return ledger.champion(engine)
