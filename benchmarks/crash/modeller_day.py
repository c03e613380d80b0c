"""A modeller's days in a loop, until the process is killed: check the tables, train, promote, roll back."""

import random

from benchmarks.crash.journal import Entry, done
from benchmarks.crash.sites import Site
from configs.errors import DomainError
from configs.load import load_config
from configs.schema import Config
from database.sources.load_tables import check_source
from training.options_and_result import TrainOptions
from training.pipeline import train
from training.registry.manage_models import list_models, promote_model, rollback_model

MOST_MODELS = 30
"""Versions from which on no more are trained: a registry of thousands makes MLflow crawl."""


def work(site: Site, seed: int, _: Entry | None) -> None:
    """Check, train, promote and roll back, without end."""
    chance, config = random.Random(seed), load_config(site.config)  # noqa: S311 -- no secret
    while True:
        check_source(str(site.source), config.data)
        versions = [row["version"] for row in list_models(site.settings)]
        if len(versions) < MOST_MODELS:
            train_once(site, config, chance)
        for _step in range(4):
            change_champion(site, versions, chance)


def train_once(site: Site, config: Config, chance: random.Random) -> None:
    """Train a model with a seed of its own; half of them are promoted whatever they are worth."""
    options = TrainOptions(promote=chance.random() < 0.5, why="the modeller says so")
    seeded = config.model_copy(update={"seed": chance.randrange(2**31)})
    result = train(seeded, str(site.source), site.settings, options)
    done(what="train", version=result.version, bundle_hash=result.bundle_hash, promoted=result.promoted)


def change_champion(site: Site, versions: list[str], chance: random.Random) -> None:
    """Promote one of the modeller's versions, or roll back; what cannot be done is left."""
    why = f"because {chance.random()}"
    try:
        if versions and chance.random() < 0.7:
            row = promote_model(site.settings, chance.choice(versions), why=why, who="grace")
        else:
            row = rollback_model(site.settings, why=why, who="grace")
    except DomainError:
        return
    done(what="champion", row=row.id, why=why, bundle_hash=row.bundle_hash)
