"""`purvey demo`: all of it on a demo company, from building its data to serving the pages."""

from pathlib import Path
from typing import Annotated

import typer

from commands.check import print_check
from commands.plan import print_plan
from commands.terminal import out, print_facts, progress_bar

CONFIG = Path(__file__).parents[1] / "configs" / "demo.yaml"


def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Where the demo company is kept.")] = Path("demo"),
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the pages afterwards.")] = True,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option()] = 3000,
) -> None:
    """Build the demo company (real demand, simulated suppliers), train, plan and show what to do."""
    from configs.load import load_config
    from database.settings import Settings
    from database.sources.load_tables import check_source
    from examples.demo import build
    from jobs.plan import run_plan
    from training.options_and_result import TrainOptions
    from training.pipeline import train

    data, config, settings = folder / "data", load_config(CONFIG), Settings(home=folder / "home")
    out.print("[bold]Real demand, simulated suppliers:[/] no public data has both.")
    build(data)
    out.rule("check", align="left")
    print_check(check_source(str(data), config.data).report())
    out.rule("train", align="left")
    with progress_bar(quiet=False) as progress:
        options = TrainOptions(why="the demo's first model")
        trained = train(config, str(data), settings, options, progress=progress)
    print_facts(trained.summary())
    out.rule("plan", align="left")
    with progress_bar(quiet=False) as progress:
        planned = run_plan(settings, source=str(data), out=folder / "plan", progress=progress)
    print_plan(planned)
    if serving:
        from serving.run import serve

        out.print(f"The worklist is at http://{host}:{port}/ until Ctrl-C.")
        serve(settings, host, port)
