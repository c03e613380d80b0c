"""`purvey assess`: the baseline report from a company's tables alone, as one HTML file."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.terminal import Data, Json, emit, out, plain, print_facts


def assess(
    data: Data,
    page: Annotated[Path, typer.Option("--out", help="The HTML file to write.")],
    config: Annotated[
        Path | None, typer.Option("--config", help="The business' YAML file: names, rates and targets.")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Look as on this day.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Report where stock and service stand, what that costs and where the money lies, before any model."""
    import pandas as pd

    from configs.load import load_config
    from jobs.assess import run_assessment

    settings = None if config is None else load_config(config)
    day = None if as_of is None else pd.Timestamp(as_of)
    report = run_assessment(data, page, config=settings, as_of=day)
    if as_json:
        emit(report)
    else:
        print_assessment(report, page)


def print_assessment(report: dict[str, Any], page: Path) -> None:
    """Print the five numbers that matter, the next steps and where the page is."""
    currency = report["currency"]
    print_facts({each["label"]: _with_range(each, currency) for each in report["headlines"]})
    for number, step in enumerate(report["next_steps"], start=1):
        out.print(f"{number}. {plain(step)}", soft_wrap=True)
    out.print(f"[dim]page[/] {plain(str(page))}", soft_wrap=True)


def _with_range(figure: dict[str, Any], currency: str) -> str:
    """A figure with its range, or what to give where it is not known."""
    from jobs.assessment.report_page import written

    if figure["middle"] is None:
        return str(figure["how"])
    low, middle, high = (written(figure[end], figure["unit"], currency) for end in ("low", "middle", "high"))
    return middle if low == high else f"{middle} ({low} to {high})"
