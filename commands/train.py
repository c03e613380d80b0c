"""`purvey train`: backtest, fit, log and register a model, and promote it when it beats the champion."""

from typing import Annotated, Any

import typer

from commands.terminal import (
    ConfigFile,
    Data,
    Json,
    Why,
    emit,
    out,
    print_facts,
    print_warnings,
    progress_bar,
)


def train(
    config: ConfigFile,
    data: Data,
    promote: Annotated[
        bool, typer.Option("--promote", help="Make it champion whatever the backtest says.")
    ] = False,
    why: Why = "",
    tune: Annotated[
        str, typer.Option(help="Search for better boosting parameters first, for 20m, 1h or 30trials.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Backtest, fit, log and register a model; promote it when it beats the champion."""
    from configs.load import load_config
    from database.settings import Settings
    from training.options_and_result import TrainOptions
    from training.pipeline import train as run
    from training.tuning.budget import Budget

    options = TrainOptions(promote, why, Budget.parse(tune) if tune else None)
    with progress_bar(quiet=as_json) as progress:
        result = run(load_config(config), data, Settings(), options, progress=progress)
    if as_json:
        emit(result.summary())
        return
    shown = {name: value for name, value in result.summary().items() if name not in ("boosting", "warnings")}
    print_facts(shown)
    print_warnings(list(result.warnings))
    if result.tuning is not None and result.tuning.changed:
        out.print("Keep the found parameters by putting this into the config:")
        out.print(_yaml({"demand": {"boosting": result.tuning.boosting.model_dump()}}))


def _yaml(document: Any) -> str:
    import yaml

    return yaml.safe_dump(document, sort_keys=False)
