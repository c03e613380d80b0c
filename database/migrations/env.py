"""Alembic's way in: runs the migrations on the connection that `database.migrate` hands over."""

from alembic import context

from database.access.tables import users  # noqa: F401 -- registers the tables of access
from database.alerts.alert_tables import exceptions  # noqa: F401 -- as above
from database.audit.table import audit_log  # noqa: F401 -- registers its table
from database.requests.request_tables import service_jobs  # noqa: F401 -- as above
from database.schedule.schedule_tables import schedule_runs  # noqa: F401 -- as above
from database.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
