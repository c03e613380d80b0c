"""`purvey backup` and `purvey restore`: all that is kept, in one folder or file, and back into an empty home."""

from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import Json, emit, out, plain, print_facts, print_warnings


def backup(
    to: Annotated[Path, typer.Argument(help="A folder that is not there yet, or a .tar.gz file.")],
    as_json: Json = False,
) -> None:
    """Write state, models, plans and the audit log to a folder or a file, while others go on working."""
    from database.settings import Settings
    from jobs.backup import back_up

    facts = back_up(Settings(), to)
    if as_json:
        emit(facts)
        return
    print_facts({name: value for name, value in facts.items() if name != "left_out"})
    print_warnings(facts["left_out"])
    out.print(
        f"wrote {plain(str(to))}; its key signs the audit log: keep it where only you read it", soft_wrap=True
    )


def restore(
    source: Annotated[Path, typer.Argument(metavar="BACKUP", help="What `purvey backup` wrote.")],
    as_json: Json = False,
) -> None:
    """Put a backup back into an empty home, and verify its audit log; exit 1 where that was tampered with."""
    from database.migrate import head
    from database.settings import Settings
    from jobs.backup import restore as run

    restored = run(Settings(), source)
    if as_json:
        emit({**restored.facts, "problems": restored.problems})
    else:
        print_facts({name: value for name, value in restored.facts.items() if name != "left_out"})
        print_warnings(restored.facts["left_out"])
        for problem in restored.problems:
            out.print(f"[bold red]tampered[/] {plain(problem)}", soft_wrap=True)
        if restored.facts["revision"] != head():
            out.print(
                "The backup is of an earlier version: run `purvey db upgrade`, then `purvey audit verify`."
            )
    if restored.problems:
        raise typer.Exit(1)
