from configs.progress import Stopwatch, sub_progress


def test_a_part_of_a_job_reports_its_share_of_the_whole() -> None:
    calls: list[tuple[str, float]] = []
    part = sub_progress(lambda what, done: calls.append((what, done)), 0.5, 0.9)
    part("begin", 0.0)
    part("end", 1.0)
    assert calls == [("begin", 0.5), ("end", 0.9)]


def test_a_stopwatch_passes_on_every_stage_and_times_those_that_are_over() -> None:
    calls: list[tuple[str, float]] = []
    watch = Stopwatch(lambda what, done: calls.append((what, done)))
    for done, stage in enumerate(("read", "learn", "learn", "write")):
        watch(stage, done / 4)
    assert calls == [("read", 0.0), ("learn", 0.25), ("learn", 0.5), ("write", 0.75)]
    assert list(watch.seconds) == ["read", "learn"]
