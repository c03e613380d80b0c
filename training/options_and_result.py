"""The options and the result of a training run."""

from dataclasses import dataclass
from typing import Any

from training.tuning.budget import Budget
from training.tuning.tuning_result import TuningResult

_SUMMARY_METRICS = (
    "demand.wql",
    "demand.bias",
    "demand.cumulative_coverage_90",
    "lead_time.new.pinball",
    "decision_cost",
)


@dataclass(frozen=True)
class TrainOptions:
    """Options of a training run: tune first, promote whatever the comparison says.

    Attributes
    ----------
    promote : make it champion whatever the comparison says
    why : the reason for the ledger; none: what the comparison says
    tune : how long to search for better boosting parameters first; none: not at all
    """

    promote: bool = False
    why: str = ""
    tune: Budget | None = None


@dataclass(frozen=True)
class TrainResult:
    """Result of a training run.

    Attributes
    ----------
    version : number of the registered version
    promoted, why : whether it is champion now, and the reason either way
    metrics : of the backtest
    seconds : stage → duration
    tuning : what the search for parameters found, where there was one
    warnings : what of the data's end should not be trusted
    """

    version: str
    bundle_hash: str
    run_id: str
    promoted: bool
    why: str
    metrics: dict[str, float]
    seconds: dict[str, float]
    tuning: TuningResult | None = None
    warnings: tuple[str, ...] = ()

    def summary(self) -> dict[str, Any]:
        """Summary of the training run for the command line, JSON-able."""
        return {
            "version": self.version,
            "bundle": self.bundle_hash,
            "run": self.run_id,
            "champion": self.promoted,
            "why": self.why,
            **{name: self.metrics[name] for name in _SUMMARY_METRICS if name in self.metrics},
            **(
                {"tuning": self.tuning.why, "boosting": self.tuning.boosting.model_dump()}
                if self.tuning
                else {}
            ),
            "seconds": round(sum(self.seconds.values()), 1),
            **({"warnings": list(self.warnings)} if self.warnings else {}),
        }
