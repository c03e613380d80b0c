"""What must hold of models and plans after a kill: the champion's bundle is whole, and so are the last plans."""

import pandas as pd

from artifacts.bundle_store import open_bundle
from artifacts.plan_snapshot import read_snapshot
from benchmarks.crash.sites import Site
from configs.errors import DomainError
from database import ledger
from database.engine import open_state
from database.plan_runs import last_runs


def broken_models(site: Site) -> list[str]:
    """Sentences about bundles and plan runs that a reader would find torn; none where all is well."""
    settings, trouble = site.settings, []
    engine = open_state(settings)
    try:
        champion, runs = ledger.champion(engine), last_runs(engine, 3)
    finally:
        engine.dispose()
    assert champion is not None
    try:
        open_bundle(settings.bundles, champion.bundle_hash)
    except DomainError as error:
        trouble.append(f"torn champion: {error}")
    for run in runs:
        try:
            read_snapshot(settings.plans / run.folder)
        except DomainError as error:
            trouble.append(f"torn plan run {run.id}: {error}")
    for file in (site.home / "out").glob("*.parquet"):
        try:
            pd.read_parquet(file)
        except (OSError, ValueError) as error:
            trouble.append(f"torn {file.name}: {error}")
    return trouble
