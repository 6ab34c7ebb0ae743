"""What to take next: known best orders, named limits, claims on fresh futures, sets against enumeration."""

import random
from itertools import combinations

import numpy as np
import pytest

from bench.planning import reference
from paraph.outlook.choice import (
    JUDGED_FROM,
    SHARE,
    Relief,
    RoundPlan,
    best_order,
    best_set,
    round_plan,
)
from paraph.outlook.durations import exponential, fixed, lognormal
from paraph.outlook.rounds import Luck, Rounds, Team, play
from paraph.outlook.schedule import Schedule, Span, Task, compile_schedule, earlier, run


def twelve(seed: int, limit: int = 4) -> Rounds:
    """Twelve road maps of two teams each, some of which wait for others."""
    picker = random.Random(seed)
    schedule = Schedule(
        tuple(
            Task(
                f"t{i}",
                lognormal(picker.uniform(10, 90), 0.5),
                tuple({f"t{picker.randrange(i)}"} if i and picker.random() < 0.5 else ()),
                back=0.1,
            )
            for i in range(12)
        )
    )
    needs = {f"t{i}": tuple(picker.sample("abcdef", 2)) for i in range(12)}
    return Rounds(schedule, needs, {team: Team() for team in "abcdef"}, limit)


def test_what_leads_to_a_long_chain_is_taken_first() -> None:
    """The tax team's own road maps can wait; behind `rules` stand 100 days of other teams."""
    schedule = Schedule(
        (
            Task("duty", exponential(20)), Task("vat", exponential(20)), Task("rules", exponential(10)),
            Task("gas", exponential(50), ("rules",)), Task("oil", exponential(50), ("gas",)),
        )
    )  # fmt: skip
    needs = {"duty": ("tax",), "vat": ("tax",), "rules": ("tax",), "gas": ("energy",), "oil": ("energy",)}
    rounds = Rounds(schedule, needs, {"tax": Team(), "energy": Team()})

    plan = round_plan(rounds, 2000, 1, tries=50)

    assert [one.name for one in plan.next] == ["rules"]
    assert plan.next[0].saves.differs
    assert plan.gains.low > 20
    assert plan.first_come - plan.at == pytest.approx(plan.gains.value)
    assert plan.binding is not None
    assert plan.binding.team == "tax"


def test_where_no_order_is_better_the_plan_says_no_difference() -> None:
    names = [f"t{i}" for i in range(6)]
    schedule = Schedule(tuple(Task(name, exponential(10)) for name in names))
    rounds = Rounds(schedule, dict.fromkeys(names, ("tax",)), {"tax": Team()})

    plan = round_plan(rounds, 500, 1, tries=50)

    assert not plan.gains.differs
    assert abs(plan.gains.value) < 0.01
    assert plan.binding is not None
    assert plan.binding.team == "tax"


@pytest.mark.parametrize(("limit", "places", "binds"), [(1, 6, ""), (6, 1, "tax"), (6, 6, None)])
def test_what_binds_is_named_the_team_or_the_limit_or_neither(
    limit: int, places: int, binds: str | None
) -> None:
    names = [f"t{i}" for i in range(6)]
    schedule = Schedule(tuple(Task(name, exponential(10)) for name in names))
    rounds = Rounds(schedule, dict.fromkeys(names, ("tax",)), {"tax": Team(places)}, limit)

    plan = round_plan(rounds, 500, 1, tries=5)

    assert (plan.binding.team if plan.binding else None) == binds


@pytest.mark.parametrize(("gain", "binds"), [((0.3, 0.1, 0.5), False), ((1.2, 0.1, 2.3), True)])
def test_what_gains_less_than_a_day_does_not_bind(gain: tuple[float, float, float], binds: bool) -> None:
    plan = RoundPlan((), (), 10.0, 10.0, Span(0, 0, 0), (Relief("tax", Span(*gain)),))

    assert (plan.binding is not None) == binds


def test_the_plan_of_the_reference_case_ends_at_80_percent_before_093_of_first_come() -> None:
    plan = round_plan(reference(), 2000, 1, tries=200)

    assert plan.at <= 0.93 * plan.first_come
    assert plan.gains.low > 0


def test_claimed_gains_hold_on_fresh_futures() -> None:
    held = []
    for seed in range(8):
        rounds = twelve(seed)
        plan = round_plan(rounds, 1000, seed, tries=30)
        one, other = (
            play(rounds, 8000, seed, order, first=2 * JUDGED_FROM).done for order in ((), plan.order)
        )
        held.append(plan.gains.low <= earlier(one, other, SHARE).value <= plan.gains.high)

    assert sum(held) >= 7


@pytest.mark.parametrize("seed", range(3))
def test_the_order_is_no_worse_than_the_best_four_of_twelve_in_front(seed: int) -> None:
    rounds = twelve(seed)
    order = best_order(rounds, seed, 200)
    names = [task.name for task in rounds.schedule.tasks]
    rest = sorted(names, key=order.index)

    luck = Luck(rounds, seed, JUDGED_FROM, 1000)
    every = [
        luck.play(rounds, [*four, *(one for one in rest if one not in four)], threads=1).at(SHARE)
        for four in combinations(names, 4)
    ]

    assert len(every) == 495
    assert luck.play(rounds, order).at(SHARE) <= 1.01 * min(every)


@pytest.mark.parametrize("seed", range(6))
def test_the_best_four_of_twelve_are_within_one_percent_of_enumeration(seed: int) -> None:
    picker = random.Random(seed)
    schedule = twelve(seed).schedule
    plan = compile_schedule(schedule, seed)
    by = picker.choice([60, 90, 120])

    def value(names: frozenset[str]) -> float:
        return run(plan.with_settled(sorted(names)), 500, threads=1).probability(by)

    names = [task.name for task in schedule.tasks]
    found = best_set(dict.fromkeys(names, 1), 4, value)

    assert value(found) >= 0.99 * max(value(frozenset(four)) for four in combinations(names, 4))


def test_three_joint_blockers_are_found_together() -> None:
    """Each of them, and each two, gain nothing: only the search from everything down finds them."""
    blockers = [Task(name, fixed(400)) for name in ("gas", "oil", "tax")]
    others = [Task(f"t{i}", exponential(30)) for i in range(9)]
    plan = compile_schedule(Schedule((*others, *blockers)), 1)

    found = best_set(
        dict.fromkeys(plan.names, 1),
        3,
        lambda names: run(plan.with_settled(sorted(names)), 200, threads=1).probability(100),
    )

    assert found == {"gas", "oil", "tax"}


def test_a_plan_is_the_same_each_time() -> None:
    one, two = (round_plan(twelve(1), 300, 4, tries=20) for _time in range(2))

    assert one == two
    assert np.isfinite([one.at, one.first_come]).all()
