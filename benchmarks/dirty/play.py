"""One dirty directory through the real check, plan and training, in this process, and what came of it."""

import json
import shutil
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.dirty.clean_company import CleanCompany
from benchmarks.dirty.dirty_company import DirtyCompany
from benchmarks.dirty.judge_neighbours import judge_neighbours
from benchmarks.dirty.judge_plan import judge_plan
from benchmarks.dirty.judge_reading import judge_reading
from benchmarks.dirty.mutations.draw import Draw
from benchmarks.dirty.outcome import Outcome
from benchmarks.raw_data import ROOT
from configs.errors import DomainError
from configs.load import load_config
from configs.schema import Config
from database.settings import Settings
from database.sources.load_tables import check_source
from features.contract.tables import DataError
from features.quality.check_result import CheckResult
from jobs.plan import run_plan
from jobs.plan_data import plan_data
from jobs.plan_decision import decide
from training.options_and_result import TrainOptions
from training.pipeline import train

T = TypeVar("T")

_IGNORED = (DeprecationWarning, PendingDeprecationWarning, ResourceWarning, ImportWarning)
_MACHINE_TALK = ("Traceback", "object at 0x", "dtype(", "<class", "\n")


def play(clean: CleanCompany, drawn: Draw, number: int, folder: Path, *, whole: bool = False) -> Outcome:
    """Write a dirty directory to `folder`, check it and plan on it, and judge what comes of that.

    Parameters
    ----------
    whole : also run the training and the plan as jobs of their own, with all that they write
    """
    outcome = Outcome(number, drawn.names, drawn.words)
    config_file = drawn.company.write(folder)
    with _caught_warnings(outcome):
        config = _guarded(outcome, "config", lambda: load_config(config_file))
        if config is None:
            return outcome
        checked = _guarded(outcome, "check", lambda: _check(folder, config))
        if checked is None:
            return outcome
        if drawn.company.config_is_wrong and not checked.problem:
            outcome.fail("accepted config", "config", drawn.words[-1])
        _judge_check(outcome, drawn.company, clean, checked)
        if checked.problem:
            outcome.end = "sentence"
            return outcome
        _plan(outcome, clean, drawn.company, checked, config=config)
        if whole:
            _run_jobs(outcome, clean, folder, config)
    return outcome


def _check(folder: Path, config: Config) -> CheckResult:
    return check_source(str(folder / "data"), config.data)


def _judge_check(outcome: Outcome, company: DirtyCompany, clean: CleanCompany, checked: CheckResult) -> None:
    report = _guarded(outcome, "check's report", lambda: json.dumps(checked.report(), allow_nan=False))
    if report is None:
        return
    document: dict[str, Any] = json.loads(report)
    outcome.sentence = document["problem"] or ""
    for part in ("quarantined", "warnings", "switched_off"):
        for sentence in document[part]:
            _judge_sentence(outcome, part, sentence)
    _judge_sentence(outcome, "problem", outcome.sentence)
    outcome.failures.extend(judge_reading(company, clean, checked))


def _plan(
    outcome: Outcome, clean: CleanCompany, company: DirtyCompany, checked: CheckResult, *, config: Config
) -> None:
    """Plan with the champion as `purvey plan` does, without writing."""

    def run() -> None:
        data = plan_data(clean.bundle, "1", checked)
        decision = decide(data, config.policy)
        outcome.failures.extend(judge_plan(decision.plan, checked.tables.offers))
        if config == clean.config:
            outcome.failures.extend(judge_neighbours(company, clean.plan.plan, decision.plan.plan))
        outcome.end = "plan"

    _guarded(outcome, "plan", run)


def _run_jobs(outcome: Outcome, clean: CleanCompany, folder: Path, config: Config) -> None:
    """Train and plan as the commands do, in a copy of the home in which the champion of the clean company lies."""
    home, data = folder / "home", str(folder / "data")
    assert clean.bundle.hash
    shutil.copytree(clean.settings.home, home)
    settings = Settings(home=home, database_url="", tracking_uri="")
    end, sentence = outcome.end, outcome.sentence
    done = _guarded(outcome, "train", lambda: train(config, data, settings, TrainOptions(promote=True)))
    if done is not None:
        _guarded(
            outcome, "plan job", lambda: run_plan(settings, source=data, out=folder / "out", config=config)
        )
    if outcome.end == "sentence" and end == "plan":
        outcome.fail("unlike check", "train", outcome.sentence)
    outcome.end, outcome.sentence = end, sentence


def _guarded(outcome: Outcome, verb: str, run: Callable[[], T]) -> T | None:
    """What `run` returns; None when it ends in a sentence, or in anything worse, which is noted."""
    try:
        return run()
    except DomainError as error:
        outcome.end, outcome.sentence = "sentence", str(error)
        _judge_sentence(outcome, verb, outcome.sentence)
        if verb == "plan" and isinstance(error, DataError) and "champion" not in outcome.sentence:
            outcome.fail("unlike check", verb, outcome.sentence)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what this run looks for
        outcome.end = "broken"
        outcome.fail("traceback", f"{verb} at {_place(error)}", f"{type(error).__name__}: {error}"[:400])
    return None


def _place(error: Exception) -> str:
    """The last line of our own code in the traceback of an error."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(ROOT))
    ]
    inside = [
        frame for frame in frames if "site-packages" not in frame.filename and "/dirty/" not in frame.filename
    ]
    if not inside:
        return "?"
    return f"{Path(inside[-1].filename).relative_to(ROOT)}:{inside[-1].lineno} {inside[-1].name}"


def _judge_sentence(outcome: Outcome, where: str, sentence: str) -> None:
    talk = [word for word in _MACHINE_TALK if word in sentence]
    if talk or len(sentence) > 2000:
        outcome.fail("no sentence", where, f"{talk}: {sentence[:200]!r}")


def _name(thing: object) -> str:
    return getattr(thing, "__qualname__", type(thing).__name__)


@contextmanager
def _caught_warnings(outcome: Outcome) -> Iterator[None]:
    """Note warnings of libraries, and tracebacks that they only print, as failures: a user would see them."""

    def unraisable(thrown: "sys.UnraisableHookArgs") -> None:
        outcome.fail(
            "traceback",
            f"ignored in {_name(thrown.object)}",
            f"{type(thrown.exc_value).__name__}: {thrown.exc_value}",
        )

    before, sys.unraisablehook = sys.unraisablehook, unraisable
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield
    finally:
        sys.unraisablehook = before
    for warning in caught:
        if not issubclass(warning.category, _IGNORED):
            place = f"{Path(warning.filename).name}:{warning.lineno}"
            outcome.fail("warning", place, f"{warning.category.__name__}: {warning.message}"[:200])
