"""A small company with a champion of the real trainer, and state databases of both kinds."""

from small_company import small_company, small_trained_home  # noqa: F401 -- fixtures
from state_databases import postgres  # noqa: F401 -- fixture
