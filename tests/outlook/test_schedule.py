"""When everything is done: against fixed days, closed forms, exact sampling, and the NumPy path."""

import math
import random
import re
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from paraph.outlook import kernel, schedule
from paraph.outlook.durations import exponential, fixed, lognormal, three_points
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.schedule import Gates, Schedule, Task, compile_schedule, gains, simulate

N = 200_000


def net(count: int, links: int, seed: int, *, days: bool = False) -> Schedule:
    """A random network in which each task waits for earlier ones."""
    picker = random.Random(seed)
    after: list[set[str]] = [set() for _task in range(count)]
    while sum(map(len, after)) < links:
        later = picker.randrange(1, count)
        after[later].add(f"t{max(0, later - picker.randrange(1, 1 + count // 3))}")
        after[later].discard(f"t{later}")
    return Schedule(
        tuple(
            Task(
                f"t{i}",
                fixed(picker.randrange(1, 30))
                if days
                else three_points(*sorted(picker.uniform(1, 50) for _point in range(3))),
                tuple(sorted(after[i])),
            )
            for i in range(count)
        )
    )


def longest(plan: Schedule) -> tuple[float, set[str]]:
    """The critical path of fixed days, worked out in the usual way with earliest and latest days."""
    tasks = {task.name: task for task in plan.tasks}
    days = {name: float(task.duration.edges[0]) for name, task in tasks.items()}
    early = dict.fromkeys(tasks, 0.0)
    for _pass in tasks:
        for name, task in tasks.items():
            early[name] = max([0.0, *(early[other] + days[other] for other in task.after)])
    whole = max(early[name] + days[name] for name in tasks)
    late = {name: whole - days[name] for name in tasks}
    for _pass in tasks:
        for name, task in tasks.items():
            for other in task.after:
                late[other] = min(late[other], late[name] - days[other])
    return whole, {name for name in tasks if early[name] == late[name]}


@pytest.mark.parametrize("seed", range(8))
def test_fixed_days_give_the_critical_path_exactly(seed: int) -> None:
    plan = net(60, 120, seed, days=True)

    found = simulate(plan, 70, 1)

    whole, path = longest(plan)
    assert set(found.done.tolist()) == {whole}
    assert {name for name, share in found.criticality.items() if share == 1.0} == path
    assert {share for name, share in found.criticality.items() if name not in path} <= {0.0}


def test_the_last_of_two_exponentials() -> None:
    """Mean 1/a + 1/b - 1/(a+b); the first is the last one with probability b/(a+b)."""
    plan = Schedule((Task("gas", exponential(10)), Task("oil", exponential(30))))

    found = simulate(plan, N, 1)

    assert found.mean == pytest.approx(10 + 30 - 7.5, abs=3 * 28 / math.sqrt(N) + 0.01)
    assert found.criticality["gas"] == pytest.approx(0.25, abs=0.005)
    assert found.criticality["oil"] == pytest.approx(0.75, abs=0.005)


def test_two_exponentials_one_after_the_other() -> None:
    plan = Schedule((Task("draft", exponential(10)), Task("scrub", exponential(10), ("draft",))))

    found = simulate(plan, N, 1)

    assert found.probability(20) == pytest.approx(1 - 3 * math.exp(-2), abs=0.004)
    assert found.cruciality["draft"] == pytest.approx(math.sqrt(0.5), abs=0.01)


@pytest.mark.parametrize("back", [0.1, 0.5, 0.9])
def test_what_comes_back_takes_its_days_again(back: float) -> None:
    """Mean m / (1 - p), and variance m² / (1 - p)² for exponential days: the sum is exponential again."""
    found = simulate(Schedule((Task("text", exponential(5), back=back),)), N, 2)

    mean = 5 / (1 - back)
    assert found.mean == pytest.approx(mean, abs=3 * mean / math.sqrt(N))
    assert found.at(0.8) == pytest.approx(-mean * math.log(0.2), rel=0.01)


@pytest.mark.parametrize("count", [2, 8, 33])
def test_all_that_must_be_there_against_the_closed_form(count: int) -> None:
    """The last of n exponentials: mean H(n), and each of them is the last one equally often."""
    plan = Schedule(tuple(Task(f"t{i}", exponential(1)) for i in range(count)))

    found = simulate(plan, N, 3)

    assert found.mean == pytest.approx(sum(1 / i for i in range(1, count + 1)), abs=0.009)
    for share in (0.5, 0.8, 0.95):
        exact = -math.log(1 - share ** (1 / count))
        error = 3 * math.sqrt(share * (1 - share) / N) / (count * (1 - math.exp(-exact)) ** (count - 1))
        assert found.at(share) == pytest.approx(exact, abs=max(0.001 * exact, error / math.exp(-exact)))
    for critical in found.criticality.values():
        assert critical == pytest.approx(1 / count, abs=0.005)


def test_mean_and_quantiles_of_a_network_against_exact_sampling() -> None:
    """60 lognormal tasks; the exact sample is drawn by another generator, without any table."""
    shape = net(60, 120, 5)
    medians = [random.Random(i).uniform(5, 60) for i in range(60)]
    plan = Schedule(tuple(replace(t, duration=lognormal(medians[i], 0.8)) for i, t in enumerate(shape.tasks)))
    rng = np.random.default_rng(8)
    end: dict[str, np.ndarray] = {}
    for i, task in enumerate(plan.tasks):
        begin = np.max([np.zeros(N), *(end[name] for name in task.after)], axis=0)
        end[task.name] = begin + medians[i] * np.exp(0.8 * rng.standard_normal(N))
    exact = np.max(list(end.values()), axis=0)

    found = simulate(plan, N, 1)

    spread = math.sqrt(2 / N)
    assert found.mean == pytest.approx(exact.mean(), abs=max(0.001 * exact.mean(), 3 * exact.std() * spread))
    for share in (0.5, 0.8, 0.95):
        want = float(np.quantile(exact, share))
        near = np.quantile(exact, [share - 0.01, share + 0.01])
        error = 3 * math.sqrt(share * (1 - share)) * spread * (near[1] - near[0]) / 0.02
        assert found.at(share) == pytest.approx(want, abs=max(0.001 * want, error))


def test_the_bytes_are_the_same_for_any_number_of_threads_and_without_numba() -> None:
    plan = net(40, 80, 2)
    plan = replace(
        plan,
        tasks=tuple(replace(task, back=0.3 if i % 5 == 0 else 0.0) for i, task in enumerate(plan.tasks)),
        gates={"leaders": Gates((100, 250), 90)},
        freezes=((60, 80), (200.5, 230)),
    ).changed({"t7": {"gate": "leaders"}, "t20": {"earliest": 77}, "t30": {"settled": True}})

    one = simulate(plan, 10_007, 4, threads=1, keep=True)

    for threads in (2, 8):
        other = simulate(plan, 10_007, 4, threads=threads, keep=True)
        assert other.done.tobytes() == one.done.tobytes()
        assert other.criticality == one.criticality
        assert other.cruciality == one.cruciality
    plain = simulate(plan, 10_007, 4, threads=1, keep=True, compiled=False)
    assert plain.done.tobytes() == one.done.tobytes()
    assert all((plain.of[name] == one.of[name]).all() for name in one.of)
    assert plain.criticality == one.criticality
    for name, value in one.cruciality.items():
        assert plain.cruciality[name] == pytest.approx(value, abs=1e-5)


def test_the_bytes_are_the_same_however_the_futures_are_cut_into_blocks() -> None:
    plan = compile_schedule(net(40, 80, 2), 1)
    futures, count = 64 * 20 + 5, 40

    def play(cuts: list[int]) -> tuple[bytes, bytes]:
        done = np.empty(futures, np.float32)
        critical, sums, whole = np.zeros(count, np.int64), np.zeros((count, 3)), np.zeros(2)
        for first, beyond in zip(cuts, cuts[1:], strict=False):
            none = np.empty((0, futures), np.float32)
            kernel.simulate(first, beyond, futures, *plan.arrays, True, done, none, critical, sums, whole)
        return done.tobytes() + critical.tobytes(), sums.tobytes() + whole.tobytes()

    assert play([0, 21]) == play([0, 1, 2, 9, 21]) == play(list(range(22)))


def test_more_futures_begin_with_the_same_ones() -> None:
    plan = net(20, 40, 3)

    assert (simulate(plan, 1000, 1).done == simulate(plan, 5000, 1).done[:1000]).all()
    assert (simulate(plan, 1000, 2).done != simulate(plan, 1000, 1).done).any()


def test_two_plans_are_compared_at_a_twentieth_of_the_variance_of_independent_draws() -> None:
    plan = net(60, 120, 5)
    task = max(simulate(plan, 5000, 1).criticality.items(), key=lambda pair: pair[1])[0]
    shorter = plan.changed({task: {"duration": three_points(1, 2, 8)}})

    same = simulate(plan, 20_000, 1).done - simulate(shorter, 20_000, 1).done
    fresh = simulate(plan, 20_000, 1).done - simulate(shorter, 20_000, 2).done

    assert same.mean() == pytest.approx(fresh.mean(), abs=1.0)
    assert fresh.var() >= 20 * same.var() > 0


def test_a_task_counts_as_done_at_the_next_meeting() -> None:
    plan = Schedule(
        tuple(Task(f"d{days}", fixed(days), gate="leaders") for days in (5, 30, 31, 75, 200)),
        gates={"leaders": Gates((30, 70), 50)},
    )

    found = simulate(plan, 64, 1, keep=True)

    assert [int(found.of[f"d{days}"][0]) for days in (5, 30, 31, 75, 200)] == [30, 30, 70, 120, 220]


def test_nothing_goes_on_during_a_freeze() -> None:
    plan = Schedule(
        (Task("before", fixed(10)), Task("through", fixed(15)), Task("in", fixed(5), earliest=14)),
        freezes=((10, 20),),
    )

    found = simulate(plan, 64, 1, keep=True)

    assert [int(found.of[name][0]) for name in ("before", "through", "in")] == [10, 25, 25]


def test_a_hub_that_is_not_the_blocker_does_not_win() -> None:
    """A dozen road maps wait for the hub, which is nearly done; one long road map waits for nothing."""
    hub = [Task("hub", exponential(5)), *(Task(f"t{i}", exponential(20), ("hub",)) for i in range(12))]
    plan = Schedule((*hub, Task("gas", lognormal(300, 0.5))))

    ordered = gains(plan, [task.name for task in plan.tasks], by=180, futures=20_000, seed=1)

    assert ordered[0].name == "gas"
    assert ordered[0].probability.value > 0.8
    assert all(abs(gain.probability.value) < 0.05 for gain in ordered[1:])


def test_two_blockers_gain_nothing_alone_and_everything_together() -> None:
    plan = Schedule((Task("gas", fixed(400)), Task("oil", fixed(400)), Task("tax", fixed(10))))

    alone = gains(plan, ["gas", "oil"], by=100, futures=640, seed=1)
    both = simulate(plan.with_settled("gas", "oil"), 640, 1)

    assert [gain.probability.value for gain in alone] == [0, 0]
    assert both.probability(100) == 1


def test_the_gain_of_settling_one_matches_a_closed_form() -> None:
    """Of two exponentials by day t: (1 - e^-t/b) - (1 - e^-t/a)(1 - e^-t/b)."""
    plan = Schedule((Task("gas", exponential(100)), Task("oil", exponential(50))))

    found = {gain.name: gain for gain in gains(plan, ["gas", "oil"], by=60, futures=N, seed=1)}

    done = {"gas": 1 - math.exp(-0.6), "oil": 1 - math.exp(-1.2)}
    for name, other in (("gas", "oil"), ("oil", "gas")):
        span = found[name].probability
        assert span.value == pytest.approx(done[other] - done["gas"] * done["oil"], abs=0.004)
        assert span.low < span.value < span.high
        assert span.differs
        assert found[name].median.differs


def test_what_was_settled_long_ago_gains_nothing() -> None:
    plan = Schedule((Task("gas", exponential(100)), Task("card", fixed(0))))

    (found,) = gains(plan, ["card"], by=60, futures=1000, seed=1)

    assert found.probability.value == found.median.value == 0
    assert not found.probability.differs


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (Schedule((Task("a", fixed(1), ("b",)), Task("b", fixed(1), ("a",)))), "circle"),
        (Schedule((Task("a", fixed(1), ("c",)),)), "a waits for c"),
        (Schedule((Task("a", fixed(1)), Task("a", fixed(2)))), "one name"),
        (Schedule((Task("a", fixed(1), gate="leaders"),)), "meeting of leaders"),
        (Schedule((Task("a", fixed(1), back=1.0),)), "come back"),
        (Schedule((Task("a", fixed(1)),), targets=("b",)), "no task b"),
        (Schedule((Task("a", fixed(1)),), freezes=((5, 9), (8, 12))), "apart"),
        (Schedule((Task("a", fixed(1), gate="g"),), gates={"g": Gates((9, 3))}), "rising order"),
    ],
)
def test_a_schedule_that_cannot_be_played_is_refused_with_the_reason(plan: Schedule, says: str) -> None:
    with pytest.raises(OutlookRefused, match=says):
        simulate(plan, 10, 1)


def test_numba_is_imported_by_a_simulation_and_by_nothing_else() -> None:
    code = (
        "import sys, paraph.cli, paraph.outlook.schedule as s;"
        "assert 'numba' not in sys.modules and 'numpy' in sys.modules;"
        "import builtins; real = builtins.__import__;\n"
        "def refuse(name, *rest):\n"
        "    if name.startswith(('numba', 'llvmlite')): raise ImportError(name)\n"
        "    return real(name, *rest)\n"
        "builtins.__import__ = refuse\n"
        "from paraph.outlook.durations import fixed\n"
        "print(s.simulate(s.Schedule((s.Task('a', fixed(3)),)), 5, 1).mean, s._engine(True).__name__)"
    )

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout == "3.0 paraph.outlook.plain\n"
    assert schedule._engine(True) is kernel


def test_the_reference_shows_what_can_be_run() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "reference" / "outlook.md"
    blocks = re.findall(r"(?:^    .*\n|^\n)+", page.read_text(encoding="utf-8"), re.MULTILINE)
    room: dict[str, Any] = {}

    shown = [textwrap.dedent(block) for block in blocks if "import" in block]
    for code in shown:
        exec(code, room)

    assert len(shown) == 5
    assert 0 < room["found"].before.probability(by=180) < room["found"].after.probability(by=180)
    assert {slot.name for slot in room["held"].slots} == {"tax", "oil"}
