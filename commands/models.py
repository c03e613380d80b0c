"""`purvey models`: what was trained, who is champion, and why."""

from typing import Annotated

import typer

from commands.terminal import Json, Why, emit, out, plain, print_facts, print_rows

models_app = typer.Typer(no_args_is_help=True, help="The trained models: who is champion, and why.")


@models_app.command("list")
def models_list(as_json: Json = False) -> None:
    """List all trained versions, the newest first."""
    from database.settings import Settings
    from training.registry.manage_models import list_models

    rows = list_models(Settings())
    emit(rows) if as_json else print_rows(rows, "No model yet; train one with `purvey train`.")


@models_app.command("show")
def models_show(
    name: Annotated[str, typer.Argument(help="A version's number, or champion, or challenger.")] = "champion",
    as_json: Json = False,
) -> None:
    """Show everything about one version."""
    from database.settings import Settings
    from training.registry.manage_models import show_model

    facts = show_model(Settings(), name)
    emit(facts) if as_json else print_facts(facts)


@models_app.command("compare")
def models_compare(first: str, second: str, as_json: Json = False) -> None:
    """Put the metrics of two versions side by side."""
    from database.settings import Settings
    from training.registry.manage_models import compare_models

    rows = compare_models(Settings(), first, second)
    emit(rows) if as_json else print_rows(rows, "Neither version has metrics.")


@models_app.command("promote")
def models_promote(name: str, why: Why) -> None:
    """Make a version champion."""
    from database.settings import Settings
    from training.registry.manage_models import promote_model

    row = promote_model(Settings(), name, why=why)
    out.print(f"version {row.version} is champion, says {plain(row.who)}: {plain(row.why)}")


@models_app.command("rollback")
def models_rollback(why: Why) -> None:
    """Return to the champion before the current one."""
    from database.settings import Settings
    from training.registry.manage_models import rollback_model

    row = rollback_model(Settings(), why=why)
    out.print(f"version {row.version} is champion again, says {plain(row.who)}: {plain(row.why)}")
