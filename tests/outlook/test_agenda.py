"""The agenda: joint blockers, levels, minutes, presence, order, what falls off, against enumeration."""

import random
from itertools import combinations, permutations

import pytest

from paraph.outlook.agenda import LEARNED_ON, Agenda, Meeting, Point, _Room, _timed, agenda
from paraph.outlook.durations import exponential, fixed, lognormal
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.schedule import Schedule, Task, compile_schedule, run

PLAN = Schedule(
    (
        Task("gas", exponential(200)),
        Task("oil", exponential(150)),
        Task("tax", exponential(60)),
        Task("visa", exponential(20)),
    )
)


def held(meeting: Meeting, *points: Point, plan: Schedule = PLAN, by: float = 100) -> Agenda:
    return agenda(meeting, points, plan, by, 2000, 1)


def names(found: Agenda) -> list[str]:
    return [slot.name for slot in found.slots]


def test_two_joint_blockers_go_on_together_and_what_fills_the_time_better_alone_falls_off() -> None:
    """Settled alone, gas and oil gain nothing: both last 400 days. Beside them tax gains a little."""
    plan = Schedule((Task("gas", fixed(400)), Task("oil", fixed(400)), Task("tax", exponential(90))))

    found = held(
        Meeting(180, "ministers"), Point("gas", 90), Point("oil", 90), Point("tax", 60), plan=plan, by=150
    )

    assert set(names(found)) == {"gas", "oil"}
    assert found.gains.probability.value == pytest.approx(0.81, abs=0.03)
    assert [(left.name, left.why) for left in found.left] == [("tax", "time")]
    assert found.left[0].costs.probability.value == pytest.approx(0.19, abs=0.03)
    assert found.left[0].costs.probability.differs


def test_what_is_worth_most_comes_first() -> None:
    found = held(Meeting(360, "leaders"), *(Point(task.name, 60) for task in PLAN.tasks))

    assert names(found) == ["gas", "oil", "tax", "visa"]
    assert [slot.begins for slot in found.slots] == [0, 60, 120, 180]
    assert found.slots[0].worth.probability.value > found.slots[1].worth.probability.value > 0.1
    assert not found.left


def test_a_point_beyond_the_level_of_the_meeting_is_left_off_with_its_cost() -> None:
    found = held(Meeting(240, "ministers"), Point("gas", 60, "leaders"), Point("oil", 60, "heads"))

    assert names(found) == ["oil"]
    assert [(left.name, left.why) for left in found.left] == [("gas", "level")]
    assert found.left[0].costs.probability.low > 0.2


def test_points_stand_where_those_who_must_be_there_are() -> None:
    meeting = Meeting(240, "heads", breaks=((100, 130),), present={"BY.ENERGY": ((120, 240),)})

    found = held(meeting, Point("gas", 60, bodies=("BY.ENERGY",)), Point("oil", 50), Point("tax", 50))

    assert {slot.name: (slot.begins, slot.ends) for slot in found.slots} == {
        "oil": (0, 50), "tax": (50, 100), "gas": (130, 190),
    }  # fmt: skip


def test_who_is_not_there_long_enough_is_the_reason() -> None:
    meeting = Meeting(240, "heads", present={"BY.ENERGY": ((0, 30),), "RU.ENERGY": ((20, 90),)})

    found = held(meeting, Point("gas", 30, bodies=("BY.ENERGY", "RU.ENERGY")), Point("oil", 30))

    assert names(found) == ["oil"]
    assert found.left[0].why == "presence"


def test_a_point_comes_after_the_one_that_it_needs() -> None:
    found = held(Meeting(240, "heads"), Point("gas", 60, after=("visa",)), Point("visa", 30))

    assert names(found) == ["visa", "gas"]


def test_what_gains_nothing_is_left_off_and_so_it_is_said() -> None:
    plan = Schedule((Task("gas", exponential(200)), Task("card", fixed(0))))

    found = held(Meeting(240, "heads"), Point("gas", 60), Point("card", 10), plan=plan)

    assert names(found) == ["gas"]
    assert [(left.name, left.why, left.costs.probability.differs) for left in found.left] == [
        ("card", "no gain", False)
    ]


def test_what_is_settled_is_on_no_agenda() -> None:
    found = held(Meeting(240, "heads"), Point("gas", 60), Point("oil", 60), plan=PLAN.with_settled("gas"))

    assert names(found) == ["oil"]
    assert not found.left


@pytest.mark.parametrize("seed", range(4))
def test_an_agenda_is_within_one_percent_of_the_best_of_all_sets_that_fit(seed: int) -> None:
    picker = random.Random(seed)
    tasks = [
        Task(f"t{i}", lognormal(picker.uniform(10, 90), 0.5), (f"t{picker.randrange(i)}",) if i > 4 else ())
        for i in range(10)
    ]
    plan = Schedule(tuple(tasks))
    points = [Point(task.name, picker.choice([20, 45, 60, 90])) for task in tasks]
    minutes = {point.name: point.minutes for point in points}

    found = agenda(Meeting(240, "experts"), points, plan, 90, 500, seed)

    compiled = compile_schedule(plan, seed)
    sets = (some for size in range(11) for some in combinations(minutes, size))
    best = max(
        run(compiled.with_settled(some), LEARNED_ON, threads=1).probability(90)
        for some in sets
        if sum(minutes[name] for name in some) <= 240
    )
    assert run(compiled.with_settled(names(found)), LEARNED_ON).probability(90) >= 0.99 * best
    assert sum(slot.ends - slot.begins for slot in found.slots) <= 240


@pytest.mark.parametrize(
    ("meeting", "point", "says"),
    [
        (Meeting(0, "heads"), Point("gas", 10), "between 1 and"),
        (Meeting(60, "heads", breaks=((50, 70),)), Point("gas", 10), "within the meeting"),
        (Meeting(60, "heads", present={"x": ((30, 20),)}), Point("gas", 10), "within the meeting"),
        (Meeting(60, "heads"), Point("coal", 10), "no task coal"),
        (Meeting(60, "heads"), Point("gas", 0), "at least one minute"),
        (Meeting(60, "heads"), Point("oil", 5), "named twice"),
    ],
)
def test_an_agenda_that_cannot_be_made_is_refused_with_the_reason(
    meeting: Meeting, point: Point, says: str
) -> None:
    with pytest.raises(OutlookRefused, match=says):
        held(meeting, Point("oil", 5), point)


# ---------------------------------------------------------------- minutes


def some_meeting(picker: random.Random) -> tuple[Meeting, list[Point]]:
    """A short meeting, its bodies come and go."""
    spans = [sorted(picker.sample(range(0, 121, 10), 2)) for _body in range(3)]
    present = {f"b{i}": ((begins, ends),) for i, (begins, ends) in enumerate(spans)}
    breaks = ((50, 60),) if picker.random() < 0.5 else ()
    points = [
        Point(f"p{i}", picker.choice([10, 20, 30]), bodies=(picker.choice(["b0", "b1", "b2", "all"]),))
        for i in range(picker.randint(2, 5))
    ]
    return Meeting(120, "heads", breaks, present), points


def placed(meeting: Meeting, order: tuple[Point, ...]) -> dict[str, int] | None:
    """Minute by minute: each in the first ones that are free and in which its bodies are there."""
    free = set(range(meeting.minutes)) - {
        one for begins, ends in meeting.breaks for one in range(begins, ends)
    }
    found = {}
    for point in order:
        there = set(free)
        for body in point.bodies:
            for begins, ends in meeting.present.get(body, ((0, meeting.minutes),)):
                there &= set(range(begins, ends))
        starts = [at for at in sorted(there) if set(range(at, at + point.minutes)) <= there]
        if not starts:
            return None
        found[point.name] = starts[0]
        free -= set(range(starts[0], starts[0] + point.minutes))
    return found


def test_points_fit_where_any_order_of_them_does() -> None:
    picker, fitted = random.Random(1), []

    for _case in range(120):
        meeting, points = some_meeting(picker)
        room = _Room(meeting, points)
        fitted.append(_timed(room, points, {}) is not None)
        assert fitted[-1] == any(placed(meeting, order) for order in permutations(points))

    assert 20 < sum(fitted) < 100


def test_points_of_one_length_stand_in_the_best_order_beside_a_break() -> None:
    picker = random.Random(2)
    meeting = Meeting(120, "heads", breaks=((35, 50),))
    for _case in range(20):
        points = [Point(f"p{i}", 15) for i in range(5)]
        worth = {point.name: picker.random() for point in points}

        found = _timed(_Room(meeting, points), points, worth)

        best = min(
            (sum(worth[name] * begins for name, begins in one.items()), one)
            for order in permutations(points)
            if (one := placed(meeting, order))
        )
        assert found == best[1]


def test_an_agenda_says_how_far_it_is_and_can_be_broken_off() -> None:
    told: list[int] = []

    def step(done: int, of: int) -> None:
        assert of == 1000
        told.append(done)

    points = [Point(task.name, 60) for task in PLAN.tasks]
    agenda(Meeting(120, "leaders"), points, PLAN, 100, 500, 1, step)

    assert told == sorted(told)
    assert 0 <= told[0] < 100
    assert 900 < told[-1] < 1000
    assert len(set(told)) > 5

    def enough(done: int, _of: int) -> None:
        if done > 300:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        agenda(Meeting(120, "leaders"), points, PLAN, 100, 500, 1, enough)
