"""What was served after an earlier plan run: its model and its snapshot, loaded when somebody asks for it."""

from collections import OrderedDict
from threading import Lock

from artifacts.manifest import BundleError
from artifacts.plan_manifest import SnapshotError
from database import ledger
from database.ledger import CHAMPION_ACTIONS
from database.plan_runs import PlanRun
from serving.api.request_schemas import ForecastRequest, PlanRequest, RequestBody
from serving.http.problems import Problem
from serving.plan_runs.named_run import named_run
from serving.state.follower import Follower
from serving.state.served import Served, load_served

_MOST = 1
"""Earlier runs held in memory: each takes as much as what is served."""

_lock = Lock()
_held: OrderedDict[tuple[str, str], Served] = OrderedDict()


def earlier_served(follower: Follower, request: RequestBody) -> Served | None:
    """Return what was served after the plan run that a request names; none where it names none, or the current one.

    Raises
    ------
    Problem
        404 when the run, or the model that it used, is not kept.
    """
    if isinstance(request, ForecastRequest):
        run = named_run(follower, request.plan_run, request.as_of)
    elif isinstance(request, PlanRequest):
        run = named_run(follower, request.plan_run, None)
    else:
        return None
    return None if run is None else _served_after(follower, run)


def names_a_run(request: RequestBody) -> bool:
    """Whether a request names a plan run, so that it may take a while to load."""
    by_day = isinstance(request, ForecastRequest) and request.as_of is not None
    return by_day or getattr(request, "plan_run", None) is not None


def _served_after(follower: Follower, run: PlanRun) -> Served:
    """What was served after a plan run, from memory or from its files."""
    key = (str(follower.settings.plans), run.folder)
    with _lock:  # one at a time: two of them at once would take the memory of both
        if key not in _held:
            while len(_held) >= _MOST:
                _held.popitem(last=False)
            _held[key] = _load(follower, run)
        return _held[key]


def _load(follower: Follower, run: PlanRun) -> Served:
    rows = [row for row in ledger.history(follower.engine) if row.bundle_hash == run.bundle_hash]
    champions = [row for row in rows if row.action in CHAMPION_ACTIONS]
    try:
        if champions:
            return load_served(champions[0], run, follower.settings)
        why = f"its model {run.bundle_hash[:12]} was never champion"
    except (BundleError, SnapshotError, OSError) as error:
        why = str(error)
    raise Problem(404, "plan_not_kept", f"plan_run: run {run.id} of {run.as_of} cannot be read: {why}")
