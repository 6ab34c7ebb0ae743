"""The agenda: joint blockers, levels, minutes, presence, order, what falls off, against enumeration."""

import random
from itertools import combinations

import pytest

from paraph.outlook.agenda import LEARNED_ON, Agenda, Meeting, Point, agenda
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
