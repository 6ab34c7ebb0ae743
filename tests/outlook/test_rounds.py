"""Who works on what when: worked by hand, against the schedule without teams, laws over random rounds."""

import random
from dataclasses import replace

import numpy as np
import pytest

from paraph.outlook.durations import exponential, fixed, lognormal
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.rounds import Rounds, Team, play
from paraph.outlook.schedule import Gates, Schedule, Task, simulate


def some(seed: int, *, back: float = 0.0) -> Rounds:
    """Twenty road maps, four teams, a meeting, a freeze, a limit of five."""
    picker = random.Random(seed)
    tasks = [
        Task(
            f"t{i}",
            lognormal(picker.uniform(5, 40), 0.6),
            tuple({f"t{picker.randrange(i)}" for _link in range(picker.randrange(3))} if i else ()),
            earliest=picker.choice([0, 0, 12]),
            back=back,
            gate=picker.choice(["", "", "leaders"]),
            settled=i == 3,
        )
        for i in range(20)
    ]
    schedule = Schedule(tuple(tasks), gates={"leaders": Gates((40, 90), 45)}, freezes=((30, 37),))
    needs = {task.name: tuple(picker.sample("abcd", picker.choice([1, 2]))) for task in tasks}
    teams = {"a": Team(), "b": Team(2, ((10, 20), (35, 50))), "c": Team(2), "d": Team(3)}
    return Rounds(schedule, needs, teams, limit=5)


def days(rounds: Rounds, *order: str) -> dict[str, tuple[int, int]]:
    """When each is begun and done, where nothing is left to luck."""
    found = play(rounds, 1, 1, order, keep=True)
    return {name: (int(found.begun[name][0]), int(found.of[name][0])) for name in found.of}


def tasks(**lasts: float) -> Schedule:
    return Schedule(tuple(Task(name, fixed(days)) for name, days in lasts.items()))


def test_one_team_takes_one_after_the_other_in_the_order_asked_for() -> None:
    rounds = Rounds(
        tasks(gas=5, oil=3, tax=2), dict.fromkeys(("gas", "oil", "tax"), ("energy",)), {"energy": Team()}
    )

    assert days(rounds, "oil", "tax", "gas") == {"oil": (0, 3), "tax": (3, 5), "gas": (5, 10)}
    assert days(rounds, "tax") == {"tax": (0, 2), "gas": (2, 7), "oil": (7, 10)}


def test_the_limit_of_work_holds_for_all_teams_together() -> None:
    rounds = Rounds(tasks(gas=5, oil=3, tax=2), limit=2)

    assert days(rounds, "gas", "oil", "tax") == {"gas": (0, 5), "oil": (0, 3), "tax": (3, 5)}


def test_first_come_takes_what_has_been_ready_longest() -> None:
    """The chain of `late` is short of time, but `early` became ready before it."""
    schedule = Schedule(
        (Task("first", fixed(4)), Task("late", fixed(9), earliest=3), Task("early", fixed(5), earliest=1))
    )
    rounds = Rounds(schedule, dict.fromkeys(("first", "late", "early"), ("tax",)), {"tax": Team()})

    assert days(rounds) == {"first": (0, 4), "early": (4, 9), "late": (9, 18)}
    assert days(rounds, "first", "late", "early")["early"] == (13, 18)


def test_a_road_map_waits_for_all_its_teams_and_nobody_holds_a_team_in_vain() -> None:
    needs = {"gas": ("energy",), "oil": ("energy", "customs"), "rail": ("customs",)}
    rounds = Rounds(tasks(gas=5, oil=3, rail=4), needs, {"energy": Team(), "customs": Team()})

    assert days(rounds, "gas", "oil", "rail") == {"gas": (0, 5), "oil": (5, 8), "rail": (0, 4)}


def test_nothing_is_begun_while_a_team_is_away_and_what_is_begun_rests() -> None:
    rounds = Rounds(
        tasks(gas=6, oil=3),
        {"gas": ("energy",), "oil": ("energy",)},
        {"energy": Team(1, ((3, 5), (7, 10), (11, 12)))},
    )

    assert days(rounds, "gas", "oil") == {"gas": (0, 11), "oil": (12, 15)}


def test_what_comes_back_stands_in_line_again() -> None:
    """Every other round of `gas` is followed by another; by first come `oil` goes between."""
    schedule = Schedule((Task("gas", fixed(4), back=0.5), Task("oil", fixed(10))))
    rounds = Rounds(schedule, {"gas": ("energy",), "oil": ("energy",)}, {"energy": Team()})

    first = play(rounds, 4000, 1, ["gas", "oil"], keep=True)
    between = play(rounds, 4000, 1, keep=True)  # first come: after one round `oil` has waited longest

    assert np.array_equal(first.done, between.done)
    assert set(between.of["oil"].tolist()) == {14.0}
    assert first.of["gas"].mean() == pytest.approx(8, rel=0.05)
    assert set(np.unique((between.of["gas"] - first.of["gas"])[first.of["gas"] > 4]).tolist()) == {10.0}


@pytest.mark.parametrize("back", [0.0, 0.3])
def test_without_teams_and_limit_everything_is_as_in_the_schedule(back: float) -> None:
    schedule = some(1, back=back).schedule

    played, simulated = play(Rounds(schedule), 3000, 5, keep=True), simulate(schedule, 3000, 5, keep=True)

    for name in simulated.of:
        if back:  # days are added in another order
            assert played.of[name] == pytest.approx(simulated.of[name], abs=0.001)
        else:
            assert np.abs(played.of[name] - simulated.of[name]).max() <= 1e-4


@pytest.mark.parametrize("seed", range(4))
def test_teams_and_limit_are_never_exceeded(seed: int) -> None:
    rounds = some(seed)
    schedule = Schedule(tuple(replace(task, gate="") for task in rounds.schedule.tasks))
    free = replace(
        rounds, schedule=schedule, limit=3
    )  # a held road map is worked on no more: no meetings here

    found = play(free, 300, 2, keep=True)

    names = [task.name for task in schedule.tasks if not task.settled]
    begun, ended = (np.array([one[name] for name in names]) for one in (found.begun, found.of))
    at_work = (begun[:, None] <= begun) & (ended[:, None] > begun)  # those that run when each begins
    assert at_work.sum(0).max() == 3
    for team, places in free.teams.items():
        ours = np.array([team in free.needs[name] for name in names])
        assert (at_work & ours[:, None, None])[:, ours].sum(0).max() <= places.at_once
    for task in free.schedule.tasks:
        for other in task.after:
            assert task.settled or (found.of[other] <= found.begun[task.name]).all()


def test_one_two_and_eight_threads_and_the_plain_loop_give_the_same_bytes() -> None:
    rounds = some(2, back=0.2)

    one = play(rounds, 5000, 3, ["t7", "t2"], keep=True, threads=1)

    for threads in (2, 8):
        other = play(rounds, 5000, 3, ["t7", "t2"], keep=True, threads=threads)
        assert one.done.tobytes() == other.done.tobytes()
        assert all(one.of[name].tobytes() == other.of[name].tobytes() for name in one.of)
    plain = play(rounds, 40, 3, ["t7", "t2"], keep=True, compiled=False)
    assert one.done[:40].tobytes() == plain.done.tobytes()
    assert all(one.begun[name][:40].tobytes() == plain.begun[name].tobytes() for name in one.begun)
    later = play(rounds, 1000, 3, ["t7", "t2"], first=4000)
    assert one.done[4000:].tobytes() == later.done.tobytes()


def test_another_order_meets_the_same_luck() -> None:
    """Whatever is taken first, a single team works as long on everything together."""
    names = tuple(f"t{i}" for i in range(8))
    schedule = Schedule(tuple(Task(name, exponential(10), back=0.3) for name in names))
    rounds = Rounds(schedule, dict.fromkeys(names, ("tax",)), {"tax": Team()})

    one, other = play(rounds, 500, 1, names), play(rounds, 500, 1, names[::-1])

    assert one.done == pytest.approx(other.done, rel=1e-5)


@pytest.mark.parametrize(
    ("rounds", "order", "says"),
    [
        (Rounds(tasks(gas=1), {"oil": ()}), (), "no task oil"),
        (Rounds(tasks(gas=1)), ("oil",), "no task oil"),
        (Rounds(tasks(gas=1), {"gas": ("energy",)}), (), "needs the team energy"),
        (Rounds(tasks(gas=1), teams={"energy": Team(0)}), (), "at least one road map"),
        (Rounds(tasks(gas=1), teams={"energy": Team(1, ((5, 5),))}), (), "ends after it begins"),
        (Rounds(tasks(gas=1), limit=-1), (), "limit of work"),
    ],
)
def test_rounds_that_cannot_be_played_are_refused_with_the_reason(
    rounds: Rounds, order: tuple[str, ...], says: str
) -> None:
    with pytest.raises(OutlookRefused, match=says):
        play(rounds, 10, 1, order)
