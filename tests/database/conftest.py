"""State databases of both kinds, for all tests of the database."""

from state_databases import engine, make_engine, postgres  # noqa: F401 -- fixtures
