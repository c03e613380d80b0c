"""The verb of each scheduled job: what the scheduler runs is what a person would."""

import sys
from dataclasses import dataclass
from pathlib import Path

from jobs.schedule.job_process import JobProcess


@dataclass(frozen=True)
class ScheduledVerbs:
    """The company that scheduled jobs work on: its config, its data, and the folder for the files of a plan."""

    config: Path
    data: str
    out: Path

    def command(self, job: str) -> list[str]:
        """Command line of a scheduled job, in this environment's Python."""
        config, data = ["--config", str(self.config)], ["--data", self.data]
        arguments = {
            "check": [self.data, *config],
            "train": [*config, *data],
            "plan": [*config, *data, "--out", str(self.out)],
            "monitor": [*config, *data, "--out", str(self.out)],
            "prune": config,
            "alerts": ["deliver"],
        }
        return [sys.executable, "-m", "commands", job, *arguments[job], "--json"]

    def start(self, job: str) -> JobProcess:
        """Start a scheduled job as a process of its own."""
        return JobProcess(job, self.command(job))
