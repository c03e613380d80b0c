"""The instruments: what is counted of requests and work, with labels from bounded sets only."""

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

REGISTRY = CollectorRegistry()

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)

requests = Counter("purvey_requests", "Requests answered.", ["route", "method", "status"], registry=REGISTRY)
seconds = Histogram(
    "purvey_request_seconds",
    "Seconds from a request's head to the end of its answer.",
    ["route"],
    buckets=_BUCKETS,
    registry=REGISTRY,
)
refused = Counter(
    "purvey_refused", "Requests sent away before any work was done.", ["code"], registry=REGISTRY
)
working = Gauge("purvey_work_running", "Requests in work.", registry=REGISTRY, multiprocess_mode="livesum")
waiting = Gauge(
    "purvey_work_waiting",
    "Requests that wait for their turn.",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
loop_late = Gauge(
    "purvey_event_loop_late_seconds",
    "Seconds that the event loop runs late.",
    registry=REGISTRY,
    multiprocess_mode="livemax",
)
ready = Gauge(
    "purvey_ready", "1 where requests can be answered.", registry=REGISTRY, multiprocess_mode="livemin"
)
plan_made = Gauge(
    "purvey_plan_made_timestamp_seconds",
    "When the plan was made that is served, in seconds since 1970; 0 where there is none.",
    registry=REGISTRY,
    multiprocess_mode="livemin",
)


def exposition() -> bytes:
    """All metrics in Prometheus' text format; of all worker processes where there are several."""
    registry = REGISTRY
    if values.ValueClass is not values.MutexValue:  # BentoML's workers keep theirs in shared files
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def forget_dead_workers() -> None:
    """Remove the gauges of workers that have ended: a plan that only they served would count as served for ever."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder:
        return
    of_workers = {path.stem.rpartition("_")[2] for path in Path(folder).glob("gauge_live*.db")}
    for worker in of_workers:
        if worker.isdigit() and not _runs(int(worker)):
            mark_process_dead(int(worker), folder)  # type: ignore[no-untyped-call]


def _runs(process: int) -> bool:
    """Whether there is a process of this id."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        pass
    return True
