"""`purvey backtest`: what would have been forecast at past cutoffs, beside what came."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import ConfigFile, Data, out, plain, progress_bar


def backtest(
    config: ConfigFile,
    data: Data,
    to: Annotated[Path, typer.Option("--out", help="Folder for the three Parquet files.")],
    cutoff: Annotated[
        list[datetime] | None, typer.Option(formats=["%Y-%m-%d"], help="Repeat for more.")
    ] = None,
) -> None:
    """Write what would have been forecast at past cutoffs, beside what came."""
    from configs.load import load_config
    from training.evaluation.backtest import backtest as run

    with progress_bar(quiet=False) as progress:
        files = run(load_config(config), data, to, cutoffs=tuple(cutoff or ()), progress=progress)
    for file in files:
        out.print(f"wrote {plain(str(file))}")
