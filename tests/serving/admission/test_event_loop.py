from serving.admission.event_loop import LoopWatch


def test_one_late_look_at_the_clock_counts_half():
    watch = LoopWatch()
    watch.observe(1.0)
    assert watch.late == 0.5


def test_an_event_loop_on_time_again_is_not_late_for_long():
    watch = LoopWatch()
    watch.observe(10.0)
    for _ in range(20):
        watch.observe(-0.001)
    assert watch.late < 0.0001
