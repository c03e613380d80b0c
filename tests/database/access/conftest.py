"""State databases of both kinds."""

from state_databases import engine, make_engine, postgres  # noqa: F401 -- fixtures
