"""`purvey prune`: what old runs leave behind, removed."""

from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import Json, emit, out, plain


def prune(
    config: Annotated[
        Path | None, typer.Option("--config", help="Its section retention replaces the one trained with.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Remove nothing, and say what would be.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Remove the files of old plan runs and old champions, as `retention` says. Decisions and orders always stay."""
    from configs.formats import number
    from database.settings import Settings
    from jobs.prune import prune as run

    retention = None
    if config is not None:
        from configs.load import load_config

        retention = load_config(config).retention
    pruned = run(Settings(), retention, dry_run=dry_run)
    if as_json:
        emit(pruned.summary())
        return
    for folder, size in pruned.folders:
        out.print(
            f"{'would remove' if dry_run else 'removed'} {plain(str(folder))} ({number(size / 2**20)} MB)"
        )
    rows = f"{pruned.schedule_runs} old runs of the scheduler" if pruned.schedule_runs else ""
    if rows:
        out.print(f"{'would forget' if dry_run else 'forgot'} {rows}")
    if not pruned.folders and not rows:
        out.print("nothing to remove")
