"""What if: each change worked by hand where nothing is left to luck, and the interval of the difference."""

from dataclasses import replace

import numpy as np
import pytest

from paraph.outlook.durations import exponential, fixed, lognormal
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.rounds import Rounds, Team
from paraph.outlook.schedule import Gates, Schedule, Task
from paraph.outlook.whatif import (
    AddTeam,
    Change,
    Drop,
    Freeze,
    MoveSummit,
    Pace,
    Return,
    Settle,
    Split,
    changed,
    what_if,
    with_summit,
)

PLAN = Schedule(
    (
        Task("tax", fixed(20), settled=True),
        Task("gas", fixed(30), ("tax",)),
        Task("oil", fixed(50), ("gas",)),
        Task("pact", fixed(10), ("oil",), gate="leaders"),
    ),
    gates={"leaders": Gates((95, 130), 40)},
)
TEAMS = Rounds(PLAN, {"gas": ("energy",), "oil": ("energy",)}, {"energy": Team()})


@pytest.mark.parametrize(
    ("changes", "done"),
    [
        ([], 95),
        ([Settle("gas"), Settle("oil")], 95),
        ([MoveSummit("leaders", 95, 40), Settle("gas"), Settle("oil")], 40),
        ([MoveSummit("leaders", 95, None)], 130),
        ([MoveSummit("leaders", 95, 89)], 130),
        ([MoveSummit("leaders", 95, 91)], 91),
        ([Drop("oil"), MoveSummit("leaders", 95, 45)], 45),  # the pact waits for gas instead
        ([Return("tax")], 130),  # 20 + 30 + 50 + 10
        ([Return("oil")], 170),  # 30 + 50 + 50 + 10
        ([Freeze(5, 15)], 130),
        ([Freeze(5, 15), Freeze(10, 40), MoveSummit("leaders", 130, 126)], 126),  # 35 days in all
        ([Split("oil", {"crude": 0.6, "products": 0.4})], 95),  # one team: 30 + 20 + 10 + 30
        (
            [Split("oil", {"crude": 0.6, "products": 0.4}), AddTeam("energy"), MoveSummit("leaders", 95, 71)],
            71,
        ),
        ([AddTeam("pipes", needed_by=("oil",)), MoveSummit("leaders", 95, 91)], 91),
    ],
)
def test_each_change_moves_the_end_as_worked_by_hand(changes: list[Change], done: float) -> None:
    found = what_if(TEAMS, changes, 95, 64, 1)

    assert set(found.before.done.tolist()) == {95.0}
    assert set(found.after.done.tolist()) == {done}
    assert found.gains.median.value == found.at_80.value == 95 - done
    assert found.gains.probability.value == (done <= 95) - 1


@pytest.mark.parametrize(
    ("changes", "done"),
    [
        ([], 160),  # gas is settled on day 60, oil on day 110, the pact is ready on day 120
        ([MoveSummit("summit", 60, 80)], 200),  # oil is ready on day 130, the pact on day 170
        ([MoveSummit("summit", 160, 130)], 130),
        ([Pace(6)], 160),  # gas is ready on day 5, oil on day 69, the pact on day 112
    ],
)
def test_a_summit_settles_what_is_ready_and_the_others_stay_where_they_are(
    changes: list[Change], done: float
) -> None:
    plan = Schedule(PLAN.tasks[:3] + (Task("pact", fixed(10), ("oil",)),))
    held = with_summit(Rounds(plan), "summit", (60, 110, 160, 200), 100)

    assert set(what_if(held, changes, 300, 64, 1).after.done) == {done}


def test_the_parts_of_what_is_split_stand_in_its_place_in_the_order() -> None:
    rounds = Rounds(
        Schedule((Task("gas", fixed(30)), Task("oil", fixed(50)), Task("tax", fixed(5)))),
        dict.fromkeys(("gas", "oil", "tax"), ("energy",)),
        {"energy": Team()},
    )
    split = Split("oil", {"crude": 0.5, "products": 0.5})
    tax = replace(rounds, schedule=replace(rounds.schedule, targets=("oil",)))

    found = what_if(tax, [split], 60, 64, 1, order=("oil", "gas", "tax"))

    assert set(found.after.done.tolist()) == {50.0}


def test_a_difference_is_known_twenty_times_better_than_from_independent_futures() -> None:
    tasks = tuple(
        Task(f"t{i}", lognormal(20 + 5 * i, 0.5), (f"t{i - 3}",) if i > 2 else ()) for i in range(12)
    )
    needs = {task.name: ("abc"[i % 3],) for i, task in enumerate(tasks)}
    rounds = Rounds(Schedule(tasks), needs, {team: Team() for team in "abc"}, limit=2)

    found = what_if(rounds, [Freeze(40, 50)], 200, 4000, 1)
    fresh = what_if(rounds, [Freeze(40, 50)], 200, 4000, 2)

    paired = found.before.done - found.after.done
    independent = found.before.done - fresh.after.done
    assert np.var(independent) >= 20 * np.var(paired)
    assert found.gains.median.differs
    assert found.gains.median.low < fresh.gains.median.value < found.gains.median.high


def test_a_change_that_changes_nothing_makes_no_difference() -> None:
    """The team is free most of the time: one more place in it is worth nothing."""
    rounds = Rounds(
        Schedule((Task("gas", exponential(30)), Task("oil", exponential(9), ("gas",)))),
        {"oil": ("energy",)},
        {"energy": Team()},
    )

    found = what_if(rounds, [AddTeam("energy")], 40, 1000, 1)

    assert found.gains.probability.value == 0
    assert not found.gains.probability.differs
    assert not found.at_80.differs


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (Drop("coal"), "no task coal"),
        (Return("coal"), "no task coal"),
        (Split("gas", {"oil": 0.5, "x": 0.5}), "in the schedule already"),
        (Split("gas", {"x": 1}), "at least two"),
        (Split("gas", {"x": 1, "y": 0}), "at least two"),
        (MoveSummit("leaders", 96, 100), "on that day"),
        (MoveSummit("kings", 95, 100), "on that day"),
        (Freeze(10, 10), "after it begins"),
        (AddTeam("energy", places=-1), "at least one road map"),
        (AddTeam("law", needed_by=("coal",)), "no task coal"),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_the_reason(change: Change, says: str) -> None:
    with pytest.raises(OutlookRefused, match=says):
        what_if(TEAMS, [change], 95, 64, 1)


def test_the_only_known_meeting_is_not_cancelled() -> None:
    one = replace(TEAMS, schedule=replace(PLAN, gates={"leaders": Gates((95,))}))

    with pytest.raises(OutlookRefused, match="moved, not cancelled"):
        changed(one, MoveSummit("leaders", 95, None))
