"""Purvey in the VN2 game: train once on what was known at the start, then plan every week, by the command line."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.raw_data import ROOT
from benchmarks.vn2.game import GameHistory, GameStock
from database.sources.data_directory import write_directory
from examples.vn2 import tables
from features.demand.panel import Array

CONFIG = ROOT / "configs" / "vn2.yaml"


@dataclass
class PurveyPlayer:
    """Purvey as a player of the VN2 game, with a home of its own in `folder`; it trains before its first order.

    Attributes
    ----------
    train_seconds, plan_seconds : wall-clock times of the commands, start-up included
    """

    history: GameHistory
    folder: Path
    train_seconds: float = 0.0
    plan_seconds: list[float] = field(default_factory=list)

    def order(self, seen: int, stock: GameStock) -> Array:
        """Units to order per series: write the week's tables, run `purvey plan`, and read its plan file."""
        data, out = self.folder / "data", self.folder / "out"
        frames = tables(self.history.raw_at(seen, stock))
        write_directory(frames, data)
        if not self.plan_seconds:
            self.train_seconds = self._run("train", "--promote", "--data", str(data))
        self.plan_seconds.append(self._run("plan", "--data", str(data), "--out", str(out)))
        plan = pd.read_parquet(out / "plan.parquet", columns=["unique_id", "order_quantity"])
        quantity = plan.set_index("unique_id")["order_quantity"].reindex(self.history.unique_ids)
        return np.asarray(quantity, float)

    def _run(self, verb: str, *arguments: str) -> float:
        """Run a Purvey command in the player's home and return its wall-clock seconds."""
        command = [
            sys.executable,
            "-m",
            "commands",
            verb,
            "--config",
            str(CONFIG),
            *arguments,
        ]
        environment = os.environ | {"PURVEY_HOME": str(self.folder / "home")}
        started = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise RuntimeError(f"purvey {verb} ended with {done.returncode}: {done.stderr.strip()[-2000:]}")
        return time.monotonic() - started
