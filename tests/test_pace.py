"""How long the other rows take is judged by those that came last, recorded ones among them."""

import pytest

from gemini_magic.notebook.rows.pace import Pace


class Rows:
    """Rows that come as the test says, at 10 s each if they are sent."""

    def __init__(self, workers=1):
        self.now = 0.0
        self.pace = Pace(workers, lambda: self.now)

    def come(self, sent, recorded=0):
        for _ in range(sent):
            self.pace.begin()
            self.now += 10
            self.pace.arrive(sent=True)
            for _ in range(recorded):
                self.pace.arrive(sent=False)


def test_nothing_is_said_before_some_that_were_sent_have_come():
    rows = Rows()
    rows.come(2, recorded=50)
    assert rows.pace.left(100) is None
    rows.come(1)
    assert rows.pace.left(103) == pytest.approx(30)


def test_rows_that_are_recorded_before_the_first_is_sent_say_nothing():
    rows = Rows()
    for _ in range(500):
        rows.pace.arrive(sent=False)
    rows.come(5)
    assert (rows.pace.seconds, rows.pace.left(20)) == (50, 200)


def test_where_three_of_four_are_recorded_the_others_are_taken_to_be_so():
    rows = Rows()
    rows.come(40, recorded=3)
    assert rows.pace.left(400) == pytest.approx(1000, rel=0.05)


@pytest.mark.parametrize("workers", [1, 32])
def test_many_recorded_rows_long_ago_do_not_count(workers):
    rows = Rows(workers)
    rows.come(1, recorded=5000)
    rows.come(200)
    assert rows.pace.left(100) == pytest.approx(1000)
    assert rows.pace.seconds == 2010
