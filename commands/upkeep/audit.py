"""`purvey audit`: the log of who did what, and whether anybody touched it."""

from typing import Annotated

import typer

from commands.terminal import Json, emit, out, plain, print_rows

audit_app = typer.Typer(no_args_is_help=True, help="The log of who did what, and whether anybody touched it.")


@audit_app.command("list")
def audit_list(
    limit: Annotated[int, typer.Option(min=1, help="So many rows, the newest first.")] = 50,
    who: Annotated[str, typer.Option(help="Only what this person, key or process did.")] = "",
    subject: Annotated[
        str, typer.Option(help="Only what was done to this, as `decisions/17` or `users`.")
    ] = "",
    as_json: Json = False,
) -> None:
    """List who did what, the newest first."""
    from database.audit.history import audit_history
    from database.engine import open_state
    from database.migrate import check_current
    from database.settings import Settings

    engine = open_state(Settings())
    check_current(engine)
    rows = audit_history(engine, limit=limit, who=who, subject=subject)
    engine.dispose()
    if as_json:
        emit(rows)
        return
    shown = [{**row, "at": f"{row['at']:%Y-%m-%d %H:%M:%S}", "detail": _short(row["detail"])} for row in rows]
    print_rows(shown, "Nothing is recorded.")


@audit_app.command("verify")
def audit_verify(as_json: Json = False) -> None:
    """Find rows that were edited, deleted, dated back or put in, a tail cut off, triggers dropped; exit 1 for any."""
    from database.audit.verify import verify
    from database.engine import open_state
    from database.migrate import check_current
    from database.settings import Settings

    engine = open_state(Settings())
    check_current(engine)
    found = verify(engine)
    engine.dispose()
    if as_json:
        emit({"sound": found.sound, "rows": found.rows, "behind": found.behind, "problems": found.problems})
    elif found.sound:
        healed = f"; the head was {found.behind} rows behind and is written anew" if found.behind else ""
        out.print(f"The audit log is sound: {found.rows} rows{healed}.")
    else:
        for problem in found.problems:
            out.print(f"[bold red]tampered[/] {plain(problem)}", soft_wrap=True)
    if not found.sound:
        raise typer.Exit(1)


def _short(detail: dict[str, object]) -> str:
    """What a row says more, without digests."""
    return ", ".join(
        f"{name} {value}" for name, value in detail.items() if name != "row" and value not in (None, "")
    )
