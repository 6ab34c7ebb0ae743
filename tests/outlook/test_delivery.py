"""Carrying out: deadlines against closed forms, what can start, who waits for whom, the chain."""

import math
import random

import pytest

from paraph.outlook.delivery import Measure, carrying_out
from paraph.outlook.durations import exponential, fixed, lognormal
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.rounds import Rounds, Team
from paraph.outlook.schedule import Schedule, Task, simulate


def plan(*tasks: Task) -> Rounds:
    return Rounds(Schedule(tasks))


MEASURES = [
    Measure("gas/m1", "gas", ("BY.ENERGY",), 60),
    Measure("gas/m2", "gas", ("RU.ENERGY",), 200),
    Measure("tax/m1", "tax", ("BY.TAX",), 100),
    Measure("tax/m2", "tax", ("BY.TAX",), begun=True),
]
PLAN = plan(
    Task("gas/m1", exponential(50)),
    Task("gas/m2", fixed(10), ("tax/m1",)),
    Task("tax/m1", fixed(70), ("gas/m1",)),
    Task("tax/m2", fixed(20)),
)


def test_the_probability_of_a_deadline_is_that_of_the_closed_form() -> None:
    found = carrying_out(PLAN, MEASURES, 40_000, 1)

    holds = {one.name: one.holds for one in found.prospects}
    assert holds["gas/m1"] == pytest.approx(1 - math.exp(-60 / 50), abs=0.01)
    assert holds["tax/m1"] == pytest.approx(1 - math.exp(-30 / 50), abs=0.01)
    assert holds["gas/m2"] == pytest.approx(1 - math.exp(-120 / 50), abs=0.01)
    assert holds["tax/m2"] is None
    assert [one.name for one in found.prospects] == ["tax/m1", "gas/m1", "gas/m2", "tax/m2"]


def test_what_can_start_has_nothing_before_it_and_has_not_begun() -> None:
    later = plan(*PLAN.schedule.tasks, Task("tax/m3", fixed(5), earliest=30))

    assert carrying_out(later, [*MEASURES, Measure("tax/m3", "tax")], 100, 1).ready == ("gas/m1",)
    settled = Rounds(PLAN.schedule.with_settled("gas/m1"))
    assert carrying_out(settled, MEASURES, 100, 1).ready == ("tax/m1",)


def test_who_waits_for_whom_and_how_long() -> None:
    found = carrying_out(PLAN, MEASURES, 40_000, 1)

    median = 50 * math.log(2)
    assert [(wait.name, wait.awaited) for wait in found.waits] == [("gas/m2", "tax/m1"), ("tax/m1", "gas/m1")]
    assert found.waits[0].at_50 == pytest.approx(70 + median, abs=1)
    assert found.waits[1].at_80 == pytest.approx(50 * math.log(5), abs=1.5)
    assert [(one.body, one.awaited, one.measures) for one in found.between] == [
        ("RU.ENERGY", "BY.TAX", ("gas/m2",)), ("BY.TAX", "BY.ENERGY", ("tax/m1",)),
    ]  # fmt: skip


def test_a_body_does_not_wait_for_itself() -> None:
    chain = plan(Task("a", fixed(5)), Task("b", fixed(5), ("a",)))

    found = carrying_out(chain, [Measure("a", "m", ("X",)), Measure("b", "m", ("X",))], 10, 1)

    assert [wait.name for wait in found.waits] == ["b"]
    assert not found.between


def test_the_chain_leads_through_all_road_maps_from_the_first_day_to_the_last() -> None:
    found = carrying_out(PLAN, MEASURES, 1000, 1)

    assert [(step.name, step.road_map) for step in found.chain] == [
        ("gas/m1", "gas"), ("tax/m1", "tax"), ("gas/m2", "gas"),
    ]  # fmt: skip
    assert found.chain[0].begins == 0
    assert found.chain[2].ends == found.outcome.at(0.5)
    assert {step.share for step in found.chain} == {1.0}


def test_the_chain_leads_over_a_body_that_does_one_thing_at_a_time() -> None:
    """Nothing waits for `a`, but the body of `b` is busy with it."""
    rounds = Rounds(
        Schedule(
            (Task("a", fixed(30)), Task("b", fixed(10)), Task("c", fixed(5), ("b",)), Task("d", fixed(40)))
        ),
        {"a": ("X",), "b": ("X",)},
        {"X": Team()},
    )
    measures = [Measure(name, "m", (name,)) for name in "abcd"]

    found = carrying_out(rounds, measures, 100, 1, order=("a", "b", "c", "d"))

    assert [(step.name, step.begins, step.ends) for step in found.chain] == [
        ("a", 0, 30), ("b", 30, 40), ("c", 40, 45),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_of_fixed_days_the_chain_is_a_critical_path(seed: int) -> None:
    picker = random.Random(seed)
    tasks = tuple(
        Task(
            f"t{i}",
            fixed(picker.randrange(1, 30)),
            tuple({f"t{picker.randrange(i)}" for _n in "ab"} if i else ()),
        )
        for i in range(40)
    )

    found = carrying_out(plan(*tasks), [Measure(task.name, "m") for task in tasks], 64, 1)

    critical = simulate(Schedule(tasks), 64, 1).criticality
    assert all(critical[step.name] == 1 for step in found.chain)
    assert sum(step.ends - step.begins for step in found.chain) == found.outcome.done[0]


def test_the_chain_says_in_how_many_futures_it_runs_so() -> None:
    found = carrying_out(
        plan(Task("gas", lognormal(100, 0.5)), Task("oil", lognormal(80, 0.5))),
        [Measure("gas", "gas"), Measure("oil", "oil")], 4000, 1,
    )  # fmt: skip

    assert [step.name for step in found.chain] == ["gas"]
    assert 0.55 < found.chain[0].share < 0.7  # P(N(ln 1.25, 0.707) > 0) = 0.62


def test_a_measure_that_is_not_there_is_refused() -> None:
    with pytest.raises(OutlookRefused, match="no task gas/m9"):
        carrying_out(PLAN, [Measure("gas/m9", "gas")], 10, 1)
    with pytest.raises(OutlookRefused, match="one name"):
        carrying_out(PLAN, [MEASURES[0], MEASURES[0]], 10, 1)
