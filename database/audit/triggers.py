"""Triggers by which the database itself refuses to rewrite history: as migrations make them, as `verify` finds them."""

from sqlalchemy import Connection

APPEND_ONLY = (
    "action_notes",
    "decisions",
    "entered_overrides",
    "model_ledger",
    "override_ends",
    "purchase_order_events",
    "purchase_order_files",
)
"""Tables of earlier migrations whose rows are never changed or deleted."""

KEYS = {"override_ends": ("override_id",), "purchase_order_files": ("order_id", "form")}
"""Primary keys of those where it is not `id`."""

_IN_SEQUENCE = "(SELECT coalesce(max(sequence), 0) + 1 FROM audit_log)"


def sqlite_triggers() -> dict[str, str]:
    """Name of each trigger of a SQLite state database → the statement that makes it."""
    made = {}
    for table in (*APPEND_ONLY, "audit_log"):
        for verb in ("UPDATE", "DELETE"):
            made[f"{table}_no_{verb.lower()}"] = f"BEFORE {verb} ON {table} BEGIN {_refuse(table)}; END"
    for table in APPEND_ONLY:  # INSERT OR REPLACE deletes without asking the trigger on DELETE
        same = " AND ".join(f"{key} = NEW.{key}" for key in KEYS.get(table, ("id",)))
        made[f"{table}_no_replace"] = (
            f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) BEGIN {_refuse(table)}; END"  # noqa: S608 -- names of our own
        )
    made["audit_log_in_sequence"] = (
        f"BEFORE INSERT ON audit_log WHEN NEW.sequence <> {_IN_SEQUENCE} BEGIN {_refuse('audit_log')}; END"
    )
    return {name: f"CREATE TRIGGER {name} {rest}" for name, rest in made.items()}


def postgresql_functions() -> dict[str, str]:
    """Name of each function of a PostgreSQL state database's triggers → its body."""
    tables = (*APPEND_ONLY, "audit_log")
    made = {
        f"{table}_is_append_only": f" BEGIN RAISE EXCEPTION '{table} is append-only'; END "
        for table in tables
    }
    made["audit_log_in_sequence"] = (
        f" BEGIN IF NEW.sequence <> {_IN_SEQUENCE} THEN RAISE EXCEPTION 'audit_log is append-only'; END IF; "
        "RETURN NEW; END "
    )
    return made


def postgresql_triggers() -> dict[str, str]:
    """Name of each trigger of a PostgreSQL state database → the statement that makes it, as the server writes it."""
    made = {}
    for table in (*APPEND_ONLY, "audit_log"):
        calls = f"EXECUTE FUNCTION {table}_is_append_only()"
        made[f"{table}_no_change"] = f"BEFORE DELETE OR UPDATE ON {table} FOR EACH ROW {calls}"
        made[f"{table}_no_truncate"] = f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {calls}"
    made["audit_log_in_sequence"] = (
        "BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_in_sequence()"
    )
    return {name: f"CREATE TRIGGER {name} {rest}" for name, rest in made.items()}


def weakened(connection: Connection) -> list[str]:
    """Names of triggers that are missing, switched off, or no longer refuse what they did; sorted."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        found = {str(name): str(text) for name, text in connection.exec_driver_sql(query)}
        return sorted(name for name, text in sqlite_triggers().items() if found.get(name) != text)
    query = (
        "SELECT t.tgname, pg_get_triggerdef(t.oid, true), p.proname, p.prosrc FROM pg_trigger t "
        "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
    )
    rows = list(connection.exec_driver_sql(query))
    bodies, sound = postgresql_functions(), set()
    for name, text, function, body in rows:
        if text == postgresql_triggers().get(name) and body == bodies.get(function):
            sound.add(name)
    return sorted(postgresql_triggers().keys() - sound)


def _refuse(table: str) -> str:
    return f"SELECT RAISE(ABORT, '{table} is append-only')"
