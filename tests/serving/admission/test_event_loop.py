from serving.admission.event_loop import MAX_LATE, MOST_SENT_AWAY, LoopWatch


def share_sent_away(late: float) -> float:
    watch = LoopWatch()
    for _ in range(50):
        watch.observe(late)
    return sum(watch.sends_away() for _ in range(1_000)) / 1_000


def test_one_late_look_at_the_clock_sends_nobody_away():
    watch = LoopWatch()
    watch.observe(1.9 * MAX_LATE)
    assert not any(watch.sends_away() for _ in range(100))


def test_the_later_the_event_loop_the_more_are_sent_away_but_never_all():
    assert share_sent_away(0.9 * MAX_LATE) == 0.0
    assert 0.2 < share_sent_away(1.5 * MAX_LATE) < 0.3
    assert abs(share_sent_away(100 * MAX_LATE) - MOST_SENT_AWAY) < 0.01


def test_an_event_loop_on_time_again_takes_requests_again():
    watch = LoopWatch()
    watch.observe(100 * MAX_LATE)
    for _ in range(20):
        watch.observe(-0.001)
    assert not any(watch.sends_away() for _ in range(100))
