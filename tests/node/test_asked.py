"""A question that takes long: one work for all who ask, a few at a time, progress, cancelled, failed."""

import threading
from typing import Any

import pytest

from paraph.node.asked import ROOM, Answers, Asked, Step
from paraph.outlook.errors import OutlookRefused


class Held:
    """Work that ends when it is let go; it counts how often it was begun, and how many went on together."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.begun = 0
        self.together = 0
        self.most = 0
        self.lock = threading.Lock()

    def __call__(self, step: Step) -> str:
        with self.lock:
            self.begun += 1
            self.together += 1
            self.most = max(self.most, self.together)
        try:
            while not self.go.wait(0.005):
                step(3, 4)
        finally:
            with self.lock:
                self.together -= 1
        return "done"


@pytest.fixture
def held() -> Any:
    work = Held()
    yield work
    work.go.set()


def asked(found: object) -> Asked[str]:
    assert isinstance(found, Asked)
    return found


def test_the_same_question_asked_twice_is_one_work_with_one_answer(held: Held) -> None:
    answers = Answers[str](at_once=2, kept=4)

    one, other = answers.ask("q", held, 1), answers.ask("q", held, 2)
    held.go.set()

    assert one is other
    assert answers.ask("q", held, 3, patience=10) == "done"
    assert held.begun == 1
    assert answers.ask("q", held) == "done"


def test_so_many_are_worked_on_at_a_time_and_the_others_wait_for_their_turn(held: Held) -> None:
    answers = Answers[str](at_once=2, kept=9)

    found = [asked(answers.ask(number, held, 1)) for number in range(5)]
    waiting = [one for one in found if not one.begun]
    held.go.set()
    answers.rest()

    assert len(waiting) >= 3
    assert held.most == 2
    assert [answers.ask(number, held) for number in range(5)] == ["done"] * 5


def test_how_far_it_is_is_told_with_the_time_that_is_left(held: Held) -> None:
    answers = Answers[str](at_once=1, kept=1)

    found = asked(answers.ask("q", held, 1, patience=0.1))

    assert (found.done, found.total) == (3, 4)
    assert found.left is not None and 0 < found.left < 1


def test_it_ends_when_nobody_who_asked_wants_it_any_more(held: Held) -> None:
    answers = Answers[str](at_once=1, kept=1)
    found = asked(answers.ask("q", held, 1))
    answers.ask("q", held, 2)

    assert answers.leave(found.name, 1)
    assert not found.ended.wait(0.05)
    answers.leave(found.name, 2)

    assert found.ended.wait(5)
    assert str(found.trouble) == "Cancelled."
    assert not answers.leave(found.name, 2)
    held.go.set()
    assert answers.ask("q", held, 1, patience=5) == "done"


@pytest.mark.django_db(transaction=True)
def test_who_leaves_at_one_worker_has_left_at_all_of_them(held: Held, settings: Any) -> None:
    settings.SEVERAL_WORKERS = True
    here, there = Answers[str](at_once=1, kept=1), Answers[str](at_once=1, kept=1)
    asked(here.ask(("q", 1), held, 1))
    found = asked(there.ask(("q", 1), held, 1))
    other = asked(there.ask(("q", 2), held, 2))

    assert here.leave(found.name, 1)
    assert not here.leave(other.name, 1)

    assert found.ended.wait(5) and str(found.trouble) == "Cancelled."
    again = asked(there.ask(("q", 1), held, 1))
    assert not again.ended.wait(1.5) and not other.ended.is_set()
    held.go.set()
    here.rest()
    there.rest()


def test_what_the_node_prepares_nobody_cancels(held: Held) -> None:
    answers = Answers[str](at_once=1, kept=1)
    found = asked(answers.ask("q", held))
    asked(answers.ask("q", held, 1))

    answers.leave(found.name, 1)

    assert not found.cancellable
    assert not found.ended.wait(0.05)


def test_what_fails_says_why_once_and_is_begun_anew_by_who_asks_again(held: Held) -> None:
    answers = Answers[str](at_once=1, kept=1)

    def refused(_step: Step) -> str:
        raise OutlookRefused("A freeze ends after it begins.")

    found = asked(answers.ask("q", refused, 1, patience=5))
    held.go.set()

    assert str(found.trouble) == "A freeze ends after it begins."
    assert answers.ask("q", held, 1, patience=5) == "done"


def test_an_error_of_ours_is_told_without_its_details(capfd: pytest.CaptureFixture[str]) -> None:
    answers = Answers[str](at_once=1, kept=1)

    found = asked(answers.ask("q", lambda _step: str(1 // 0), 1, patience=5))

    assert "An error of this software" in str(found.trouble)
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_the_answer_asked_for_least_lately_goes_first(held: Held) -> None:
    answers = Answers[str](at_once=1, kept=2)
    held.go.set()
    for name in ("a", "b", "a", "c", "a"):
        answers.ask(name, held, patience=5)

    answers.ask("b", held, patience=5)

    assert held.begun == 4
    assert answers.latest() == "done"


def test_where_too_many_wait_the_next_one_is_told_to_come_again(held: Held) -> None:
    answers = Answers[str](at_once=1, kept=1)
    for number in range(ROOM + 1):
        answers.ask(number, held, 1)

    found = asked(answers.ask("one more", held, 1))

    assert "ask again in a minute" in str(found.trouble)
